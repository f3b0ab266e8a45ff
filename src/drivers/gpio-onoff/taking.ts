/** Takes lines, waits until the system has given their files to this process, and lets go of them. */
import type { LineProblem } from '../../ports/lines.ts';
import { findChip, troubleOf } from './chip.ts';
import { heard, loseInput } from './inputs.ts';
import type { Held, Input, Output, Room } from './room.ts';
import type { ChipFacts, Outcome, Pin } from './sysfs.ts';

/** After an export, udev hands the files over within some hundred milliseconds; onoff itself would spin on them. */
const LOOK_MS = 20;
const LOOKS_MAX = 100;

type Missing = { readonly inputs: readonly Input[]; readonly outputs: readonly Output[] };

export const missingOf = ({ inputs, outputs }: Room): Missing => ({
  inputs: [...inputs.values()].filter(({ held }) => held === undefined),
  outputs: [...outputs.values()].filter(({ held }) => held === undefined),
});

/** A line on its way to be held. */
type Wish = {
  readonly target: Input | Output;
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly open: () => Outcome<Pin>;
  readonly keep: (held: Held) => void;
};
type Begun = { readonly wish: Wish; readonly wasExported: boolean; readonly error: string | undefined };

const inputWish = (room: Room, input: Input, number: number): Wish => ({
  target: input,
  number,
  direction: 'in',
  open: () =>
    room.sysfs.openInput(number, {
      onEdge: (level) => heard(room, input, level),
      onDead: (error) => void room.timers.later(0, () => loseInput(room, input, error)),
    }),
  keep: (held) => {
    const level = held.pin.level();
    input.held = held;
    input.known = level.ok ? level.value : undefined;
  },
});

const outputWish = ({ sysfs }: Room, output: Output, number: number): Wish => ({
  target: output,
  number,
  direction: 'out',
  open: () => sysfs.openOutput(number, output.ordered),
  keep: (held) => {
    output.held = held;
  },
});

const begin = ({ sysfs }: Room, wish: Wish): Begun => {
  const { number, direction } = wish;
  const wasExported = sysfs.isExported(number);
  // An input left by a killed process starts anew; an output must not, as it would turn back in between.
  if (wasExported && direction === 'in') sysfs.unexportLine(number);
  const error = sysfs.isExported(number) ? undefined : sysfs.exportLine(number);
  return { wish, wasExported, error };
};

const untilReady = async (room: Room, begun: readonly Begun[]): Promise<void> => {
  const { sysfs, timers } = room;
  const isWaitedFor = ({ wish, error }: Begun): boolean => error === undefined && !sysfs.isReady(wish.number, wish.direction);
  for (let looks = 0; looks < LOOKS_MAX && room.isOpen && begun.some(isWaitedFor); looks += 1) {
    await new Promise<void>((resolve) => void timers.later(LOOK_MS, resolve));
  }
};

const finish = ({ sysfs, isOpen }: Room, { wish, wasExported, error }: Begun): LineProblem | undefined => {
  const { number, direction, target, open, keep } = wish;
  const refused = error ?? (isOpen && sysfs.isReady(number, direction) ? undefined : 'EACCES');
  const opened: Outcome<Pin> = refused === undefined ? open() : { ok: false, error: refused };
  if (opened.ok) {
    keep({ pin: opened.value, number, wasExported });
    return undefined;
  }
  if (error === undefined && !wasExported) sysfs.unexportLine(number);
  return { line: target.line, ...troubleOf(opened.error, `line ${target.offset}`) };
};

const beyond = (chip: ChipFacts, lines: readonly (Input | Output)[]): readonly LineProblem[] =>
  lines
    .filter(({ offset }) => offset >= chip.lines)
    .map(({ line }) => ({ line, trouble: 'no-such-line', detail: `the chip ${chip.label} has ${chip.lines} lines` }));

const takeFrom = async (room: Room, chip: ChipFacts, { inputs, outputs }: Missing): Promise<readonly LineProblem[]> => {
  const isThere = ({ offset }: Input | Output): boolean => offset < chip.lines;
  const begun = [
    ...inputs.filter(isThere).map((input) => inputWish(room, input, chip.base + input.offset)),
    ...outputs.filter(isThere).map((output) => outputWish(room, output, chip.base + output.offset)),
  ].map((wish) => begin(room, wish));
  await untilReady(room, begun);
  return [...beyond(chip, [...inputs, ...outputs]), ...begun.flatMap((one) => finish(room, one) ?? [])];
};

/** Takes what is not held and can be had, and says what is wrong with the rest. */
export const takeMissing = async (room: Room, chipLabel: string): Promise<readonly LineProblem[]> => {
  const missing = missingOf(room);
  const lines = [...missing.inputs, ...missing.outputs];
  if (lines.length === 0) return [];
  const found = findChip(room.sysfs, chipLabel);
  return found.ok ? takeFrom(room, found.chip, missing) : lines.map(({ line }) => ({ line, ...found.trouble }));
};

/** `keepOutputs`: they stay exported, with their level on every kernel; else what was not exported before is not any more. */
export const letGo = (room: Room, { keepOutputs }: { readonly keepOutputs: boolean }): void => {
  for (const input of room.inputs.values()) {
    input.held?.pin.release();
    if (input.held) room.sysfs.unexportLine(input.held.number);
    input.held = undefined;
  }
  for (const output of room.outputs.values()) {
    output.player.stop();
    output.held?.pin.release();
    if (output.held && !keepOutputs && !output.held.wasExported) room.sysfs.unexportLine(output.held.number);
    output.held = undefined;
  }
};
