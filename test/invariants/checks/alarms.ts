/** 1 and 2: what the detectors, the hold-up devices and the people say always comes to something, in the same step. */
import type { Event, EventKind } from '../../../src/core/event.ts';
import type { AreaState, HeldAlarm, State } from '../../../src/core/state.ts';
import {
  areaIn,
  countsIn,
  has,
  isComingOrGoing,
  isDetector,
  isLeftOut,
  isSet,
  isTested,
  of,
  seesMotion,
  userIn,
} from '../model.ts';
import type { ChangedZone, Check, Stepped } from '../violation.ts';

// ---- detection zones

const isActivation = ({ was, is }: ChangedZone): boolean =>
  (is.signal === 'active' && was.signal !== 'active') ||
  (is.signal === 'fault' && is.cause === 'chatter' && (was.signal !== 'fault' || was.cause !== 'chatter'));

const inSoak = ({ after }: Stepped, { is }: ChangedZone): boolean => is.soakUntil !== undefined && after.at < is.soakUntil;

const isWarmingUp = ({ before, after }: Stepped, { config }: ChangedZone): boolean => {
  const until = after.durable.site.warmUpUntil ?? before.durable.site.warmUpUntil;
  return until !== undefined && after.at <= until && seesMotion(config);
};

/** The area was set when the zone moved, and had not already an alarm from it. */
const isWatched = (stepped: Stepped, zone: ChangedZone): boolean => {
  const { arming } = areaIn(stepped.site, stepped.before, zone.config.area);
  if (arming.state !== 'armed' && arming.state !== 'entering') return false;
  if (isLeftOut(zone.was) || zone.was.inAlarm || inSoak(stepped, zone) || isTested(stepped.before, zone.config.id)) return false;
  return countsIn(zone.config, arming.mode) && !isWarmingUp(stepped, zone);
};

const isFree = ({ site, before, after }: Stepped, { config }: ChangedZone): boolean => {
  const { area, type } = config;
  if (type === 'follower') return isComingOrGoing(site, before, area) || isComingOrGoing(site, after, area);
  if (type !== 'entry-exit') return false;
  const [was, is] = [areaIn(site, before, area).arming, areaIn(site, after, area).arming];
  return (was.state === 'entering' && was.mode !== 'night') || (is.state === 'entering' && is.mode !== 'night');
};

const ANSWERS: readonly EventKind[] = ['intrusion', 'alarm-held', 'entry-started', 'exit-error'];

export const detectionIsTold: Check = (stepped, say) => {
  for (const zone of stepped.zones) {
    const { config } = zone;
    if (!isDetector(config) || !isActivation(zone) || !isWatched(stepped, zone) || isFree(stepped, zone)) continue;
    if (ANSWERS.some((kind) => has(stepped.events, kind, config.id))) continue;
    say('detection', `${config.id} activated in the set area ${config.area} and nothing came of it`);
  }
};

/** A window that stands open in a set area is in alarm, or left out and told so. Motion and the route come and go. */
export const nothingOpenUnsaid: Check = ({ site, before, after }, say) => {
  const { zones, areas } = after.durable;
  if (before.durable.zones === zones && before.durable.areas === areas) return;
  for (const [index, config] of site.config.zones.entries()) {
    if (config.type !== 'instant' && config.type !== 'exit-guard') continue;
    const zone = of(zones[index]);
    const { arming } = areaIn(site, after, config.area);
    if (zone.signal !== 'active' || zone.inAlarm || isLeftOut(zone) || zone.soakUntil !== undefined) continue;
    if (arming.state !== 'armed' && arming.state !== 'entering') continue;
    if (countsIn(config, arming.mode) && !config.occupancy)
      say('open-unsaid', `${config.id} stands open in ${config.area}, which is set`);
  }
};

/** An alarm marks its zone for as long as the zone is active: a mark that outlives it would hide the next opening. */
export const marksEnd: Check = ({ site, before, after }, say) => {
  if (before.durable.zones === after.durable.zones) return;
  for (const [index, { id }] of site.config.zones.entries()) {
    const { inAlarm, signal } = of(after.durable.zones[index]);
    if (inAlarm && signal === 'normal') say('alarm-at-rest', `${id} is marked in alarm and at rest`);
  }
};

// ---- zones that are on at all times

const ALWAYS_ON: Readonly<Record<string, EventKind>> = {
  '24h': 'alarm-24h',
  'holdup-silent': 'holdup-silent',
  'holdup-audible': 'holdup-audible',
  'fire-sense': 'fire',
};

const isOff = (stepped: Stepped, zone: ChangedZone): boolean => {
  const { was, config } = zone;
  return (
    isLeftOut(was) || was.inAlarm || was.shunted !== undefined || inSoak(stepped, zone) || isTested(stepped.before, config.id)
  );
};

