/** A small site for conditioning and supervision, and a hand-driven frame: deadlines fire in order, then the act happens. */
import type { Config, SupervisionConfig, ZoneConfig } from '../../src/core/config.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import { clearTimer, lineState, zonePlace, zoneState } from '../../src/core/frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import { initialState } from '../../src/core/initial.ts';
import type { Reading } from '../../src/core/input.ts';
import { siteOf } from '../../src/core/site.ts';
import type { LineState, Timer, ZoneState } from '../../src/core/state.ts';
import { DAY, HOUR, MINUTE, monotonic, SECOND } from '../../src/core/time.ts';
import { headTimer } from '../../src/core/timers.ts';
import { onSupervisionTimer } from '../../src/core/supervision/timers.ts';
import { onConditioningTimer, onReading } from '../../src/core/zone/conditioning.ts';
import { areaConfig, zoneConfig } from '../support/site.ts';

export const zone = (id: string, change: Partial<ZoneConfig> = {}): ZoneConfig =>
  zoneConfig(id, 'instant', { number: 1, area: 'practice', line: id, debounceMs: 20, ...change });

const supervision: SupervisionConfig = {
  mainsDelayMs: 30 * MINUTE,
  batteryDelayMs: MINUTE,
  testReportMs: DAY,
  faultAlarmMs: 10 * SECOND,
  warmUpMs: MINUTE,
  holdupWindowMs: 8 * HOUR,
  chatterMs: SECOND,
};

export const configOf = (zones: readonly ZoneConfig[]): Config => ({
  site: 'practice-1',
  name: 'Practice',
  timezone: 'Europe/Paris',
  areas: [areaConfig('practice', { unvacated: 'full' }), areaConfig('flat', { unvacated: 'full' })],
  zones,
  doors: [],
  outputs: [],
  keypads: [{ id: 'entrance', name: 'Entrance', areas: ['practice'], place: 'inside' }],
  users: [],
  operators: [],
  supervision,
  lockout: { tries: 10, windowMs: 15 * MINUTE, lockMs: 90 * SECOND },
});

export type World = {
  readonly frame: Frame;
  /** Lets time pass, deadlines firing in their order. */
  readonly pass: (toMs: number) => void;
  /** Lets time pass, then acts. Returns the events of both. */
  readonly at: (ms: number, act?: (frame: Frame) => void) => readonly Event[];
  readonly read: (ms: number, zoneId: string, reading: Reading, observedAt?: number) => readonly Event[];
  readonly zone: (id: string) => ZoneState;
  readonly line: (id: string) => LineState;
};

const CONDITIONING = new Set<string>(['debounce', 'chatter']);
const SUPERVISION = new Set<string>([
  'technical',
  'supervise',
  'not-seen',
  'test-report',
  'zone-review',
  'walk-test',
  'exercise',
  'on-test',
  'installer',
]);

const isConditioning = (timer: Timer): timer is Timer<'debounce' | 'chatter'> => CONDITIONING.has(timer.kind);
type SupervisionTimer = Timer & { readonly kind: Parameters<typeof onSupervisionTimer>[1] };
const isSupervision = (timer: Timer): timer is SupervisionTimer => SUPERVISION.has(timer.kind);

const fire = (frame: Frame, timer: Timer): void => {
  clearTimer(frame, timer.kind, timer.subject);
  frame.now = monotonic(Math.max(frame.now, timer.at));
  if (isConditioning(timer)) onConditioningTimer(frame, timer.kind, timer.subject);
  else if (isSupervision(timer)) onSupervisionTimer(frame, timer.kind, timer.subject);
};

export const worldOf = (zones: readonly ZoneConfig[]): World => {
  const site = siteOf(configOf(zones));
  const frame: Frame = { site, now: monotonic(0), state: initialState(site, monotonic(0)), events: [] };
  const pass = (toMs: number): void => {
    for (let timer = headTimer(frame.state); timer && timer.at <= toMs; timer = headTimer(frame.state)) fire(frame, timer);
    frame.now = monotonic(Math.max(frame.now, toMs));
  };
  const at = (ms: number, act: (frame: Frame) => void = () => {}): readonly Event[] => {
    const before = frame.events.length;
    pass(ms);
    act(frame);
    return frame.events.slice(before);
  };
  return {
    frame,
    pass,
    at,
    read: (ms, id, reading, observedAt = ms) =>
      at(ms, () => onReading(frame, zonePlace(frame, id), reading, monotonic(observedAt))),
    zone: (id) => zoneState(frame, zonePlace(frame, id)),
    line: (id) => lineState(frame, zonePlace(frame, id)),
  };
};

export const level = (value: 0 | 1): Reading => ({ kind: 'level', level: value });
export const ratio = (value: number): Reading => ({ kind: 'ratio', ratio: value });
export const LOST: Reading = { kind: 'lost' };

export const kindsOf = (events: readonly Event[]): readonly EventKind[] => events.map((event) => event.kind);
