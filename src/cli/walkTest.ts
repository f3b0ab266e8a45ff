/**
 * `vigie walk-test DATA [--watch] [--json | --text | --html FILE] [--lang fr|en] [--config FILE]`: the installer's detector
 * test, looked at from beside. A test starts and ends at a keypad (docs/keypad.md); this verb reads a copy of the data folder
 * on which the controller runs, and changes nothing in it.
 * Exit 0: shown; 1: the journal that should bear it out is altered or damaged, or the report cannot be written; 2: command
 * line, site's file, or nothing there; 3: it cannot be read.
 */
import { join } from 'node:path';
import type { SiteFile } from '../config/siteFile.ts';
import { loadSiteFile, problemsText, readFailureText } from './check.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { exitOf } from './journal.ts';
import { journalWords } from './journal/words.ts';
import type { Language } from './journal/words.ts';
import { parseOptions } from './options.ts';
import type { ProcessIo } from './processIo.ts';
import { reportPage } from './walkTest/page.ts';
import type { WalkReport } from './walkTest/report.ts';
import { walkReader } from './walkTest/reading.ts';
import type { WalkReader } from './walkTest/reading.ts';
import { reportText } from './walkTest/text.ts';
import { watchWalk } from './walkTest/watch.ts';
import type { Terminal } from './terminal.ts';
import { walkWords } from './walkTest/words.ts';

export const WALK_TEST_USAGE = `Usage: vigie walk-test DATA [--watch] [--json | --text | --html FILE] [--lang fr|en]
                       [--config FILE]
  DATA     the folder of --data, on which a controller may run
  --watch  follows the test that runs, or waits for one, until it ends; then makes the report of --html or --text
  --html   a report to print and sign
The test itself starts and ends at a keypad: 7*CODE#.
`;

type Form = { readonly kind: 'text' } | { readonly kind: 'json' } | { readonly kind: 'html'; readonly path: string };

type Asked = {
  readonly folder: string;
  readonly isWatch: boolean;
  readonly form: Form;
  /** A form was named: with --watch, the report is wanted at the end. */
  readonly isFormNamed: boolean;
  readonly language: Language;
  readonly config: string;
};

/** What the verb needs beside text and files. `pause`: a second; false: somebody asked to end. */
export type WalkWorld = { readonly terminal: Terminal; readonly pause: () => Promise<boolean> };

const ACCEPTED = 'accepted.yaml';

const formOf = (flags: ReadonlySet<string>, html: string | undefined): Form | undefined => {
  const forms: readonly Form[] = [
    ...(flags.has('json') ? [{ kind: 'json' } as const] : []),
    ...(flags.has('text') ? [{ kind: 'text' } as const] : []),
    ...(html === undefined ? [] : [{ kind: 'html', path: html } as const]),
  ];
  return forms.length > 1 ? undefined : (forms[0] ?? { kind: 'text' });
};

const asked = (args: readonly string[]): Asked | string => {
  const parsed = parseOptions(args, { options: ['html', 'lang', 'config'], flags: ['watch', 'json', 'text'] });
  if (!parsed.ok) return parsed.problem;
  const { options, flags, words } = parsed;
  const [folder] = words;
  if (folder === undefined || words.length > 1) return 'name one data folder';
  const form = formOf(flags, options.get('html'));
  if (!form) return 'choose one of --json, --text and --html';
  const language = options.get('lang') ?? 'fr';
  if (language !== 'fr' && language !== 'en') return '--lang takes fr or en';
  const isFormNamed = flags.has('text') || form.kind === 'html';
  const config = options.get('config') ?? join(folder, ACCEPTED);
  return { folder, isWatch: flags.has('watch'), form, isFormNamed, language, config };
};

export const walkTest = async (args: readonly string[], io: ProcessIo, world: WalkWorld): Promise<number> => {
  const wanted = asked(args);
  if (typeof wanted === 'string') {
    io.err(`vigie walk-test: ${wanted}\n${WALK_TEST_USAGE}`);
    return EXIT.badInput;
  }
  const file = await siteFileOf(wanted, io);
  if (!file) return EXIT.badInput;
  const reader = walkReader(wanted.folder, file);
  if (!wanted.isWatch) return report(wanted, reader, io);
  const { language, form } = wanted;
  const watched = await watchWalk({ ...world, reader, language, isJson: form.kind === 'json', out: io.out });
  if (!watched.ok) return refused(wanted, io, watched.reason);
  return wanted.isFormNamed ? report(wanted, reader, io) : EXIT.ok;
};

const siteFileOf = async ({ config, language }: Asked, io: Io): Promise<SiteFile | undefined> => {
  const loaded = await loadSiteFile(config, io);
  if (loaded.ok) return loaded.site;
  io.err('reason' in loaded ? readFailureText(config, loaded.reason) : problemsText(config, loaded.problems, language));
  io.err(`${walkWords[language].needsConfig}\n`);
  return undefined;
};

const refused = ({ folder, language }: Asked, io: Io, reason: Parameters<typeof exitOf>[0]): number => {
  io.err(`${folder} : ${journalWords[language].faults[reason]}\n`);
  return exitOf(reason);
};

const report = async (wanted: Asked, reader: WalkReader, io: ProcessIo): Promise<number> => {
  const read = await reader.look(true);
  if (!read.ok) return refused(wanted, io, read.reason);
  const problem = await write(wanted, read.report, io);
  if (problem !== undefined) io.err(`${problem}\n`);
  return problem === undefined && read.report.journal?.kind !== 'broken' ? EXIT.ok : EXIT.failed;
};

/** What kept it from being written, if anything. */
const write = async ({ form, language }: Asked, made: WalkReport, io: ProcessIo): Promise<string | undefined> => {
  switch (form.kind) {
    case 'json':
      io.out(`${JSON.stringify(made)}\n`);
      return undefined;
    case 'text':
      io.out(reportText(language, made));
      return undefined;
    case 'html': {
      const problem = await io.writeFile(form.path, reportPage(language, made));
      if (problem === undefined) io.err(`${walkWords[language].written(form.path)}\n`);
      return problem;
    }
  }
};
