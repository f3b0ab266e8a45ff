/**
 * The Raspberry Pi's header through the Linux GPIO character device (`/dev/gpiochipN`, Linux 5.10 and later), by `koffi`:
 * nothing is compiled. The kernel queues up to 1024 edges with their times while the process is busy, and gives a line to
 * one process alone.
 *
 * A chip or line that does not answer is *lost* (inputs) or in trouble (outputs), is tried again every 2 s, and comes back
 * by itself with its present level or order.
 *
 * After `close`, and after a crash, the kernels of Raspberry Pi OS keep an output at its level (unless `strict_gpiod` is set);
 * others turn the line back to what its pull makes of it.
 */
import type { LineId } from '../../core/config.ts';
import { faultsOf } from '../../ports/lineFaults.ts';
import type { Offsets } from '../../ports/lineFaults.ts';
import type { LineProblem, LineRequest, Lines, LinesListener, Opened } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import { createPlayer } from '../../ports/player.ts';
import type { Timers } from '../../ports/player.ts';
import { findChip } from './chip.ts';
import type { Chip } from './chip.ts';
import { checkGroups, levelOf, releaseGroup, takeInputs, tellBack } from './inputs.ts';
import { linuxKernel, loadKoffi, noKernel } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { checkOutput, putLevel, releaseOutput, takeOutput, tellTrouble } from './outputs.ts';
import type { Input, Output, Room } from './room.ts';
import { KOFFI_MISSING } from './trouble.ts';
import type { Trouble } from './trouble.ts';
import { EVENT_BUFFER_MAX, GET_LINE_INFO, LINE_EVENT_BYTES, encodeLineInfoRequest } from './uapi.ts';

export type ChardevOptions = {
  /** The chip's label, as `gpiodetect` shows it: `pinctrl-bcm2711` on a Pi 4. Exactly one chip must have it. */
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
  /** Where the chips' devices are; `/dev` by default. */
  readonly devFolder?: string;
};

const DEVICE_FOLDER = '/dev';
const RETRY_MS = 2_000;

// ---- what is asked for

const inputOf = (request: LineRequest, { offsets }: ChardevOptions): readonly [LineId, Input][] => {
  const { line } = request;
  const offset = offsets[line];
  if (request.direction !== 'input' || offset === undefined) return [];
  return [[line, { line, offset, bias: request.bias, group: undefined, known: undefined }]];
};

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
  const output: Output = { line, offset, player, ordered: initialLevel, descriptor: undefined, trouble: undefined };
  return [[line, output]];
};

type Opening = { readonly kernel: Kernel; readonly requests: readonly LineRequest[]; readonly listener: LinesListener };

const roomOf = ({ kernel, requests, listener }: Opening, options: ChardevOptions): Room => {
  const outputs = new Map<LineId, Output>();
  const room: Room = {
    kernel,
    timers: options.timers,
    log: options.log,
    listener,
    inputs: new Map(requests.flatMap((request) => inputOf(request, options))),
    outputs,
    groups: new Set(),
    eventBytes: new Uint8Array(EVENT_BUFFER_MAX * LINE_EVENT_BYTES),
    isOpen: true,
  };
  for (const request of requests) {
    for (const [line, output] of outputOf(request, options.offsets, () => room)) outputs.set(line, output);
  }
  return room;
};

// ---- taking what is not held

type Missing = { readonly inputs: readonly Input[]; readonly outputs: readonly Output[] };

const missingOf = ({ inputs, outputs }: Room): Missing => ({
  inputs: [...inputs.values()].filter(({ group }) => group === undefined),
  outputs: [...outputs.values()].filter(({ descriptor }) => descriptor === undefined),
});

const beyond = (chip: Chip, lines: readonly (Input | Output)[]): readonly LineProblem[] =>
  lines
    .filter(({ offset }) => offset >= chip.lines)
    .map(({ line }) => ({ line, trouble: 'no-such-line', detail: `${chip.path} has ${chip.lines} lines` }));

const takeFrom = (room: Room, chip: Chip, { inputs, outputs }: Missing): readonly LineProblem[] => {
  const isThere = ({ offset }: Input | Output): boolean => offset < chip.lines;
  return [
    ...beyond(chip, [...inputs, ...outputs]),
    ...takeInputs(room, chip, inputs.filter(isThere)),
    ...outputs.filter(isThere).flatMap((output) => takeOutput(room, chip, output) ?? []),
  ];
};

const everyLine = ({ inputs, outputs }: Missing, trouble: Trouble): readonly LineProblem[] =>
  [...inputs, ...outputs].map(({ line }) => ({ line, ...trouble }));

