/**
 * `vigie operator`: opens a door from afar, makes the key for it, and signs for other programs.
 *
 * `unlock` ends with what became of the door: 0 opened, closed and locked again; 1 refused, with the reason; 2 command line
 * or key file; 4 released and not opened; 5 left open; 6 the lock did not obey; 7 not known: no connection, no answer, or the
 * door was released for somebody else before it opened.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { newSigningKey, readSigningKey } from '../drivers/signatures/ed25519.ts';
import type { SigningKey } from '../drivers/signatures/ed25519.ts';
import { mqttLink } from '../drivers/mqtt/link.ts';
import type { MakeLink, TlsOptions } from '../ports/link.ts';
import { signedBytes } from '../protocol/commands.ts';
import type { UnlockStage } from '../protocol/commands.ts';
import { printable } from './centre/view.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { OPERATOR_USAGE, parseOperatorArgs } from './operator/args.ts';
import type { NewArgs, SignArgs, UnlockArgs } from './operator/args.ts';
import { unlockDoor } from './operator/exchange.ts';
import type { Outcome, UnlockWish } from './operator/exchange.ts';
import { outcomeText, progressText } from './operator/say.ts';
import { readTls } from './tlsFiles.ts';

export { OPERATOR_USAGE };

const PASSWORD_VARIABLE = 'VIGIE_OPERATOR_PASSWORD';

export const operator = async (args: readonly string[], io: Io, makeLink: MakeLink = mqttLink): Promise<number> => {
  const parsed = parseOperatorArgs(args);
  if (!parsed.ok) {
    io.err(`vigie operator: ${parsed.problem}\n${OPERATOR_USAGE}`);
    return EXIT.badInput;
  }
  switch (parsed.args.verb) {
    case 'new':
      return makeKey(parsed.args, io);
    case 'sign':
      return sign(parsed.args, io);
    case 'unlock':
      return unlock(parsed.args, io, makeLink);
  }
};

// ---- keys

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Never over another key: whoever had it could not open any more. */
const makeKey = async ({ operator: id, out }: NewArgs, io: Io): Promise<number> => {
  const { key, pem } = newSigningKey();
  try {
    await writeFile(out, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'EEXIST' ? 'there is a file already' : String(error);
    io.err(`${out}: ${why}. No key was made.\n`);
    return EXIT.failed;
  }
  io.out(`publicKey: ${hexOf(key.publicKey)}\n`);
  io.err(`The private key is in ${out}: give it to the operator, and to nobody else. In the site's file, under operators:\n`);
  io.err(`  ${id}: { name: …, publicKey: ${hexOf(key.publicKey)}, doors: [ … ] }\n`);
  return EXIT.ok;
};

const readKey = async (path: string, io: Io): Promise<SigningKey | undefined> => {
  const read = await io.readFile(path);
  const key = read.ok ? readSigningKey(new TextDecoder().decode(read.bytes)) : undefined;
  if (!read.ok) io.err(`${path}: ${read.reason}\n`);
  else if (!key) io.err(`${path}: not a private Ed25519 key in PEM; \`vigie operator new\` makes one\n`);
  return key;
};

const CHALLENGE = /^[0-9a-f]{64}$/;

const sign = async (
  { site, door, operator: id, key: path, id: command, challenge: given }: SignArgs,
  io: Io,
): Promise<number> => {
  const key = await readKey(path, io);
  if (!key) return EXIT.badInput;
  const challenge = given ?? (await io.stdin()).trim();
  if (!CHALLENGE.test(challenge)) {
    io.err('vigie operator sign: the challenge must be 64 hexadecimal digits in small letters, as the site gave it\n');
    return EXIT.badInput;
  }
  io.out(`${hexOf(key.sign(signedBytes({ site, operator: id, command, challenge, door })))}\n`);
  return EXIT.ok;
};

// ---- unlocking

const STAGE_EXIT: Readonly<Record<UnlockStage, number>> = {
  closed: EXIT.ok,
  'not-opened': 4,
  held: 5,
  'unlock-failed': 6,
  superseded: 7,
  // Not an end: what came of them is not known.
  released: 7,
  opened: 7,
};

const exitOf = (outcome: Outcome): number => {
  switch (outcome.kind) {
    case 'ended':
      return STAGE_EXIT[outcome.stage];
    case 'refused':
      return EXIT.failed;
    case 'no-answer':
    case 'no-connection':
    case 'not-allowed':
    case 'site-away':
      return 7;
  }
};

/** Each run has a name of its own at the broker: two terminals do not throw each other out. */
const wishOf = (args: UnlockArgs, io: Io, key: SigningKey, tls: TlsOptions | undefined): UnlockWish => {
  const password = io.env[PASSWORD_VARIABLE];
  const { broker, site, door, operator: id, username, timeoutMs } = args;
  return {
    broker,
    site,
    door,
    operator: id,
    key,
    timeoutMs,
    clientId: args.clientId ?? `vigie-operator-${id.slice(0, 24)}-${randomBytes(4).toString('hex')}`,
    ...(username === undefined ? {} : { username }),
    ...(username === undefined || password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
  };
};

const unlock = async (args: UnlockArgs, io: Io, makeLink: MakeLink): Promise<number> => {
  const key = await readKey(args.key, io);
  if (!key) return EXIT.badInput;
  const { ca, certificate, certificateKey, serverName, language } = args;
  const files = await readTls({ ca, certificate, key: certificateKey, serverName }, io);
  if (!files.ok) {
    io.err(files.text);
    return EXIT.badInput;
  }
  const show = (fields: object, words: string): void =>
    io.out(args.json ? `${JSON.stringify(fields)}\n` : `${printable(words)}\n`);
  const outcome = await unlockDoor(wishOf(args, io, key, files.tls), {
    makeLink,
    randomName: () => randomBytes(10).toString('hex'),
    tell: (progress) => show(progress, progressText(language, progress)),
  });
  const words = outcomeText(language, outcome);
  if (args.json || words !== undefined) show(outcome, words ?? '');
  return exitOf(outcome);
};