export const alwaysOnIsTold: Check = (stepped, say) => {
  for (const zone of stepped.zones) {
    const kind = ALWAYS_ON[zone.config.type];
    if (!kind || zone.is.signal !== 'active' || zone.was.signal === 'active' || isOff(stepped, zone)) continue;
    // A restart reads again what was told before.
    if (kind === 'fire' && stepped.before.durable.site.fireActive.includes(zone.config.id)) continue;
    if (!has(stepped.events, kind, zone.config.id)) say('always-on', `${zone.config.id} activated and no ${kind} was told`);
  }
};

/** It counts again since this instant, and is looked at when its deadline, which is now, fires. */
const isReviewedNext = ({ durable, at }: State, zone: string): boolean =>
  durable.timers.some((timer) => timer.kind === 'zone-review' && timer.subject === zone && timer.at <= at);

/** What is guarded day and night and stands open is in alarm, or somebody answers for it. */
export const nothingGuardedUnsaid: Check = ({ site, before, after }, say) => {
  if (before.durable.zones === after.durable.zones && before.durable.site === after.durable.site) return;
  for (const [index, { id, type, soakDays }] of site.config.zones.entries()) {
    const zone = of(after.durable.zones[index]);
    if (type !== '24h' || zone.signal !== 'active' || zone.inAlarm || zone.shunted || isLeftOut(zone)) continue;
    if (soakDays === 0 && !isTested(after, id) && !isReviewedNext(after, id))
      say('guarded-unsaid', `${id} stands open and is not in alarm`);
  }
};

export const tamperIsTold: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.zones) {
    if (is.signal !== 'tamper' || was.signal === 'tamper' || was.inhibited || was.isolated) continue;
    const stood = areaIn(stepped.site, stepped.before, config.area).alarms.some(
      ({ kind, zone }) => kind === 'tamper' && zone === config.id,
    );
    if (!stood && !has(stepped.events, 'tamper', config.id)) say('tamper', `${config.id} is tampered with and nothing was told`);
  }
};

/** A wired zone that has been dead for so long while its area was set is a tamper. */
export const deadWhileSetIsTold: Check = ({ site, before, after }, say) => {
  if (before.durable === after.durable) return;
  const { faultAlarmMs } = site.config.supervision;
  for (const [index, config] of site.config.zones.entries()) {
    const zone = of(after.durable.zones[index]);
    if (zone.signal !== 'fault' || config.faultWhenArmed !== 'alarm' || zone.inhibited || zone.isolated) continue;
    const area = areaIn(site, after, config.area);
    if (!isSet(area) || !area.period || area.arming.state === 'disarmed' || !countsIn(config, area.arming.mode)) continue;
    if (zone.since < area.period.armedAt || after.at - zone.since < faultAlarmMs) continue;
    if (!area.alarms.some((alarm) => alarm.kind === 'tamper' && alarm.zone === config.id))
      say('dead-while-set', `${config.id} has been in fault for ${after.at - zone.since} ms in ${config.area}, which is set`);
  }
};

// ---- fire: sensed at all times, and never sounded over

export const fireIsKnown: Check = ({ site, before, after }, say) => {
  if (before.durable === after.durable) return;
  const { fireActive } = after.durable.site;
  for (const [index, { id, type, soakDays }] of site.config.zones.entries()) {
    if (type !== 'fire-sense') continue;
    const zone = of(after.durable.zones[index]);
    if (zone.signal === 'normal' && fireActive.includes(id)) say('fire-over', `${id} is at rest and still mutes the sirens`);
    const isOn = zone.signal === 'active' && !isLeftOut(zone) && soakDays === 0;
    if (isOn && !fireActive.includes(id) && !isReviewedNext(after, id)) say('fire-known', `${id} is active and nothing is muted`);
  }
};

// ---- codes that ask for help

export const helpIsTold: Check = ({ site, before, input, events }, say) => {
  if (input.kind !== 'verdict' || input.by !== 'code' || !input.credential) return;
  if (!userIn(site, before, input.credential.user)) return;
  const { meaning, user } = input.credential;
  if (meaning === 'duress' && !events.some((event) => event.kind === 'duress' && event.user === user))
    say('duress-told', `${user} gave the duress code and nobody was told`);
  if (meaning === 'not-normal' && !has(events, 'opening-not-normal'))
    say('not-normal-told', `${user} said not normal and nobody was told`);
};

// ---- alarms that wait before the centre is told

const isReleased = (events: readonly Event[], { event }: HeldAlarm): boolean =>
  events.some(({ kind, zone, mono, detail }) => {
    return kind === event.kind && zone === event.zone && mono === event.mono && detail?.['heldMs'] !== undefined;
  });

const namesOf = (held: readonly HeldAlarm[]): string => held.map(({ event }) => `${event.kind} ${event.zone}`).join(', ');

