/** A keypad's view in words, most urgent line first. The same view always reads the same. */
import type { AreaConfig, AreaId, DoorId, ZoneId } from '../config.ts';
import { keepsWatch } from '../area/blockers.ts';
import type { Blocker } from '../event.ts';
import type { AreaView, DoorView, Fault, KeypadView, ShownAlarm } from '../keypadView.ts';
import type { Site } from '../site.ts';
import type { Notice } from '../state.ts';
import { SECOND } from '../time.ts';
import type { Monotonic } from '../time.ts';
import type { DoorTrouble, DoorWord, Named, Words } from './words.ts';

/** Language, site and moment: what every sentence is made with. */
export type Speech = { readonly site: Site; readonly words: Words; readonly now: Monotonic };

const zoneNamed = (site: Site, id: ZoneId): Named => {
  const zone = site.zones.get(id)?.config;
  return zone ? { name: zone.name, number: String(zone.number) } : { name: id, number: '' };
};

const zoneName = (site: Site, id: ZoneId): string => {
  const { name, number } = zoneNamed(site, id);
  return number === '' ? name : `${name} (${number})`;
};

const areaName = (site: Site, id: AreaId): string => site.areas.get(id)?.config.name ?? id;
const doorName = (site: Site, id: DoorId): string => site.doors.get(id)?.config.name ?? id;

/** A door is opened by the number of its leaf contact; one without a lock is not. */
const doorNamed = (site: Site, id: DoorId): Named => {
  const door = site.doors.get(id)?.config;
  if (!door?.lock) return { name: doorName(site, id), number: '' };
  return { name: door.name, number: zoneNamed(site, door.contact).number };
};

/** Items are numbered through the areas of the keypad, as they are typed. */
const itemNamed = (areas: readonly AreaConfig[], id: string): Named => {
  const items = areas.flatMap(({ checklist }) => checklist);
  const index = items.findIndex((item) => item.id === id);
  return { name: items[index]?.text ?? id, number: String(index + 1) };
};

const subjectOf = ({ site }: Speech, areas: readonly AreaConfig[], { kind, zone, door, item }: Blocker): Named => {
  if (kind === 'door-held' && door !== undefined) return { name: doorName(site, door), number: '' };
  if (zone !== undefined) return zoneNamed(site, zone);
  if (door !== undefined) return { name: doorName(site, door), number: '' };
  return item === undefined ? { name: '', number: '' } : itemNamed(areas, item);
};

export const sayBlocker = (speech: Speech, areas: readonly AreaConfig[], blocker: Blocker): string => {
  const subject = subjectOf(speech, areas, blocker);
  // A charger, a siren or a hold-up button is not left out by number, only carried on over.
  return speech.words.blockers[blocker.kind](keepsWatch(speech.site, blocker) ? { ...subject, number: '' } : subject);
};

const unique = (lines: readonly string[]): readonly string[] => [...new Set(lines)];

export const sayNotice = (speech: Speech, areas: readonly AreaConfig[], notice: Notice): readonly string[] => {
  const { words, site } = speech;
  switch (notice.kind) {
    case 'refused':
      return [words.refusals[notice.reason], ...unique(notice.blockers.map((blocker) => sayBlocker(speech, areas, blocker)))];
    case 'accepted':
      return [words.accepted[notice.verb]];
    case 'door':
      return [words.doorOutcomes[notice.outcome](doorNamed(site, notice.door))];
    case 'choose':
      return [words.choose, ...notice.areas.map((area, index) => `${index + 1}# ${areaName(site, area)}`)];
    case 'arm-failed':
      return [words.armFailed, ...notice.zones.map((zone) => zoneName(site, zone))];
    case 'remind-opening':
      return [words.confirmOpening];
  }
};

// ---- areas

const sayAlarm = ({ words, site }: Speech, { kind, zone, door }: ShownAlarm): string => {
  const what = words.alarms[kind] ?? words.alarm;
  if (zone !== undefined) return `${what}${words.colon}${zoneName(site, zone)}`;
  return door === undefined ? what : `${what}${words.colon}${doorName(site, door)}`;
};

