/** Story files of this tree, read as `vigie simulate` reads them. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SimulateIo } from '../../src/cli/simulate.ts';

/** Compiled tests stand in dist/test/scenario. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const STORIES = 'test/scenario/stories/';

export const storyPaths = (): readonly string[] =>
  readdirSync(`${ROOT}${STORIES}`)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => `${STORIES}${name}`);

export type TestIo = SimulateIo & {
  readonly said: () => string;
  readonly complained: () => string;
  readonly written: Map<string, string>;
};

/** Files given by name go before those of the tree. */
export const storyIo = (given: Readonly<Record<string, string>> = {}): TestIo => {
  let said = '';
  let complained = '';
  const written = new Map<string, string>();
  return {
    out: (text) => (said += text),
    err: (text) => (complained += text),
    readFile: async (path) => {
      const text = given[path];
      if (text !== undefined) return { ok: true, bytes: new TextEncoder().encode(text) };
      try {
        return { ok: true, bytes: await readFile(`${ROOT}${path}`) };
      } catch {
        return { ok: false, reason: 'not-found' };
      }
    },
    writeFile: (path, text) => {
      written.set(path, text);
      return Promise.resolve(undefined);
    },
    said: () => said,
    complained: () => complained,
    written,
  };
};
