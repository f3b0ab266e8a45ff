/**
 * `vigie journal FOLDER [list|tail|verify|export] [--from N] [--count N] [--staff] [--who | --user ID] [--json] [--lang fr|en]
 * [--config FILE]`: what happened, and whether the record of it is whole. FOLDER is a data folder, whether or not a controller
 * runs on it, or a file that `export` made. It is read from a copy.
 * Exit 0: read, and for `verify` sound; 1: altered or damaged, with the first bad number; 2: command line at fault, or
 * nothing there; 3: it cannot be read.
 */
import { join } from 'node:path';
import { isCovertZone } from '../core/covert.ts';
import type { Config } from '../core/config.ts';
import type { Event } from '../core/event.ts';
import type { ChainRecord } from '../protocol/chain.ts';
import { exportLine } from '../protocol/chain.ts';
import { staffRows } from '../protocol/staffJournal.ts';
import { loadSiteFile } from './check.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { isAbout, withRoster } from './journal/people.ts';
import type { Whom } from './journal/people.ts';
import { openJournal } from './journal/reader.ts';
import type { JournalReader, OpenFault } from './journal/reader.ts';
import { journalWords, sayEvent, sayTime } from './journal/words.ts';
import type { JournalWords, Language } from './journal/words.ts';
import { parseOptions } from './options.ts';

export const JOURNAL_USAGE = `Usage: vigie journal FOLDER [list|tail|verify|export] [--from N] [--count N]
                     [--staff] [--who | --user ID] [--json] [--lang fr|en] [--config FILE]
  list     every event, in words (or --json); from number N on
  tail     the last 20, or --count
  verify   whether every record is what was written
  export   one JSON object a line, with what verifies it
  --staff  what staff may read: nothing covert, rows numbered on their own
  --who    only who came, went, opened, closed, or was refused; --user: only what this person did
`;

const ACTIONS = ['list', 'tail', 'verify', 'export'] as const;
type Action = (typeof ACTIONS)[number];
const isAction = (text: string): text is Action => ACTIONS.some((action) => action === text);

type Asked = {
  readonly path: string;
  readonly action: Action;
  readonly from: number;
  readonly count: number | undefined;
  readonly isStaff: boolean;
  readonly whom: Whom;
  readonly isJson: boolean;
  readonly language: Language;
  readonly config: string | undefined;
};

const TAIL = 20;
/** Where `vigie run` keeps the site's file that it accepted last. */
const ACCEPTED = 'accepted.yaml';

const wholeNumber = (text: string | undefined): number | undefined | 'wrong' =>
  text === undefined ? undefined : /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : 'wrong';

const asked = (args: readonly string[]): Asked | string => {
  const parsed = parseOptions(args, { options: ['from', 'count', 'lang', 'config', 'user'], flags: ['staff', 'json', 'who'] });
  if (!parsed.ok) return parsed.problem;
  const { options, flags, words } = parsed;
  const [path, action = 'list', ...more] = words;
  if (path === undefined || more.length > 0) return 'name one data folder';
  if (!isAction(action)) return `${action}: it does ${ACTIONS.join(', ')}`;
  const [from, count] = [wholeNumber(options.get('from')), wholeNumber(options.get('count'))];
  if (from === 'wrong' || count === 'wrong') return '--from and --count take a number from 1';
  const language = options.get('lang') ?? 'fr';
  if (language !== 'fr' && language !== 'en') return '--lang takes fr or en';
  const isStaff = flags.has('staff');
  if (isStaff && (action === 'verify' || action === 'export')) return `${action} is not for staff: leave out --staff`;
  const whom = whomOf(options.get('user'), flags.has('who'));
  if (whom && (action === 'verify' || action === 'export'))
    return `${action} takes the whole journal: leave out --who and --user`;
  const isJson = flags.has('json');
  return { path, action, from: from ?? 1, count, isStaff, whom, isJson, language, config: options.get('config') };
};

const whomOf = (user: string | undefined, who: boolean): Whom => {
  if (user !== undefined) return { kind: 'one', user };
  return who ? { kind: 'anybody' } : undefined;
};

export const journal = async (args: readonly string[], io: Io): Promise<number> => {
  const wanted = asked(args);
  if (typeof wanted === 'string') {
    io.err(`vigie journal: ${wanted}\n${JOURNAL_USAGE}`);
    return EXIT.badInput;
  }
  const words = journalWords[wanted.language];
  const opened = await openJournal(wanted.path);
  if (!opened.ok) {
    io.err(`${wanted.path} : ${words.faults[opened.reason]}\n`);
    return exitOf(opened.reason);
  }
  const { reader } = opened;
  if (reader.isLive) io.err(`${words.live}\n`);
  try {
    return await act(wanted, reader, io, words);
  } finally {
    await reader.close();
  }
};