/** What is the matter with a door, and what to do. `silenced`: somebody silenced its sounder a short while ago. */
export const doorTroubleLine = (words: Words, name: string, trouble: DoorTrouble, silenced: boolean): string => {
  const hushed = silenced ? words.doorsSilenced[trouble] : undefined;
  return (hushed ?? words.doorTroubles[trouble])(name);
};

export const doorModeLine = (words: Words, name: string, mode: DoorWord): string =>
  `${name}${words.colon}${words.doorModes[mode]}`;

const sayDoor = ({ words, site }: Speech, { door, fault, silenced }: DoorView): string =>
  doorTroubleLine(words, doorName(site, door), fault, silenced);

const sayState = ({ words, site }: Speech, { area, word, mode }: AreaView): string => {
  const state = mode === undefined ? words.areas[word] : `${words.areas[word]} (${words.modes[mode]})`;
  return `${areaName(site, area)}${words.colon}${state}`;
};

const sayCountdown = ({ words, now }: Speech, { word, deadline }: AreaView): readonly string[] => {
  if (deadline === undefined) return [];
  const seconds = Math.max(0, Math.ceil((deadline - now) / SECOND));
  return [word === 'entering' ? words.disarmWithin(seconds) : words.leaveWithin(seconds)];
};

const sayZones = ({ site, words }: Speech, title: string, zones: readonly ZoneId[]): readonly string[] =>
  zones.length === 0 ? [] : [`${title}${words.colon}${zones.map((zone) => zoneName(site, zone)).join(', ')}`];

const sayReadiness = (speech: Speech, areas: readonly AreaConfig[], { word, blockers }: AreaView): readonly string[] => {
  if (word !== 'disarmed') return [];
  const { words } = speech;
  return blockers.length === 0
    ? [words.ready]
    : [words.notReady, ...unique(blockers.map((blocker) => sayBlocker(speech, areas, blocker)))];
};

const sayArea = (speech: Speech, areas: readonly AreaConfig[], view: AreaView): readonly string[] => {
  const { words } = speech;
  return [
    sayState(speech, view),
    ...sayCountdown(speech, view),
    ...view.alarms.map((alarm) => sayAlarm(speech, alarm)),
    ...view.doors.map((door) => sayDoor(speech, door)),
    ...view.doorModes.map(({ door, mode }) => doorModeLine(words, doorName(speech.site, door), mode)),
    ...(view.asksNormal ? [words.confirmOpening] : []),
    ...(view.autoArmSoon ? [words.autoArmSoon] : []),
    ...sayZones(speech, words.opened, view.opened),
    ...sayReadiness(speech, areas, view),
    ...view.memory.map((entry) => `${words.memory}${words.colon}${sayAlarm(speech, entry)}`),
    ...sayZones(speech, words.inhibited, view.inhibited),
    ...sayZones(speech, words.isolated, view.isolated),
    ...sayZones(speech, words.omitted, view.omitted),
  ];
};

const sayFault = ({ words, site }: Speech, fault: Fault): string => {
  switch (fault.kind) {
    case 'condition':
      return words.conditions[fault.condition];
    case 'supply':
      return words.supplies[fault.supply];
    case 'zone':
      return `${words.troubles[fault.trouble]}${words.colon}${zoneName(site, fault.zone)}`;
  }
};

/** Everything the keypad has to say, the answer to the person first. */
export const viewLines = (speech: Speech, view: KeypadView): readonly string[] => {
  const { words, site } = speech;
  const areas = view.areas.map(({ area }) => site.areas.get(area)?.config).filter((area) => area !== undefined);
  return [
    ...(view.notice ? sayNotice(speech, areas, view.notice) : []),
    ...(view.lockedOut ? [words.lockedOut] : []),
    ...view.areas.flatMap((area) => sayArea(speech, areas, area)),
    ...unique(view.faults.map((fault) => sayFault(speech, fault))),
    ...view.tests.map((test) => words.tests[test]),
  ];
};
