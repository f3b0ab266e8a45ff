/**
 * A site whose doors open from afar, in a process of its own, with a broker in this one, an operator's connection to it,
 * and an eye on every lock.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import type { CommandMessage, ReplyMessage } from '../../src/protocol/commands.ts';
import { decodeReply, encode } from '../../src/protocol/payloads.ts';
import { parseTopic, topicOf } from '../../src/protocol/topics.ts';
import { reachBoard, startReady, until } from './controllerProcess.ts';
import type { ControllerProcess } from './controllerProcess.ts';
import { startedBroker } from './guardedSite.ts';
import { withEars } from './linkEars.ts';
import type { Ears } from './linkEars.ts';
import { signedUnlock, testKey, toHex } from './operators.ts';
import type { Seen, SimClient } from './simClient.ts';

export const SITE = 'remote';
export const KEYS = { paul: testKey(1), lea: testKey(2), stranger: testKey(9) };

/** Lines of the simulated board. A contact is closed, and a bolt thrown, at level 0. */
export const LINES = {
  contact: 'GPIO10',
  latch: 'GPIO11',
  strike: 'GPIO20',
  yardContact: 'GPIO12',
  yardStrike: 'GPIO21',
  bolt: 'GPIO15',
  motorOpen: 'GPIO22',
  lamp: 'GPIO24',
} as const;
const LOCKS = [LINES.strike, LINES.yardStrike, LINES.motorOpen];

const CODE = '2580';

const zone = (number: number, id: string, rest: string): string =>
  `  ${id}: { number: ${number}, name: ${id}, swinger: 0, ${rest} }`;

/** `entree` has a strike and a latch contact, `cour` is in an area that can be set, `labo` has a motor whose bolt may stick. */
export const remoteSite = (site = SITE, release = '3s'): string =>
  [
    'version: 1',
    `site: ${site}`,
    'name: Remote',
    'security: { salt: demo-minimal-0001 }',
    'mqtt: { broker: mqtt://127.0.0.1:1883 }',
    'areas:',
    '  rue: { name: rue }',
    '  bureau: { name: bureau, exit: immediate, quiet: 0s }',
    'zones:',
    zone(1, 'entree', `area: rue, type: entry-exit, input: ${LINES.contact}`),
    zone(2, 'entree-latch', `area: rue, type: latch, input: ${LINES.latch}`),
    zone(3, 'cour', `area: bureau, type: entry-exit, input: ${LINES.yardContact}`),
    zone(4, 'labo', 'area: rue, type: entry-exit, input: GPIO14'),
    zone(5, 'labo-bolt', `area: rue, type: bolt, contact: normally-open, input: ${LINES.bolt}`),
    'doors:',
    '  entree:',
    '    { name: entree, area: rue, contact: entree, latch: entree-latch, egress: handle, remote: true,',
    `      lock: { kind: strike-fail-secure, continuous: true, release: ${release} }, heldAfter: 5s, warnBefore: 1s }`,
    '  cour:',
    '    { name: cour, area: bureau, contact: cour, lock: { kind: strike-fail-secure, continuous: true, release: 1s },',
    '      egress: handle, remote: true }',
    '  labo:',
    '    { name: labo, area: rue, contact: labo, lock: { kind: motor, bolt: labo-bolt, drive: 500ms, release: 1s },',
    '      egress: handle, remote: true }',
    'outputs:',
    `  strike: { role: lock, name: strike, output: ${LINES.strike}, door: entree }`,
    `  yard-strike: { role: lock, name: yard-strike, output: ${LINES.yardStrike}, door: cour }`,
    `  motor-open: { role: lock, name: motor-open, output: ${LINES.motorOpen}, door: labo, drive: open }`,
    '  motor-close: { role: lock, name: motor-close, output: GPIO23, door: labo, drive: close }',
    `  lamp: { role: armed-lamp, name: lamp, output: ${LINES.lamp}, areas: [bureau] }`,
    'keypads:',
    '  desk: { name: desk, areas: [bureau] }',
    'users:',
    '  martin: { name: Mme Martin, role: owner, code: v1-305c86b9baa113958dc07c4a6731a747 }',
    'operators:',
    `  paul: { name: Paul, publicKey: ${toHex(KEYS.paul.publicKey)}, doors: [entree, cour, labo], perHour: 60 }`,
    `  lea: { name: Lea, publicKey: ${toHex(KEYS.lea.publicKey)}, doors: [entree], perHour: 1 }`,
    '',
  ].join('\n');

const PRELOAD = fileURLToPath(new URL('./pathTimesPreload.js', import.meta.url));

/** Whatever it is, its answer goes to `reply/{id}`. */
export type Message = { readonly id: string } & Readonly<Record<string, unknown>>;

