/** Runs the path machine over a real link: what the machine wants done is done, what happens is told to it, one at a time. */
import type { Lane, LaneHeads } from '../core/event.ts';
import type { Input } from '../core/input.ts';
import type { Monotonic } from '../core/time.ts';
import { nextPathDeadline } from '../paths/mqtt/deadlines.ts';
import { initialPath } from '../paths/mqtt/frame.ts';
import { stepPath } from '../paths/mqtt/step.ts';
import type {
  Delivery,
  HeartbeatFacts,
  PathConfig,
  PathInput,
  PathSend,
  PathState,
  Publication,
  Will,
} from '../paths/mqtt/types.ts';
import type { ConnectOptions, DownReason, Link, LinkEvent, MakeLink } from '../ports/link.ts';
import type { Log } from '../ports/log.ts';
import type { OutboxRow, Result } from '../ports/store.ts';
import type { CommandMessage, CommandVerb } from '../protocol/commands.ts';
import { bodyOfText } from '../protocol/eventBody.ts';
import type { OutboxHeads, PendingRows } from './ledger.ts';
import type { Answered } from './remoteDesk.ts';

export type PathRunnerOptions = {
  readonly config: PathConfig;
  readonly makeLink: MakeLink;
  readonly connectOptions: (will: Will) => ConnectOptions;
  /** The path had failed before this start: it says so when it works again. */
  readonly hasFailed: boolean;
  readonly now: () => Monotonic;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
  readonly outbox: () => OutboxHeads;
  readonly pending: (lane: Lane, after: number, limit: number) => PendingRows;
  readonly acknowledge: (epoch: string, lane: Lane, seq: number) => Promise<void>;
  readonly newEpoch: () => Promise<void>;
  readonly heartbeatFacts: () => HeartbeatFacts;
  /** A command from afar, to be answered by `answerCommand`. */
  readonly onCommand: (verb: CommandVerb, command: CommandMessage) => void;
  /** To the core: conditions and reports. */
  readonly submit: (input: Input) => void;
  readonly log: Log;
};

export type PathRunner = {
  readonly options: PathRunnerOptions;
  state: PathState;
  link: Link;
  queue: PathInput[];
  isStepping: boolean;
  timer: NodeJS.Timeout | undefined;
  /** Present state by topic, told again to a path that starts over. */
  readonly states: Map<string, Publication>;
  onFarewell: (() => void) | undefined;
};

const FAREWELL_MS = 1_500;
const TIMER_MAX_MS = 3_600_000;

const noLink: Link = {
  connect: () => undefined,
  publish: () => undefined,
  subscribe: () => undefined,
  inFlight: () => 0,
  pause: () => undefined,
  resume: () => undefined,
  disconnect: () => undefined,
  destroy: () => undefined,
};

export const makePathRunner = (options: PathRunnerOptions): PathRunner => {
  const runner: PathRunner = {
    options,
    state: { ...initialPath(options.now()), failed: options.hasFailed },
    link: noLink,
    queue: [],
    isStepping: false,
    timer: undefined,
    states: new Map(),
    onFarewell: undefined,
  };
  runner.link = makeLinkFor(runner);
  return runner;
};

/** A link that was given up may still speak: only the present one is heard. */
const makeLinkFor = (runner: PathRunner): Link => {
  const link: Link = runner.options.makeLink((event) => {
    if (runner.link === link) onLink(runner, event);
  });
  return link;
};

export const startPath = (runner: PathRunner): void => {
  tellOutbox(runner);
  hear(runner, { kind: 'start' });
};

/** Forgets where it was and connects anew: rows have moved to other places in the outbox. Commands go on as they were. */
export const restartPath = (runner: PathRunner): void => {
  const old = runner.link;
  runner.link = makeLinkFor(runner);
  old.destroy();
  const { failed, commands } = runner.state;
  runner.state = { ...initialPath(runner.options.now()), failed, commands };
  runner.queue = [];
  startPath(runner);
  hear(runner, { kind: 'states', publications: [...runner.states.values()] });
};

/** Says good-bye; resolves when the link is down or after 1.5 s. */
export const stopPath = async (runner: PathRunner): Promise<void> => {
  const farewell = new Promise<void>((resolve) => {
    runner.onFarewell = resolve;
    setTimeout(resolve, FAREWELL_MS).unref();
  });
  const wasUp = runner.state.connection.kind === 'up';
  hear(runner, { kind: 'stop' });
  if (wasUp) await farewell;
  clearTimeout(runner.timer);
  runner.link.destroy();
};

/** The outbox has grown or is numbered anew. */
export const tellOutbox = (runner: PathRunner): void => {
  const { epoch, previousEpoch, heads, acknowledged } = runner.options.outbox();
  hear(runner, {
    kind: 'outbox',
    epoch,
    ...(previousEpoch !== undefined && { previousEpoch }),
    heads,
    acknowledged,
  });
};

export const tellStates = (runner: PathRunner, publications: readonly Publication[]): void => {
  for (const publication of publications) runner.states.set(publication.topic, publication);
  hear(runner, { kind: 'states', publications });
};

export const answerCommand = (runner: PathRunner, answered: Answered): void => hear(runner, { kind: 'answer', ...answered });

/** A heartbeat now: an entry or a hold has started. */
export const beat = (runner: PathRunner): void => hear(runner, { kind: 'heartbeat', facts: runner.options.heartbeatFacts() });

