/**
 * One bus with its readers: whose turn it is, what is sent, what is heard. Pure; time is an argument.
 *
 * The controller asks, one reader answers, then the next is asked: there is never more than one question on the line, and
 * readers take turns. What comes when nothing was asked, from somebody else, or out of its turn is counted and forgotten.
 */
import { ask, hasMore, onSilence } from './ask.ts';
import type { Command } from './commands.ts';
import { FRAME_BYTES_MAX, missingBytes, split } from './frame.ts';
import type { Frame } from './frame.ts';
import { hear } from './hear.ts';
import { isWindowOpen, newReader, refuse, setTrouble, silentAtMs, startAnew } from './reader.ts';
import type { BusConfig, BusTell, BusTimes, Known, Reader, ReaderConfig, ReaderId, ReaderStep, Sent } from './reader.ts';

type Open = {
  /** Index of the reader that was asked. */
  readonly asked: number;
  readonly sent: Sent;
  readonly untilMs: number;
  /** Even if bytes keep coming. */
  readonly untilMsMax: number;
};

export type BusCounts = {
  readonly questions: number;
  readonly answers: number;
  readonly silences: number;
  /** Good frames that answer nothing that was asked: late, replayed, or with a MAC that does not fit. */
  readonly strayFrames: number;
  readonly droppedBytes: number;
};

export type BusState = {
  readonly isOpen: boolean;
  readonly readers: readonly Reader[];
  /** Index of the reader asked last. */
  readonly turn: number;
  readonly open: Open | undefined;
  /** What may become a frame. */
  readonly rest: Uint8Array;
  /** Nothing is sent before: readers need a moment to let go of the line. */
  readonly quietUntilMs: number;
  /** No chore before: they never make a round much longer. */
  readonly choreAtMs: number;
  readonly counts: BusCounts;
};

export type BusInput =
  | { readonly kind: 'tick' }
  | { readonly kind: 'port'; readonly isOpen: boolean }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** `command` undefined: the slot is empty from now on. */
  | { readonly kind: 'want'; readonly reader: ReaderId; readonly slot: string; readonly command: Command | undefined }
  | { readonly kind: 'open-window'; readonly reader: ReaderId; readonly ms: number }
  | { readonly kind: 'key-stored'; readonly reader: ReaderId; readonly ok: boolean };

export type BusStep = {
  readonly state: BusState;
  readonly sends: readonly Uint8Array[];
  readonly tells: readonly BusTell[];
};

const EMPTY = new Uint8Array(0);
const BITS_PER_BYTE = 10;
const MILLISECONDS_PER_SECOND = 1_000;
/** Serial adapters hand over what they have each 16 ms. */
const ADAPTER_MS = 40;
/** Silence between a reply and the next question. */
const TURNAROUND_BYTES = 2;
const BETWEEN_CHORES_MS = 500;
/** Before each question: an adapter that has just turned to sending may swallow the first bits. */
const MARK = 0xff;

export const byteMs = ({ baudRate }: BusConfig): number => (BITS_PER_BYTE * MILLISECONDS_PER_SECOND) / baudRate;

export const startBus = (
  readers: readonly { readonly config: ReaderConfig; readonly known: Known }[],
  now: number,
): BusState => ({
  isOpen: false,
  readers: readers.map(({ config, known }) => newReader(config, known, now)),
  turn: readers.length - 1,
  open: undefined,
  rest: EMPTY,
  quietUntilMs: now,
  choreAtMs: now,
  counts: { questions: 0, answers: 0, silences: 0, strayFrames: 0, droppedBytes: 0 },
});

type Moved = { readonly state: BusState; readonly tells: readonly BusTell[] };
const still = (state: BusState): Moved => ({ state, tells: [] });

const count = ({ counts }: BusState, key: keyof BusCounts, by = 1): BusCounts => ({ ...counts, [key]: counts[key] + by });

const withReader = (state: BusState, index: number, { reader, tells }: ReaderStep): Moved => ({
  state: { ...state, readers: state.readers.with(index, reader) },
  tells,
});

const changeReader = (state: BusState, id: ReaderId, change: (reader: Reader) => ReaderStep): Moved => {
  const index = state.readers.findIndex(({ config }) => config.id === id);
  const reader = state.readers[index];
  return reader === undefined ? still(state) : withReader(state, index, change(reader));
};

// ---- what is heard

