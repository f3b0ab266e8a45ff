/** `vigie check FILE [--json] [--fr]`: what is wrong with a site's file, as a compiler says it. Exit 2 with faults, 0 without. */
import { loadSite } from '../config/load.ts';
import type { Problem } from '../config/problem.ts';
import type { SiteResult } from '../config/siteFile.ts';
import { EXIT } from './io.ts';
import type { Io, ReadFailure } from './io.ts';
import { siteTools } from './siteTools.ts';

export const CHECK_USAGE = 'Usage: vigie check FILE [--json] [--fr]\n';

export type LoadResult = SiteResult | { readonly ok: false; readonly reason: ReadFailure };

/** Reads and checks a site's file, for every verb that takes one. */
export const loadSiteFile = async (path: string, io: Pick<Io, 'readFile'>): Promise<LoadResult> => {
  const read = await io.readFile(path);
  if (!read.ok) return read;
  return loadSite(new TextDecoder('utf-8').decode(read.bytes), siteTools);
};

const READ_SENTENCE: Readonly<Record<ReadFailure, string>> = {
  'not-found': 'There is no such file.',
  'not-readable': 'The file cannot be read. Check its permissions.',
  'is-a-folder': 'This is a folder. Name the file in it.',
};

export const readFailureText = (path: string, reason: ReadFailure): string => `${path}: ${READ_SENTENCE[reason]}\n`;

type Language = 'en' | 'fr';

const lineOf = (path: string, problem: Problem, language: Language): string => {
  const place = `${path}:${problem.line}:${problem.column}`;
  const word = { en: 'warning', fr: 'attention' }[language];
  const mark = problem.severity === 'warning' ? `${word}: ` : '';
  return `${place}: ${mark}${language === 'fr' ? problem.messageFr : problem.message} [${problem.code}]\n`;
};

export const problemsText = (path: string, problems: readonly Problem[], language: Language = 'en'): string =>
  problems.map((problem) => lineOf(path, problem, language)).join('');

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const summaryOf = (path: string, problems: readonly Problem[], language: Language): string => {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (language === 'fr')
    return errors > 0
      ? `${path} : ${plural(errors, 'faute')}, ${plural(warnings, 'remarque')}\n`
      : `${path} : correct, ${plural(warnings, 'remarque')}\n`;
  return errors > 0
    ? `${path}: ${plural(errors, 'fault')}, ${plural(warnings, 'warning')}\n`
    : `${path}: fine, ${plural(warnings, 'warning')}\n`;
};

const report = (
  path: string,
  result: SiteResult,
  io: Io,
  options: { readonly json: boolean; readonly language: Language },
): number => {
  const problems = result.ok ? result.warnings : result.problems;
  if (options.json) {
    const hash = result.ok ? { site: result.site.core.site, hash: result.site.hash } : {};
    io.out(`${JSON.stringify({ file: path, ok: result.ok, ...hash, problems })}\n`);
  } else {
    io.out(problemsText(path, problems, options.language) + summaryOf(path, problems, options.language));
  }
  return result.ok ? EXIT.ok : EXIT.badInput;
};

export const check = async (args: readonly string[], io: Io): Promise<number> => {
  const files = args.filter((arg) => !arg.startsWith('--'));
  const flags = new Set(args.filter((arg) => arg.startsWith('--')));
  const [path] = files;
  if (path === undefined || files.length > 1 || [...flags].some((flag) => flag !== '--json' && flag !== '--fr')) {
    io.err(CHECK_USAGE);
    return EXIT.badInput;
  }
  const result = await loadSiteFile(path, io);
  if ('reason' in result) {
    if (flags.has('--json')) io.out(`${JSON.stringify({ file: path, ok: false, reason: result.reason, problems: [] })}\n`);
    else io.err(readFailureText(path, result.reason));
    return EXIT.badInput;
  }
  return report(path, result, io, { json: flags.has('--json'), language: flags.has('--fr') ? 'fr' : 'en' });
};
