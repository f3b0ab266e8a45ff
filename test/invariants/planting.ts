/** Ways to spoil a step, so that a check can be seen to see it. */
import type { EventKind } from '../../src/core/event.ts';
import type { Input } from '../../src/core/input.ts';
import type { AreaState, Durable, KeypadState, State, TimerKind, ZoneState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { Step } from '../../src/core/step.ts';
import type { Stepping } from './trace.ts';

export type Spoil = (done: Step, input: Input, before: State) => Step;

export const spoiled =
  (spoil: Spoil): Stepping =>
  (site, state, input, now) =>
    spoil(step(site, state, input, now), input, state);

export const withDurable = ({ state, events }: Step, change: Partial<Durable>): Step => ({
  state: { ...state, durable: { ...state.durable, ...change } },
  events,
});

export const areasSpoiled = (done: Step, change: (area: AreaState) => Partial<AreaState>): Step =>
  withDurable(done, { areas: done.state.durable.areas.map((area) => ({ ...area, ...change(area) })) });

export const zonesSpoiled = (done: Step, change: (zone: ZoneState) => Partial<ZoneState>): Step =>
  withDurable(done, { zones: done.state.durable.zones.map((zone) => ({ ...zone, ...change(zone) })) });

export const keypadsSpoiled = ({ state, events }: Step, change: Partial<KeypadState>): Step => ({
  state: {
    ...state,
    volatile: { ...state.volatile, keypads: state.volatile.keypads.map((keypad) => ({ ...keypad, ...change })) },
  },
  events,
});

export const without =
  (...kinds: readonly EventKind[]): Spoil =>
  ({ state, events }) => ({ state, events: events.filter(({ kind }) => !kinds.includes(kind)) });

export const withoutTimer =
  (kind: TimerKind): Spoil =>
  (done) =>
    withDurable(done, { timers: done.state.durable.timers.filter((timer) => timer.kind !== kind) });

export const disarmed = (area: AreaState): Partial<AreaState> => ({ arming: { state: 'disarmed', since: area.arming.since } });
