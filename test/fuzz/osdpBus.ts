/**
 * The session of a bus with a plain and a secure reader on a line that somebody meddles with: replies lost, changed, forged with
 * a good check, or played back. Nothing throws, nothing piles up; from the plain reader comes what was sent whole with a good
 * check, from the secure one only what it was really shown, once; and when the meddling stops both serve again.
 */
import { nodeAes } from '../../src/drivers/osdp/aes.ts';
import { nextDeadline, startBus, stepBus } from '../../src/protocol/osdp/bus.ts';
import type { BusInput, BusState } from '../../src/protocol/osdp/bus.ts';
import { BUS_TIMES } from '../../src/protocol/osdp/reader.ts';
import type { BusConfig, BusTell } from '../../src/protocol/osdp/reader.ts';
import { emulatedReader } from '../support/osdp/emulatedReader.ts';
import type { EmulatedReader } from '../support/osdp/emulatedReader.ts';
import { crcBitwise } from '../support/osdp/readerCrypto.ts';
import { drawFrom, hexOf, piecesOf, withFlippedBits } from './fuzzer.ts';
import type { Draw, FuzzFailure, Fuzzer } from './fuzzer.ts';
import { checkedFrame, drawnFrame } from './osdpFrames.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);
const CALM_EVERY = 500;
const CALM_MS = 40_000;
const REPLAYS_MAX = 64;
const CARD_BITS = 32;

type Table = {
  readonly draw: Draw;
  readonly config: BusConfig;
  /** By address: 0 plain, 1 secure. */
  readonly readers: readonly EmulatedReader[];
  readonly recorded: Uint8Array[];
  /** Shown to the secure reader and not told yet. */
  readonly shown: Set<string>;
  state: BusState;
  now: number;
  asked: Uint8Array | undefined;
  /** Since the last question. */
  stream: Uint8Array;
  cards: number;
  /** What the calm waits for. */
  readonly heard: Set<string>;
};

// ---- what must hold

/** In a frame of its own, of that reader, as the answer to the question that was open. */
const isWholeIn = ({ stream, asked }: Table, data: Uint8Array): boolean => {
  const at = Buffer.from(stream);
  const isAnswer = (frame: Buffer): boolean =>
    frame[1] === ((asked?.[1] ?? 0) | 0x80) && ((frame[4] ?? 0) & 3) === ((asked?.[4] ?? 0) & 3);
  for (let from = at.indexOf(0x53); from >= 0; from = at.indexOf(0x53, from + 1)) {
    const length = at.length - from < 8 ? 0 : at.readUInt16LE(from + 2);
    const frame = at.subarray(from, from + length);
    const isGood = length >= 8 && frame.length === length && crcBitwise(frame.subarray(0, -2)) === frame.readUInt16LE(length - 2);
    if (isGood && isAnswer(frame) && frame.includes(Buffer.from(data))) return true;
  }
  return false;
};

const judgeCard = (table: Table, { reader, bytes }: Extract<BusTell, { readonly kind: 'card' }>): void => {
  const hex = hexOf(bytes);
  if (reader === 'secure' && !table.shown.delete(hex)) throw new Error(`a card that was not shown: ${hex}`);
  // The spare bits of the last byte are cut off.
  if (reader === 'plain' && !isWholeIn(table, bytes.subarray(0, -1))) throw new Error(`a card that was not sent: ${hex}`);
  table.heard.add(`${reader} ${hex}`);
};

const judge = (table: Table, tell: BusTell): void => {
  if (tell.kind === 'card') judgeCard(table, tell);
  if (tell.kind === 'keys' && tell.reader === 'secure') throw new Error(`keys that were not pressed: ${tell.text.length}`);
  if (tell.kind === 'store-key') throw new Error('a key was drawn outside an install window');
};

const judgeSize = ({ rest, readers }: BusState): void => {
  const lists = readers.flatMap(({ unsaid, chores, unsupported, wanted }) => [
    unsaid.length,
    chores.length,
    unsupported.length,
    wanted.size,
  ]);
  if (rest.length > 255 || Math.max(...lists) > 16) throw new Error(`it piles up: ${rest.length} bytes, ${lists.join(' ')}`);
};

// ---- the table

const step = (table: Table, input: BusInput): void => {
  const { state, sends, tells } = stepBus(table.config, table.state, input, table.now);
  table.state = state;
  for (const tell of tells) judge(table, tell);
  const [question] = sends;
  if (question === undefined) return;
  // Without the mark before it.
  table.asked = question.subarray(1);
  table.stream = new Uint8Array(0);
};

const hear = (table: Table, bytes: Uint8Array): void => {
  table.stream = Uint8Array.from([...table.stream, ...bytes]);
  for (const piece of piecesOf(table.draw, bytes)) {
    table.now += 1;
    step(table, { kind: 'bytes', bytes: piece });
  }
};

const passTime = (table: Table): void => {
  table.now = Math.max(table.now, nextDeadline(table.config, table.state) ?? table.now);
  step(table, { kind: 'tick' });
};

