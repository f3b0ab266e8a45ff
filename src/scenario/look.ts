/** Whether a fact holds in a world, and what is there instead. */
import type { Event } from '../core/event.ts';
import { doorModeOf, lockStatusOf } from '../core/door/status.ts';
import { assertNever, must } from '../core/frame.ts';
import type { Place } from '../core/site.ts';
import type { KeypadState, ZoneState } from '../core/state.ts';
import { laneOf } from '../protocol/eventCodes.ts';
import type { EventFilter, Fact } from './story.ts';
import { outputText } from './trace.ts';
import type { World } from './world.ts';

export type Seen = {
  readonly holds: boolean;
  /** What is there, in words. */
  readonly instead: string;
};

type Facts = EventFilter['facts'];

// ---- events

const blockerMatches = (happened: Event, wanted: string): boolean =>
  happened.blockers?.some(({ kind, zone, door, item }) => [kind, zone, door, item].includes(wanted)) ?? false;

const factMatches = (happened: Event, { name, value }: Facts[number]): boolean => {
  switch (name) {
    case 'synchronised':
      return (happened.atQuality === 'synchronised') === value;
    case 'confirmed':
      return (happened.confirmed ?? false) === value;
    case 'blocker':
      return typeof value === 'string' && blockerMatches(happened, value);
    case 'zone':
      return happened.zone === value || (typeof value === 'string' && (happened.zones?.includes(value) ?? false));
    case 'result':
      return happened.detail?.['result'] === value;
    default:
      return Object.entries(happened).some(([key, each]) => key === name && each === value);
  }
};

export const eventMatches = (happened: Event, { kind, facts }: EventFilter): boolean =>
  (kind === undefined || happened.kind === kind) && facts.every((fact) => factMatches(happened, fact));

const SHOWN = ['area', 'zone', 'door', 'output', 'keypad', 'user', 'operator', 'mode', 'cause', 'reason'] as const;

export const describeEvent = (happened: Event): string => {
  const facts = SHOWN.flatMap((name) => (happened[name] === undefined ? [] : [`${name} ${happened[name]}`]));
  const blockers =
    happened.blockers?.map(({ kind, zone, door, item }) => [kind, zone ?? door ?? item ?? ''].join(' ').trim()) ?? [];
  const zones = happened.zones === undefined ? [] : [`zones ${happened.zones.join(' ')}`];
  const confirmed = happened.confirmed === undefined ? [] : [happened.confirmed ? 'confirmed' : 'unconfirmed'];
  const all = [...facts, ...confirmed, ...zones, ...(blockers.length > 0 ? [`blockers: ${blockers.join('; ')}`] : [])];
  return [happened.kind, ...all].join(' ');
};

const describeEvents = (events: readonly Event[]): string =>
  events.length === 0 ? 'nothing happened' : `there was: ${events.map(describeEvent).join(' | ')}`;

const seeEvent = (events: readonly Event[], filter: EventFilter, times: number | undefined): Seen => {
  const count = events.filter((each) => eventMatches(each, filter)).length;
  return { holds: times === undefined ? count > 0 : count === times, instead: describeEvents(events) };
};

/** In this order, others between them. */
const seeOrder = (events: readonly Event[], kinds: readonly string[]): Seen => {
  let found = 0;
  for (const { kind } of events) if (kind === kinds[found]) found += 1;
  return { holds: found === kinds.length, instead: describeEvents(events) };
};

// ---- state

