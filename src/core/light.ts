/**
 * What the light of a keypad or reader tells, as a state and not as a colour: which colour and rhythm it has is said once
 * for every driver in ports/lights.ts. Nothing here depends on which code was used.
 */
import type { KeypadView } from './keypadView.ts';

export const LIGHTS = [
  'ready',
  'set',
  'leaving',
  'entering',
  'alarm',
  'memory',
  'accepted',
  'refused',
  'locked-out',
  'fault',
] as const;

export type LightName = (typeof LIGHTS)[number];

/** The answer to the person comes first, then what is urgent, then how the areas stand. */
export const lightOf = ({ notice, lockedOut, areas, faults }: Omit<KeypadView, 'light'>): LightName => {
  if (lockedOut) return 'locked-out';
  if (notice?.kind === 'refused' || notice?.kind === 'arm-failed') return 'refused';
  if (notice?.kind === 'accepted') return 'accepted';
  if (areas.some(({ word }) => word === 'entering')) return 'entering';
  if (areas.some(({ word }) => word === 'exiting')) return 'leaving';
  if (areas.some(({ alarms }) => alarms.length > 0)) return 'alarm';
  if (areas.some(({ memory }) => memory.length > 0)) return 'memory';
  if (areas.length > 0 && areas.every(({ word }) => word === 'armed')) return 'set';
  return faults.length > 0 ? 'fault' : 'ready';
};
