/**
 * The shell put together: inputs to the core, what protects to the outputs, the step to the disk, and only then what
 * grants, the keypads and the paths. Made from ports alone, so that tests and the demo give it simulated ones.
 */
import type { EventKind } from '../core/event.ts';
import type { Input, PersonChange, Start } from '../core/input.ts';
import { keypadView } from '../core/keypadView.ts';
import { mirrorOf } from '../core/parts.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Monotonic } from '../core/time.ts';
import type { HeartbeatFacts } from '../paths/mqtt/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Desk } from '../ports/control.ts';
import type { Keypads, LineRequest, Lines, LinesListener } from '../ports/lines.ts';
import { problemTexts } from '../ports/lineFaults.ts';
import type { Log } from '../ports/log.ts';
import type { KnownCredential, Secrets } from '../ports/secrets.ts';
import type { Restored, Store } from '../ports/store.ts';
import { makeClockSaver } from './clockSaver.ts';
import type { ClockSaver } from './clockSaver.ts';
import { openDesks } from './desks.ts';
import type { ControlVerb } from './controlDesk.ts';
import { allPathsInput, conditionsOver, hasFailed, hasModeChanged, isNewlyPending } from './differences.ts';
import { makeOutputDriver, outputRequests } from './drive.ts';
import type { OutputDriver } from './drive.ts';
import { makeEngine } from './engine.ts';
import type { Engine, Stepped } from './engine.ts';
import { factsOfState } from './heartbeat.ts';
import { makeKeypadScreens } from './keypadScreens.ts';
import type { KeypadScreens } from './keypadScreens.ts';
import {
  acknowledgeRows,
  beginNewEpoch,
  CONFIG_PART,
  configPart,
  flushRecorded,
  makeLedger,
  outboxHeads,
  pendingRows,
  writeStep,
} from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { saveMemory } from './lastSave.ts';
import { answerCommand, beat, makePathRunner, restartPath, startPath, stopPath, tellOutbox, tellStates } from './pathRunner.ts';
import type { PathRunner, PathRunnerOptions } from './pathRunner.ts';
import { CREDENTIALS_PART, makeCredentials } from './people/credentials.ts';
import type { Credentials } from './people/credentials.ts';
import { revocationsLost } from './people/recover.ts';
import type { PeopleRules } from './people/rules.ts';
import { beginningOf, startOf } from './restore.ts';
import type { Beginning } from './restore.ts';
import { goneMsSince, runningClock } from './runningClock.ts';
import type { RunningClock } from './runningClock.ts';
import type { Machine } from './machine.ts';
import { makePulse } from './pulse.ts';
import type { Pulse, PulseOptions } from './pulse.ts';
import { closedDesk, makeRemoteDesk } from './remoteDesk.ts';
import type { Answered, RemoteDesk, RemoteDeskOptions } from './remoteDesk.ts';
import { makeStateTeller } from './stateTeller.ts';
import type { StateTeller } from './stateTeller.ts';
import { every, watchCalendar, watchClock, watchDisk, watchLines, watchRetention } from './watch.ts';
import type { Calendar, LineWatch, Watch } from './watch.ts';

export type PathOptions = Pick<PathRunnerOptions, 'config' | 'makeLink' | 'connectOptions'>;

/** What opens doors from afar. */
export type RemoteOptions = Pick<RemoteDeskOptions, 'publicKeys' | 'signatures' | 'randomBytes'>;

export type ControllerOptions = {
  /** The core, or what stands in for it. */
  readonly machine: Machine;
  readonly site: Site;
  readonly version: string;
  readonly configHash: string;
  readonly language: 'fr' | 'en';
  readonly store: Store;
  readonly restored: Restored;
  readonly lines: Lines;
  readonly inputs: readonly LineRequest[];
  readonly keypads: Keypads;
  /** What can be asked of the board's drivers over the control socket. */
  readonly boardVerbs: readonly ControlVerb[];
  readonly secrets: Secrets;
  /** Those of the site's file. */
  readonly credentials: readonly KnownCredential[];
  readonly peopleRules: PeopleRules;
  /** How long it is kept who came and went. */
  readonly accessRetentionMs: number;
  readonly clock: Clock;
  readonly calendar: Calendar;
  /** Undefined: a site that reports to nobody. */
  readonly path: PathOptions | undefined;
  /** Undefined: nothing is opened from afar. */
  readonly remote?: RemoteOptions;
  readonly randomEpoch: () => string;
  readonly random: () => number;
  readonly digest: (text: string) => string;
  readonly log: Log;
  /** Sets an input aside that `step` could not take, with what went wrong. */
  readonly quarantine: (record: string) => void;
  /** The process cannot go on: end it, so that it is started anew. */
  readonly onFatal: (reason: string) => void;
  /** What happened, once it is on disk; for the demo's own view. */
  readonly onStepped?: (stepped: Stepped) => void;
  readonly pulse?: PulseOptions | undefined;
};

