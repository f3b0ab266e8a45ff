/** What inputs say: their edges as far as this interface lets them be seen, and their loss. */
import { opposite } from '../../ports/player.ts';
import type { Level } from '../../ports/lines.ts';
import type { Input, Room } from './room.ts';

const tell = (room: Room, input: Input, level: Level): void => {
  input.known = level;
  room.listener.onReading(input.line, { kind: 'level', level }, room.timers.now());
};

/**
 * News of an edge brings no level and no time with it: the level is that of now. Where it is what was said last, a pulse has
 * come and gone in between, and both its edges are told.
 */
export const heard = (room: Room, input: Input, level: Level): void => {
  if (!room.isOpen) return;
  if (level === input.known) tell(room, input, opposite(level));
  tell(room, input, level);
};

/** The level the kernel sees now; undefined: the line is not held or does not answer. */
export const levelOf = (room: Room, input: Input): Level | undefined => {
  const { held } = input;
  if (!held) return undefined;
  const read = held.pin.level();
  if (read.ok) return read.value;
  // Whoever reads must not be told from within: the loss is told in a turn of its own.
  room.timers.later(0, () => {
    if (input.held === held) loseInput(room, input, read.error);
  });
  return undefined;
};

export const loseInput = (room: Room, input: Input, reason: string): void => {
  if (!input.held || !room.isOpen) return;
  input.held.pin.release();
  room.sysfs.unexportLine(input.held.number);
  input.held = undefined;
  room.log('error', 'a GPIO input is lost', { line: input.line, reason });
  room.listener.onReading(input.line, { kind: 'lost' }, room.timers.now());
};

export const checkInput = (room: Room, input: Input): void => {
  const read = input.held?.pin.level();
  if (read?.ok === false) loseInput(room, input, read.error);
};

/** An input that was lost and is held again. */
export const tellBack = (room: Room, input: Input): void => {
  if (input.known !== undefined) tell(room, input, input.known);
};
