/**
 * Supervised loops from the voltage at a board's pin to the signal of their zones: the bands of the config, the
 * conditioning of the core, and what each state of a loop is to be taken for.
 */
import { bandsOf } from '../../src/config/loops.ts';
import type { LoopDraft } from '../../src/config/shapes.ts';
import type { Reading } from '../../src/core/input.ts';
import { siteOf } from '../../src/core/site.ts';
import { monotonic } from '../../src/core/time.ts';
import { practiceConfig, zoneConfig } from './site.ts';
import { feed, pass, world, zone } from './world.ts';

const BASICS = { endOfLine: 4_700, pullUp: 4_700, tolerance: 0.02, cable: 100 };

export type LoopName = 'single' | 'double' | 'triple';

const LOOPS: Readonly<Record<LoopName, LoopDraft>> = {
  single: { kind: 'single', ...BASICS },
  double: { kind: 'double', alarm: 4_700, ...BASICS },
  triple: { kind: 'triple', alarm: 4_700, mask: 12_000, ...BASICS },
};
export const LOOP_NAMES: readonly LoopName[] = ['single', 'double', 'triple'];

/** A state that a loop can be in: its resistance, and what the zone makes of it. */
export type LoopState = { readonly name: string; readonly ohms: number; readonly signal: string };

const NORMAL: LoopState = { name: 'at rest', ohms: 4_700, signal: 'normal' };
const SHORT: LoopState = { name: 'shorted', ohms: 0, signal: 'tamper' };
const CUT: LoopState = { name: 'cut', ohms: Infinity, signal: 'tamper' };
const BETWEEN: LoopState = { name: 'a resistor of no state', ohms: 7_000, signal: 'fault' };
const OPENED: LoopState = { name: 'opened', ohms: 9_400, signal: 'active' };
const MASKED: LoopState = { name: 'masked', ohms: 16_700, signal: 'masked' };
const BOTH: LoopState = { name: 'opened and masked', ohms: 21_400, signal: 'masked' };

export const LOOP_STATES: Readonly<Record<LoopName, readonly LoopState[]>> = {
  single: [NORMAL, { ...CUT, name: 'opened', signal: 'active' }, SHORT, { ...BETWEEN, ohms: 1_500 }],
  double: [NORMAL, OPENED, SHORT, CUT, BETWEEN],
  triple: [NORMAL, OPENED, MASKED, BOTH, SHORT, CUT, BETWEEN],
};

/** Part of the supply at the line of a loop with this resistance. */
export const ratioOf = (ohms: number): number => (ohms === Infinity ? 1 : ohms / (ohms + BASICS.pullUp));

/** Zones `single`, `double` and `triple` on these lines, in a core that lives by the clock of the test. */
export const makeLoopZones = (lines: Readonly<Record<LoopName, string>>) => {
  const zones = LOOP_NAMES.map((name) =>
    zoneConfig(name, 'instant', {
      line: lines[name],
      sensing: { kind: 'loop', bands: bandsOf(LOOPS[name], 'normally-closed') },
      debounceMs: 20,
    }),
  );
  const core = world(siteOf({ ...practiceConfig({ doors: [], outputs: [] }), zones }));
  const beganAt = core.now;
  const seen = new Map<LoopName, string[]>(LOOP_NAMES.map((name) => [name, []]));

  const note = (): void => {
    for (const name of LOOP_NAMES) {
      const history = seen.get(name) ?? [];
      const { signal } = zone(core, name);
      if (history.at(-1) !== signal) history.push(signal);
    }
  };
  const at = (nowMs: number): void => {
    pass(core, Math.max(0, beganAt + nowMs - core.now));
    note();
  };
  return {
    /** A reading as the driver told it, and when it did. */
    hear: (line: string, reading: Reading, observedAtMs: number, nowMs: number): void => {
      at(nowMs);
      feed(core, { kind: 'reading', line, reading, observedAt: monotonic(Math.max(beganAt, beganAt + observedAtMs)) });
      note();
    },
    at,
    signal: (name: LoopName): string => zone(core, name).signal,
    /** Every signal of a zone in turn, since it was asked last; the first is the one it had. */
    history: (name: LoopName): readonly string[] => {
      const history = seen.get(name) ?? [];
      seen.set(name, history.slice(-1));
      return history;
    },
  };
};
