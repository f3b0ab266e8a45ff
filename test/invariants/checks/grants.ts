/**
 * 3, 6, 7 and 10: a door is opened for somebody by who has the right to it, here and now, and by nothing else; from afar by
 * one command of an operator; never by an order that disarms; and whoever is refused is told why.
 */
import type { DoorConfig, OperatorConfig, UserConfig } from '../../../src/core/config.ts';
import type { Input } from '../../../src/core/input.ts';
import type { DoorMode, Release } from '../../../src/core/state.ts';
import { doorIn, lockIn, lockingDoors } from '../doorModel.ts';
import type { Door } from '../doorModel.ts';
import { areaIn, isLeftOut, isSet, isTested, of, userIn } from '../model.ts';
import type { Check, Say, Stepped } from '../violation.ts';
import { isInHours, isValid } from './acts.ts';

export type Grant = { readonly door: Door; readonly release: Release };

/** Releases that this step has begun for somebody who wants in. */
export const grantsIn = ({ site, before, after }: Stepped): readonly Grant[] => {
  if (before.volatile.locks === after.volatile.locks) return [];
  return lockingDoors(site).flatMap((door) => {
    const [was, is] = [lockIn(before, door).release, lockIn(after, door).release];
    const isNew =
      is !== undefined &&
      is.cause !== 'exit-request' &&
      (is.since !== was?.since || is.cause !== was.cause || (is.command !== undefined && is.command !== was.command));
    return isNew ? [{ door, release: is }] : [];
  });
};

// ---- the right to it

const CLOSED_MODES: ReadonlySet<DoorMode> = new Set<DoorMode>(['blocked', 'locked-down']);

const isGoingOut = ({ config }: Door, { keypad }: Release): boolean =>
  keypad !== undefined && config.access?.exit.includes(keypad) === true;

const isExempt = (door: Door, release: Release): boolean =>
  (door.config.kind === 'hatch' && release.cause === 'hatch') || isGoingOut(door, release);

/** A code disarms first, where it may. */
const doorObjection = ({ site, before, after, input }: Stepped, { door, release }: Grant): string | undefined => {
  const { mode } = doorIn(before, door);
  if (CLOSED_MODES.has(mode) && !(mode === 'blocked' && isGoingOut(door, release))) return `it is ${mode}`;
  const judged = input.kind === 'verdict' && input.by === 'code' ? after : before;
  return isSet(areaIn(site, judged, door.config.area)) && !isExempt(door, release) ? 'its area is set' : undefined;
};

type Verdict = Extract<Input, { kind: 'verdict' }>;

/** Somebody who stands inside opens a door without what it wants to see outside, but for the most precious ones. */
const isFromInside = ({ site }: Stepped, { way, request }: Verdict): boolean => {
  const isInside = way.kind === 'page' || (way.kind === 'keypad' && site.keypads.get(way.keypad)?.config.place === 'inside');
  return request.verb === 'open' && isInside;
};

const credentialObjection = (stepped: Stepped, { access }: DoorConfig, verdict: Verdict, user: UserConfig, badgeAt: number) => {
  const { before } = stepped;
  if (isFromInside(stepped, verdict) && access?.credential !== 'both') return undefined;
  const isShown = before.at - badgeAt <= 30_000;
  switch (access?.credential) {
    case undefined:
    case 'either':
      return undefined;
    case 'both':
      return verdict.by === 'code' && isShown ? undefined : `${user.id} showed half of badge and code`;
    case 'code':
    case 'badge':
      return verdict.by === access.credential ? undefined : `${verdict.by} is not what it takes`;
  }
};

/** When this person's badge was last shown where the code was typed. */
const badgeAt = ({ site, before }: Stepped, { way }: Verdict, { id }: UserConfig): number => {
  if (way.kind !== 'keypad') return -Infinity;
  const { badge } = of(before.volatile.keypads[of(site.keypads.get(way.keypad)).index]);
  return badge?.user === id ? badge.at : -Infinity;
};

const placeObjection = (stepped: Stepped, { door }: Grant, verdict: Verdict, user: UserConfig): string | undefined => {
  const { way } = verdict;
  const { access } = door.config;
  if (way.kind === 'remote') return 'asked from afar by a code';
  const isReader = way.kind === 'keypad' && [...(access?.entry ?? []), ...(access?.exit ?? [])].includes(way.keypad);
  if (!isReader && !isFromInside(stepped, verdict)) return 'neither at the door nor inside';
  const { second } = lockIn(stepped.before, door);
  return access?.persons === 2 && (second === undefined || second.user === user.id) ? 'one person alone' : undefined;
};

