/**
 * `vigie code hash FILE`: asks for a code without showing it, or reads codes from standard input, one a line, and prints
 * the digest of each for the users of FILE. `vigie code draw FILE`: draws free codes. `vigie code read FILE`: the digests of
 * badges held to its readers. A code never stands on a command line, where every process reads it.
 */
import type { SiteFile } from '../config/siteFile.ts';
import { openSecrets } from '../drivers/secrets/secrets.ts';
import { readPepper } from '../drivers/secrets/pepper.ts';
import { normalBadge } from '../ports/secrets.ts';
import type { DigestResult, SecretKind, Secrets } from '../ports/secrets.ts';
import { loadSiteFile, problemsText, readFailureText } from './check.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { readBadges } from './readBadges.ts';

export const CODE_USAGE = `Usage: vigie code hash FILE [--badge]     asks for a code (or badge number); or one a line from a pipe
       vigie code draw FILE [--digits N] [--count N]     N digits from 4 to 8, 1 to 20 codes
       vigie code read FILE     digests of badges held to the site's readers; stop the service first
FILE is the site's file: its salt and pepper make the digests.
`;

/** Behaviour, People and codes: 6 digits for outside readers or above 10 codes, else 4–8. */
const digitsFor = (site: SiteFile): number => {
  const outside = site.core.keypads.some(({ place }) => place === 'outside');
  const codes = site.credentials.filter(({ kind }) => kind === 'code').length;
  return outside || codes >= 10 ? 6 : 4;
};

type Options = {
  readonly verb: 'hash' | 'draw' | 'read';
  readonly path: string;
  readonly kind: SecretKind;
  readonly digits: number | undefined;
  readonly count: number;
};

const numberIn = (text: string | undefined, min: number, max: number): number | undefined => {
  if (text === undefined || !/^[0-9]{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
};

type Flags = { badge: boolean; digits: number | undefined; count: number | undefined };

const readFlags = (words: readonly string[]): Flags | undefined => {
  const flags: Flags = { badge: false, digits: undefined, count: undefined };
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === '--badge') {
      flags.badge = true;
      continue;
    }
    const value =
      word === '--digits' ? numberIn(words[index + 1], 4, 8) : word === '--count' ? numberIn(words[index + 1], 1, 20) : undefined;
    if (value === undefined) return undefined;
    if (word === '--digits') flags.digits = value;
    else flags.count = value;
    index += 1;
  }
  return flags;
};

const readOptions = (args: readonly string[]): Options | undefined => {
  const [verb, path, ...rest] = args;
  const flags = readFlags(rest);
  if ((verb !== 'hash' && verb !== 'draw' && verb !== 'read') || path === undefined || path.startsWith('--') || !flags)
    return undefined;
  if (verb === 'hash' && (flags.digits !== undefined || flags.count !== undefined)) return undefined;
  if (verb === 'draw' && flags.badge) return undefined;
  if (verb === 'read' && rest.length > 0) return undefined;
  return { verb, path, kind: flags.badge ? 'badge' : 'code', digits: flags.digits, count: flags.count ?? 1 };
};

// ---- hash

const CODE = /^[0-9]{4,8}$/;
const BADGE = /^[0-9A-Fa-f]{4,32}$/;

const digestLine = async (secrets: Secrets, kind: SecretKind, text: string): Promise<DigestResult> =>
  secrets.digest(kind, kind === 'badge' ? normalBadge(text) : text);

/** From a terminal one code, typed without being shown; else all that standard input holds. */
const linesGiven = async (io: Io, kind: SecretKind): Promise<readonly string[]> => {
  const question = kind === 'badge' ? 'Badge: ' : 'Code: ';
  const text = io.askHidden ? ((await io.askHidden(question)) ?? '') : await io.stdin();
  return text.split(/\r?\n/).filter((line) => line !== '');
};

const hash = async (secrets: Secrets, kind: SecretKind, io: Io): Promise<number> => {
  const lines = await linesGiven(io, kind);
  const pattern = kind === 'badge' ? BADGE : CODE;
  const wrong = lines.findIndex((line) => !pattern.test(line));
  if (lines.length === 0 || wrong >= 0) {
    const what = kind === 'badge' ? 'a badge number of 4 to 32 hexadecimal digits' : 'a code of 4 to 8 digits';
    io.err(`Give ${what} on each line of standard input${wrong >= 0 ? `; line ${wrong + 1} is not one` : ''}.\n`);
    return EXIT.badInput;
  }
  for (const line of lines) {
    const result = await digestLine(secrets, kind, line);
    if (!result.ok) return refused(io, result.reason);
    io.out(`${result.digest}\n`);
  }
  return EXIT.ok;
};

const refused = (io: Io, reason: string): number => {
  io.err(`No digest could be made (${reason}). Try again.\n`);
  return EXIT.failed;
};

// ---- draw

const draw = async (secrets: Secrets, site: SiteFile, options: Options, io: Io): Promise<number> => {
  const taken = new Set(site.credentials.map(({ digest }) => digest));
  for (let count = 0; count < options.count; count++) {
    const drawn = await secrets.draw(taken, options.digits ?? digitsFor(site));
    if (!drawn.ok) return refused(io, drawn.reason);
    taken.add(drawn.digest);
    io.out(`${drawn.code} ${drawn.digest}\n`);
  }
  return EXIT.ok;
};

const openFor = async (site: SiteFile, io: Io): Promise<Secrets | undefined> => {
  const { salt, pepperFile } = site.security;
  if (pepperFile === undefined) return openSecrets({ salt, pepper: undefined });
  const read = await readPepper(pepperFile);
  if (read.ok) return openSecrets({ salt, pepper: read.pepper });
  io.err(`${pepperFile}: the pepper cannot be used (${read.reason}).\n`);
  return undefined;
};

export type CodeTools = {
  /** Resolves when whoever started it wants it to end. */
  readonly asked: () => Promise<void>;
};

const act = async (site: SiteFile, secrets: Secrets, options: Options, io: Io, tools: CodeTools): Promise<number> => {
  switch (options.verb) {
    case 'hash':
      return hash(secrets, options.kind, io);
    case 'draw':
      return draw(secrets, site, options, io);
    case 'read':
      return readBadges(site, secrets, io, tools.asked());
  }
};

export const code = async (args: readonly string[], io: Io, tools: CodeTools): Promise<number> => {
  const options = readOptions(args);
  if (!options) {
    io.err(CODE_USAGE);
    return EXIT.badInput;
  }
  const loaded = await loadSiteFile(options.path, io);
  if (!loaded.ok) {
    io.err('reason' in loaded ? readFailureText(options.path, loaded.reason) : problemsText(options.path, loaded.problems));
    return EXIT.badInput;
  }
  const secrets = await openFor(loaded.site, io);
  if (!secrets) return EXIT.badInput;
  const status = await act(loaded.site, secrets, options, io, tools);
  await secrets.close();
  return status;
};
