/**
 * What a person at a keypad sees: the state of its areas, what counts down, what is in the way of arming, which doors
 * stand open, what is out of order, and the answer to what they last asked. As data; `viewLines` in words/say.ts says it.
 *
 * Nothing here depends on which code was used: covert alarms, held reports and the answer to *is all normal* have no
 * place in it.
 */
import type { AreaConfig, AreaId, ArmMode, DoorId, KeypadConfig, KeypadId, ZoneId } from './config.ts';
import { isCovertEvent, isCovertZone } from './covert.ts';
import { blockersOf } from './area/blockers.ts';
import { doorModeOf } from './door/status.ts';
import type { Blocker, EventKind } from './event.ts';
import { must } from './frame.ts';
import type { Frame } from './frame.ts';
import { lightOf } from './light.ts';
import type { LightName } from './light.ts';
import type { ConditionKind } from './input.ts';
import type { Place, Site } from './site.ts';
import type { Arming, AreaState, DoorState, Notice, State, TimerKind, ZoneState } from './state.ts';
import type { Monotonic, Wall } from './time.ts';
import { isAutoArmNear, keypadTone } from './tone.ts';
import type { Tone } from './tone.ts';
import type { AreaWord, DoorTrouble, DoorWord, SupplyKind, TestKind, ZoneTrouble } from './words/words.ts';

export type ShownAlarm = { readonly kind: EventKind; readonly zone: ZoneId | undefined; readonly door: DoorId | undefined };
export type ShownMemory = ShownAlarm & { readonly at: Wall };

export type DoorView = {
  readonly door: DoorId;
  readonly fault: DoorTrouble;
  readonly silenced: boolean;
};

/** A door that is not simply locked, or opened for a moment. */
export type DoorModeView = { readonly door: DoorId; readonly mode: DoorWord };

export type Fault =
  | { readonly kind: 'condition'; readonly condition: ConditionKind; readonly subject: string }
  | { readonly kind: 'supply'; readonly supply: SupplyKind; readonly zone: ZoneId }
  | { readonly kind: 'zone'; readonly trouble: ZoneTrouble; readonly zone: ZoneId };

export type AreaView = {
  readonly area: AreaId;
  readonly word: AreaWord;
  readonly mode: ArmMode | undefined;
  /** When the exit or the entry ends. */
  readonly deadline: Monotonic | undefined;
  readonly sounding: boolean;
  readonly alarms: readonly ShownAlarm[];
  readonly memory: readonly ShownMemory[];
  /** While disarmed: what is in the way of arming `full` now. */
  readonly blockers: readonly Blocker[];
  /** During the exit: zones off the route that opened. */
  readonly opened: readonly ZoneId[];
  readonly inhibited: readonly ZoneId[];
  readonly isolated: readonly ZoneId[];
  readonly omitted: readonly ZoneId[];
  readonly doors: readonly DoorView[];
  readonly doorModes: readonly DoorModeView[];
  /** Staff are asked whether all is normal. */
  readonly asksNormal: boolean;
  /** Arming by the calendar is near. */
  readonly autoArmSoon: boolean;
};

export type KeypadView = {
  readonly keypad: KeypadId;
  readonly areas: readonly AreaView[];
  readonly notice: Notice | undefined;
  readonly tone: Tone | undefined;
  readonly lockedOut: boolean;
  readonly faults: readonly Fault[];
  readonly tests: readonly TestKind[];
  readonly light: LightName;
};

// ---- areas

const deadlineOf = (state: State, kind: TimerKind, subject: string): Monotonic | undefined =>
  state.durable.timers.find((timer) => timer.kind === kind && timer.subject === subject)?.at;

const countdownOf = (state: State, area: AreaId, { state: word }: Arming): Monotonic | undefined => {
  if (word === 'exiting') return deadlineOf(state, 'exit', area);
  return word === 'entering' ? deadlineOf(state, 'entry', area) : undefined;
};

const shownAlarms = ({ alarms }: AreaState): readonly ShownAlarm[] =>
  alarms.filter(({ kind }) => !isCovertEvent(kind)).map(({ kind, zone, door }) => ({ kind, zone, door }));

const shownMemory = ({ memory }: AreaState): readonly ShownMemory[] =>
  memory.filter(({ kind }) => !isCovertEvent(kind)).map(({ kind, zone, door, at }) => ({ kind, zone, door, at }));

/** What is the matter with a door, the loudest first. */
const doorTroubles = (state: DoorState): readonly Omit<DoorView, 'door'>[] => {
  const { ladder, fault, silencedUntil, forced, forcedSince, lockFault } = state;
  const troubles: readonly (readonly [DoorTrouble | 'none', boolean, boolean])[] = [
    ['forced', forced, forced && forcedSince === undefined],
    [fault, ladder !== 'quiet', silencedUntil !== undefined],
    [lockFault, true, false],
    ['interlock', state.interlockAlarm, false],
    ['egress-held', state.egressHeld, false],
    ['released-pending', state.releasedPending === 'told', false],
    ['exit-request-stuck', state.exitRequestStuck, false],
  ];
  return troubles.flatMap(([trouble, stands, silenced]) => (stands && trouble !== 'none' ? [{ fault: trouble, silenced }] : []));
};

const doorsOf = (site: Site, state: State, area: AreaId): readonly DoorView[] =>
  (site.doorsOfArea.get(area) ?? []).flatMap(({ index, config }) =>
    doorTroubles(must(state.durable.doors[index], `door ${config.id}`)).map((trouble) => ({ door: config.id, ...trouble })),
  );