const placeOf = <T>(map: ReadonlyMap<string, Place<unknown>>, list: readonly T[], id: string): T => {
  const found = list[map.get(id)?.index ?? -1];
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

const areaOf = (world: World, id: string) => placeOf(world.options.site.areas, world.state.durable.areas, id);

const seeArea = (world: World, { area, state, mode }: Extract<Fact, { kind: 'area' }>): Seen => {
  const { arming } = areaOf(world, area);
  const actual = arming.state === 'disarmed' ? undefined : arming.mode;
  return {
    holds: arming.state === state && (mode === undefined || mode === actual),
    instead: `area ${area} is ${arming.state} ${actual ?? ''}`.trim(),
  };
};

const seeOutput = (world: World, output: string, value: string): Seen => {
  const index = world.options.site.config.outputs.findIndex(({ id }) => id === output);
  const actual = outputText(world.outputs[index] ?? 'off');
  return { holds: actual === value, instead: `output ${output} is ${actual}` };
};

const zoneWords = ({ signal, inhibited, isolated, omitted, inAlarm, shunted, walked }: ZoneState): string[] => [
  signal,
  ...(inhibited ? ['inhibited'] : []),
  ...(isolated ? ['isolated'] : []),
  ...(omitted === 'no' ? [] : ['omitted']),
  ...(inAlarm ? ['in-alarm'] : []),
  ...(shunted ? ['shunted'] : []),
  ...(walked === undefined ? [] : ['walked']),
];

const seeZone = (world: World, zone: string, state: string): Seen => {
  const words = zoneWords(placeOf(world.options.site.zones, world.state.durable.zones, zone));
  return { holds: words.includes(state), instead: `zone ${zone} is ${words.join(', ')}` };
};

const seeDoor = (world: World, id: string, state: string): Seen => {
  const door = placeOf(world.options.site.doors, world.state.durable.doors, id);
  const words = [
    door.ladder,
    door.fault,
    ...(door.silencedUntil === undefined ? [] : ['silenced']),
    ...(door.latchFault ? ['latch-fault'] : []),
    ...(door.forced ? ['forced'] : []),
    ...(door.egressHeld ? ['freed'] : []),
    ...(door.interlockAlarm ? ['interlock-alarm'] : []),
    ...(door.exitRequestStuck ? ['exit-request-stuck'] : []),
    doorModeOf(world.options.site, world.state, must(world.options.site.doors.get(id), `door ${id}`)),
  ];
  return { holds: words.includes(state), instead: `door ${id} is ${words.join(', ')}` };
};

const seeLock = (world: World, id: string, state: string): Seen => {
  const actual = lockStatusOf(world.options.site, world.state, must(world.options.site.doors.get(id), `door ${id}`));
  return { holds: actual === state, instead: `lock ${id} is ${actual}` };
};

// ---- keypads

const keypadOf = (world: World, id: string): KeypadState => placeOf(world.options.site.keypads, world.state.volatile.keypads, id);

const aboutOf = ({ notice }: KeypadState): string | undefined => {
  if (notice?.kind === 'refused') return notice.reason;
  if (notice?.kind === 'accepted') return notice.verb;
  if (notice?.kind === 'door') return notice.outcome;
  return undefined;
};

const seeKeypad = (world: World, { keypad, notice, about }: Extract<Fact, { kind: 'keypad' }>): Seen => {
  const state = keypadOf(world, keypad);
  const shown = state.notice?.kind ?? 'nothing';
  const detail = aboutOf(state);
  return {
    holds: shown === notice && (about === undefined || about === detail),
    instead: `keypad ${keypad} shows ${shown} ${detail ?? ''}`.trim(),
  };
};

const blockersOf = ({ notice }: KeypadState): string[] => {
  if (notice?.kind === 'arm-failed') return notice.zones.map((zone) => `zone-open ${zone}`);
  if (notice?.kind !== 'refused') return [];
  return notice.blockers.map(({ kind, zone, door, item }) => `${kind} ${zone ?? door ?? item ?? ''}`.trim());
};

const seeBlocker = (world: World, { keypad, blocker, about }: Extract<Fact, { kind: 'blocker' }>): Seen => {
  const named = blockersOf(keypadOf(world, keypad));
  const holds = named.some((each) => (about === undefined ? each.split(' ')[0] === blocker : each === `${blocker} ${about}`));
  return { holds, instead: `keypad ${keypad} names ${named.length === 0 ? 'nothing' : named.join(', ')}` };
};

// ---- alarms and memory

const seeAlarm = (world: World, area: string, alarm: string | undefined): Seen => {
  const { alarms } = areaOf(world, area);
  const kinds = alarms.map(({ kind }) => kind);
  const holds = alarm === undefined ? kinds.length > 0 : kinds.some((kind) => kind === alarm);
  return { holds, instead: `area ${area} has ${kinds.length === 0 ? 'no alarm' : `alarms ${kinds.join(', ')}`}` };
};

const seeMemory = (world: World, area: string, zones: readonly string[]): Seen => {
  const remembered = areaOf(world, area).memory.map(({ zone, door, kind }) => zone ?? door ?? kind);
  return {
    holds: remembered.length === zones.length && remembered.every((zone, at) => zone === zones[at]),
    instead: `memory of ${area} lists ${remembered.length === 0 ? 'nothing' : remembered.join(' ')}`,
  };
};

const seeHeld = (world: World, area: string): Seen => {
  const { held } = areaOf(world, area);
  return { holds: held.length > 0, instead: `area ${area} holds ${held.length} alarms back` };
};

const seeCentre = (world: World, { filter, times }: Extract<Fact, { kind: 'centre-has' }>): Seen => {
  const centre = world.companion?.centre();
  const seen = seeEvent(centre?.received ?? [], filter, times);
  return { ...seen, instead: `${centre?.words ?? ''}; ${seen.instead}` };
};

const seeComplete = (world: World): Seen => {
  const centre = world.companion?.centre();
  return { holds: centre?.complete ?? false, instead: centre?.words ?? '' };
};

/** `events`: those among which an event is looked for. */
export const see = (world: World, fact: Fact, events: readonly Event[]): Seen => {
  switch (fact.kind) {
    case 'event':
      return seeEvent(events, fact.filter, fact.times);
    case 'event-order':
      return seeOrder(events, fact.kinds);
    case 'sent':
      return seeEvent(
        events.filter(({ kind }) => laneOf(kind) !== undefined),
        fact.filter,
        undefined,
      );
    case 'area':
      return seeArea(world, fact);
    case 'output':
      return seeOutput(world, fact.output, fact.value);
    case 'zone':
      return seeZone(world, fact.zone, fact.state);
    case 'door':
      return seeDoor(world, fact.door, fact.state);
    case 'lock':
      return seeLock(world, fact.door, fact.state);
    case 'keypad':
      return seeKeypad(world, fact);
    case 'blocker':
      return seeBlocker(world, fact);
    case 'alarm':
      return seeAlarm(world, fact.area, fact.alarm);
    case 'memory':
      return seeMemory(world, fact.area, fact.zones);
    case 'held':
      return seeHeld(world, fact.area);
    case 'centre-has':
      return seeCentre(world, fact);
    case 'centre-complete':
      return seeComplete(world);
    default:
      return assertNever(fact);
  }
};