export const exitOf = (reason: OpenFault): number => {
  if (reason === 'nothing-there') return EXIT.badInput;
  return reason === 'damaged' || reason === 'corrupt' ? EXIT.failed : EXIT.data;
};

const act = async (wanted: Asked, reader: JournalReader, io: Io, words: JournalWords): Promise<number> => {
  switch (wanted.action) {
    case 'verify':
      return verify(wanted, reader, io, words);
    case 'export':
      for (const record of await reader.records(wanted.from)) io.out(`${exportLine(record)}\n`);
      return EXIT.ok;
    case 'list':
    case 'tail':
      return list(wanted, reader, io, words);
  }
};

const verify = async ({ isJson }: Asked, reader: JournalReader, io: Io, words: JournalWords): Promise<number> => {
  const verdict = await reader.verify();
  const isSound = verdict.kind === 'sound';
  if (isJson) io.out(`${JSON.stringify({ ok: isSound, ...verdict })}\n`);
  else if (isSound) io.out([words.sound(verdict), ...verdict.gaps.map(({ from, to }) => words.gap(from, to)), ''].join('\n'));
  else io.out(`${words.broken[verdict.fault](verdict.number)}\n`);
  return isSound ? EXIT.ok : EXIT.failed;
};

// ---- listing

type Row = { readonly number: number; readonly event: Event | undefined; readonly isPurged: boolean };

const siteOf = async ({ path, config }: Asked, io: Io): Promise<Config | undefined> => {
  const loaded = await loadSiteFile(config ?? join(path, ACCEPTED), io);
  return loaded.ok ? loaded.site.core : undefined;
};

/** A border: what stands in the journal is what the core wrote, perhaps of another version. */
const isEvent = (value: unknown): value is Event =>
  typeof value === 'object' && value !== null && 'kind' in value && 'at' in value && typeof value.at === 'number';

export const eventOf = ({ body }: ChainRecord): Event | undefined => {
  if (body === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const rowsOf = (records: readonly ChainRecord[], covertZones: ReadonlySet<string> | undefined): readonly Row[] => {
  if (!covertZones)
    return records.map((record) => ({ number: record.number, event: eventOf(record), isPurged: record.body === undefined }));
  const events = records.map(eventOf).filter((event) => event !== undefined);
  return staffRows(events, covertZones).map(({ number, event }) => ({ number, event, isPurged: false }));
};

const list = async (wanted: Asked, reader: JournalReader, io: Io, words: JournalWords): Promise<number> => {
  const config = withRoster(await siteOf(wanted, io), reader.parts);
  if (wanted.isStaff && !config) {
    io.err(`${words.staffNeedsConfig}\n`);
    return EXIT.badInput;
  }
  const covert = wanted.isStaff ? covertZonesOf(config) : undefined;
  // Staff's rows have numbers of their own, so they are counted from the first record on.
  const rows = rowsOf(await reader.records(covert ? 1 : wanted.from), covert).filter(
    ({ number, event }) => number >= wanted.from && isAbout(wanted.whom, event),
  );
  const count = wanted.count ?? (wanted.action === 'tail' ? TAIL : rows.length);
  const shown = wanted.action === 'tail' ? rows.slice(-count) : rows.slice(0, count);
  if (shown.length === 0 && !wanted.isJson) io.err(`${words.empty}\n`);
  for (const row of shown) io.out(`${wanted.isJson ? JSON.stringify(jsonOf(row)) : lineOf(wanted.language, config, row)}\n`);
  return EXIT.ok;
};

const covertZonesOf = (config: Config | undefined): ReadonlySet<string> =>
  new Set(config?.zones.filter(({ type }) => isCovertZone(type)).map(({ id }) => id));

const jsonOf = ({ number, event, isPurged }: Row) => ({ number, ...(isPurged ? { purged: true } : { event }) });

const NUMBER_COLUMNS = 6;

const lineOf = (language: Language, config: Config | undefined, { number, event, isPurged }: Row): string => {
  const words = journalWords[language];
  const text = event
    ? `${sayTime(language, config, event.at)}  ${sayEvent(language, config, event)}`
    : isPurged
      ? words.purged
      : words.unknown;
  return `${String(number).padStart(NUMBER_COLUMNS)}  ${text}`;
};