export type Controller = {
  readonly state: () => State;
  readonly submit: (input: Input) => void;
  readonly now: () => Monotonic;
  /** Answers what somebody on the machine asks. */
  readonly ask: Desk;
  /** Ends cleanly: journal, farewell to the broker, clocks saved, store closed. */
  readonly stop: () => Promise<void>;
};

export type StartResult =
  | { readonly ok: true; readonly controller: Controller; readonly goneMs: number | undefined }
  | { readonly ok: false; readonly problems: readonly string[] };

const RECORDER_FLUSH_MS = 10_000;
const COUNTDOWN_MS = 1_000;
/** A second bug within this time ends the process. */
const BUG_PATIENCE_MS = 60_000;

/** The parts of a running controller, each of which may speak to the others. */
type Shell = {
  readonly options: ControllerOptions;
  readonly running: RunningClock;
  readonly outputs: OutputDriver;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly credentials: Credentials;
  readonly path: PathRunner | undefined;
  readonly remote: RemoteDesk;
  readonly states: StateTeller;
  readonly screens: KeypadScreens;
  readonly lineWatch: LineWatch;
  readonly pulse: Pulse;
  readonly startedAt: Monotonic;
  lastBugAt: number;
};

export const startController = async (options: ControllerOptions): Promise<StartResult> => {
  const beginning = beginningOf(options.site, options.restored);
  const shell = makeShell(options, beginning);
  const opened = await options.lines.open(
    [...options.inputs, ...outputRequests(options.site, options.machine.outputsOf, beginning.state)],
    linesListener(shell),
  );
  if (!opened.ok) return { ok: false, problems: problemTexts(opened.problems) };
  // Every output as the restored state wants it, before anything is heard.
  shell.outputs.write(beginning.state, 'protects');
  shell.outputs.write(beginning.state, 'grants');
  const readings = shell.lineWatch.readAll();
  const ask = await openDesks(shell);
  const revocations = await revocationsLost(options.store, options.restored);
  return begin(shell, beginning, { readings, ask, revocations });
};

const makeShell = (options: ControllerOptions, beginning: Beginning): Shell => {
  const { site, clock, store, restored, lines } = options;
  const running = runningClock(clock, beginning.resumeAt);
  const pulse = makePulse(clock.machineMs, store.thread, options.pulse);
  const stored = restored.parts.get(CREDENTIALS_PART);
  const credentials = makeCredentials({ site: options.credentials, stored, log: options.log });
  const shell: Shell = {
    options,
    running,
    outputs: makeOutputDriver(site, options.machine.outputsOf, lines, running.toMachine),
    engine: makeEngine({
      machine: options.machine,
      site,
      state: beginning.state,
      now: running.now,
      onStep: (stepped) => onStep(shell, stepped),
      onBug: (input, now, error) => onBug(shell, { input, now, error }),
      onOverflow: (dropped) => {
        report(shell, 'input-overflow', { dropped });
        shell.lineWatch.hearAgain();
      },
    }),
    ledger: makeLedger({
      ...options,
      numbering: restored,
      boot: restored.boot,
      journalNumber: restored.journalNumber,
      outboxDepth: restored.outboxDepth,
      chainHead: restored.chainHead,
      store,
      now: clock.machineMs,
      ownParts: () => [configPart(options.configHash), ...credentials.parts()],
      onOutbox: () => shell.path && tellOutbox(shell.path),
      onStorage: (failed, reason) => onStorage(shell, failed, reason),
    }),
    credentials,
    path: options.path && makePathRunner(pathRunnerOptions(options.path, { options, beginning, running }, () => shell)),
    remote: remoteDesk(options, () => shell),
    states: makeStateTeller(site, (publications) => shell.path && tellStates(shell.path, publications)),
    screens: makeKeypadScreens(site, options.language, options.keypads, (state, keypad) => keypadView(site, state, keypad)),
    lineWatch: watchLines(
      site.config.zones.map(({ line }) => line),
      lines,
      (line, reading) => shell.engine.submit({ kind: 'reading', line, reading }),
      pulse.noteInputs,
    ),
    pulse,
    startedAt: running.now(),
    lastBugAt: Number.NEGATIVE_INFINITY,
  };
  return shell;
};

