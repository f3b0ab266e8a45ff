/** What the shell looks at by itself, in its own time: lines again each 250 ms, clocks, calendar, disk. */
import type { LineId, ScheduleWindow } from '../core/config.ts';
import type { Input, Reading } from '../core/input.ts';
import { DAY, HOUR, wall } from '../core/time.ts';
import type { Wall } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lines } from '../ports/lines.ts';
import type { Store } from '../ports/store.ts';
import { afterWaitingEdges } from './turns.ts';

export type Watch = { readonly start: () => void; readonly stop: () => void };

export const every = (ms: number, act: () => void): Watch => {
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      timer = setInterval(act, ms);
    },
    stop: () => clearInterval(timer),
  };
};

// ---- lines

export type LineWatch = Watch & {
  /** What a driver told by itself. */
  readonly note: (line: LineId, reading: Reading) => void;
  readonly readAll: () => Readonly<Record<LineId, Reading>>;
  readonly reconcile: () => void;
  /** Every line is heard again, also what a driver told: it may have been dropped. */
  readonly hearAgain: () => void;
};

const RECONCILE_MS = 250;
/** Analog noise below this share of the supply is not worth an input: 2 steps of a 10-bit converter. */
const RATIO_NOISE = 2 / 1024;

const isSameReading = (a: Reading | undefined, b: Reading): boolean => {
  if (a === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'level' && b.kind === 'level') return a.level === b.level;
  if (a.kind === 'ratio' && b.kind === 'ratio') return Math.abs(a.ratio - b.ratio) < RATIO_NOISE;
  return true;
};

/**
 * An edge that the kernel lost must not be lost to us: every input is read again, and what differs is heard. `onRound`: all
 * were read.
 */
export const watchLines = (
  ids: readonly LineId[],
  lines: Pick<Lines, 'read'>,
  onReading: (line: LineId, reading: Reading) => void,
  onRound: () => void,
): LineWatch => {
  const known = new Map<LineId, Reading>();
  const reconcile = (): void => {
    for (const line of ids) {
      const reading = lines.read(line);
      if (isSameReading(known.get(line), reading)) continue;
      known.set(line, reading);
      onReading(line, reading);
    }
    onRound();
  };
  return {
    ...every(RECONCILE_MS, () => afterWaitingEdges(reconcile)),
    reconcile,
    hearAgain: () => {
      known.clear();
      reconcile();
    },
    note: (line, reading) => void known.set(line, reading),
    readAll: () => {
      for (const line of ids) known.set(line, lines.read(line));
      return Object.fromEntries(known);
    },
  };
};

// ---- clocks

const CLOCK_MS = 1_000;
/** A wall clock that moved this much against the machine's clock was set. */
const CLOCK_STEP_MS = 500;
/** Slow drift of the wall clock is followed this often. */
const CLOCK_FOLLOW_MS = 10 * 60_000;

/** `onStep`: the clock was set, so the calendar of the days around it is another one. */
export const watchClock = (
  clock: Clock,
  submit: (input: Input) => void,
  onStep: () => void,
): Watch & { readonly tell: () => void } => {
  let offset = 0;
  let synchronised = false;
  let toldAt = 0;
  const tell = (): void => {
    offset = clock.wallMs() - clock.machineMs();
    synchronised = clock.isSynchronised();
    toldAt = clock.machineMs();
    submit({ kind: 'clock', wall: wall(clock.wallMs()), synchronised });
  };
  const look = (): void => {
    const drift = Math.abs(clock.wallMs() - clock.machineMs() - offset);
    const isDue = drift >= 1 && clock.machineMs() - toldAt >= CLOCK_FOLLOW_MS;
    if (drift >= CLOCK_STEP_MS || clock.isSynchronised() !== synchronised || isDue) tell();
    if (drift >= CLOCK_STEP_MS) onStep();
  };
  return { ...every(CLOCK_MS, look), tell };
};

// ---- calendar

const CALENDAR_MS = HOUR;
const AHEAD_MS = 2 * DAY;
/** Windows that began long ago may still run. */
const BEHIND_MS = DAY;

export type Calendar = (from: Wall, to: Wall) => readonly ScheduleWindow[];

export const watchCalendar = (
  clock: Clock,
  calendar: Calendar,
  submit: (input: Input) => void,
): Watch & { readonly tell: () => void } => {
  const tell = (): void => {
    const now = clock.wallMs();
    const until = wall(now + AHEAD_MS);
    submit({ kind: 'calendar', windows: calendar(wall(now - BEHIND_MS), until), until });
  };
  return { ...every(CALENDAR_MS, tell), tell };
};

// ---- disk

const DISK_MS = 60_000;
const DISK_LOW_BYTES = 64 * 1024 * 1024;

export const watchDisk = (
  store: Pick<Store, 'health'>,
  submit: (input: Input) => void,
): Watch & { readonly look: () => Promise<void> } => {
  let wasLow: boolean | undefined;
  const look = async (): Promise<void> => {
    const { freeBytes } = await store.health();
    const isLow = freeBytes < DISK_LOW_BYTES;
    if (isLow === wasLow) return;
    wasLow = isLow;
    submit({
      kind: 'condition',
      condition: 'disk-nearly-full',
      subject: '',
      on: isLow,
      detail: { freeMiB: Math.floor(freeBytes / 1_048_576) },
    });
  };
  return { ...every(DISK_MS, () => void look()), look };
};

// ---- access records

/** Often, since a controller that is started anew each day would never come to a daily purge. */
const PURGE_MS = HOUR;

/** `retentionMs`: how long it is kept who came and went. Judged by a clock that is known to be right. */
export const watchRetention = (
  clock: Clock,
  store: Pick<Store, 'purgeAccess'>,
  retentionMs: number,
): Watch & { readonly look: () => void } => {
  const look = (): void => {
    if (clock.isSynchronised()) void store.purgeAccess(wall(clock.wallMs() - retentionMs));
  };
  return { ...every(PURGE_MS, look), look };
};
