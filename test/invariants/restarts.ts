/**
 * 4: what a restart with the same inputs may change. Mode, inhibitions, memory, held alarms and the delays of entry, exit
 * and siren stay; what is found open is an entry or an alarm, as it would be without the restart.
 */
import type { Site } from '../../src/core/site.ts';
import type { AreaState, DoorState, State, Timer, ZoneState } from '../../src/core/state.ts';
import { of } from './model.ts';
import type { RestartWatcher } from './trace.ts';
import type { Say } from './violation.ts';

/** Delays that go on where they were. */
const KEPT_DELAYS = ['exit', 'exit-settle', 'entry', 'abort', 'siren', 'opening-confirm', 'lockout', 'swinger-rest', 'guard'];

const deadline = ({ durable }: State, kind: string, subject: string): Timer | undefined =>
  durable.timers.find((timer) => timer.kind === kind && timer.subject === subject);

const modeOf = ({ arming }: AreaState): string => (arming.state === 'disarmed' ? 'disarmed' : `${arming.state} ${arming.mode}`);

/** The door that was left open at the end of the exit is found closed. */
const isMended = ({ arming: was }: AreaState, { arming: is }: AreaState): boolean =>
  was.state === 'entering' && was.exitError && is.state === 'armed' && was.mode === is.mode;

/** Found open while armed: an entry begins. */
const isEntered = ({ arming: was }: AreaState, { arming: is }: AreaState): boolean =>
  was.state === 'armed' && is.state === 'entering' && was.mode === is.mode;

const mayBecome = (was: AreaState, is: AreaState): boolean =>
  modeOf(was) === modeOf(is) || isEntered(was, is) || isMended(was, is);

const compareArea = (id: string, was: AreaState, is: AreaState, say: Say): void => {
  if (!mayBecome(was, is)) say('restart-mode', `${id}: ${modeOf(was)} became ${modeOf(is)}`);
  if (was.memory.length > is.memory.length) say('restart-memory', id);
  if (was.arming.state !== 'disarmed' && was.siren && !is.siren && !isMended(was, is)) say('restart-siren', id);
  if (was.opening?.phase !== is.opening?.phase || was.opening?.spoiled !== is.opening?.spoiled) say('restart-opening', id);
  if (was.ticked.length !== is.ticked.length) say('restart-checklist', id);
};

const compareZone = (id: string, was: ZoneState, is: ZoneState, say: Say): void => {
  if (was.inhibited !== is.inhibited) say('restart-inhibited', id);
  if (was.isolated !== is.isolated) say('restart-isolated', id);
  if (was.omitted !== 'no' && is.omitted === 'no' && was.signal === is.signal)
    say('restart-omitted', `${id}: ${was.omitted} became ${is.omitted}`);
  if (was.inAlarm && !is.inAlarm && was.signal === is.signal) say('restart-alarm', id);
};

/** Doors come back locked; what nobody has acknowledged, closed or opened is as it was. */
const compareDoor = (id: string, was: DoorState, is: DoorState, say: Say): void => {
  if (was.mode !== is.mode && (was.mode !== 'locked-open' || is.mode !== 'locked'))
    say('restart-door-mode', `${id}: ${was.mode} became ${is.mode}`);
  if (was.egressHeld && !is.egressHeld) say('restart-egress', id);
  if (was.forced && !is.forced && is.leafSeen !== 'closed') say('restart-forced', id);
  if (was.releasedPending !== 'no' && is.releasedPending !== 'told') say('restart-pending', id);
};

const comparePeople = ({ people: was }: State['durable'], { people: is }: State['durable'], say: Say): void => {
  const lists = ['roster', 'revoked', 'revokedOperators', 'passages', 'remoteUnlocks'] as const;
  for (const list of lists) if (was[list].length !== is[list].length) say('restart-people', list);
};

/** What the deadline was for has ended with what was found: a confirmed alarm is held no longer. */
const isOver = (site: Site, { durable }: State, kind: string, subject: string): boolean => {
  const area = site.areas.get(subject);
  if (!area) return false;
  const { held, arming } = of(durable.areas[area.index]);
  return (kind === 'abort' && held.length === 0) || ((kind === 'entry' || kind === 'siren') && arming.state === 'armed');
};

export const restartChangesNothing: RestartWatcher = (before, after, { site }) => {
  const violations: { invariant: 4; rule: string; text: string }[] = [];
  const say: Say = (rule, text) => violations.push({ invariant: 4, rule, text });
  for (const [index, { id }] of site.config.areas.entries())
    compareArea(id, of(before.durable.areas[index]), of(after.durable.areas[index]), say);
  for (const [index, { id }] of site.config.zones.entries())
    compareZone(id, of(before.durable.zones[index]), of(after.durable.zones[index]), say);
  for (const [index, { id }] of site.config.doors.entries())
    compareDoor(id, of(before.durable.doors[index]), of(after.durable.doors[index]), say);
  comparePeople(before.durable, after.durable, say);
  for (const { kind, subject, at } of before.durable.timers) {
    if (!KEPT_DELAYS.includes(kind)) continue;
    const is = deadline(after, kind, subject);
    if (is === undefined && isOver(site, after, kind, subject)) continue;
    if (is?.at !== at) say('restart-delay', `${kind} of ${subject}: ${is ? `moved by ${is.at - at} ms` : 'gone'}`);
  }
  return violations;
};
