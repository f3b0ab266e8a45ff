/**
 * The Raspberry Pi's header through the kernel's older interface (`/sys/class/gpio`) and the package `onoff`, for kernels
 * without the GPIO character device. Its native part is compiled by `npm run build:onoff`.
 *
 * It is the poorer way in: an edge brings neither its level nor its time, so that a pulse during a busy moment is known only
 * by its having been; anybody may take an exported line; and a pull can be set only in `config.txt`.
 *
 * A chip or line that does not answer is *lost* (inputs) or in trouble (outputs), is tried again every 2 s, and comes back
 * by itself with its present level or order.
 *
 * After `close`, and after a crash, outputs stay exported and keep their level, whatever the kernel; inputs are unexported
 * by `close`, and exported anew after a crash.
 */
import type { LineId } from '../../core/config.ts';
import { faultsOf } from '../../ports/lineFaults.ts';
import type { Offsets } from '../../ports/lineFaults.ts';
import type { LineProblem, LineRequest, Lines, LinesListener, Opened } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import { createPlayer } from '../../ports/player.ts';
import type { Timers } from '../../ports/player.ts';
import type { Trouble } from './chip.ts';
import { checkInput, levelOf, tellBack } from './inputs.ts';
import { checkOutput, putLevel, tellTrouble } from './outputs.ts';
import { loadOnoff } from './package.ts';
import type { Input, Output, Room } from './room.ts';
import { linuxSysfs } from './sysfs.ts';
import type { Sysfs } from './sysfs.ts';
import { letGo, missingOf, takeMissing } from './taking.ts';

export type OnoffOptions = {
  /** The chip's label: `pinctrl-bcm2711` on a Pi 4. Exactly one chip must have it. */
  readonly chipLabel: string;
  /** Each line's place on the chip: 0 to the chip's number of lines − 1. */
  readonly offsets: Offsets;
  readonly timers: Timers;
  /**
   * true: what cannot be had at `open` is lost and tried again, and the rest is watched, as the site may be armed and nobody
   * there. false: `open` refuses with every problem. Requests that contradict each other or the board are refused either way.
   */
  readonly patient: boolean;
  readonly log: Log;
};

export type SysfsResult = { readonly ok: true; readonly sysfs: Sysfs } | { readonly ok: false; readonly trouble: Trouble };

const RETRY_MS = 2_000;

// ---- what is asked for

const inputsOf = (requests: readonly LineRequest[], offsets: Offsets): ReadonlyMap<LineId, Input> =>
  new Map(
    requests.flatMap(({ direction, line }): readonly [LineId, Input][] => {
      const offset = offsets[line];
      if (direction !== 'input' || offset === undefined) return [];
      return [[line, { line, offset, held: undefined, known: undefined }]];
    }),
  );

const outputOf = (request: LineRequest, offsets: Offsets, room: () => Room): readonly [LineId, Output][] => {
  const { line } = request;
  const offset = offsets[line];
  if (request.direction !== 'output' || offset === undefined) return [];
  const { restLevel, maxOnMs, initialLevel } = request;
  const player = createPlayer(
    {
      restLevel,
      maxOnMs,
      setLevel: (level) => putLevel(room(), output, level),
      onTooLong: () => room().listener.onOutputTrouble(line, 'on-too-long'),
    },
    room().timers,
  );
  const output: Output = { line, offset, player, ordered: initialLevel, held: undefined, trouble: undefined };
  return [[line, output]];
};

type Opening = { readonly sysfs: Sysfs; readonly requests: readonly LineRequest[]; readonly listener: LinesListener };

const roomOf = ({ sysfs, requests, listener }: Opening, { timers, log, offsets }: OnoffOptions): Room => {
  const outputs = new Map<LineId, Output>();
  const room: Room = { sysfs, timers, log, listener, inputs: inputsOf(requests, offsets), outputs, isOpen: true };
  for (const request of requests) {
    for (const [line, output] of outputOf(request, offsets, () => room)) outputs.set(line, output);
  }
  return room;
};

const PULL_LETTERS = { 'pull-up': 'pu', 'pull-down': 'pd' } as const;

/** This interface cannot set a pull; the Pi's boot loader can. */
const tellPulls = (requests: readonly LineRequest[], { offsets, log }: OnoffOptions): void => {
  const settings = requests.flatMap((request) =>
    request.direction === 'input' && request.bias !== 'none'
      ? [`gpio=${offsets[request.line]}=${PULL_LETTERS[request.bias]}`]
      : [],
  );
  if (settings.length === 0) return;
  log('warn', 'pulls are not set this way: put these lines into /boot/firmware/config.txt and restart', { settings });
};

// ---- looking after

