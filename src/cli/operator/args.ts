/** The command lines of `vigie operator`. */
import { parseArgs } from 'node:util';
import { isId, isSiteId } from '../../protocol/topics.ts';
import { readDuration, DURATION_PATTERN } from '../../config/text.ts';
import type { Language } from '../centre/kindWords.ts';

export type NewArgs = { readonly verb: 'new'; readonly operator: string; readonly out: string };

type What = { readonly site: string; readonly door: string; readonly operator: string; readonly key: string };

export type SignArgs = What & {
  readonly verb: 'sign';
  /** The command's id. */
  readonly id: string;
  /** Undefined: from standard input. */
  readonly challenge: string | undefined;
};

export type UnlockArgs = What & {
  readonly verb: 'unlock';
  readonly broker: string;
  readonly timeoutMs: number;
  readonly language: Language;
  readonly json: boolean;
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly certificateKey: string | undefined;
  readonly serverName: string | undefined;
  readonly username: string | undefined;
  readonly clientId: string | undefined;
};

export type OperatorArgs = NewArgs | SignArgs | UnlockArgs;
export type ParsedOperatorArgs =
  | { readonly ok: true; readonly args: OperatorArgs }
  | { readonly ok: false; readonly problem: string };

export const OPERATOR_USAGE = `Usage: vigie operator new ID [--out FILE]
       vigie operator unlock --broker mqtt://HOST[:PORT] --site SITE --door DOOR --operator ID --key FILE
                             [--timeout 2min] [--lang fr|en] [--json] [--ca FILE] [--cert FILE --cert-key FILE]
                             [--server-name NAME] [--user NAME] [--client-id ID]
       vigie operator sign --site SITE --door DOOR --operator ID --key FILE --id COMMAND [--challenge HEX]
The password of --user is read from VIGIE_OPERATOR_PASSWORD.
`;

const OPTIONS = {
  out: { type: 'string' },
  broker: { type: 'string' },
  site: { type: 'string' },
  door: { type: 'string' },
  operator: { type: 'string' },
  key: { type: 'string' },
  id: { type: 'string' },
  challenge: { type: 'string' },
  timeout: { type: 'string', default: '2min' },
  lang: { type: 'string', default: 'fr' },
  json: { type: 'boolean', default: false },
  ca: { type: 'string' },
  cert: { type: 'string' },
  'cert-key': { type: 'string' },
  'server-name': { type: 'string' },
  user: { type: 'string' },
  'client-id': { type: 'string' },
} as const;

const read = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
type Read = ReturnType<typeof read>;
type Values = Read['values'];

const wrong = (problem: string): ParsedOperatorArgs => ({ ok: false, problem });

const ID_WANTED = '1 to 64 letters, digits, - and _, beginning with a letter or a digit';

const newArgs = ({ out }: Values, words: readonly string[]): ParsedOperatorArgs => {
  const [operator, ...rest] = words;
  if (operator === undefined || rest.length > 0) return wrong('new takes one ID');
  if (!isId(operator)) return wrong(`${operator}: an operator's id is ${ID_WANTED}`);
  return { ok: true, args: { verb: 'new', operator, out: out ?? `${operator}.pem` } };
};

const whatOf = ({ site, door, operator, key }: Values): What | string => {
  if (site === undefined || door === undefined || operator === undefined || key === undefined) {
    return '--site, --door, --operator and --key are needed';
  }
  if (!isSiteId(site)) return `--site ${site}: it must be the id of a site, ${ID_WANTED}`;
  if (!isId(door)) return `--door ${door}: it must be the id of a door, ${ID_WANTED}`;
  if (!isId(operator)) return `--operator ${operator}: it must be ${ID_WANTED}`;
  return { site, door, operator, key };
};

const CHALLENGE = /^[0-9a-f]{64}$/;

const signArgs = (values: Values, what: What): ParsedOperatorArgs => {
  const { id, challenge } = values;
  if (id === undefined || !isId(id)) return wrong(`--id is needed, the id of the command: ${ID_WANTED}`);
  if (challenge !== undefined && !CHALLENGE.test(challenge)) return wrong('--challenge takes 64 hexadecimal digits');
  return { ok: true, args: { verb: 'sign', ...what, id, challenge } };
};

const TIMEOUT_MOST_MS = 3_600_000;

const timeoutOf = (text: string): number | undefined => {
  const ms = DURATION_PATTERN.test(text) ? readDuration(text) : 0;
  return ms >= 1_000 && ms <= TIMEOUT_MOST_MS ? ms : undefined;
};

const isBroker = (broker: string): boolean => URL.canParse(broker) && /^mqtts?:$/.test(new URL(broker).protocol);

const unlockArgs = (values: Values, what: What): ParsedOperatorArgs => {
  const { broker, timeout, lang: language, cert: certificate, 'cert-key': certificateKey } = values;
  if (broker === undefined || !isBroker(broker)) return wrong('--broker takes mqtt://HOST[:PORT] or mqtts://HOST[:PORT]');
  const timeoutMs = timeoutOf(timeout);
  if (timeoutMs === undefined) return wrong(`--timeout ${timeout}: from 1s to 1h`);
  if (language !== 'fr' && language !== 'en') return wrong(`--lang ${language}: fr or en`);
  if ((certificate === undefined) !== (certificateKey === undefined)) return wrong('--cert and --cert-key go together');
  const { json, ca, 'server-name': serverName, user: username, 'client-id': clientId } = values;
  const access = { ca, certificate, certificateKey, serverName, username, clientId };
  return { ok: true, args: { verb: 'unlock', ...what, broker, timeoutMs, language, json, ...access } };
};

const check = ({ values, positionals: [verb, ...words] }: Read): ParsedOperatorArgs => {
  if (verb === 'new') return newArgs(values, words);
  if (verb !== 'unlock' && verb !== 'sign') return wrong('new, unlock or sign');
  if (words.length > 0) return wrong(`unexpected ${words.join(' ')}`);
  const what = whatOf(values);
  if (typeof what === 'string') return wrong(what);
  return verb === 'sign' ? signArgs(values, what) : unlockArgs(values, what);
};

export const parseOperatorArgs = (args: readonly string[]): ParsedOperatorArgs => {
  try {
    return check(read(args));
  } catch (error) {
    // The one way to hear what is wrong with an option is the library's sentence.
    return wrong(error instanceof Error ? error.message : 'the arguments cannot be read');
  }
};
