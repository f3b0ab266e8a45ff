/**
 * Random, split and corrupted inputs for what is read of door stations. The same seed gives the same inputs.
 */
import * as assert from 'uvu/assert';
import { bellIn, boundaryIn, monitorStream, readDoorBirdInfo } from '../../../src/protocol/stations/doorBird.ts';
import { newWatch, watchAnswer } from '../../../src/protocol/stations/freshness.ts';
import type { Watch } from '../../../src/protocol/stations/freshness.ts';
import { readChallenges, strongest } from '../../../src/protocol/stations/httpAuth.ts';
import { meaningOf, readEvents, readSubscription, readTwoNInfo } from '../../../src/protocol/stations/twoN.ts';
import type { Fuzzer, FuzzFailure } from '../../fuzz/fuzzer.ts';
import { seeded } from '../seeded.ts';

type Draw = { readonly below: (limit: number) => number; readonly one: <T>(list: readonly [T, ...T[]]) => T };

const drawer = (seed: number): Draw => {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return { below, one: (list) => list[below(list.length)] ?? list[0] };
};

// ---- damage

const JUNK = ['"', '\\', '{', '}', ',', ':', '\u0000', '\ufffd', '\r\n', '--', '1e999', 'null', '=', ' ', '[', 'é'] as const;

/** A text with a few letters cut out, doubled, or replaced by what parsers stumble over. */
const damaged = (text: string, { below, one }: Draw): string => {
  let result = text;
  for (let hits = below(4); hits > 0; hits -= 1) {
    const at = below(result.length + 1);
    const length = below(8);
    const put = one(['', one(JUNK), result.slice(at, at + length).repeat(2)]);
    result = result.slice(0, at) + put + result.slice(at + length);
  }
  return below(10) === 0 ? result.slice(0, below(result.length + 1)) : result;
};

const each = (count: number, seed: number, one: (draw: Draw) => string): FuzzFailure | undefined => {
  const draw = drawer(seed);
  let input = '';
  for (let at = 0; at < count; at += 1) {
    try {
      input = one(draw);
    } catch (error) {
      return { at, what: error instanceof Error ? error.message : String(error), input };
    }
  }
  return undefined;
};

// ---- answers of a 2N station

const NAMES = ['KeyPressed', 'SwitchStateChanged', 'TamperSwitchActivated', 'CallStateChanged', 'DeviceState'] as const;
const VALUES = [true, false, 1, 'in', 'out', '%1', 'dtmf', 'auth', 'ringing', 'outgoing', null, [], {}, -1, 1e20] as const;
const RULES = { ringOn: 'key', keys: undefined, switch: 1, openedBy: ['dtmf'] } as const;

const randomEvent = ({ below, one }: Draw): unknown => {
  const params = { key: one(VALUES), switch: one(VALUES), state: one(VALUES), originator: one(VALUES) };
  return { id: below(200), upTime: one([below(100), one(VALUES)]), event: one([one(NAMES), one(VALUES)]), params };
};

const twoNAnswers = (draw: Draw): string => {
  const { below, one } = draw;
  const events = Array.from({ length: below(4) }, () => randomEvent(draw));
  const whole: unknown = one<unknown>([
    { success: true, result: { events } },
    { success: true, result: { id: one(VALUES), variant: one(VALUES), swVersion: one(VALUES) } },
    { success: false, error: { code: one(VALUES), param: one(VALUES) } },
  ]);
  const text = damaged(JSON.stringify(whole), draw);
  for (const read of [readSubscription, readTwoNInfo]) read(text);
  const answer = readEvents(text);
  if (!answer.ok) return text;
  let watch: Watch = newWatch(below(1_000));
  let now = below(20_000);
  for (let times = 0; times < 3; times += 1) {
    const watched = watchAnswer(watch, answer.value, now, now + below(9_000));
    assert.is(watched.fresh.length + watched.stale.length + watched.repeated, answer.value.length);
    if (times > 0) assert.is(watched.fresh.length, 0, 'what was taken is never fresh again');
    for (const event of watched.fresh) {
      const meant = meaningOf(event, RULES);
      // Whatever is wrong with an event, it never opens but for the one reason.
      if (meant?.kind === 'open') assert.equal([event.parameters['switch'], event.parameters['originator']], [1, 'dtmf']);
    }
    watch = watched.watch;
    now += below(9_000);
  }
  return text;
};

// ---- the stream of a DoorBird

const WORDS = ['doorbell:H', 'doorbell:L', 'motionsensor:H', 'doorbell:', '--ioboundary', 'z'.repeat(300)] as const;
const partOf = (line: string): string => `--ioboundary\r\nContent-Type: text/plain\r\n\r\n${line}\r\n\r\n`;

const linesOf = (chunks: readonly Uint8Array[]): readonly string[] => {
  const { push } = monitorStream('ioboundary');
  return chunks.flatMap((chunk) => push(chunk));
};

const monitorStreams = (draw: Draw): string => {
  const { below, one } = draw;
  const lines = Array.from({ length: 1 + below(4) }, () => one(WORDS));
  const text = damaged(lines.map(partOf).join(''), draw);
  const all = new TextEncoder().encode(text);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < all.length;) {
    const length = 1 + below(40);
    chunks.push(all.subarray(at, at + length));
    at += length;
  }
  const told = linesOf(chunks);
  assert.equal(told, linesOf([all]), 'cuts change nothing');
  for (const line of told) {
    assert.ok(line.length <= 256);
    bellIn(line);
  }
  // After whatever came, two good parts are heard: the first may still be swallowed by what was left open.
  const good = new TextEncoder().encode(`\r\n\r\n${partOf('doorbell:L')}${partOf('doorbell:H')}`);
  assert.is(linesOf([...chunks, good]).at(-1), 'doorbell:H');
  boundaryIn(damaged('multipart/x-mixed-replace; boundary=--ioboundary', draw));
  readDoorBirdInfo(damaged('{"BHA":{"VERSION":[{"FIRMWARE":"000109","DEVICE-TYPE":"DoorBird D101"}]}}', draw));
  return text;
};

// ---- logins

const logins = (draw: Draw): string => {
  const { one } = draw;
  const algorithm = one(['MD5', 'SHA-256', 'SHA-256-sess', 'X']);
  const digest = `Digest realm="a, b", nonce="n\\"n", opaque=x, qop="auth,auth-int", algorithm=${algorithm}`;
  const header = damaged(one([digest, 'Basic realm="r"', `Basic realm=r, ${digest}`, `Negotiate abc==, ${digest}`]), draw);
  const challenges = readChallenges(header);
  assert.is.not(strongest(challenges, false)?.scheme, 'basic');
  return header;
};

export const STATION_FUZZERS: readonly Fuzzer[] = [
  { name: 'station-2n', run: (count, seed) => each(count, seed, twoNAnswers) },
  { name: 'station-doorbird', run: (count, seed) => each(count, seed, monitorStreams) },
  { name: 'station-login', run: (count, seed) => each(count, seed, logins) },
];
