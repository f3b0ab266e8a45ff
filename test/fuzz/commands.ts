/**
 * Commands from afar as anybody may send them: bytes of every sort, real commands bent, spliced, repeated, kept by the broker and
 * sent late, through the path and the desk with real keys. What reaches the core was signed as it stands by its operator, over a
 * challenge that was given to that operator, at most 15 s ago and for the first time; and a good command always does.
 */
import type { Fuzzer } from './fuzzer.ts';
import { initialState } from '../../src/core/initial.ts';
import type { Input } from '../../src/core/input.ts';
import { siteOf } from '../../src/core/site.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { ed25519 } from '../../src/drivers/signatures/ed25519.ts';
import { initialPath } from '../../src/paths/mqtt/frame.ts';
import { stepPath } from '../../src/paths/mqtt/step.ts';
import { pathDefaults } from '../../src/paths/mqtt/types.ts';
import type { PathConfig, PathInput, PathState } from '../../src/paths/mqtt/types.ts';
import type { CommandMessage } from '../../src/protocol/commands.ts';
import { decodeReply, encode } from '../../src/protocol/payloads.ts';
import { makeRemoteDesk } from '../../src/runtime/remoteDesk.ts';
import type { Answered, RemoteDesk } from '../../src/runtime/remoteDesk.ts';
import { signedUnlock, testKey } from '../support/operators.ts';
import { seeded } from '../support/seeded.ts';
import { doorConfig, practiceConfig } from '../support/site.ts';

const SITE = 'cabinet';
const DOORS = ['entree', 'cour'] as const;
const OPERATORS = ['paul', 'lea'] as const;
type Operator = (typeof OPERATORS)[number];
const KEYS = { paul: testKey(1), lea: testKey(2) };
const FRESH_MS = 15_000;
const CALM_EVERY = 200;
const REMEMBERED = 64;

const site = siteOf(practiceConfig({ site: SITE, doors: DOORS.map((id) => doorConfig(id, 'cour', undefined)) }));
const STATE = initialState(site, monotonic(0));
const CONFIG: PathConfig = { site: SITE, version: '0', boot: 1, ...pathDefaults, commandsPerMinute: Number.MAX_SAFE_INTEGER };

type Given = { readonly operator: Operator; readonly challenge: string; readonly at: number };

type Table = {
  readonly random: () => number;
  readonly desk: RemoteDesk;
  /** What reached the core since it was looked at. */
  readonly unlocks: (Input & { readonly kind: 'remote-unlock' })[];
  readonly given: Given[];
  /** As their operators signed them, by id. */
  readonly signed: Map<string, CommandMessage>;
  readonly used: Set<string>;
  readonly sent: Uint8Array[];
  path: PathState;
  queue: PathInput[];
  isStepping: boolean;
  now: number;
  names: number;
};

const below = (table: Table, limit: number): number => Math.trunc(table.random() * limit);
const pick = <T>(table: Table, from: readonly T[]): T | undefined => from[below(table, from.length)];

// ---- path and desk, as the runtime joins them

/** To whom the desk gave it, whatever the command was called. */
const noteGiven = (table: Table, { operator: id, answer }: Answered): void => {
  const operator = OPERATORS.find((known) => known === id);
  if (operator && answer.ok && 'challenge' in answer) table.given.push({ operator, challenge: answer.challenge, at: table.now });
};

const stepOnce = (table: Table, input: PathInput): void => {
  const { state, sends } = stepPath(CONFIG, table.path, input, monotonic(table.now), 0.5);
  table.path = state;
  for (const send of sends) {
    if (send.kind === 'command') table.desk.onCommand(send.verb, send.command);
    if (send.kind !== 'publish') continue;
    const isReply = send.publication.topic.includes('/reply/');
    if (isReply && !decodeReply(send.publication.payload).ok) throw new Error('an answer that is not of the contract');
    hear(table, { kind: 'published', id: send.id, outcome: { kind: 'acknowledged', noSubscribers: false } });
  }
};

const hear = (table: Table, input: PathInput): void => {
  table.queue.push(input);
  if (table.isStepping) return;
  table.isStepping = true;
  for (let next = table.queue.shift(); next; next = table.queue.shift()) stepOnce(table, next);
  table.isStepping = false;
};

const tableFor = (seed: number): Table => {
  const random = seeded(seed);
  const table: Omit<Table, 'desk'> & { desk?: RemoteDesk } = {
    random,
    unlocks: [],
    given: [],
    signed: new Map(),
    used: new Set(),
    sent: [],
    path: initialPath(monotonic(0)),
    queue: [],
    isStepping: false,
    now: 1_000,
    names: 0,
  };
  const desk = makeRemoteDesk({
    site,
    publicKeys: new Map(OPERATORS.map((id) => [id, KEYS[id].publicKey])),
    signatures: ed25519,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.trunc(random() * 256)),
    state: () => STATE,
    submit: (input) => void (input.kind === 'remote-unlock' && table.unlocks.push(input)),
    now: () => monotonic(table.now),
    answer: (answered) => {
      noteGiven(whole, answered);
      hear(whole, { kind: 'answer', ...answered });
    },
  });
  const whole: Table = Object.assign(table, { desk });
  hear(whole, { kind: 'start' });
  hear(whole, { kind: 'outbox', epoch: 'e', heads: { alarm: 0, event: 0 }, acknowledged: { alarm: 0, event: 0 } });
  const up = { receiveMaximum: 1_000, maximumPacketBytes: undefined };
  hear(whole, { kind: 'up', at: wall(0), atQuality: 'synchronised', ...up });
  return whole;
};

// ---- what is sent

