/**
 * Readers under noise. Each round is noise, damaged frames, whole ones of another kind, and at last one good card, in random
 * pieces. What must hold: no parser throws; a card is told only if its frame stood in the stream, whole and with a good check
 * (found here by other code than the parser's); what is held never grows; the good card is found.
 */
import { pn532 } from '../../src/protocol/readers/pn532.ts';
import type { Pn532State } from '../../src/protocol/readers/pn532.ts';
import { rdm6300 } from '../../src/protocol/readers/rdm6300.ts';
import type { Rdm6300State } from '../../src/protocol/readers/rdm6300.ts';
import type { Fed, ReaderEvent, ReaderProtocol } from '../../src/protocol/readers/reader.ts';
import { encodeFrame, readerLine } from '../../src/protocol/readers/readerLine.ts';
import type { ReaderLineState } from '../../src/protocol/readers/readerLine.ts';
import { encodeAnswer } from '../../src/protocol/readers/pn532Frames.ts';
import { decodeBurst } from '../../src/protocol/readers/wiegand.ts';
import { fakePn532 } from '../support/fakePn532.ts';
import { bytesOfBits, wiegand26, wiegand34, wiegand37 } from '../support/wiegandBits.ts';
import type { Draw, Fuzzer } from './fuzzer.ts';
import { damaged, demand, hexOfAll, holdsIn, pieces, playRounds } from './noise.ts';

type Held = { readonly held: { readonly bytes: Uint8Array } };

/** How one protocol is played. */
type Play<S extends Held> = {
  readonly name: string;
  readonly protocol: ReaderProtocol<S>;
  /** Held at most. */
  readonly heldMax: number;
  /** A card's frame, and the number it tells. */
  readonly card: (draw: Draw) => { readonly frame: readonly number[]; readonly hex: string };
  /** Whole frames that are no card. */
  readonly others: readonly (readonly number[])[];
  /** Brings the machine to where it hears cards. */
  readonly ready: (state: S, now: number) => { readonly state: S; readonly now: number };
  /** Whether a frame of this card stands in these bytes, whole and with a good check. */
  readonly stands: (bytes: readonly number[], hex: string) => boolean;
  /** Whether damage has made a whole frame of these bytes that takes the good card's place. */
  readonly isTaken: (bytes: readonly number[]) => boolean;
};

const never = (): boolean => false;

const badgesIn = (events: readonly ReaderEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'badge' ? [event.badge.hex] : []));

const noise = <S extends Held>({ card, others }: Play<S>, draw: Draw): readonly number[] => {
  const kinds: readonly (() => readonly number[])[] = [
    () => [...draw.bytes(draw.below(40))],
    () => damaged(draw, card(draw).frame),
    () => damaged(draw, card(draw).frame),
    () => (others.length === 0 ? [] : draw.pick(others)),
    () => (others.length === 0 ? [] : damaged(draw, draw.pick(others))),
  ];
  return Array.from({ length: draw.below(4) }, () => draw.pick(kinds)()).flat();
};

/** So much of nothing that whatever a false beginning still waits for has come. */
const silence = <S extends Held>({ heldMax }: Play<S>): readonly number[] => Array.from({ length: heldMax + 1 }, () => 0);

/** A frame cut short by a byte or two that the beginning of the next one happens to make whole. */
const reachesInto = <S extends Held>(
  { stands }: Play<S>,
  before: readonly number[],
  next: readonly number[],
  hex: string,
): boolean => !stands(before, hex) && stands([...before, ...next.slice(0, -1)], hex);

/** Mostly a few bytes, at times each alone. */
const LENGTHS = [1, 4, 16, 64];