const takeMissing = (room: Room, chipLabel: string): readonly LineProblem[] => {
  const missing = missingOf(room);
  if (missing.inputs.length + missing.outputs.length === 0) return [];
  const found = findChip(room.kernel, chipLabel);
  if (!found.ok) return everyLine(missing, found.trouble);
  const problems = takeFrom(room, found.chip, missing);
  room.kernel.close(found.chip.descriptor);
  return problems;
};

/** Every 2 s: who does not answer any more, and who can be had again. */
const lookAfter = (room: Room, chipLabel: string): void => {
  checkGroups(room);
  for (const output of room.outputs.values()) checkOutput(room, output);
  const { inputs, outputs } = missingOf(room);
  takeMissing(room, chipLabel);
  const backInputs = inputs.filter(({ group }) => group !== undefined);
  const backOutputs = outputs.filter(({ descriptor }) => descriptor !== undefined);
  const lines = [...backInputs, ...backOutputs].map(({ line }) => line);
  if (lines.length > 0) room.log('info', 'GPIO lines are back', { lines });
  for (const input of backInputs) tellBack(room, input);
  for (const output of backOutputs) tellTrouble(room, output, undefined);
};

const nothing = (): void => {};

const keepLooking = (room: Room, chipLabel: string): (() => void) => {
  let cancel = nothing;
  const arm = (): void => {
    cancel = room.timers.later(RETRY_MS, () => {
      lookAfter(room, chipLabel);
      if (room.isOpen) arm();
    });
  };
  arm();
  return () => cancel();
};

// ---- opening and closing

const release = (room: Room): void => {
  room.isOpen = false;
  for (const group of room.groups) releaseGroup(room, group);
  for (const output of room.outputs.values()) {
    output.player.stop();
    releaseOutput(room, output);
  }
};

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
      if (output && output.descriptor === undefined) tellTrouble(room, output, trouble);
    }
  });
};

type Running = { readonly room: Room; readonly stopLooking: () => void };

const start = (room: Room, { chipLabel, patient }: ChardevOptions): Running | readonly LineProblem[] => {
  const problems = takeMissing(room, chipLabel);
  if (problems.length > 0 && !patient) {
    release(room);
    return problems;
  }
  goOnWithout(room, problems);
  return { room, stopLooking: keepLooking(room, chipLabel) };
};

const refused = (problems: readonly LineProblem[]): Opened => ({ ok: false, problems });

/** The driver on a kernel of the caller's choice; `kernelOf` answers undefined where koffi is missing. */
export const chardevLinesOn = (kernelOf: () => Kernel | undefined, options: ChardevOptions): Lines => {
  let running: Running | undefined;

  const open: Lines['open'] = (requests, listener) => {
    const faults = faultsOf(requests, options.offsets);
    if (faults.length > 0) return Promise.resolve(refused(faults));
    const kernel = kernelOf();
    if (!kernel && !options.patient) return Promise.resolve(refused(requests.map(({ line }) => ({ line, ...KOFFI_MISSING }))));
    if (!kernel) options.log('error', 'no GPIO line can be had', KOFFI_MISSING);
    const started = start(roomOf({ kernel: kernel ?? noKernel, requests, listener }, options), options);
    if (!('room' in started)) return Promise.resolve(refused(started));
    running = started;
    return Promise.resolve({ ok: true });
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
    close: () => {
      running?.stopLooking();
      if (running) release(running.room);
      running = undefined;
      return Promise.resolve();
    },
  };
};

const realKernel = (deviceFolder: string): Kernel | undefined => {
  const koffi = loadKoffi();
  return koffi && linuxKernel(koffi, deviceFolder);
};

export const chardevLines = (options: ChardevOptions): Lines =>
  chardevLinesOn(() => realKernel(options.devFolder ?? DEVICE_FOLDER), options);

/**
 * Whether this machine can be asked this way: koffi is installed, and a chip answers in version 2 of the interface. A chip that
 * may not be opened counts as there, so that the reason is told where the lines are opened.
 */
export const chardevAvailable = (deviceFolder: string = DEVICE_FOLDER): boolean => {
  const kernel = realKernel(deviceFolder);
  return kernel !== undefined && kernel.chipPaths().some((path) => speaksVersion2(kernel, path));
};

const speaksVersion2 = (kernel: Kernel, path: string): boolean => {
  const opened = kernel.open(path);
  if (!opened.ok) return opened.error === 'EACCES' || opened.error === 'EPERM';
  const error = kernel.ioctl(opened.value, GET_LINE_INFO, encodeLineInfoRequest(0));
  kernel.close(opened.value);
  return error === undefined;
};