/** The bare machine knows no operators. */
const remoteDesk = ({ machine, remote, site }: ControllerOptions, shell: () => Shell): RemoteDesk => {
  const answer = (answered: Answered): void => {
    const { path } = shell();
    if (path) answerCommand(path, answered);
  };
  if (!remote || machine.kind === 'bare') return closedDesk(answer);
  return makeRemoteDesk({
    ...remote,
    site,
    state: () => shell().engine.state(),
    submit: (input, at) => shell().engine.submit(input, at),
    now: () => shell().running.now(),
    answer,
  });
};

type Base = { readonly options: ControllerOptions; readonly beginning: Beginning; readonly running: RunningClock };

const pathRunnerOptions = (path: PathOptions, { options, beginning, running }: Base, shell: () => Shell): PathRunnerOptions => ({
  ...path,
  hasFailed: hasFailed(beginning.state),
  now: running.now,
  random: options.random,
  outbox: () => outboxHeads(shell().ledger),
  pending: (lane, after, limit) => pendingRows(shell().ledger, lane, after, limit),
  acknowledge: (epoch, lane, seq) => acknowledgeRows(shell().ledger, epoch, lane, seq),
  newEpoch: () => beginNewEpoch(shell().ledger),
  heartbeatFacts: () => heartbeatFacts(shell()),
  submit: (input) => {
    shell().engine.submit(input);
    const all = allPathsInput(input);
    if (all) shell().engine.submit(all);
  },
  onCommand: (verb, command) => shell().remote.onCommand(verb, command),
  log: options.log,
});

const report = ({ engine }: Shell, event: EventKind, detail: Record<string, string | number | boolean>): void =>
  engine.submit({ kind: 'report', event, facts: { detail } });

const heartbeatFacts = ({ options, engine, running, startedAt, ledger }: Shell): HeartbeatFacts =>
  factsOfState(options.site, engine.state(), {
    now: running.now(),
    startedAt,
    chainHead: ledger.chainHead,
    digest: options.digest,
  });

// ---- one step

const onStep = (shell: Shell, stepped: Stepped): void => {
  const { options, outputs, ledger, credentials } = shell;
  outputs.write(stepped.after, 'protects');
  writeStep(ledger, stepped, credentials.onStep(stepped), (isOnDisk) => onCommitted(shell, stepped, isOnDisk));
  if (hasModeChanged(stepped)) void options.store.mirror(mirrorOf(options.site, stepped.after));
};

/** Only now is it told or granted. */
const onCommitted = (shell: Shell, stepped: Stepped, isOnDisk: boolean): void => {
  const { options, outputs, screens, states, path, remote, credentials, running } = shell;
  credentials.onCommitted(stepped.input, isOnDisk);
  if (isOnDisk) outputs.write(stepped.after, 'grants');
  else outputs.grantFromMemory(stepped.after);
  remote.onCommitted(stepped.events);
  if (options.machine.kind === 'full') {
    screens.show(stepped.after, running.now());
    states.note(stepped.after);
  }
  if (path && isNewlyPending(options.site, stepped)) beat(path);
  options.onStepped?.(stepped);
};

type Bug = { readonly input: Input; readonly now: Monotonic; readonly error: unknown };

const onBug = (shell: Shell, { input, now, error }: Bug): void => {
  const { options, engine } = shell;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  options.log('error', 'the core could not take an input; it is set aside', { error: text });
  options.quarantine(JSON.stringify({ at: now, input, error: text, state: engine.state() }));
  const isRepeated = now - shell.lastBugAt < BUG_PATIENCE_MS;
  shell.lastBugAt = now;
  if (isRepeated) options.onFatal('internal-fault');
  else report(shell, 'internal-fault', { input: input.kind });
};