const deliver = (table: Table, verb: string, payload: Uint8Array, retain = false): void =>
  hear(table, { kind: 'message', topic: `vigie/v1/${SITE}/command/${verb}`, payload, retain, properties: {} });

const nameFor = (table: Table, operator: Operator): string => {
  table.names += 1;
  return `${operator}-${table.names}`;
};

const ask = (table: Table, operator: Operator): void =>
  deliver(table, 'challenge', encode({ v: 1, id: nameFor(table, operator), operator }));

const signOver = (table: Table, { operator, challenge }: Given): CommandMessage => {
  const door = pick(table, DOORS) ?? 'entree';
  const command = signedUnlock(KEYS[operator], { site: SITE, operator, id: nameFor(table, operator), challenge, door });
  table.signed.set(command.id, command);
  return command;
};

/** Mostly over a challenge of just now, at times over an old one or somebody else's. */
const signAny = (table: Table): CommandMessage | undefined => {
  const given = pick(table, table.given.slice(table.random() < 0.8 ? -2 : -REMEMBERED));
  const operator = table.random() < 0.2 ? pick(table, OPERATORS) : given?.operator;
  return given && operator && signOver(table, { ...given, operator });
};

const withFlips = (table: Table, bytes: Uint8Array): Uint8Array => {
  const at = below(table, bytes.length);
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << below(table, 8)));
};

const FIELDS = ['id', 'operator', 'door', 'challenge', 'signature', 'site'] as const;
const WORDS = ['paul', 'lea', 'entree', 'cour', SITE, 'officine', '', 'f'.repeat(64), '0'.repeat(128)] as const;

/** A field of one command in another, or a word that means something. */
const spliced = (table: Table, one: CommandMessage): CommandMessage => {
  const field = pick(table, FIELDS) ?? 'door';
  const other = pick(table, [...table.signed.values()].slice(-8));
  const value = table.random() < 0.5 ? other?.[field] : pick(table, WORDS);
  return { ...one, [field]: value };
};

const rubbish = (table: Table): Uint8Array => Uint8Array.from({ length: 1 + below(table, 300) }, () => below(table, 256));

/** Bytes that are or were a command, or never were. */
const drawn = (table: Table): Uint8Array => {
  const signed = signAny(table);
  const sent = pick(table, table.sent);
  const way = below(table, 8);
  if (!signed || way === 0) return rubbish(table);
  if (way === 1 && sent) return sent;
  if (way === 2) return withFlips(table, encode(signed));
  if (way === 3 && sent) return withFlips(table, sent);
  return way < 6 ? encode(spliced(table, signed)) : encode(signed);
};

const VERBS = ['unlock', 'unlock', 'unlock', 'unlock', 'challenge', 'arm', 'disarm'] as const;

// ---- what must hold

/** Looks at what reached the core; `retained`: nothing of this may have. */
const judge = (table: Table, retained: boolean): void => {
  for (const unlock of table.unlocks.splice(0)) {
    const signed = table.signed.get(unlock.command);
    const what = JSON.stringify(unlock);
    if (retained) throw new Error(`${what} was kept by the broker`);
    if (signed?.operator !== unlock.operator || signed.door !== unlock.door) throw new Error(`${what} was never signed`);
    const given = table.given.find(({ challenge }) => challenge === signed.challenge);
    if (given?.operator !== unlock.operator) throw new Error(`${what}: over no challenge of that operator`);
    if (table.now - given.at > FRESH_MS) throw new Error(`${what}: ${table.now - given.at} ms late`);
    if (table.used.has(given.challenge)) throw new Error(`${what}: its challenge was used before`);
    table.used.add(given.challenge);
  }
  const { pending, answers, seen } = table.path.commands;
  if (pending.length > 16 || answers.length > 32 || seen.length > 256) throw new Error('a list has grown beyond its limit');
};

/** Once it is quiet, a good command is heard. */
const calm = (table: Table): void => {
  table.now += 16 * 60_000;
  const operator = pick(table, OPERATORS) ?? 'paul';
  ask(table, operator);
  const given = table.given.at(-1);
  if (given?.at !== table.now) throw new Error('no challenge for an operator who asks');
  const good = signOver(table, given);
  deliver(table, 'unlock', encode(good));
  if (table.unlocks[0]?.command !== good.id) throw new Error('a good command is not heard');
  judge(table, false);
};

const forget = (table: Table): void => {
  table.given.splice(0, Math.max(0, table.given.length - 4 * REMEMBERED));
  table.sent.splice(0, Math.max(0, table.sent.length - REMEMBERED));
  for (const id of table.signed.keys()) if (table.signed.size > 16 * REMEMBERED) table.signed.delete(id);
};

const turn = (table: Table, at: number): Uint8Array => {
  if (at % CALM_EVERY === 0) calm(table);
  if (table.random() < 0.3) ask(table, pick(table, OPERATORS) ?? 'paul');
  if (table.random() < 0.2) table.now += below(table, 20_000);
  const payload = drawn(table);
  const retain = table.random() < 0.1;
  table.sent.push(payload);
  deliver(table, pick(table, VERBS) ?? 'unlock', payload, retain);
  judge(table, retain);
  forget(table);
  return payload;
};

export const commandFuzzer: Fuzzer = {
  name: 'commands',
  run: (count, seed) => {
    const table = tableFor(seed);
    for (let at = 0; at < count; at += 1) {
      try {
        turn(table, at);
      } catch (error) {
        const input = Buffer.from(table.sent.at(-1) ?? new Uint8Array()).toString('hex');
        return { at, what: error instanceof Error ? error.message : String(error), input };
      }
    }
    return undefined;
  },
};
