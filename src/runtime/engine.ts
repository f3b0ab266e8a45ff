/**
 * The heart of the shell: a bounded queue in front of `step`. Whoever hears something enqueues it; inputs are taken one
 * at a time, none inside the callback that brought it. One timer waits for the core's next deadline.
 */
import type { Event } from '../core/event.ts';
import type { Input } from '../core/input.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Step } from '../core/step.ts';
import type { Monotonic } from '../core/time.ts';
import type { Machine } from './machine.ts';
import { afterWaitingEdges } from './turns.ts';

export type Stepped = {
  readonly before: State;
  readonly after: State;
  readonly input: Input;
  readonly now: Monotonic;
  readonly events: readonly Event[];
};

export type EngineOptions = {
  readonly machine: Pick<Machine, 'step' | 'nextDeadline'>;
  readonly site: Site;
  readonly state: State;
  readonly now: () => Monotonic;
  readonly onStep: (stepped: Stepped) => void;
  /** `step` threw: a bug. The state is as before; the input is not lost, but set aside. */
  readonly onBug: (input: Input, now: Monotonic, error: unknown) => void;
  /** The queue was full and readings were dropped: the levels must be read again. */
  readonly onOverflow: (dropped: number) => void;
};

export type Engine = {
  readonly state: () => State;
  /** Enqueues. `at`: when it was observed, if before now. */
  readonly submit: (input: Input, at?: Monotonic) => void;
  /** Until it is begun everything waits; then what `submitFirst` submits is taken before that. */
  readonly begin: (submitFirst: () => void) => void;
  /** Takes everything that is queued, now. */
  readonly settle: () => void;
  readonly stop: () => void;
};

/** Readings beyond this are dropped and read again from the lines; what people and paths say is never dropped. */
const QUEUE_READINGS_MAX = 8_192;
/** Node's timers reach no further than 24.8 days. */
const TIMER_MAX_MS = 3_600_000;

type Queued = { readonly input: Input; readonly at: Monotonic };

/** What changes while an engine runs. */
type Running = {
  readonly options: EngineOptions;
  state: State;
  queue: Queued[];
  isScheduled: boolean;
  isStopped: boolean;
  dropped: number;
  timer: NodeJS.Timeout | undefined;
  armedFor: Monotonic | undefined;
};

export const makeEngine = (options: EngineOptions): Engine => {
  const running: Running = {
    options,
    state: options.state,
    queue: [],
    isScheduled: true,
    isStopped: false,
    dropped: 0,
    timer: undefined,
    armedFor: undefined,
  };
  return {
    state: () => running.state,
    submit: (input, at) => enqueue(running, input, at ?? options.now()),
    begin: (submitFirst) => {
      const early = running.queue;
      running.queue = [];
      submitFirst();
      running.queue.push(...early);
      drain(running);
    },
    settle: () => drain(running),
    stop: () => {
      running.isStopped = true;
      clearTimeout(running.timer);
    },
  };
};

const enqueue = (running: Running, input: Input, at: Monotonic): void => {
  if (running.isStopped) return;
  if (input.kind === 'reading' && running.queue.length >= QUEUE_READINGS_MAX) {
    running.dropped += 1;
    return;
  }
  running.queue.push({ input, at });
  if (running.isScheduled) return;
  running.isScheduled = true;
  queueMicrotask(() => drain(running));
};

const drain = (running: Running): void => {
  running.isScheduled = false;
  for (let batch = running.queue; batch.length > 0 && !running.isStopped; batch = running.queue) {
    running.queue = [];
    for (const queued of batch) take(running, queued);
  }
  if (running.isStopped) return;
  tellOverflow(running);
  waitForDeadline(running);
};

const take = (running: Running, { input, at }: Queued): void => {
  const { options, state: before } = running;
  const result = tryStep(options, before, input, at);
  if (!result) return;
  running.state = result.state;
  options.onStep({ before, after: result.state, input, now: at, events: result.events });
};

/** The one catch: what `step` throws is a bug, and the next input is taken all the same. */
const tryStep = ({ machine, site, onBug }: EngineOptions, state: State, input: Input, at: Monotonic): Step | undefined => {
  try {
    return machine.step(site, state, input, at);
  } catch (error) {
    onBug(input, at, error);
    return undefined;
  }
};

const tellOverflow = (running: Running): void => {
  if (running.dropped === 0) return;
  const count = running.dropped;
  running.dropped = 0;
  running.options.onOverflow(count);
};

const waitForDeadline = (running: Running): void => {
  const deadline = running.options.machine.nextDeadline(running.state);
  if (deadline === running.armedFor) return;
  clearTimeout(running.timer);
  running.armedFor = deadline;
  if (deadline === undefined) return;
  const { now } = running.options;
  const delayMs = Math.min(Math.max(0, Math.ceil(deadline - now())), TIMER_MAX_MS);
  const tick = (): void => {
    running.armedFor = undefined;
    enqueue(running, { kind: 'tick' }, now());
  };
  running.timer = setTimeout(() => afterWaitingEdges(tick), delayMs);
};
