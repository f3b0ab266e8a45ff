/** The colour and rhythm of each state a reader's light tells: one table, so that a light means the same on every reader. */
import type { LightName } from '../core/light.ts';

export type Colour = 'off' | 'red' | 'green' | 'amber' | 'blue';

/** `colour` for `onMs`, then off for `offMs`, again and again; `offMs` 0: steady. */
export type Light = { readonly colour: Colour; readonly onMs: number; readonly offMs: number };

const steady = (colour: Colour): Light => ({ colour, onMs: 1_000, offMs: 0 });

/** Dark while set: a light in the night says where the door is, and tells whoever watches that nobody is in. */
export const READER_LIGHTS: Readonly<Record<LightName, Light>> = {
  ready: steady('blue'),
  set: steady('off'),
  leaving: { colour: 'amber', onMs: 500, offMs: 500 },
  entering: { colour: 'amber', onMs: 200, offMs: 200 },
  alarm: { colour: 'red', onMs: 500, offMs: 500 },
  memory: { colour: 'red', onMs: 100, offMs: 1_900 },
  accepted: steady('green'),
  refused: steady('red'),
  'locked-out': { colour: 'red', onMs: 100, offMs: 100 },
  fault: { colour: 'amber', onMs: 100, offMs: 1_900 },
};
