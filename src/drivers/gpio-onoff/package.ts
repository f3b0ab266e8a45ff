/** The package `onoff`, where it is installed and its native part is compiled for this Node. */
import { createRequire } from 'node:module';
import type * as Onoff from 'onoff';
import type { LineProblem } from '../../ports/lines.ts';

export type Loaded = { readonly ok: true; readonly onoff: typeof Onoff } | { readonly ok: false; readonly trouble: Trouble };
export type Trouble = Omit<LineProblem, 'line'>;

const NOT_INSTALLED: Trouble = {
  trouble: 'not-supported',
  detail: 'the package onoff is not installed: npm ci --include=optional',
};
const NOT_COMPILED: Trouble = {
  trouble: 'not-supported',
  detail: "onoff's native part is not compiled for this Node: npm run build:onoff",
};

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** `bindings`, which looks for the compiled part, throws errors of other kinds than a package that is not there. */
export const troubleOfLoading = (error: unknown): Trouble =>
  codeOf(error) === 'MODULE_NOT_FOUND' ? NOT_INSTALLED : NOT_COMPILED;

export const loadOnoff = (): Loaded => {
  try {
    return { ok: true, onoff: createRequire(import.meta.url)('onoff') as typeof Onoff };
  } catch (error) {
    return { ok: false, trouble: troubleOfLoading(error) };
  }
};
