/** The project's own text files, and the problems of all of them. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { problemsIn } from './rules.ts';
import type { Problem } from './rules.ts';

const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'data', '.git', '.cache', 'package-lock.json', 'LICENSE']);
const TEXT = /\.(?:ts|mjs|md|json|yaml|yml|sh|html|css|svg|conf|service)$|^[^.]+$/;

const filesUnder = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.has(entry.name)) return [];
    if (entry.isDirectory()) return filesUnder(root, path);
    return entry.isFile() && TEXT.test(entry.name) ? [path] : [];
  });

export const problemsUnder = (root: string): { readonly files: number; readonly problems: readonly Problem[] } => {
  const files = filesUnder(root, '');
  return { files: files.length, problems: files.flatMap((path) => problemsIn(path, readFileSync(join(root, path), 'utf8'))) };
};

export const problemText = ({ file, line, rule, text }: Problem): string => `${file}:${line} ${rule}: ${text}`;