const onFrame = (config: BusConfig, state: BusState, frame: Frame, now: number): Moved => {
  const { open } = state;
  const reader = open && state.readers[open.asked];
  const heard = reader && hear(reader, frame, open.sent, config, now);
  if (open === undefined || heard === undefined)
    return still(frame.isReply ? { ...state, counts: count(state, 'strayFrames') } : state);
  const free: BusState = {
    ...state,
    open: undefined,
    quietUntilMs: now + TURNAROUND_BYTES * byteMs(config),
    counts: count(state, 'answers'),
  };
  return withReader(free, open.asked, heard);
};

/** A reply that has begun is waited for to its end. */
const prolonged = (config: BusConfig, { open, rest }: BusState, now: number): Open | undefined => {
  const missing = missingBytes(rest);
  if (open === undefined || missing === 0) return open;
  const untilMs = Math.max(open.untilMs, now + missing * byteMs(config) + ADAPTER_MS);
  return { ...open, untilMs: Math.min(open.untilMsMax, untilMs) };
};

const onBytes = (config: BusConfig, before: BusState, bytes: Uint8Array, now: number): Moved => {
  const { rest, frames, droppedBytes } = split(before.rest, bytes);
  let state: BusState = { ...before, rest, counts: count(before, 'droppedBytes', droppedBytes) };
  const tells: BusTell[] = [];
  for (const frame of frames) {
    const moved = onFrame(config, state, frame, now);
    state = moved.state;
    tells.push(...moved.tells);
  }
  return { state: { ...state, open: prolonged(config, state, now) }, tells };
};

// ---- what is asked for from inside

const onPort = (state: BusState, isOpen: boolean, now: number): Moved =>
  still({
    ...state,
    isOpen,
    open: undefined,
    rest: EMPTY,
    readers: state.readers.map((reader) => ({ ...startAnew(reader, now, 0), backOffMs: 0 })),
  });

const onWant = (reader: Reader, slot: string, command: Command | undefined): ReaderStep => {
  const wanted = new Map(reader.wanted);
  const others = reader.unsaid.filter((other) => other !== slot);
  if (command === undefined) {
    wanted.delete(slot);
    return { reader: { ...reader, wanted, unsaid: others }, tells: [] };
  }
  wanted.set(slot, command);
  return { reader: { ...reader, wanted, unsaid: [...others, slot] }, tells: [] };
};

/** A reader that is up with its key needs nothing; any other is asked at once. */
const onWindow = (reader: Reader, ms: number, now: number): ReaderStep => {
  if (reader.phase.name === 'up' && reader.phase.isSettled)
    return { reader, tells: [{ kind: 'installed', reader: reader.config.id, identity: reader.identity }] };
  return { reader: { ...startAnew(reader, now, 0), backOffMs: 0, seenAtMs: now, windowUntilMs: now + ms }, tells: [] };
};

/** From now on this reader is never spoken to in plain. */
const onKeyStored = (reader: Reader, ok: boolean, times: BusTimes, now: number): ReaderStep => {
  const { phase } = reader;
  if (phase.name !== 'storing') return { reader, tells: [] };
  if (!ok) return refuse(reader, 'key-not-stored', times, now);
  const known: Known = { ...reader.known, key: phase.key };
  return { reader: { ...reader, known, triesDefault: false, phase: { name: 'keying', key: phase.key } }, tells: [] };
};

const onInput = (config: BusConfig, state: BusState, input: BusInput, now: number): Moved => {
  switch (input.kind) {
    case 'tick':
      return still(state);
    case 'port':
      return input.isOpen === state.isOpen ? still(state) : onPort(state, input.isOpen, now);
    case 'bytes':
      return onBytes(config, state, input.bytes, now);
    case 'want':
      return changeReader(state, input.reader, (reader) => onWant(reader, input.slot, input.command));
    case 'open-window': {
      const dropped = dropQuestion(state, input.reader);
      return changeReader(dropped, input.reader, (reader) => onWindow(reader, input.ms, now));
    }
    case 'key-stored':
      return changeReader(state, input.reader, (reader) => onKeyStored(reader, input.ok, config.times, now));
  }
};

/** A dialogue that begins anew does not wait for what was asked before. */
const dropQuestion = (state: BusState, id: ReaderId): BusState => {
  const asked = state.open && state.readers[state.open.asked];
  return asked?.config.id === id && asked.phase.name !== 'up' ? { ...state, open: undefined } : state;
};

// ---- what time brings