const begin =
  <S extends Held>(game: Play<S>) =>
  (draw: Draw) => {
    const { protocol, heldMax } = game;
    let { state } = protocol.begin(0);
    let now = 0;
    let heard: readonly number[] = [];

    const feed = (piece: Uint8Array): readonly string[] => {
      now += draw.below(500) / 1_000;
      const fed: Fed<S> = protocol.feed(state, piece, now);
      ({ state } = fed);
      demand(state.held.bytes.length <= heldMax, `holds ${state.held.bytes.length} bytes`);
      return badgesIn(fed.events);
    };

    return (note: (input: Iterable<number>) => void): void => {
      ({ state, now } = game.ready(state, now + draw.below(50)));
      const good = game.card(draw);
      const before = [...heard.slice(-heldMax), ...noise(game, draw)];
      const fresh = [...before.slice(Math.min(heard.length, heldMax)), ...good.frame];
      const rest = silence(game);
      heard = [...before, ...good.frame, ...rest];
      note(fresh);
      const badges = [...pieces(draw, fresh, LENGTHS), Uint8Array.from(rest)].flatMap(feed);
      for (const hex of badges) demand(game.stands(heard, hex), `${hex} was told and never sent`);
      const isFound = badges.includes(good.hex) || game.isTaken(heard);
      demand(isFound || badges.some((hex) => reachesInto(game, before, good.frame, hex)), `${good.hex} was not found`);
    };
  };

const fuzzerOf = <S extends Held>(game: Play<S>): Fuzzer => ({
  name: game.name,
  run: (count, seed) => playRounds(count, seed, begin(game)),
});

// ---- the line of the Wiegand board

/** By the polynomial's division over whole numbers, unlike the parser's. */
const crcOf = (bytes: readonly number[]): number => {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc;
};

const wiegandCard = ({ below, pick }: Draw): string => {
  const number = below(65_536);
  return pick([wiegand26(below(256), number), wiegand34(below(65_536), number), wiegand37(7, number)]);
};

const lineFrame = (kind: number, payload: readonly number[]): readonly number[] => [...encodeFrame(kind, payload)];
const VERSION = lineFrame(2, [1, 1, 0]);
const BEAT = lineFrame(1, [0, 0]);

const standsOnLine = (bytes: readonly number[], hex: string): boolean => {
  const card = [...Buffer.from(hex, 'hex')];
  return [1, 2].some((input) =>
    [26, 34, 37].some((bits) => {
      const body = [card.length + 2, 3, input, bits, ...card];
      const crc = crcOf(body);
      return holdsIn(bytes, [0xa5, ...body, crc >> 8, crc & 0xff]);
    }),
  );
};

const lineGame: Play<ReaderLineState> = {
  name: 'reader-line',
  protocol: readerLine,
  heldMax: 29,
  card: (draw) => {
    const bits = wiegandCard(draw);
    const bytes = bytesOfBits(bits);
    return { frame: lineFrame(3, [1 + draw.below(2), bits.length, ...bytes]), hex: hexOfAll(bytes) };
  },
  others: [VERSION, BEAT, lineFrame(0x7f, [1, 2, 3]), lineFrame(3, [1, 4, 0x10])],
  ready: (state, now) => ({ state: readerLine.feed(state, Uint8Array.from([...VERSION, ...BEAT]), now).state, now }),
  stands: standsOnLine,
  isTaken: never,
};

// ---- RDM6300 and ID-12LA

const asciiHex = (bytes: readonly number[]): readonly number[] => [...Buffer.from(hexOfAll(bytes), 'latin1')];

const rdmFrames = (card: readonly number[]): readonly (readonly number[])[] => {
  const digits = asciiHex([...card, card.reduce((check, byte) => check ^ byte, 0)]);
  return [
    [2, ...digits, 3],
    [2, ...digits, 13, 10, 3],
  ];
};

const rdmGame: Play<Rdm6300State> = {
  name: 'reader-rdm6300',
  protocol: rdm6300,
  heldMax: 16,
  card: (draw) => {
    const card = [...draw.bytes(5)];
    return { frame: draw.pick(rdmFrames(card)), hex: hexOfAll(card) };
  },
  others: [],
  ready: (state, now) => ({ state, now }),
  stands: (bytes, hex) => rdmFrames([...Buffer.from(hex, 'hex')]).some((frame) => holdsIn(bytes, frame)),
  isTaken: never,
};

// ---- PN532

const targetFrame = (card: readonly number[]): readonly number[] => [
  ...encodeAnswer(0x4a, [1, 1, 0, 4, 8, card.length, ...card]),
];