const genuineReply = ({ readers, asked, now }: Table): Uint8Array | undefined => {
  if (asked === undefined) return undefined;
  return readers[(asked[1] ?? 0) & 0x7f]?.receive(asked, now);
};

/** A card as it would have to be, with everything right but the MAC. */
const forgedCard = (draw: Draw, address: number, sequence: number): Uint8Array => {
  const block = draw.pick([[], [2, 0x16], [2, 0x18]]);
  const mac = block.length === 0 ? [] : [...draw.bytes(4)];
  const data = [0, 1, CARD_BITS, 0, 0xee, ...draw.bytes(3)];
  const length = 6 + block.length + data.length + mac.length + 2;
  const control = sequence | 4 | (block.length > 0 ? 8 : 0);
  return checkedFrame(Uint8Array.from([0x53, 0x80 | address, length, 0, control, ...block, 0x50, ...data, ...mac]));
};

const forged = ({ draw, asked }: Table): Uint8Array => {
  const [address, sequence] = [(asked?.[1] ?? 0) & 0x7f, draw.chance(0.8) ? (asked?.[4] ?? 0) & 3 : draw.below(4)];
  return draw.chance(0.4) ? forgedCard(draw, address, sequence) : drawnFrame(draw, address, sequence);
};

/** What is heard in place of the reply. */
const meddled = (table: Table, reply: Uint8Array | undefined): readonly Uint8Array[] => {
  const { draw, recorded } = table;
  const said = reply === undefined ? [] : [reply];
  const dice = draw.below(100);
  if (dice < 55) return said;
  if (dice < 62) return [];
  if (dice < 72 && reply) return [withFlippedBits(draw, reply)];
  if (dice < 80) return [forged(table)];
  if (dice < 86) return [forged(table), ...said];
  if (dice < 93 && recorded.length > 0) return [draw.pick(recorded), ...said];
  return [draw.bytes(draw.below(16)), ...said];
};

const showCard = (table: Table, reader: number): string => {
  table.cards += 1;
  const hex = (0x1000_0000 + table.cards).toString(16);
  table.readers[reader]?.present(CARD_BITS, hex);
  if (reader === 1) table.shown.add(hex);
  return hex;
};

const record = ({ recorded }: Table, reply: Uint8Array | undefined): void => {
  if (reply !== undefined) recorded.push(reply);
  if (recorded.length > REPLAYS_MAX) recorded.shift();
};

const exchange = (table: Table): void => {
  passTime(table);
  if (table.state.open === undefined) return;
  const reply = genuineReply(table);
  record(table, reply);
  if (table.draw.chance(0.02)) showCard(table, table.draw.below(2));
  for (const bytes of meddled(table, reply)) hear(table, bytes);
  judgeSize(table.state);
};

/** The meddling stops: within 40 s both readers serve. */
const calm = (table: Table): void => {
  const untilMs = table.now + CALM_MS;
  const isServing = (): boolean =>
    table.state.readers.every(({ presence, trouble }) => presence === 'present' && trouble === undefined);
  const wanted = ['plain', 'secure'].map((id, reader) => `${id} ${showCard(table, reader)}`);
  while (table.now < untilMs) {
    passTime(table);
    const reply = table.state.open === undefined ? undefined : genuineReply(table);
    if (reply !== undefined) hear(table, reply);
    if (isServing() && wanted.every((card) => table.heard.has(card))) return table.heard.clear();
  }
  throw new Error(
    `not serving ${CALM_MS / 1_000} s after the meddling: ${JSON.stringify(table.state.readers.map(({ trouble }) => trouble))}`,
  );
};

const laid = (draw: Draw): Table => {
  const config: BusConfig = { aes: nodeAes, random: draw.bytes, baudRate: 9_600, times: BUS_TIMES };
  const reader = (id: string, address: number, isSecure: boolean) => ({
    config: { id, address, isSecure },
    known: { identity: undefined, key: isSecure ? KEY : undefined },
  });
  return {
    draw,
    config,
    readers: [emulatedReader({ address: 0 }), emulatedReader({ address: 1, serial: 2, key: KEY })],
    recorded: [],
    shown: new Set(),
    state: startBus([reader('plain', 0, false), reader('secure', 1, true)], 0),
    now: 0,
    asked: undefined,
    stream: new Uint8Array(0),
    cards: 0,
    heard: new Set(),
  };
};

const play = (table: Table, at: number): void => {
  if (at % CALM_EVERY === 0) calm(table);
  exchange(table);
};

export const osdpBusFuzzer: Fuzzer = {
  name: 'osdp-bus',
  run: (count, seed): FuzzFailure | undefined => {
    const table = laid(drawFrom(seed));
    step(table, { kind: 'port', isOpen: true });
    for (let at = 0; at < count; at += 1) {
      try {
        play(table, at);
      } catch (error) {
        return { at, what: error instanceof Error ? error.message : String(error), input: hexOf(table.stream) };
      }
    }
    return undefined;
  },
};
