/**
 * The bare machine: what still guards when the core has failed twice within minutes. It goes on from the last state and
 * needs nothing of the core's logic: a detection zone that becomes active in a set area sounds that area's sirens and is
 * told to the centre; so are hold-up, tamper and 24 h zones, set or not. An entry that runs ends in an alarm. It neither
 * sets nor unsets anything, and knows no person, no pulse count and no door.
 */
import type { AreaConfig, Sensing, ZoneConfig } from '../core/config.ts';
import type { Event, EventFacts, EventKind } from '../core/event.ts';
import { initialVolatile } from '../core/initial.ts';
import type { Input, Reading } from '../core/input.ts';
import type { OutputValue } from '../core/output.ts';
import type { Place, Site } from '../core/site.ts';
import type { AreaState, DurableTimerKind, State, Timer } from '../core/state.ts';
import type { Step } from '../core/step.ts';
import { after, MINUTE, wall } from '../core/time.ts';
import type { Monotonic } from '../core/time.ts';
import type { Machine } from './machine.ts';

/** A step under way: the state so far and what it tells. */
type Work = { readonly site: Site; readonly now: Monotonic; state: State; readonly events: Event[] };

const SIREN_MAX_MS = 3 * MINUTE;

const change = (work: Work, durable: Partial<State['durable']>): void => {
  work.state = { ...work.state, durable: { ...work.state.durable, ...durable } };
};

const tell = ({ state, now, events }: Work, kind: EventKind, facts: EventFacts = {}): void => {
  const { offsetMs, highWater, synchronised } = state.durable.clock;
  const at = wall(Math.round(Math.max(now + offsetMs, highWater)));
  events.push({ kind, at, atQuality: synchronised ? 'synchronised' : 'unsynchronised', mono: now, exercise: false, ...facts });
};

// ---- timers: the two kinds it knows

const KNOWN: ReadonlySet<DurableTimerKind> = new Set<DurableTimerKind>(['siren', 'entry']);

const knownTimers = ({ durable }: State): readonly Timer<DurableTimerKind>[] =>
  durable.timers.filter(({ kind }) => KNOWN.has(kind));

const nextDeadline = (state: State): Monotonic | undefined =>
  knownTimers(state).reduce<Monotonic | undefined>(
    (first, { at }) => (first === undefined || at < first ? at : first),
    undefined,
  );

const fireTimers = (work: Work): void => {
  for (const timer of knownTimers(work.state)) {
    if (timer.at > work.now) continue;
    change(work, { timers: work.state.durable.timers.filter((other) => other !== timer) });
    const area = work.site.areas.get(timer.subject);
    if (!area) continue;
    if (timer.kind === 'siren') setArea(work, area, { siren: undefined });
    else raise(work, area, 'intrusion', { cause: 'entry-expired' });
  }
};

// ---- areas and sirens

const areaOf = (work: Work, { index }: Place<AreaConfig>): AreaState | undefined => work.state.durable.areas[index];

const setArea = (work: Work, area: Place<AreaConfig>, facts: Partial<AreaState>): void =>
  change(work, { areas: work.state.durable.areas.map((one, index) => (index === area.index ? { ...one, ...facts } : one)) });

/** Set, coming in, or gone out: who was leaving when the core failed has had the whole delay. */
const isSet = (work: Work, area: Place<AreaConfig>): boolean => {
  const arming = areaOf(work, area)?.arming.state;
  if (arming !== 'exiting') return arming === 'armed' || arming === 'entering';
  return !work.state.durable.timers.some(
    ({ kind, subject, at }) => kind === 'exit' && subject === area.config.id && at > work.now,
  );
};

/** Told always; heard while the siren has cycles left. One that sounds is never made longer. */
const raise = (work: Work, area: Place<AreaConfig>, kind: EventKind, facts: EventFacts): void => {
  tell(work, kind, { area: area.config.id, ...facts, detail: { bare: true } });
  const { siren, sirenCycles } = areaOf(work, area) ?? {};
  if (siren || sirenCycles === undefined || sirenCycles >= area.config.sirenCycles) return;
  const end: Timer<DurableTimerKind> = {
    at: after(work.now, Math.min(area.config.sirenMs, SIREN_MAX_MS)),
    kind: 'siren',
    subject: area.config.id,
  };
  setArea(work, area, { siren: { since: work.now, reach: 'full' }, sirenCycles: sirenCycles + 1 });
  change(work, { timers: [...work.state.durable.timers, end] });
};

// ---- zones

/** Undefined: a measurement, which is no detection. A line that nobody hears is active: better told once too often. */
const isActive = (sensing: Sensing, reading: Reading): boolean | undefined => {
  if (sensing.kind === 'measure') return undefined;
  if (reading.kind === 'lost') return true;
  if (sensing.kind === 'digital') return reading.kind === 'level' && reading.level === sensing.activeLevel;
  if (reading.kind !== 'ratio') return true;
  return sensing.bands.find(({ from, to }) => reading.ratio >= from && reading.ratio < to)?.signal !== 'normal';
};