/** The core hears of a failure before anything that waited for the disk is granted without it. */
const onStorage = ({ engine, path }: Shell, failed: boolean, reason: string): void => {
  engine.submit({ kind: 'condition', condition: 'storage-failed', subject: '', on: failed, detail: { reason } });
  if (failed) engine.settle();
  if (!failed && path) restartPath(path);
};

// ---- lines

const linesListener = (shell: Shell): LinesListener => ({
  onReading: (line, reading, observedAtMs) => {
    shell.lineWatch.note(line, reading);
    const observedAt = shell.running.fromMachine(observedAtMs);
    shell.engine.submit({ kind: 'reading', line, reading, observedAt }, observedAt);
  },
  onOutputTrouble: (line, trouble) => {
    const output = shell.options.site.config.outputs.find((config) => config.line === line);
    const detail = trouble === undefined ? {} : { trouble };
    const subject = output?.id ?? line;
    shell.engine.submit({ kind: 'condition', condition: 'output-fault', subject, on: trouble !== undefined, detail });
    if (trouble === undefined) shell.outputs.rewrite(shell.engine.state());
  },
});

// ---- start and stop

type Opened = {
  readonly readings: Start['readings'];
  readonly ask: Desk;
  readonly revocations: readonly PersonChange[];
};

const begin = (shell: Shell, beginning: Beginning, { readings, ask, revocations }: Opened): StartResult => {
  const { options, engine, lineWatch, path, states } = shell;
  const { clock, store, restored, site } = options;
  const goneMs = goneMsSince(clock, restored.clock);
  const calendarWatch = watchCalendar(clock, options.calendar, engine.submit);
  const clockWatch = watchClock(clock, engine.submit, calendarWatch.tell);
  const diskWatch = watchDisk(store, engine.submit);
  const clockSaver = makeClockSaver(clock, store, shell.running.now, engine.state);

  const { isFresh, stateLost } = beginning;
  engine.begin(() => {
    // A new controller knows no time to start at; another goes on from its own, and only then hears what the clock says.
    if (isFresh) clockWatch.tell();
    engine.submit({ kind: 'start', start: startOf(restored, clock, { isFresh, stateLost, goneMs, readings }) });
    clockWatch.tell();
    calendarWatch.tell();
    tellWhatWasFound(shell);
    shell.credentials.revokeAgain(revocations, engine.submit);
  });

  const recorderFlush = every(RECORDER_FLUSH_MS, () => void flushRecorded(shell.ledger));
  const countdown = every(COUNTDOWN_MS, () => shell.screens.refresh(shell.running.now()));
  const retention = watchRetention(clock, store, options.accessRetentionMs);
  const housekeeping = [retention, recorderFlush, countdown];
  const watches = [lineWatch, clockWatch, calendarWatch, diskWatch, clockSaver, shell.pulse, ...housekeeping];
  for (const watch of watches) watch.start();
  void diskWatch.look();
  retention.look();
  void store.mirror(mirrorOf(site, engine.state()));
  if (path) startPath(path);
  if (options.machine.kind === 'full') states.note(engine.state());
  const controller: Controller = {
    state: engine.state,
    submit: engine.submit,
    now: shell.running.now,
    ask,
    stop: () => end(shell, watches, clockSaver),
  };
  return { ok: true, controller, goneMs };
};

const tellWhatWasFound = (shell: Shell): void => {
  const { restored, configHash } = shell.options;
  const previousConfig = restored.parts.get(CONFIG_PART);
  if (previousConfig !== undefined && previousConfig !== JSON.stringify(configHash)) {
    report(shell, 'config-changed', { before: previousConfig.replaceAll('"', ''), after: configHash });
  }
  for (const input of conditionsOver(shell.engine.state())) shell.engine.submit(input);
  if (restored.problems.length > 0) report(shell, 'storage-failed', { repaired: restored.problems.join(' ') });
};

const end = async (shell: Shell, watches: readonly Watch[], clockSaver: ClockSaver): Promise<void> => {
  const { options, engine, ledger, path, states } = shell;
  engine.submit({ kind: 'stop' });
  engine.settle();
  for (const watch of watches) watch.stop();
  states.stop();
  shell.screens.stop();
  await clockSaver.save(true);
  await flushRecorded(ledger);
  await Promise.all([path && stopPath(path), saveMemory(ledger)]);
  engine.stop();
  await options.keypads.close();
  await options.lines.close();
  await options.store.close();
  await options.secrets.close();
};