export const heldIsSettled: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.areas) {
    const gone = was.held.filter((alarm) => !is.held.includes(alarm));
    if (gone.length === 0) continue;
    const aborted = stepped.events.some(({ kind, area }) => kind === 'alarm-aborted' && area === config.id);
    const released = gone.every((alarm) => isReleased(stepped.events, alarm));
    if (!aborted && !released) say('held-lost', `${namesOf(gone)} of ${config.id} neither told nor aborted`);
    if (aborted && is.arming.state !== 'disarmed')
      say('aborted-armed', `${namesOf(gone)} aborted and ${config.id} is ${is.arming.state}`);
    if (is.held.length > 0 && is.held[0] !== was.held[0] && !released) say('held-order', config.id);
  }
};

/** Every alarm that is held says so in the journal, and what the journal says is held is on disk until it is settled. */
export const holdIsJournalled: Check = ({ areas, events, site, after }, say) => {
  for (const { config, was, is } of areas) {
    const fresh = is.held.filter((alarm) => !was.held.includes(alarm));
    const said = events.filter(({ kind, area }) => kind === 'alarm-held' && area === config.id).length;
    if (fresh.length > said) say('held-unsaid', `${namesOf(fresh)} of ${config.id}`);
  }
  for (const { kind, area, zone, mono, detail } of events) {
    if (kind !== 'alarm-held' || area === undefined) continue;
    const isKept = areaIn(site, after, area).held.some(({ event }) => event.zone === zone && event.mono === mono);
    const isTold = events.some((other) => other.zone === zone && other.detail?.['heldMs'] === 0);
    if (!isKept && !isTold) say('held-nowhere', `${String(detail?.['held'])} ${zone ?? ''} in ${area}`);
  }
};

/** No hold is longer than the site's time, or the entry that runs. */
export const holdsEnd: Check = ({ site, before, after }, say) => {
  if (before.durable === after.durable) return;
  for (const [index, { id, abortMs, entryDelayMs }] of site.config.areas.entries()) {
    const [first] = of(after.durable.areas[index]).held;
    const longest = Math.max(abortMs, entryDelayMs + 1_000);
    if (first && after.at - first.event.mono > longest)
      say('held-too-long', `${id} holds ${first.event.kind} for ${after.at - first.event.mono} ms`);
  }
};

// ---- entry and siren end in time

const deadlineIn = ({ durable }: State, kind: string, subject: string): number | undefined =>
  durable.timers.find((timer) => timer.kind === kind && timer.subject === subject)?.at;

/** Longest from the last key of a code to its verdict, for which an entry waits. */
const GRACE_MS = 1_000;

export const entryEnds: Check = ({ site, before, after }, say) => {
  if (before.durable === after.durable) return;
  for (const [index, { id, entryDelayMs }] of site.config.areas.entries()) {
    const { arming } = of(after.durable.areas[index]);
    if (arming.state !== 'entering') continue;
    const deadline = deadlineIn(after, 'entry', id) ?? Infinity;
    if (deadline > arming.since + entryDelayMs + GRACE_MS)
      say('entry-length', `${id} is entered for ${deadline - arming.since} ms`);
    if (before.durable.areas[index]?.arming !== arming) continue;
    const earlier = deadlineIn(before, 'entry', id);
    const isGrace = earlier !== undefined && earlier <= after.at;
    if (earlier !== undefined && deadline > earlier && !isGrace) say('entry-longer', `${id}: from ${earlier} to ${deadline}`);
  }
};

const signalIn = ({ site, after }: Stepped, zone: string): string =>
  of(after.durable.zones[of(site.zones.get(zone)).index]).signal;

/** A set area that stops being entered has an alarm, a person who disarmed, or the door that was left open is closed. */
export const entryIsSettled: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.areas) {
    if (was.arming.state !== 'entering' || is.arming.state !== 'armed') continue;
    const told = has(stepped.events, 'intrusion', was.arming.zone) || has(stepped.events, 'exit-error', was.arming.zone);
    const held = has(stepped.events, 'alarm-held', was.arming.zone);
    const closed = was.arming.exitError && signalIn(stepped, was.arming.zone) === 'normal';
    if (!told && !held && !closed) say('entry-forgotten', `${config.id} went back to armed and nothing was told`);
  }
};

const modeOf = ({ arming }: AreaState): string => (arming.state === 'disarmed' ? 'disarmed' : `${arming.state} ${arming.mode}`);

const TELLS: readonly EventKind[] = [
  'armed',
  'disarmed',
  'arm-requested',
  'arm-failed',
  'arm-cancelled',
  'entry-started',
  'intrusion',
  'exit-error',
  'alarm-held',
  'unvacated',
];

/** Every change of mode is in the journal. */
export const modesAreTold: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.areas) {
    if (modeOf(was) === modeOf(is)) continue;
    const told = stepped.events.some(({ kind, area }) => area === config.id && TELLS.includes(kind));
    const closed = was.arming.state === 'entering' && was.arming.exitError && is.arming.state === 'armed';
    if (!told && !closed) say('mode-untold', `${config.id}: ${modeOf(was)} to ${modeOf(is)}`);
  }
};
