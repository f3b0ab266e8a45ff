/**
 * What a screen is on a reader with a light, a sounder and perhaps a line or two of text, as far as it has them. The light beats
 * by itself; the sounder beats by itself where its rhythm is one sound and one silence, else each bar is sent anew.
 */
import type { KeypadScreen } from '../../ports/lines.ts';
import { READER_LIGHTS } from '../../ports/lights.ts';
import { RHYTHMS } from '../../ports/rhythms.ts';
import { COLOUR_CODES } from '../../protocol/osdp/commands.ts';
import type { Command } from '../../protocol/osdp/commands.ts';
import { CAPABILITY } from '../../protocol/osdp/replies.ts';
import type { Capabilities } from '../../protocol/osdp/replies.ts';

/** `repeatMs` undefined: once is enough. */
export type Tone = { readonly command: Command; readonly repeatMs: number | undefined };

const ROWS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4 };
const ROW_LETTERS = 16;
const FOR_EVER = 0;
const SILENCE: Tone = {
  command: { kind: 'buzzer', isOn: false, onMs: 0, offMs: 0, count: FOR_EVER },
  repeatMs: undefined,
};

/** A reader that told nothing of itself is tried with everything but text. */
const has = (capabilities: Capabilities, wanted: number): boolean =>
  capabilities.size === 0 || (capabilities.get(wanted)?.level ?? 0) > 0;

export const ledOf = ({ light }: KeypadScreen, capabilities: Capabilities): Command | undefined => {
  if (!has(capabilities, CAPABILITY.led)) return undefined;
  const { colour, onMs, offMs } = READER_LIGHTS[light];
  return { kind: 'led', colour: COLOUR_CODES[colour], onMs, offMs };
};

export const toneOf = ({ tone }: KeypadScreen, capabilities: Capabilities): Tone | undefined => {
  if (!has(capabilities, CAPABILITY.buzzer)) return undefined;
  if (tone === 'none') return SILENCE;
  const rhythm: readonly number[] = RHYTHMS[tone];
  const [onMs = 0, offMs = 0] = rhythm;
  const sounds = rhythm.length / 2;
  if (sounds === 1) return { command: { kind: 'buzzer', isOn: true, onMs, offMs, count: FOR_EVER }, repeatMs: undefined };
  const repeatMs = rhythm.reduce((sum, ms) => sum + ms, 0);
  return { command: { kind: 'buzzer', isOn: true, onMs, offMs, count: sounds }, repeatMs };
};

const ACCENTS = /\p{Mark}/gu;

/** Readers know ASCII only: `prêt` is shown as `pret`. */
const plainLetters = (text: string): string =>
  text.normalize('NFD').replace(ACCENTS, '').replaceAll('œ', 'oe').replaceAll('’', "'");

export const textRows = (capabilities: Capabilities): number => ROWS[capabilities.get(CAPABILITY.text)?.level ?? 0] ?? 0;

/** Every row, so that nothing of the last screen stays. */
export const textsOf = ({ text }: KeypadScreen, capabilities: Capabilities): readonly Command[] =>
  Array.from({ length: textRows(capabilities) }, (_, index) => ({
    kind: 'text',
    row: index + 1,
    text: plainLetters(text[index] ?? '')
      .slice(0, ROW_LETTERS)
      .padEnd(ROW_LETTERS),
  }));