const onUnanswered = (config: BusConfig, state: BusState, now: number): BusState => {
  const { open } = state;
  const reader = open && state.readers[open.asked];
  if (open === undefined || reader === undefined || now < open.untilMs) return state;
  const readers = state.readers.with(open.asked, onSilence(reader, config.times, now));
  return { ...state, open: undefined, rest: EMPTY, readers, counts: count(state, 'silences') };
};

const isSilent = (reader: Reader, times: BusTimes, now: number): boolean =>
  reader.trouble !== 'silent' && now >= silentAtMs(reader, times);

/** An installation that is under way ends with its window: not one step more under the default key. */
const closed = (reader: Reader, now: number): Reader => {
  const ended = reader.phase.name === 'up' ? reader : startAnew(reader, now, 0);
  return { ...ended, windowUntilMs: undefined, triesDefault: false };
};

const aged = (reader: Reader, times: BusTimes, now: number): ReaderStep => {
  const isOver = reader.windowUntilMs !== undefined && now >= reader.windowUntilMs;
  const current = isOver ? closed(reader, now) : reader;
  const ended: readonly BusTell[] = isOver ? [{ kind: 'installed', reader: reader.config.id, identity: undefined }] : [];
  if (!isSilent(current, times, now)) return { reader: current, tells: ended };
  const { reader: next, tells } = setTrouble(current, 'silent');
  return { reader: next, tells: [...ended, ...tells] };
};

const onTime = ({ times }: BusConfig, state: BusState, now: number): Moved => {
  const steps = state.readers.map((reader) => aged(reader, times, now));
  if (steps.every(({ reader }, index) => reader === state.readers[index])) return still(state);
  return { state: { ...state, readers: steps.map(({ reader }) => reader) }, tells: steps.flatMap(({ tells }) => tells) };
};

// ---- whose turn it is

const nextTurn = ({ readers, turn }: BusState, now: number): number | undefined => {
  for (let step = 1; step <= readers.length; step += 1) {
    const index = (turn + step) % readers.length;
    const reader = readers[index];
    if (reader !== undefined && reader.askAtMs <= now) return index;
  }
  return undefined;
};

const serve = (
  config: BusConfig,
  state: BusState,
  now: number,
): { readonly state: BusState; readonly sends: readonly Uint8Array[] } => {
  if (!state.isOpen || state.open !== undefined || now < state.quietUntilMs) return { state, sends: [] };
  const last = state.readers[state.turn];
  const isMore = last !== undefined && hasMore(last, now >= state.choreAtMs);
  const index = isMore ? state.turn : nextTurn(state, now);
  const next = index === undefined ? undefined : state.readers[index];
  if (index === undefined || next === undefined) return { state, sends: [] };
  const { reader, sent } = ask(next, isMore, config, now);
  const isChore = isMore && sent.slot === undefined;
  const bytes = Uint8Array.from([MARK, ...sent.bytes]);
  const untilMs = now + bytes.length * byteMs(config) + config.times.replyMs;
  const untilMsMax = untilMs + FRAME_BYTES_MAX * byteMs(config) + ADAPTER_MS;
  return {
    state: {
      ...state,
      readers: state.readers.with(index, reader),
      turn: index,
      rest: EMPTY,
      choreAtMs: isChore ? now + BETWEEN_CHORES_MS : state.choreAtMs,
      open: { asked: index, sent, untilMs, untilMsMax },
      counts: count(state, 'questions'),
    },
    sends: [bytes],
  };
};

// ---- the whole

export const stepBus = (config: BusConfig, before: BusState, input: BusInput, now: number): BusStep => {
  const moved = onInput(config, before, input, now);
  const aged = onTime(config, onUnanswered(config, moved.state, now), now);
  const { state, sends } = serve(config, aged.state, now);
  return { state, sends, tells: [...moved.tells, ...aged.tells] };
};

const deadlineOf = (reader: Reader, times: BusTimes): readonly number[] => [
  ...(reader.trouble === 'silent' ? [] : [silentAtMs(reader, times)]),
  ...(isWindowOpen(reader) && reader.windowUntilMs !== undefined ? [reader.windowUntilMs] : []),
];

/** When the next `tick` is due; undefined: never. */
export const nextDeadline = ({ times }: BusConfig, state: BusState): number | undefined => {
  const turns = state.readers.map(({ askAtMs }) => Math.max(askAtMs, state.quietUntilMs));
  const due = [
    ...state.readers.flatMap((reader) => deadlineOf(reader, times)),
    ...(state.open === undefined ? (state.isOpen ? turns : []) : [state.open.untilMs]),
  ];
  return due.length === 0 ? undefined : Math.min(...due);
};
