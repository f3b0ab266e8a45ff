/** Every fuzzer there is; a parser of anything from outside has one. A name's first word gathers those of one subject. */
import { STATION_FUZZERS } from '../support/stations/fuzz.ts';
import { commandFuzzer } from './commands.ts';
import type { Fuzzer } from './fuzzer.ts';
import { KEYBOARD_FUZZER } from './keyboards.ts';
import { osdpBusFuzzer } from './osdpBus.ts';
import { osdpFrames } from './osdpFrames.ts';
import { READER_FUZZERS } from './readers.ts';

export const FUZZERS: readonly Fuzzer[] = [
  osdpFrames,
  osdpBusFuzzer,
  ...READER_FUZZERS,
  KEYBOARD_FUZZER,
  commandFuzzer,
  ...STATION_FUZZERS,
];

/** `osdp` names both `osdp-frames` and `osdp-bus`. */
export const fuzzersNamed = (name: string): readonly Fuzzer[] =>
  FUZZERS.filter((fuzzer) => fuzzer.name === name || fuzzer.name.startsWith(`${name}-`));