const personObjection = (stepped: Stepped, grant: Grant): string | undefined => {
  const { site, before, input, after } = stepped;
  if (input.kind !== 'verdict' || !input.credential) return `nobody showed anything: ${input.kind}`;
  const user = userIn(site, before, input.credential.user);
  if (!user || user.id !== grant.release.user) return 'a stranger';
  if (!user.doors.includes(grant.door.config.id)) return `not a door of ${user.id}`;
  const at = { ...before, at: after.at };
  if (!isValid(at, user) || !isInHours(at, user)) return `${user.id} may not now`;
  if (before.durable.people.usedUp.includes(user.id)) return `${user.id} is used up`;
  if (user.role === 'installer' && before.durable.people.installerUntil === undefined) return 'an installer nobody let in';
  return (
    placeObjection(stepped, grant, input, user) ??
    credentialObjection({ ...stepped, before: at }, grant.door.config, input, user, badgeAt(stepped, input, user))
  );
};

const isOperatorsHour = ({ before, after }: Stepped, { hours }: OperatorConfig): boolean => {
  if (hours === undefined) return true;
  const { windows, windowsUntil } = before.volatile;
  const instant = after.at + before.durable.clock.offsetMs;
  const isKnown = before.durable.clock.synchronised && windowsUntil !== undefined && instant < windowsUntil;
  return isKnown && windows.some(({ schedule, from, to }) => schedule === hours && from <= instant && instant < to);
};

const remoteObjection = (stepped: Stepped, { door, release }: Grant): string | undefined => {
  const { site, before, input } = stepped;
  const { id, kind, remote } = door.config;
  if (input.kind !== 'remote-unlock') return `the input was ${input.kind}`;
  if (input.command !== release.command || input.door !== id || input.operator !== release.operator) return 'another command';
  const operator = site.config.operators.find((each) => each.id === input.operator);
  if (!operator || before.durable.people.revokedOperators.includes(operator.id)) return 'a stranger';
  if (!operator.doors.includes(id) || !remote) return 'not a door of the operator';
  if (kind === 'safe' || kind === 'cupboard') return `a ${kind}`;
  if (before.durable.conditions.some(({ condition }) => condition === 'storage-failed')) return 'nothing can be written';
  return isOperatorsHour(stepped, operator) ? undefined : 'out of hours';
};

const isButton = ({ site, input }: Stepped): boolean =>
  input.kind === 'tick' || (input.kind === 'reading' && site.zoneOfLine.get(input.line)?.config.type === 'door-request');

const objection = (stepped: Stepped, grant: Grant): string | undefined => {
  const door = doorObjection(stepped, grant);
  if (door) return door;
  switch (grant.release.cause) {
    case 'keypad':
    case 'badge':
      return personObjection(stepped, grant);
    case 'remote':
      return remoteObjection(stepped, grant);
    case 'interphone':
    case 'hatch':
      return isButton(stepped) ? undefined : `nobody pressed: ${stepped.input.kind}`;
    default:
      return `by ${grant.release.cause}`;
  }
};

const judge = (stepped: Stepped, grant: Grant, say: Say): void => {
  const { id } = grant.door.config;
  const why = objection(stepped, grant);
  if (why !== undefined) say('opened-wrongly', `${id}: ${why}`);
  if (!stepped.events.some(({ kind, door }) => kind === 'access-granted' && door === id)) say('opened-untold', id);
};

export const doorsOpenByRight: Check = (stepped, say) => {
  for (const grant of grantsIn(stepped)) if (grant.release.cause !== 'remote') judge(stepped, grant, say);
};

export const operatorsOpenByRight: Check = (stepped, say) => {
  for (const grant of grantsIn(stepped)) if (grant.release.cause === 'remote') judge(stepped, grant, say);
};

/** Only a way out that was asked for before is driven before the disk has it. */
export const grantsAreNoWayOut: Check = (stepped, say) => {
  for (const { door, release } of grantsIn(stepped)) {
    if (release.egress && lockIn(stepped.before, door).release?.egress !== true) say('grant-before-disk', door.config.id);
  }
};