/** Not worth a line: what a door is, and what it is for a moment. */
const USUAL: ReadonlySet<DoorWord> = new Set<DoorWord>(['locked', 'accessed']);

const doorModesOf = (site: Site, state: State, area: AreaId): readonly DoorModeView[] =>
  (site.doorsOfArea.get(area) ?? [])
    .filter(({ config }) => config.lock !== undefined)
    .map((door) => ({ door: door.config.id, mode: doorModeOf(site, state, door) }))
    .filter(({ mode }) => !USUAL.has(mode));

const zonesWhere = (site: Site, state: State, area: AreaId, holds: (zone: ZoneState) => boolean): readonly ZoneId[] =>
  (site.zonesOfArea.get(area) ?? [])
    .filter(({ index, config }) => !isCovertZone(config.type) && holds(must(state.durable.zones[index], `zone ${config.id}`)))
    .map(({ config }) => config.id);

/** The area's questions are asked of a frame that nothing writes to. */
const blockersNow = (site: Site, state: State, area: Place<AreaConfig>): readonly Blocker[] => {
  const frame: Frame = { site, now: state.at, state, events: [] };
  return blockersOf(frame, area, 'full', true);
};

const areaView = (site: Site, state: State, place: Place<AreaConfig>): AreaView => {
  const { id } = place.config;
  const area = must(state.durable.areas[place.index], `area ${id}`);
  const { arming } = area;
  return {
    area: id,
    word: arming.state,
    mode: arming.state === 'disarmed' ? undefined : arming.mode,
    deadline: countdownOf(state, id, arming),
    sounding: area.siren !== undefined,
    alarms: shownAlarms(area),
    memory: shownMemory(area),
    blockers: arming.state === 'disarmed' ? blockersNow(site, state, place) : [],
    opened: arming.state === 'exiting' ? arming.opened : [],
    inhibited: zonesWhere(site, state, id, ({ inhibited }) => inhibited),
    isolated: zonesWhere(site, state, id, ({ isolated }) => isolated),
    omitted: zonesWhere(site, state, id, ({ omitted }) => omitted !== 'no'),
    doors: doorsOf(site, state, id),
    doorModes: doorModesOf(site, state, id),
    asksNormal: area.opening?.phase === 'pending',
    autoArmSoon: isAutoArmNear(state, place.config, area),
  };
};

// ---- the rest of the display

const SUPPLIES: ReadonlySet<string> = new Set<SupplyKind>(['mains', 'battery-low', 'charger-fault', 'siren-fault']);
const isSupplyKind = (type: string): type is SupplyKind => SUPPLIES.has(type);

const suppliesOf = (site: Site, state: State): readonly Fault[] =>
  state.durable.site.reportedSupplies.flatMap((zone) => {
    const supply = site.zones.get(zone)?.config.type;
    return supply !== undefined && isSupplyKind(supply) ? [{ kind: 'supply', supply, zone }] : [];
  });

const troubleOf = ({ signal }: ZoneState): ZoneTrouble | undefined =>
  signal === 'tamper' || signal === 'masked' || signal === 'fault' ? signal : undefined;

const zoneFaults = (site: Site, state: State, area: AreaId): readonly Fault[] =>
  (site.zonesOfArea.get(area) ?? []).flatMap(({ index, config }) => {
    const trouble = troubleOf(must(state.durable.zones[index], `zone ${config.id}`));
    return trouble === undefined || isCovertZone(config.type) ? [] : [{ kind: 'zone', trouble, zone: config.id }];
  });

const latchFaults = (site: Site, state: State, area: AreaId): readonly Fault[] =>
  (site.doorsOfArea.get(area) ?? []).flatMap(({ index, config }) => {
    const { latchFault } = must(state.durable.doors[index], `door ${config.id}`);
    return latchFault ? [{ kind: 'zone', trouble: 'latch-fault', zone: config.latch ?? config.contact }] : [];
  });

const faultsOf = (site: Site, state: State, areas: readonly AreaId[]): readonly Fault[] => [
  ...state.durable.conditions.map(({ condition, subject }) => ({ kind: 'condition' as const, condition, subject })),
  ...suppliesOf(site, state),
  ...areas.flatMap((area) => [...zoneFaults(site, state, area), ...latchFaults(site, state, area)]),
];

const testsOf = ({ durable }: State): readonly TestKind[] => {
  const running: readonly (readonly [TestKind, unknown])[] = [
    ['exercise', durable.site.exercise],
    ['walk-test', durable.site.walkTest],
    ['on-test', durable.site.onTest],
    ['installer', durable.people.installerUntil],
  ];
  return running.filter(([, since]) => since !== undefined).map(([kind]) => kind);
};

const isLockedOut = ({ durable: { people } }: State, { index, config }: Place<KeypadConfig>): boolean =>
  config.place === 'outside' ? people.shared.locked : must(people.keypads[index], `keypad ${config.id}`).locked;

/** What the keypad shows now. An unknown keypad is a programming error. */
export const keypadView = (site: Site, state: State, id: KeypadId): KeypadView => {
  const keypad = must(site.keypads.get(id), `keypad ${id}`);
  const { areas } = keypad.config;
  const view = {
    keypad: id,
    areas: areas.map((area) => areaView(site, state, must(site.areas.get(area), `area ${area}`))),
    notice: must(state.volatile.keypads[keypad.index], `keypad ${id}`).notice,
    tone: keypadTone(site, state, keypad),
    lockedOut: isLockedOut(state, keypad),
    faults: faultsOf(site, state, areas),
    tests: testsOf(state),
  };
  return { ...view, light: lightOf(view) };
};
