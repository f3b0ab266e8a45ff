/** What a check is given and what it says. The numbers are those of the ten things that must always hold; 0 is `step` itself. */
import type { AreaConfig, ZoneConfig } from '../../src/core/config.ts';
import type { Event } from '../../src/core/event.ts';
import type { Input } from '../../src/core/input.ts';
import type { Site } from '../../src/core/site.ts';
import type { AreaState, State, ZoneState } from '../../src/core/state.ts';
import type { Monotonic } from '../../src/core/time.ts';

export const INVARIANTS = {
  0: 'a step is a total, pure function that leaves its deadlines in order',
  1: 'nobody is locked in',
  2: 'no alarm is lost',
  3: 'it never disarms by itself',
  4: 'a power cut at any instant changes nothing but the time it took',
  5: 'duress is invisible on site',
  6: 'codes cannot be guessed',
  7: 'a remote request never disarms, silences or leaves out',
  8: 'outputs are a function of state, and the siren always stops',
  9: 'silence is an event: every fault is told, and so is its end',
  10: 'every refusal says why',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export type Violation = { readonly invariant: Invariant; readonly rule: string; readonly text: string };

/**
 * One step. `before` has no deadline earlier than `now` but, for a tick, those of the one instant that fires: the runtime
 * calls at every deadline, and so do the traces.
 */
export type Stepped = {
  readonly site: Site;
  readonly before: State;
  readonly input: Input;
  readonly now: Monotonic;
  readonly after: State;
  readonly events: readonly Event[];
  /** What is another object than before. */
  readonly zones: readonly ChangedZone[];
  readonly areas: readonly ChangedArea[];
};

export type ChangedZone = { readonly config: ZoneConfig; readonly was: ZoneState; readonly is: ZoneState };
export type ChangedArea = { readonly config: AreaConfig; readonly was: AreaState; readonly is: AreaState };

const NONE: readonly never[] = [];

const changes = <C, S>(configs: readonly C[], before: readonly S[], after: readonly S[]) => {
  if (before === after) return NONE;
  const changed: { readonly config: C; readonly was: S; readonly is: S }[] = [];
  for (const [index, config] of configs.entries()) {
    const [was, is] = [before[index], after[index]];
    if (was !== is && was !== undefined && is !== undefined) changed.push({ config, was, is });
  }
  return changed;
};

export const steppedOf = (
  { site, before, input, now }: Pick<Stepped, 'site' | 'before' | 'input' | 'now'>,
  after: State,
  events: readonly Event[],
): Stepped => ({
  site,
  before,
  input,
  now,
  after,
  events,
  zones: changes(site.config.zones, before.durable.zones, after.durable.zones),
  areas: changes(site.config.areas, before.durable.areas, after.durable.areas),
});

export type Say = (rule: string, text: string) => void;
export type Check = (stepped: Stepped, say: Say) => void;
