/** Outputs: one request each, so that one that cannot be had takes no other with it; taken at the level they are to have. */
import type { Level, LineProblem, LineTrouble } from '../../ports/lines.ts';
import type { Chip } from './chip.ts';
import { refusalOf } from './inputs.ts';
import { CONSUMER } from './room.ts';
import type { Output, Room } from './room.ts';
import { troubleOf } from './trouble.ts';
import { GET_LINE, GET_VALUES, SET_VALUES, descriptorIn, encodeOutput, encodeValues } from './uapi.ts';

export const takeOutput = (room: Room, chip: Chip, output: Output): LineProblem | undefined => {
  const bytes = encodeOutput(CONSUMER, output.offset, output.ordered);
  const error = room.kernel.ioctl(chip.descriptor, GET_LINE, bytes);
  if (error !== undefined) return { line: output.line, ...refusalOf(room, chip, output.offset, error) };
  output.descriptor = descriptorIn(bytes);
  return undefined;
};

export const tellTrouble = (room: Room, output: Output, trouble: LineTrouble | undefined): void => {
  if (output.trouble === trouble) return;
  output.trouble = trouble;
  room.listener.onOutputTrouble(output.line, trouble);
};

export const releaseOutput = ({ kernel }: Room, output: Output): void => {
  if (output.descriptor !== undefined) kernel.close(output.descriptor);
  output.descriptor = undefined;
};

const loseOutput = (room: Room, output: Output, error: string): void => {
  releaseOutput(room, output);
  const { trouble, detail } = troubleOf(error, `line ${output.offset}`);
  room.log('error', 'GPIO output lost', { line: output.line, trouble, detail });
  tellTrouble(room, output, trouble);
};

/** An output that is not held keeps the order for when it is back. */
export const putLevel = (room: Room, output: Output, level: Level): void => {
  output.ordered = level;
  if (output.descriptor === undefined) return;
  const error = room.kernel.ioctl(output.descriptor, SET_VALUES, encodeValues(BigInt(level), 1n));
  if (error !== undefined) loseOutput(room, output, error);
};

/** Nothing tells of an output whose chip went away until it is asked. */
export const checkOutput = (room: Room, output: Output): void => {
  if (output.descriptor === undefined) return;
  const error = room.kernel.ioctl(output.descriptor, GET_VALUES, encodeValues(0n, 1n));
  if (error !== undefined) loseOutput(room, output, error);
};
