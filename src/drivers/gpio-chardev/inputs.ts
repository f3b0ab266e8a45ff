/**
 * Inputs: taken together, so that the kernel queues their edges in the order they came; read in one go; lost and taken
 * anew. A line that cannot be had does not keep the others from being watched.
 */
import type { Level, LineProblem } from '../../ports/lines.ts';
import type { Chip } from './chip.ts';
import { lineInfo } from './chip.ts';
import { CONSUMER } from './room.ts';
import type { Group, Input, Room } from './room.ts';
import { busyTrouble, troubleOf } from './trouble.ts';
import type { Trouble } from './trouble.ts';
import { GET_LINE, GET_VALUES, decodeEvents, descriptorIn, encodeInputs, encodeValues, levelIn } from './uapi.ts';
import type { LineEvent } from './uapi.ts';

// ---- taking

const request = ({ kernel }: Room, chip: Chip, inputs: readonly Input[]): number | string => {
  const bytes = encodeInputs(CONSUMER, inputs);
  return kernel.ioctl(chip.descriptor, GET_LINE, bytes) ?? descriptorIn(bytes);
};

const listenTo = (room: Room, descriptor: number, inputs: readonly Input[]): void => {
  const unwatch = room.kernel.watch(descriptor, {
    onReadable: () => drain(room),
    onDead: () => loseGroup(room, group, 'the chip went away'),
  });
  const group: Group = { descriptor, inputs, unwatch, seqno: 0, isDead: false };
  room.groups.add(group);
  for (const input of inputs) {
    input.group = group;
    input.known = levelOf(room, input);
  }
};

/** Which trouble a line has that the kernel does not give; undefined: it is given, and let go again. */
const troubleWith = (room: Room, chip: Chip, input: Input): Trouble | undefined => {
  const answer = request(room, chip, [input]);
  if (typeof answer === 'string') return refusalOf(room, chip, input.offset, answer);
  room.kernel.close(answer);
  return undefined;
};

/** The kernel's refusal in plain words: a busy line says who holds it. */
export const refusalOf = ({ kernel }: Room, chip: Chip, offset: number, error: string): Trouble => {
  const info = error === 'EBUSY' ? lineInfo(kernel, chip, offset) : undefined;
  return info?.ok === true ? busyTrouble(info.value.consumer) : troubleOf(error, `line ${offset} of ${chip.path}`);
};

/** Takes what can be had of `inputs`, in one request, and says what is wrong with the rest. */
export const takeInputs = (room: Room, chip: Chip, inputs: readonly Input[]): readonly LineProblem[] => {
  if (inputs.length === 0) return [];
  const answer = request(room, chip, inputs);
  if (typeof answer === 'number') {
    listenTo(room, answer, inputs);
    return [];
  }
  const judged = inputs.map((input) => ({ input, trouble: troubleWith(room, chip, input) }));
  const problems = judged.flatMap(({ input, trouble }) => (trouble ? [{ line: input.line, ...trouble }] : []));
  const good = judged.flatMap(({ input, trouble }) => (trouble ? [] : [input]));
  if (good.length < inputs.length) return [...problems, ...takeInputs(room, chip, good)];
  // Each alone is given and all together are not: the kernel's reason stands for them all.
  return inputs.map(({ line, offset }) => ({ line, ...refusalOf(room, chip, offset, answer) }));
};

// ---- reading

/** The level the kernel sees now; undefined: the line is not held or does not answer. */
export const levelOf = (room: Room, input: Input): Level | undefined => {
  const { group } = input;
  if (!group || group.isDead) return undefined;
  const index = group.inputs.indexOf(input);
  const values = encodeValues(0n, 1n << BigInt(index));
  const error = room.kernel.ioctl(group.descriptor, GET_VALUES, values);
  if (error === undefined) return levelIn(values, index);
  doom(room, group, error);
  return undefined;
};

/** Whoever reads must not be told from within: the loss is told in a turn of its own. */
const doom = (room: Room, group: Group, error: string): void => {
  group.isDead = true;
  room.timers.later(0, () => loseGroup(room, group, error));
};

// ---- edges

type Edges = { readonly group: Group; readonly events: readonly LineEvent[]; readonly hasGap: boolean };

const hasGap = (events: readonly LineEvent[], seqno: number): boolean =>
  events.some((event, index) => event.seqno !== (seqno + index + 1) >>> 0);

const edgesOf = (room: Room, group: Group): Edges => {
  const read = room.kernel.read(group.descriptor, room.eventBytes);
  if (!read.ok && read.error !== 'EAGAIN') doom(room, group, read.error);
  const events = read.ok ? decodeEvents(room.eventBytes, read.value) : [];
  const edges = { group, events, hasGap: hasGap(events, group.seqno) };
  group.seqno = events.at(-1)?.seqno ?? group.seqno;
  return edges;
};

const tell = (room: Room, input: Input, level: Level, atMs: number): void => {
  input.known = level;
  room.listener.onReading(input.line, { kind: 'level', level }, atMs);
};

/** The kernel's queue overflowed and dropped its oldest edges: what a line says now is told if it is not what it said last. */
const repair = (room: Room, { inputs }: Group): void => {
  room.log('warn', 'GPIO edges were lost: too many came while the process was busy', { lines: inputs.map(({ line }) => line) });
  for (const input of inputs) {
    const level = levelOf(room, input);
    if (level !== undefined && level !== input.known) tell(room, input, level, room.timers.now());
  }
};

/** Tells every edge that waits, of all groups, in the order they came. */
const drain = (room: Room): void => {
  const all = [...room.groups].filter(({ isDead }) => !isDead).map((group) => edgesOf(room, group));
  const edges = all.flatMap(({ group, events }) => events.map((event) => ({ group, event })));
  for (const { group, event } of edges.toSorted((a, b) => a.event.atMs - b.event.atMs)) {
    const input = group.inputs.find(({ offset }) => offset === event.offset);
    if (input && room.isOpen) tell(room, input, event.level, event.atMs);
  }
  for (const { group } of all.filter((read) => read.hasGap)) if (room.isOpen && !group.isDead) repair(room, group);
};

// ---- losing, and back

export const releaseGroup = ({ kernel, groups }: Room, group: Group): void => {
  group.unwatch();
  kernel.close(group.descriptor);
  groups.delete(group);
  for (const input of group.inputs) input.group = undefined;
};

const loseGroup = (room: Room, group: Group, reason: string): void => {
  if (!room.groups.has(group)) return;
  releaseGroup(room, group);
  room.log('error', 'GPIO inputs lost', { lines: group.inputs.map(({ line }) => line), reason });
  for (const { line } of group.inputs) room.listener.onReading(line, { kind: 'lost' }, room.timers.now());
};

/** Loses every group whose chip does not answer: not every kernel says by itself that a chip went away. */
export const checkGroups = (room: Room): void => {
  for (const group of room.groups) {
    const error = room.kernel.ioctl(group.descriptor, GET_VALUES, encodeValues(0n, 1n));
    if (error !== undefined) loseGroup(room, group, error);
  }
};

/** An input that was lost and is held again. */
export const tellBack = (room: Room, input: Input): void => {
  if (input.known !== undefined) tell(room, input, input.known, room.timers.now());
};
