/** What all drawn traces are made of: lines that move, time that passes, people and their codes. */
import type { KeypadConfig, Meaning, ZoneConfig } from '../../src/core/config.ts';
import type { Reading, Way } from '../../src/core/input.ts';
import type { Site } from '../../src/core/site.ts';
import type { Random } from './random.ts';
import type { Act } from './trace.ts';

export type Temper = {
  /** Every code is an ordinary one: what a twin's covert codes are compared with. */
  readonly meanings: 'all' | 'normal';
  readonly restarts: boolean;
};

export type Drawing = { readonly site: Site; readonly random: Random; readonly temper: Temper; readonly queue: Act[] };
export type Code = Extract<Act, { do: 'code' }>;

// ---- lines

export const CLOSED: Reading = { kind: 'level', level: 0 };
export const OPEN: Reading = { kind: 'level', level: 1 };

const readAct = (line: string, reading: Reading): Act => ({ do: 'read', line, reading });

const openOf = ({ sensing }: ZoneConfig): Reading => (sensing.kind === 'digital' ? OPEN : { kind: 'ratio', ratio: 0.5 });
const restOf = ({ sensing }: ZoneConfig): Reading => {
  if (sensing.kind === 'digital') return CLOSED;
  return { kind: 'ratio', ratio: sensing.kind === 'loop' ? 0.3 : 0.375 };
};

export const opens = (zone: ZoneConfig): Act => readAct(zone.line, openOf(zone));
export const closes = (zone: ZoneConfig): Act => readAct(zone.line, restOf(zone));
export const pass = (ms: number): Act => ({ do: 'pass', ms });

// ---- people

export const anyMeaning = ({ random, temper }: Drawing): Meaning => {
  if (temper.meanings === 'normal' || random.chance(0.85)) return 'normal';
  return random.chance(0.5) ? 'duress' : 'not-normal';
};

export const keypadWay = (keypad: KeypadConfig | undefined): Way =>
  keypad ? { kind: 'keypad', keypad: keypad.id } : { kind: 'page' };

export const anyUser = ({ site, random }: Drawing): string | undefined => {
  if (random.chance(0.1)) return undefined;
  if (random.chance(0.5)) return site.config.users[random.chance(0.5) ? 0 : 1]?.id;
  return random.chance(0.02) ? 'nobody-any-more' : random.anyOf(site.config.users)?.id;
};