/** Every 2 s: who does not answer any more, and who can be had again. */
const lookAfter = async (room: Room, chipLabel: string): Promise<void> => {
  for (const input of room.inputs.values()) checkInput(room, input);
  for (const output of room.outputs.values()) checkOutput(room, output);
  const { inputs, outputs } = missingOf(room);
  await takeMissing(room, chipLabel);
  if (!room.isOpen) return;
  const backInputs = inputs.filter(({ held }) => held !== undefined);
  const backOutputs = outputs.filter(({ held }) => held !== undefined);
  const lines = [...backInputs, ...backOutputs].map(({ line }) => line);
  if (lines.length > 0) room.log('info', 'GPIO lines are back', { lines });
  for (const input of backInputs) tellBack(room, input);
  for (const output of backOutputs) tellTrouble(room, output, undefined);
};

const nothing = (): void => {};

/** The answer stops it, once a look that is under way has ended. */
const keepLooking = (room: Room, chipLabel: string): (() => Promise<void>) => {
  let cancel = nothing;
  let looking = Promise.resolve();
  const arm = (): void => {
    cancel = room.timers.later(RETRY_MS, () => {
      looking = lookAfter(room, chipLabel).then(() => (room.isOpen ? arm() : undefined));
    });
  };
  arm();
  return () => {
    cancel();
    return looking;
  };
};

// ---- opening and closing

/** What a patient opening goes on without; whoever opened is told of outputs once it has its answer. */
const goOnWithout = (room: Room, problems: readonly LineProblem[]): void => {
  if (problems.length === 0) return;
  for (const { line, trouble, detail } of problems) {
    room.log('error', 'a GPIO line cannot be had, and is tried again every 2 s', { line, trouble, detail });
  }
  room.timers.later(0, () => {
    if (!room.isOpen) return;
    for (const { line, trouble } of problems) {
      const output = room.outputs.get(line);
      if (output && !output.held) tellTrouble(room, output, trouble);
    }
  });
};

type Running = { readonly room: Room; readonly stopLooking: () => Promise<void> };

const start = async (room: Room, { chipLabel, patient }: OnoffOptions): Promise<Running | readonly LineProblem[]> => {
  const problems = await takeMissing(room, chipLabel);
  if (problems.length > 0 && !patient) {
    room.isOpen = false;
    letGo(room, { keepOutputs: false });
    return problems;
  }
  goOnWithout(room, problems);
  return { room, stopLooking: keepLooking(room, chipLabel) };
};

const refused = (problems: readonly LineProblem[]): Opened => ({ ok: false, problems });

/** In place of an interface that cannot be asked. */
const noSysfs: Sysfs = {
  chips: () => undefined,
  isExported: () => false,
  isReady: () => false,
  exportLine: () => 'ENOENT',
  unexportLine: () => 'ENOENT',
  openInput: () => ({ ok: false, error: 'ENOENT' }),
  openOutput: () => ({ ok: false, error: 'ENOENT' }),
};

/** The driver on an interface of the caller's choice. */
export const onoffLinesOn = (sysfsOf: () => SysfsResult, options: OnoffOptions): Lines => {
  let running: Running | undefined;

  const open: Lines['open'] = async (requests, listener) => {
    const faults = faultsOf(requests, options.offsets);
    if (faults.length > 0) return refused(faults);
    const found = sysfsOf();
    if (!found.ok && !options.patient) return refused(requests.map(({ line }) => ({ line, ...found.trouble })));
    if (!found.ok) options.log('error', 'no GPIO line can be had', found.trouble);
    tellPulls(requests, options);
    const sysfs = found.ok ? found.sysfs : noSysfs;
    const started = await start(roomOf({ sysfs, requests, listener }, options), options);
    if (!('room' in started)) return refused(started);
    running = started;
    return { ok: true };
  };

  return {
    open,
    read: (line) => {
      const input = running?.room.inputs.get(line);
      const level = running && input ? levelOf(running.room, input) : undefined;
      return level === undefined ? { kind: 'lost' } : { kind: 'level', level };
    },
    write: (line, drive) => {
      if (!running) return;
      const { inputs, outputs, listener } = running.room;
      const output = outputs.get(line);
      if (output) output.player.drive(drive);
      else listener.onOutputTrouble(line, inputs.has(line) ? 'wrong-direction' : 'no-such-line');
    },
    close: async () => {
      if (!running) return;
      const { room, stopLooking } = running;
      running = undefined;
      room.isOpen = false;
      await stopLooking();
      letGo(room, { keepOutputs: true });
    },
  };
};

const realSysfs = (): SysfsResult => {
  const loaded = loadOnoff();
  return loaded.ok ? { ok: true, sysfs: linuxSysfs(loaded.onoff) } : loaded;
};

export const onoffLines = (options: OnoffOptions): Lines => onoffLinesOn(realSysfs, options);

/** Whether this machine can be asked this way: onoff is installed and compiled, and the kernel has the interface. */
export const onoffAvailable = (): boolean => {
  const found = realSysfs();
  return found.ok && (found.sysfs.chips()?.length ?? 0) > 0;
};
