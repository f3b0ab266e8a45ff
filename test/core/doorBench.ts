/**
 * A small practice in virtual time for the rooms of doors and outputs: a yard door with contact and latch, a window with a
 * contact alone, two sirens, a sounder, a buzzer, two lamps. Only doors and outputs are at work in it.
 */
import type { AreaConfig, Config, ZoneConfig } from '../../src/core/config.ts';
import { isDoorTimer, onDoorTimer, onDoorZone, reviewDoors } from '../../src/core/door/exit.ts';
import type { EventKind } from '../../src/core/event.ts';
import {
  areaPlace,
  clearTimer,
  doorPlace,
  doorState,
  must,
  setArea,
  setZone,
  zonePlace,
  zoneState,
} from '../../src/core/frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import { initialState } from '../../src/core/initial.ts';
import { outputsOf, settleOutputs } from '../../src/core/output.ts';
import type { OutputValue } from '../../src/core/output.ts';
import { siteOf } from '../../src/core/site.ts';
import type { AreaState, Arming, DoorState, Signal, State, ZoneState } from '../../src/core/state.ts';
import { after, monotonic } from '../../src/core/time.ts';
import { headTimer } from '../../src/core/timers.ts';
import { areaConfig as practiceArea, doorConfig, outputConfig, zoneConfig as practiceZone } from '../support/site.ts';

export { doorConfig, outputConfig };

export const areaConfig = (id: string, change: Partial<AreaConfig> = {}): AreaConfig =>
  practiceArea(id, { unvacated: 'full', checklist: [{ id: 'toilettes', text: 'Toilettes vides' }], ...change });

export const zoneConfig = (id: string, number: number, change: Partial<ZoneConfig> = {}): ZoneConfig =>
  practiceZone(id, 'exit-guard', { number, debounceMs: 20, ...change });

export const practice = (change: Partial<Config> = {}): Config => ({
  site: 'cabinet-test',
  name: 'Cabinet de test',
  timezone: 'Europe/Paris',
  areas: [areaConfig('cabinet')],
  zones: [
    zoneConfig('cour', 11, { name: 'Porte de la cour' }),
    zoneConfig('cour-gache', 12, { name: 'Gâche de la cour', type: 'latch' }),
    zoneConfig('fenetre', 13, { name: 'Fenêtre de la cour' }),
    zoneConfig('entree', 14, { name: 'Entrée', type: 'entry-exit' }),
    zoneConfig('panique', 15, { name: 'Bouton discret', type: 'holdup-silent' }),
  ],
  doors: [
    doorConfig('porte-cour', 'cour', 'cour-gache', { name: 'Porte de la cour' }),
    doorConfig('fenetre-cour', 'fenetre', undefined, { name: 'Fenêtre de la cour' }),
  ],
  outputs: [
    outputConfig('sonnerie', { kind: 'sounder', doors: ['porte-cour', 'fenetre-cour'] }),
    outputConfig('sirene', { kind: 'siren', areas: ['cabinet'], place: 'indoor' }),
    outputConfig('sirene-rue', { kind: 'siren', areas: ['cabinet'], place: 'outdoor' }, { maxOnMs: 180_000, minOffMs: 1_000 }),
    outputConfig('buzzer', { kind: 'buzzer', keypads: ['clavier'] }),
    outputConfig('temoin', { kind: 'armed-lamp', areas: ['cabinet'] }),
    outputConfig('flash', { kind: 'alarm-light', areas: ['cabinet'] }),
  ],
  keypads: [{ id: 'clavier', name: 'Entrée', areas: ['cabinet'], place: 'inside' }],
  users: [],
  operators: [],
  supervision: {
    mainsDelayMs: 1_800_000,
    batteryDelayMs: 0,
    testReportMs: 86_400_000,
    faultAlarmMs: 10_000,
    warmUpMs: 60_000,
    holdupWindowMs: 28_800_000,
    chatterMs: 1_000,
  },
  lockout: { tries: 10, windowMs: 900_000, lockMs: 90_000 },
  ...change,
});

export const settle = settleOutputs;

const touch = (frame: Frame, id: string, change: Partial<ZoneState>): void => {
  const zone = zonePlace(frame, id);
  const from = zoneState(frame, zone).signal;
  setZone(frame, zone, { since: frame.now, ...change });
  for (const door of frame.site.doorsOfZone.get(id) ?? []) onDoorZone(frame, door, from);
  settle(frame);
};

export const move = (frame: Frame, id: string, signal: Signal): void => touch(frame, id, { signal });
export const leaveOut = (frame: Frame, id: string, change: Pick<Partial<ZoneState>, 'isolated' | 'inhibited'>): void =>
  touch(frame, id, change);

/** A frame in which time passes by hand; it starts with every zone at rest. */
export const bench = (config: Config = practice()): Frame => {
  const site = siteOf(config);
  const now = monotonic(1_000_000);
  const frame: Frame = { site, now, state: initialState(site, now), events: [] };
  for (const zone of config.zones) move(frame, zone.id, 'normal');
  frame.events.length = 0;
  return frame;
};

/** Puts a state under a new frame, as a restart does with what was on disk. */
export const resume = (frame: Frame, state: State): Frame => ({ site: frame.site, now: state.at, state, events: [] });

export const pass = (frame: Frame, ms: number): void => {
  const end = after(frame.now, ms);
  for (let timer = headTimer(frame.state); timer && timer.at <= end; timer = headTimer(frame.state)) {
    frame.now = timer.at;
    clearTimer(frame, timer.kind, timer.subject);
    if (isDoorTimer(timer.kind)) onDoorTimer(frame, timer.kind, timer.subject);
    settle(frame);
  }
  frame.now = end;
  settle(frame);
};

export const put = (frame: Frame, change: Partial<AreaState>, area = 'cabinet'): void => {
  setArea(frame, areaPlace(frame, area), change);
  reviewDoors(frame, area);
  settle(frame);
};

const who = { user: 'claire', cause: 'keypad', keypad: 'clavier' } as const;

export const disarmed = (frame: Frame): Arming => ({ state: 'disarmed', since: frame.now });
export const exiting = (frame: Frame): Arming => ({
  state: 'exiting',
  since: frame.now,
  mode: 'full',
  who,
  doorOpened: false,
  restarted: false,
  opened: [],
  overridden: [],
});
export const armed = (frame: Frame): Arming => ({ state: 'armed', since: frame.now, mode: 'full', who });
export const entering = (frame: Frame): Arming => ({
  state: 'entering',
  since: frame.now,
  mode: 'full',
  who,
  armedSince: frame.now,
  zone: 'entree',
  exitError: false,
});

export const doorNow = (frame: Frame, id = 'porte-cour'): DoorState => doorState(frame, doorPlace(frame, id));

export const output = (frame: Frame, id: string): OutputValue => {
  const index = frame.site.config.outputs.findIndex((candidate) => candidate.id === id);
  return must(outputsOf(frame.site, frame.state)[index], id);
};

/** What the output plays: the name of its rhythm, `on` or `off`. */
export const heard = (frame: Frame, id = 'sonnerie'): string => {
  const value = output(frame, id);
  return typeof value === 'string' ? value : value.pattern;
};

/** The kinds of the events since the last call. */
export const told = (frame: Frame): readonly EventKind[] => frame.events.splice(0).map(({ kind }) => kind);