/** Nothing that opens a door makes an area another than it was. A code says both, and what it may disarm is judged elsewhere. */
export const openingDisarmsNothing: Check = (stepped, say) => {
  const { input, areas, site } = stepped;
  if (input.kind === 'verdict' && input.by === 'code') return;
  const isOrder = input.kind === 'remote-unlock' || input.kind === 'person';
  const isDoorInput =
    input.kind === 'reading' &&
    ['exit-request', 'door-request', 'door-permit', 'bell'].includes(site.zoneOfLine.get(input.line)?.config.type ?? '');
  if (!isOrder && !isDoorInput && grantsIn(stepped).length === 0) return;
  for (const { config, was, is } of areas) {
    if (was.arming.state !== 'disarmed' && is.arming.state === 'disarmed') say('opening-disarms', config.id);
    if (was.siren && !is.siren) say('opening-silences', config.id);
    if (is.memory.length < was.memory.length) say('opening-forgets', config.id);
  }
};

// ---- free access

export const freeAccessHasItsHour: Check = ({ site, before, after }, say) => {
  if (before.volatile === after.volatile && before.durable === after.durable) return;
  const { clock } = after.durable;
  const instant = after.at + clock.offsetMs;
  for (const door of lockingDoors(site)) {
    if (lockIn(after, door).free === undefined) continue;
    const { id, area, access } = door.config;
    const { mode, egressHeld } = doorIn(after, door);
    const isHour = after.volatile.windows.some(
      ({ schedule, from, to }) => schedule === access?.freeAccess?.schedule && from <= instant && instant < to,
    );
    if (!clock.synchronised || !isHour) say('free-out-of-hours', id);
    const hasBegun = lockIn(before, door).free === undefined;
    if (mode !== 'locked' || (egressHeld && hasBegun)) say('free-otherwise', `${id} is ${mode}`);
    if (areaIn(site, after, area).arming.state !== 'disarmed') say('free-while-set', id);
  }
};

/** Without the clock no hour comes, and one that is set forward jumps into none. */
export const clocksUnlockNothing: Check = ({ site, before, input, after }, say) => {
  if (input.kind !== 'clock' || !before.durable.clock.synchronised) return;
  const jumpedMs = after.durable.clock.offsetMs - before.durable.clock.offsetMs;
  if (jumpedMs <= 60_000) return;
  for (const door of lockingDoors(site)) {
    if (lockIn(before, door).free === undefined && lockIn(after, door).free !== undefined)
      say('unlocked-by-clock', `${door.config.id}, set forward by ${jumpedMs} ms`);
  }
};

// ---- 10: answers

const isHeard = ({ before }: Stepped, zone: Stepped['zones'][number]): boolean =>
  zone.was.signal === 'normal' &&
  zone.is.signal === 'active' &&
  !isLeftOut(zone.was) &&
  !isTested(before, zone.config.id) &&
  zone.is.soakUntil === undefined;

export const askersAreAnswered: Check = (stepped, say) => {
  const { site, input, events, zones } = stepped;
  const answersTo = (door: string) =>
    events.filter(({ kind, door: told }) => (kind === 'access-granted' || kind === 'access-refused') && told === door);
  for (const zone of zones) {
    if (zone.config.type !== 'door-request' || !isHeard(stepped, zone)) continue;
    for (const door of lockingDoors(site)) {
      if (door.config.requests.includes(zone.config.id) && answersTo(door.config.id).length !== 1)
        say('unanswered-at-door', `${zone.config.id} at ${door.config.id}`);
    }
  }
  if (input.kind === 'remote-unlock') {
    const answers = events.filter(({ command }) => command === input.command).map(({ kind }) => kind);
    const judged = answers.filter((kind) => kind === 'access-granted' || kind === 'access-refused');
    if (judged.length !== 1) say('unanswered-operator', `${input.command}: ${answers.join(', ')}`);
  }
  for (const { kind, reason } of events) if (kind === 'access-refused' && reason === undefined) say('refused-why', kind);
};

/** Who is refused what is guarded leaves it guarded. */
export const refusedStaysGuarded: Check = ({ site, input, after, events }, say) => {
  if (input.kind !== 'verdict' || input.way.kind !== 'keypad' || !events.some(({ kind }) => kind === 'shunted')) return;
  const { notice } = of(after.volatile.keypads[of(site.keypads.get(input.way.keypad)).index]);
  if (notice?.kind === 'refused') say('refused-and-shunted', `${input.way.keypad}: ${notice.reason}`);
};