// ---- the machine

const hear = (runner: PathRunner, input: PathInput): void => {
  runner.queue.push(input);
  if (runner.isStepping) return;
  runner.isStepping = true;
  const { config, now, random } = runner.options;
  for (let next = runner.queue.shift(); next; next = runner.queue.shift()) {
    const result = stepPath(config, runner.state, next, now(), random());
    runner.state = result.state;
    for (const send of result.sends) perform(runner, send);
  }
  runner.isStepping = false;
  waitForDeadline(runner);
};

const waitForDeadline = (runner: PathRunner): void => {
  clearTimeout(runner.timer);
  const deadline = nextPathDeadline(runner.options.config, runner.state);
  if (deadline === undefined) return;
  const delayMs = Math.min(Math.max(0, Math.ceil(deadline - runner.options.now())), TIMER_MAX_MS);
  runner.timer = setTimeout(() => hear(runner, { kind: 'tick' }), delayMs);
  runner.timer.unref();
};

// ---- what the link says

const onLink = (runner: PathRunner, event: LinkEvent): void => {
  switch (event.kind) {
    case 'up': {
      const { at, atQuality } = runner.options.heartbeatFacts();
      if (event.certificateNotYetValid) runner.options.log('warn', 'the broker certificate is not yet valid by our unset clock');
      const { receiveMaximum, maximumPacketBytes } = event;
      return hear(runner, { kind: 'up', at, atQuality, receiveMaximum, maximumPacketBytes });
    }
    case 'down':
      return onDown(runner, event.reason);
    case 'message':
      return hear(runner, { ...event.message, kind: 'message' });
  }
};

const onDown = (runner: PathRunner, reason: DownReason): void => {
  if (reason.kind !== 'destroyed') runner.options.log('info', 'the connection to the broker is down', { ...reason });
  runner.onFarewell?.();
  const code = 'code' in reason ? reason.code : undefined;
  hear(runner, { kind: 'down', reason: reason.kind, ...(code !== undefined && { code }) });
};

// ---- what the machine wants done

const perform = (runner: PathRunner, send: PathSend): void => {
  const { options, link } = runner;
  switch (send.kind) {
    case 'connect':
      return link.connect(options.connectOptions(send.will));
    case 'subscribe':
      return subscribe(runner, send.filters);
    case 'publish':
      return publish(runner, send.id, send.publication);
    case 'disconnect':
      return link.disconnect();
    case 'destroy':
      return link.destroy();
    case 'load':
      return load(runner, send.lane, send.after, send.limit);
    case 'acknowledge':
      void options.acknowledge(send.epoch, send.lane, send.seq);
      return;
    case 'condition':
      return options.submit({
        kind: 'condition',
        condition: send.condition,
        subject: send.subject,
        on: send.on,
        detail: send.detail,
      });
    case 'report':
      return options.submit({ kind: 'report', event: send.event, facts: { detail: send.detail } });
    case 'heartbeat-wanted':
      return beat(runner);
    case 'command':
      return options.onCommand(send.verb, send.command);
    case 'new-epoch':
      void beginEpoch(runner, send.marks, send.heads);
      return;
  }
};

const subscribe = (runner: PathRunner, filters: readonly string[]): void =>
  runner.link.subscribe(filters, 1, (result) => {
    if (result.kind !== 'answered') return;
    for (const filter of result.filters) {
      if (filter.kind === 'refused') hear(runner, { kind: 'subscription-refused', filter: filter.filter, code: filter.code });
    }
  });

const publish = (runner: PathRunner, id: number, publication: Publication): void =>
  runner.link.publish(publication, (outcome) => {
    if (publication.qos === 1) hear(runner, { kind: 'published', id, outcome });
  });

const load = (runner: PathRunner, lane: Lane, after: number, limit: number): void => {
  const rows = runner.options.pending(lane, after, limit);
  if ('ok' in rows) return onLoaded(runner, { lane, after }, rows);
  void rows.then((result) => onLoaded(runner, { lane, after }, result));
};

type Asked = { readonly lane: Lane; readonly after: number };

const onLoaded = (runner: PathRunner, { lane, after }: Asked, rows: Result<readonly OutboxRow[]>): void => {
  const { config, log } = runner.options;
  if (rows.ok) {
    return hear(runner, { kind: 'loaded', lane, after, deliveries: rows.value.map((row) => deliveryOf(config, row)) });
  }
  log('error', 'the outbox cannot be read', { reason: rows.reason });
  hear(runner, { kind: 'load-failed', lane, after });
};

const deliveryOf = ({ site, boot }: PathConfig, { number, epoch, lane, seq, message }: OutboxRow): Delivery => ({
  cursor: number,
  epoch,
  lane,
  seq,
  body: bodyOfText({ site, boot, durable: true }, lane, seq, message),
});

const beginEpoch = async (runner: PathRunner, marks: LaneHeads, heads: LaneHeads): Promise<void> => {
  await runner.options.newEpoch();
  const detail = { centreAlarm: marks.alarm, centreEvent: marks.event, ourAlarm: heads.alarm, ourEvent: heads.event };
  runner.options.submit({ kind: 'report', event: 'store-rolled-back', facts: { detail } });
  tellOutbox(runner);
};