const isLeftOut = (work: Work, zone: Place<ZoneConfig>): boolean => {
  const state = work.state.durable.zones[zone.index];
  if (!state || state.inhibited || state.isolated || state.shunted || state.omitted !== 'no') return true;
  const arming = work.state.durable.areas[work.site.areas.get(zone.config.area)?.index ?? -1]?.arming;
  const mode = arming && 'mode' in arming ? arming.mode : 'full';
  return (mode === 'partial' && zone.config.type === 'interior') || (mode === 'night' && zone.config.duty);
};

/** What an activation is told as, and whether only a set area makes anything of it. */
const meaningOf = ({ type }: ZoneConfig): { readonly kind: EventKind; readonly whenSet: boolean } | undefined => {
  switch (type) {
    case 'entry-exit':
    case 'follower':
    case 'instant':
    case 'interior':
    case 'exit-guard':
      return { kind: 'intrusion', whenSet: true };
    case 'holdup-silent':
    case 'holdup-audible':
    case 'tamper':
      return { kind: type, whenSet: false };
    case '24h':
      return { kind: 'alarm-24h', whenSet: false };
    case 'latch':
    case 'technical':
    case 'keyswitch':
    case 'push-to-set':
    case 'exit-request':
    case 'door-request':
    case 'door-permit':
    case 'bell':
    case 'bolt':
    case 'green-box':
    case 'fire-sense':
    case 'mains':
    case 'battery-low':
    case 'charger-fault':
    case 'siren-fault':
      return undefined;
  }
};

const onActivation = (work: Work, zone: Place<ZoneConfig>): void => {
  const area = work.site.areas.get(zone.config.area);
  const meaning = meaningOf(zone.config);
  if (!area || !meaning || isLeftOut(work, zone)) return;
  const set = isSet(work, area);
  const facts: EventFacts = { zone: zone.config.id, cause: 'zone' };
  if (set || !meaning.whenSet) {
    // A silent hold-up is never heard on site, and an unset area has no siren but for what must be heard by day.
    const isHeard = meaning.kind !== 'holdup-silent' && (set || meaning.kind !== 'tamper');
    if (isHeard) raise(work, area, meaning.kind, facts);
    else tell(work, meaning.kind, { area: area.config.id, ...facts, detail: { bare: true } });
  }
};

const hear = (work: Work, zone: Place<ZoneConfig>, reading: Reading): void => {
  const active = isActive(zone.config.sensing, reading);
  const before = work.state.volatile.lines[zone.index];
  if (active === undefined || !before || (before.reading === 'active') === active) return;
  const lines = work.state.volatile.lines.map((line, index) =>
    index === zone.index ? { ...line, reading: active ? ('active' as const) : ('normal' as const) } : line,
  );
  work.state = { ...work.state, volatile: { ...work.state.volatile, lines } };
  if (active) onActivation(work, zone);
};

// ---- the step

const onInput = (work: Work, input: Input): void => {
  switch (input.kind) {
    case 'start':
      tell(work, 'bare-mode');
      for (const zone of work.site.zones.values()) {
        const reading = input.start.readings[zone.config.line];
        if (reading) hear(work, zone, reading);
      }
      return;
    case 'reading':
      for (const zone of work.site.zones.values()) if (zone.config.line === input.line) hear(work, zone, input.reading);
      return;
    case 'clock':
      return change(work, {
        clock: { ...work.state.durable.clock, offsetMs: input.wall - work.now, synchronised: input.synchronised },
      });
    case 'report':
      return tell(work, input.event, input.facts);
    case 'stop':
      return tell(work, 'stopped');
    case 'tick':
    case 'calendar':
    case 'condition':
    case 'attempt':
    case 'verdict':
    case 'choice':
    case 'remote-unlock':
    case 'person':
      return;
  }
};

const step = (site: Site, before: State, input: Input, at: Monotonic): Step => {
  const now = at > before.at ? at : before.at;
  const volatile = input.kind === 'start' ? initialVolatile(site) : before.volatile;
  const work: Work = { site, now, state: { ...before, at: now, volatile }, events: [] };
  fireTimers(work);
  onInput(work, input);
  return { state: work.state, events: work.events };
};

const outputsOf = ({ config, areas }: Site, { durable }: State): readonly OutputValue[] =>
  config.outputs.map(({ role }) => {
    if (role.kind !== 'siren' || durable.site.fireActive.length > 0) return 'off';
    return role.areas.some((id) => durable.areas[areas.get(id)?.index ?? -1]?.siren) ? 'on' : 'off';
  });

export const bareMachine: Machine = { kind: 'bare', step, outputsOf, nextDeadline };