/** What stands whole and with a good check as an answer about cards; of any length, so that every place is tried. */
const answersIn = (bytes: readonly number[]): readonly (readonly number[])[] =>
  bytes.flatMap((zero, at) => {
    if (zero !== 0 || bytes[at + 1] !== 0xff) return [];
    const [length = 0, complement = 0] = bytes.slice(at + 2, at + 4);
    if ((length + complement) % 256 !== 0) return [];
    const body = bytes.slice(at + 4, at + 4 + length);
    const sum = body.reduce((total, byte) => total + byte, bytes[at + 4 + length] ?? 0);
    return sum % 256 === 0 && body[0] === 0xd5 && body[1] === 0x4b ? [body] : [];
  });

const standsFromChip = (bytes: readonly number[], hex: string): boolean =>
  answersIn(bytes).some((body) => hexOfAll(body.slice(8, 8 + (body[7] ?? 0))) === hex);

const isListing = ({ waiting }: Pn532State): boolean => waiting?.content[0] === 0x4a;

/** Answers every question but the one about cards, which is left open. */
const untilItListens = (from: Pn532State, since: number): { readonly state: Pn532State; readonly now: number } => {
  const chip = fakePn532();
  let state = from;
  let now = since;
  while (!isListing(state)) {
    now += 50;
    let fed = pn532.tick(state, now);
    for (let turn = 0; turn < 6 && fed.events.length > 0 && !isListing(fed.state); turn++) {
      const asked = fed.events.flatMap((event) => (event.kind === 'send' ? [...event.bytes] : []));
      fed = pn532.feed(fed.state, chip.hear(Uint8Array.from(asked)), now);
    }
    ({ state } = fed);
  }
  return { state, now };
};

const chipGame: Play<Pn532State> = {
  name: 'reader-pn532',
  protocol: pn532,
  heldMax: 261,
  card: (draw) => {
    const card = [0x10 + draw.below(0x80), ...draw.bytes(draw.pick([3, 6, 9]))];
    return { frame: targetFrame(card), hex: hexOfAll(card) };
  },
  others: [
    [0, 0, 0xff, 0, 0xff, 0],
    [0, 0, 0xff, 0xff, 0, 0],
    [0, 0, 0xff, 1, 0xff, 0x7f, 0x81, 0],
    [...encodeAnswer(2, [0x32, 1, 6, 7])],
  ],
  ready: untilItListens,
  stands: standsFromChip,
  // One question has one answer.
  isTaken: (bytes) => answersIn(bytes).length > 1,
};

// ---- bursts

const ones = (bits: string): number => Array.from(bits).filter((bit) => bit === '1').length;

/** The halves as the format sheets draw them. */
const HALVES: Readonly<Record<number, number>> = { 26: 13, 34: 17, 37: 19 };

const isCard = (bits: string): boolean => {
  const half = HALVES[bits.length];
  return half !== undefined && ones(bits.slice(0, half)) % 2 === 0 && ones(bits.slice(-half)) % 2 === 1;
};

const burstOf = ({ below, chance, pick }: Draw): string => {
  const length = pick([4, 8, 26, 26, 34, 34, 37, 37, 1 + below(64)]);
  return Array.from({ length }, () => (chance(0.5) ? '0' : '1')).join('');
};

const bursts = (draw: Draw) => (note: (input: Iterable<number>) => void) => {
  const bits = burstOf(draw);
  const bytes = bytesOfBits(bits);
  note(bytes);
  const reading = decodeBurst({ bits: bits.length, bytes });
  demand((reading.kind === 'card') === isCard(bits), `${bits} was read as ${reading.kind}`);
  demand(reading.kind !== 'key' || bits.length === 4 || bits.length === 8, `${bits} was read as a key`);
};

export const READER_FUZZERS: readonly Fuzzer[] = [
  fuzzerOf(lineGame),
  fuzzerOf(rdmGame),
  fuzzerOf(chipGame),
  { name: 'reader-wiegand', run: (count, seed) => playRounds(count, seed, bursts) },
];
