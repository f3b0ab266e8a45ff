/**
 * The retained present-state messages, from the core's state. They can be read on site, by Home Assistant and by
 * whoever stands before its screen: nothing covert is in them, nor anything that a covert act would change.
 */
import type { ArmMode, AreaConfig, DoorConfig, ZoneConfig } from '../core/config.ts';
import type { Place, Site } from '../core/site.ts';
import type { ActiveAlarm, AreaState, DoorState, Durable, State, ZoneState } from '../core/state.ts';
import type { DoorWord, LockWord } from '../core/words/words.ts';
import { codeOf } from './eventCodes.ts';
import { isoOf } from './instant.ts';
import { encode } from './payloads.ts';
import type {
  AreaStateMessage,
  DoorStateMessage,
  HealthStateMessage,
  PanelWord,
  ShownAlarm,
  ZoneStateMessage,
} from './stateMessages.ts';
import { topicOf } from './topics.ts';

export type StatePublication = { readonly topic: string; readonly payload: Uint8Array; readonly qos: 1; readonly retain: true };

const isHoldup = (zone: ZoneConfig | undefined): boolean => zone?.type === 'holdup-silent' || zone?.type === 'holdup-audible';

/** Held: the centre is not told yet, and may never be. */
const isHeld = (area: AreaState, alarm: ActiveAlarm): boolean =>
  area.held.some(({ event }) => event.kind === alarm.kind && event.zone === alarm.zone);

const isShown = (area: AreaState, alarm: ActiveAlarm): boolean => !codeOf(alarm.kind).covert && !isHeld(area, alarm);

const shownAlarm = (site: Site, alarm: ActiveAlarm): ShownAlarm => {
  const zone = alarm.zone === undefined || isHoldup(site.zones.get(alarm.zone)?.config) ? {} : { zone: alarm.zone };
  return { kind: alarm.kind, ...zone };
};

const armedWords: Readonly<Record<ArmMode, PanelWord>> = { full: 'armed_away', partial: 'armed_home', night: 'armed_night' };

/** A door left open or a warm fridge is not what Home Assistant means by *triggered*. */
const triggers = (alarm: ActiveAlarm): boolean => {
  const code = codeOf(alarm.kind);
  return code.lane === 'alarm' && ['intrusion', 'holdup', 'tamper', 'fire'].includes(code.class);
};

const panelWord = (area: AreaState): PanelWord => {
  if (area.alarms.some((alarm) => isShown(area, alarm) && triggers(alarm))) return 'triggered';
  switch (area.arming.state) {
    case 'disarmed':
      return 'disarmed';
    case 'exiting':
      return 'arming';
    case 'entering':
      return 'pending';
    case 'armed':
      return area.held.length > 0 && area.held.some(({ event }) => !codeOf(event.kind).covert)
        ? 'pending'
        : armedWords[area.arming.mode];
  }
};

export const areaStateOf = (site: Site, { index, config }: Place<AreaConfig>, durable: Durable): AreaStateMessage | undefined => {
  const area = durable.areas[index];
  if (!area) return undefined;
  return {
    v: 1,
    area: config.id,
    state: panelWord(area),
    ...(area.arming.state === 'disarmed' ? {} : { mode: area.arming.mode }),
    alarms: area.alarms.filter((alarm) => isShown(area, alarm)).map((alarm) => shownAlarm(site, alarm)),
    memory: area.memory.filter((entry) => !codeOf(entry.kind).covert).length,
    sounding: area.siren !== undefined,
  };
};

/** Undefined for a hold-up input: it has no present state that anyone on site may read. */
export const zoneStateOf = ({ index, config }: Place<ZoneConfig>, durable: Durable): ZoneStateMessage | undefined => {
  const zone = durable.zones[index];
  if (!zone || isHoldup(config)) return undefined;
  return {
    v: 1,
    zone: config.id,
    area: config.area,
    signal: zone.signal,
    inhibited: zone.inhibited,
    isolated: zone.isolated,
    omitted: zone.omitted !== 'no',
  };
};

const signalOf = (site: Site, durable: Durable, zone: string): ZoneState['signal'] => {
  const place = site.zones.get(zone);
  return (place && durable.zones[place.index]?.signal) ?? 'unknown';
};

const leafOf = (signal: ZoneState['signal']): DoorStateMessage['leaf'] => {
  if (signal === 'normal') return 'closed';
  return signal === 'active' ? 'open' : 'unknown';
};

const latchOf = (signal: ZoneState['signal']): DoorStateMessage['latch'] => {
  if (signal === 'normal') return 'engaged';
  return signal === 'active' ? 'not-engaged' : 'unknown';
};

/** What only the core can answer of a door, by its place in the config. */
export type DoorQuestions = {
  readonly doorMode: (site: Site, state: State, doorIndex: number) => DoorWord;
  readonly lockStatus: (site: Site, state: State, doorIndex: number) => LockWord;
};

/** The ladder's sounder stops by itself where nobody hears it (`spent`); that of a forced door goes by `forcedSince`. */
const isSounding = ({ ladder, spent, forcedSince, silencedUntil }: DoorState): boolean => {
  if (silencedUntil !== undefined) return false;
  return forcedSince !== undefined || ((ladder === 'sounding' || ladder === 'escalated') && !spent);
};

export const doorStateOf = (
  site: Site,
  { index, config }: Place<DoorConfig>,
  state: State,
  ask: DoorQuestions,
): DoorStateMessage | undefined => {
  const { durable } = state;
  const door = durable.doors[index];
  if (!door) return undefined;
  return {
    v: 1,
    door: config.id,
    area: config.area,
    leaf: leafOf(signalOf(site, durable, config.contact)),
    latch: config.latch === undefined ? 'none' : latchOf(signalOf(site, durable, config.latch)),
    mode: ask.doorMode(site, state, index),
    lock: ask.lockStatus(site, state, index),
    forced: door.forced,
    egressHeld: door.egressHeld,
    fault: door.fault,
    sounding: isSounding(door),
    silenced: door.silencedUntil !== undefined,
    latchFault: door.latchFault,
  };
};

export const healthStateOf = (durable: Durable): HealthStateMessage => ({
  v: 1,
  health: durable.conditions.length > 0 ? 'fault' : 'ok',
  conditions: durable.conditions.map(({ condition, subject, since }) => ({ condition, subject, since: isoOf(since) })),
  clockSynchronised: durable.clock.synchronised,
  exercise: durable.site.exercise !== undefined,
  walkTest: durable.site.walkTest !== undefined,
  onTest: durable.site.onTest !== undefined,
});

const publication = (topic: string, message: object): StatePublication => ({
  topic,
  payload: encode(message),
  qos: 1,
  retain: true,
});

/** Every present-state message of the site. The caller sends those that differ from what it sent last. */
export const presentState = (site: Site, state: State, ask: DoorQuestions): readonly StatePublication[] => {
  const { durable } = state;
  const name = site.config.site;
  const at = (of: 'area' | 'zone' | 'door', id: string, message: object | undefined): readonly StatePublication[] =>
    message ? [publication(topicOf({ kind: 'state', site: name, of, id }), message)] : [];
  return [
    ...[...site.areas.values()].flatMap((place) => at('area', place.config.id, areaStateOf(site, place, durable))),
    ...[...site.zones.values()].flatMap((place) => at('zone', place.config.id, zoneStateOf(place, durable))),
    ...[...site.doors.values()].flatMap((place) => at('door', place.config.id, doorStateOf(site, place, state, ask))),
    publication(topicOf({ kind: 'state-health', site: name }), healthStateOf(durable)),
  ];
};