export type RemoteSite = {
  readonly brokerUrl: string;
  readonly operator: Ears;
  /** Every movement of every lock since the beginning, over all lives of the controller. */
  readonly movements: readonly Seen[];
  readonly board: () => SimClient;
  readonly set: (line: string, level: 0 | 1) => Promise<void>;
  readonly levelOf: (line: string) => Promise<number | undefined>;
  readonly send: (verb: string, message: Message, retain?: boolean) => Promise<void>;
  /** The answers to one command so far, in words. */
  readonly answers: (id: string) => readonly string[];
  /** Resolves once one of the answers is this one, with all of them. */
  readonly untilAnswer: (id: string, said: string, patienceMs?: number) => Promise<readonly string[]>;
  /** A new challenge. */
  readonly challenge: (operator: string) => Promise<string>;
  readonly toggleSet: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const wordOf = (reply: ReplyMessage): string => {
  if (!reply.ok) return reply.reason;
  return 'stage' in reply ? reply.stage : `challenge ${reply.challenge}`;
};

export const startRemoteSite = async (folder: string, commandsPerMinute: number, commitDelayMs: number): Promise<RemoteSite> => {
  const broker = await startedBroker();
  const [config, socket] = [join(folder, 'site.yaml'), join(folder, 'sim.sock')];
  writeFileSync(config, remoteSite());
  const movements: Seen[] = [];
  const operator = withEars(mqttLink);
  await operator.up({ url: broker.url, clientId: 'operator', receiveMaximum: 500 });
  await operator.subscribe(
    topicOf({ kind: 'reply', site: SITE, id: 'x' }).replace(/x$/, '+'),
    topicOf({ kind: 'status', site: SITE }),
  );

  let life: { readonly process: ControllerProcess; readonly board: SimClient };
  let boots = 0;
  const isOnline = (): boolean =>
    operator.messages().some(({ topic, payload }) => {
      if (!topic.endsWith('/status')) return false;
      const said = new TextDecoder().decode(payload);
      return said.includes('"online"') && said.includes(`"boot":${boots}`);
    });
  const start = async (): Promise<void> => {
    const process = await startReady({
      config,
      socket,
      data: join(folder, 'data'),
      broker: broker.url,
      nodeArgs: ['--import', PRELOAD],
      args: ['--commit-delay', String(commitDelayMs)],
      env: { VIGIE_TEST_PATH_TIMES: JSON.stringify({ commandsPerMinute, reconnectMinMs: 100 }) },
    });
    const board = await reachBoard(process, socket, LINES.strike);
    if (!board) throw new Error(process.log());
    await board.watch(LOCKS, (seen) => movements.push(seen));
    life = { process, board };
    boots = process.is.boot;
    await until('the site on line', isOnline);
  };
  await start();

  const replies = (id: string): readonly ReplyMessage[] =>
    operator.messages().flatMap(({ topic, payload }) => {
      if (parseTopic(topic)?.kind !== 'reply') return [];
      const decoded = decodeReply(payload);
      return decoded.ok && decoded.value.id === id ? [decoded.value] : [];
    });
  const answers = (id: string): readonly string[] => replies(id).map(wordOf);
  const untilAnswer = (id: string, said: string, patienceMs = 20_000): Promise<readonly string[]> =>
    until(`${id}: ${said}`, () => (answers(id).includes(said) ? answers(id) : undefined), patienceMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; it was ${answers(id).join(', ')}\n${life.process.log()}`);
    });
  const send = async (verb: string, message: Message, retain = false): Promise<void> => {
    const properties = { responseTopic: topicOf({ kind: 'reply', site: SITE, id: message.id }) };
    const sent = await operator.publish({
      topic: topicOf({ kind: 'command', site: SITE, verb }),
      payload: encode(message),
      retain,
      properties,
    });
    if (sent.kind !== 'acknowledged') throw new Error(JSON.stringify(sent));
  };
  let asked = 0;
  return {
    brokerUrl: broker.url,
    operator,
    movements,
    board: () => life.board,
    set: async (line, level) => void (await life.board.ask({ set: line, level })),
    levelOf: async (line) => (await life.board.ask({ get: line })).level,
    send,
    answers,
    untilAnswer,
    challenge: async (who) => {
      asked += 1;
      const id = `ask-${asked}`;
      await send('challenge', { v: 1, id, operator: who });
      return until(`a challenge for ${who}`, () => answers(id)[0]).then((said) => said.replace('challenge ', ''));
    },
    toggleSet: async () => {
      const before = (await life.board.ask({ get: LINES.lamp })).level;
      await life.board.ask({ keys: 'desk', text: before === 1 ? `${CODE}#` : `1**${CODE}#` });
      await until('the lamp', async () => (await life.board.ask({ get: LINES.lamp })).level !== before);
    },
    restart: async () => {
      life.board.close();
      await life.process.kill('SIGKILL');
      await start();
    },
    close: async () => {
      life.board.close();
      await life.process.kill('SIGKILL');
      operator.link.destroy();
      await broker.close();
    },
  };
};

/** Paul's command, with whatever is wrong about it. */
export const paulsUnlock = (id: string, challenge: string, door = 'entree', site = SITE): CommandMessage =>
  signedUnlock(KEYS.paul, { site, operator: 'paul', id, challenge, door });
