/** What outputs are driven to, and their loss. */
import type { Level, LineTrouble } from '../../ports/lines.ts';
import { troubleOf } from './chip.ts';
import type { Output, Room } from './room.ts';

export const tellTrouble = (room: Room, output: Output, trouble: LineTrouble | undefined): void => {
  if (output.trouble === trouble) return;
  output.trouble = trouble;
  room.listener.onOutputTrouble(output.line, trouble);
};

const loseOutput = (room: Room, output: Output, error: string): void => {
  output.held?.pin.release();
  output.held = undefined;
  const { trouble, detail } = troubleOf(error, `line ${output.offset}`);
  room.log('error', 'a GPIO output is lost', { line: output.line, trouble, detail });
  tellTrouble(room, output, trouble);
};

/** An output that is not held keeps the order for when it is back. */
export const putLevel = (room: Room, output: Output, level: Level): void => {
  output.ordered = level;
  const error = output.held?.pin.put(level);
  if (error !== undefined) loseOutput(room, output, error);
};

/** Nothing tells of an output whose chip went away until it is asked. */
export const checkOutput = (room: Room, output: Output): void => {
  const read = output.held?.pin.level();
  if (read?.ok === false) loseOutput(room, output, read.error);
};
