/** A page of `docs/` as the tests read it: its links, headings, pieces of YAML and generated tables. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Page = { readonly path: string; readonly text: string };

export const readPage = (path: string): Page => ({ path, text: readFileSync(path, 'utf8') });

/** Where links and images go, in the order of the text. */
export const targetsOf = ({ text }: Page): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');

/** The name GitHub gives a heading: small letters, hyphens for spaces, other signs left out. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (text: string): readonly string[] => [...text.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''));

/** Links to a file that is not there, or to a heading that its page does not have. Links to the web are not followed. */
export const brokenLinksOf = (page: Page): readonly string[] =>
  targetsOf(page).filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page.path : join(dirname(page.path), file);
    if (!existsSync(path)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(path, 'utf8')).includes(anchor);
  });

/** The pieces of YAML that are set off as such. */
export const yamlOf = ({ text }: Page): readonly string[] =>
  [...text.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? '');

const BLOCK = /<!-- generated: ([a-z-]+) -->\n[^]*?<!-- end -->/g;

/** Names of the generated blocks, and the page with each block as `make` has it. */
export const blocksOf = ({ text }: Page): readonly string[] => [...text.matchAll(BLOCK)].map((match) => match[1] ?? '');
export const withBlocks = ({ text }: Page, make: (name: string) => string): string =>
  text.replace(BLOCK, (_, name: string) => `<!-- generated: ${name} -->\n\n${make(name)}\n\n<!-- end -->`);
