/**
 * Wall time as the shell reads it. Delays never use it; schedules and records do. Its quality is told with every event:
 * until it is synchronised no schedule fires.
 *
 * *High water*: wall time never starts below the last stored, so an unsynchronised clock that is behind (a Pi without
 * battery clock) goes on from there. A synchronised clock is believed, but records never go back before one that was
 * made by a synchronised clock. Only a high water made by an unsynchronised clock yields: a clock that came up in 2099
 * must not hold the records there.
 */
import { emit, setDurable, wallAt } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Input } from '../input.ts';
import type { Clock } from '../state.ts';
import { HOUR, SECOND, wall } from '../time.ts';
import type { Wall } from '../time.ts';
import { onCondition } from './conditions.ts';

type ClockInput = Omit<Extract<Input, { kind: 'clock' }>, 'kind'>;

/** A step larger than this is an event. */
const STEP_MS = 2 * SECOND;
/** Smaller differences are the clocks' own reading error: following them would only write to the disk. */
const JITTER_MS = 100;
/** How far the stored high water may lag behind on a quiet day. */
const STORE_MS = HOUR;

const later = (a: Wall, b: Wall): Wall => wall(Math.max(a, b));

const setClock = (frame: Frame, change: Partial<Clock>): void =>
  setDurable(frame, { clock: { ...frame.state.durable.clock, ...change } });

export const onClock = (frame: Frame, input: ClockInput): void => {
  const before = frame.state.durable.clock;
  const old = wallAt(frame, frame.now);
  // Behind the records and not synchronised: our own running time is the better guess.
  const told = !input.synchronised && input.wall < before.highWater ? old : input.wall;
  if (input.synchronised && told < before.highWater) setClock(frame, { highWater: later(before.trusted, told) });
  const offsetMs = told - frame.now;
  if (Math.abs(offsetMs - before.offsetMs) > JITTER_MS) setClock(frame, { offsetMs });
  if (before.synchronised !== input.synchronised) setClock(frame, { synchronised: input.synchronised });
  if (Math.abs(offsetMs - before.offsetMs) > STEP_MS) onStep(frame, before, old, told);
  else if (wallAt(frame, frame.now) - before.highWater >= STORE_MS) storeHighWater(frame);
  onCondition(frame, { condition: 'clock-not-set', subject: '', on: !input.synchronised });
};

/** The first time a new controller hears of wall time is no step. */
const onStep = (frame: Frame, before: Clock, old: Wall, told: Wall): void => {
  storeHighWater(frame);
  if (before.highWater === 0) return;
  emit(frame, 'clock-set', { detail: { oldMs: old, newMs: told, monotonicMs: frame.now } });
};

/** Keeps the wall time of now as the last stored. Called where something is written anyway. */
export const storeHighWater = (frame: Frame): void => {
  const { highWater, trusted, synchronised } = frame.state.durable.clock;
  const now = wallAt(frame, frame.now);
  if (now <= highWater) return;
  setClock(frame, { highWater: now, trusted: synchronised ? now : trusted });
};

/** Nobody has heard the clock yet in this process: it went on while nobody watched, as far as is known. */
export const startClock = (frame: Frame, goneMs: number): void => {
  const { offsetMs } = frame.state.durable.clock;
  setClock(frame, { offsetMs: offsetMs + goneMs, synchronised: false });
};
