/**
 * 3, 7 and 10: only an authorised person's fresh act disarms, silences or leaves out; from afar nothing of it is done;
 * and whoever is refused is told why.
 */
import type { AreaConfig, KeypadId, UserConfig } from '../../../src/core/config.ts';
import type { EventKind } from '../../../src/core/event.ts';
import type { Input, Way } from '../../../src/core/input.ts';
import type { Site } from '../../../src/core/site.ts';
import type { State } from '../../../src/core/state.ts';
import { areaIn, isSet, of, userIn, withCommons } from '../model.ts';
import type { Check, Say, Stepped } from '../violation.ts';

// ---- whose act a step is

type Person = { readonly user: UserConfig; readonly way: Way };

/** The person whose accepted or refused act this step is; a choice is the act of the person who is choosing. */
const personOf = ({ site, before, input }: Stepped): Person | undefined => {
  if (input.kind === 'verdict') {
    const user = input.by === 'code' && input.credential ? userIn(site, before, input.credential.user) : undefined;
    return user && { user, way: input.way };
  }
  if (input.kind !== 'choice') return undefined;
  const keypad = of(before.volatile.keypads[of(site.keypads.get(input.keypad)).index]);
  const user = keypad.choosing && userIn(site, before, keypad.choosing.user);
  return user && { user, way: { kind: 'keypad', keypad: input.keypad } };
};

const DISARMS: ReadonlySet<UserConfig['role']> = new Set(['owner', 'staff', 'cleaner', 'guard']);

/** Those who must get in are not kept out for want of a clock or a calendar. */
const mustGetIn = ({ role }: UserConfig): boolean => role === 'owner' || role === 'staff';

/** The time as the clock is set, whatever is on record. */
const timeOf = ({ at, durable }: State): number => at + durable.clock.offsetMs;

export const isValid = (state: State, user: UserConfig): boolean => {
  const { validFrom, validUntil } = user;
  const { synchronised, trusted } = state.durable.clock;
  const instant = synchronised ? timeOf(state) : trusted;
  if (validUntil !== undefined && instant >= validUntil) return false;
  return (!synchronised && mustGetIn(user)) || validFrom === undefined || instant >= validFrom;
};

export const isInHours = (state: State, user: UserConfig): boolean => {
  if (user.hours === undefined) return true;
  const { windows, windowsUntil } = state.volatile;
  const instant = timeOf(state);
  const isKnown = state.durable.clock.synchronised && windowsUntil !== undefined && instant < windowsUntil;
  if (!isKnown && mustGetIn(user)) return true;
  return windows.some(({ schedule, from, to }) => schedule === user.hours && from <= instant && instant < to);
};

const areasOfWay = (site: Site, keypad: KeypadId): readonly string[] => of(site.keypads.get(keypad)).config.areas;

/** The area itself, what is behind it when it is common, and the common areas that open with it. */
const belonging = (site: Site, area: AreaConfig): readonly string[] => [
  ...withCommons(site, area.id).map(({ id }) => id),
  ...area.common,
];

/** In words why this person may not disarm this area here and now. */
const objection = ({ site, before, after }: Stepped, { user, way }: Person, area: AreaConfig): string | undefined => {
  const near = belonging(site, area);
  if (way.kind === 'remote') return 'asked from afar';
  if (!DISARMS.has(user.role)) return `${user.role} may not disarm`;
  if (!near.some((id) => user.areas.includes(id))) return 'not an area of the person';
  if (way.kind === 'keypad' && !areasOfWay(site, way.keypad).some((id) => near.includes(id))) return 'not an area of the keypad';
  const at = { ...before, at: after.at };
  if (!isValid(at, user)) return 'not valid now';
  if (!isInHours(at, user)) return 'out of hours';
  return before.durable.people.usedUp.includes(user.id) ? 'used up' : undefined;
};

/** A key switch of the area that may disarm has just been turned. */
const isKeyTurned = ({ site, before, input }: Stepped, area: AreaConfig): boolean => {
  const lines = new Set(
    site.config.zones
      .filter(
        ({ type, keyswitch, area: own }) => type === 'keyswitch' && keyswitch?.disarms && belonging(site, area).includes(own),
      )
      .filter(({ id }) => of(before.durable.zones[of(site.zones.get(id)).index]).signal === 'normal')
      .map(({ line }) => line),
  );
  return input.kind === 'reading' ? lines.has(input.line) : input.kind === 'tick' && lines.size > 0;
};

const mayEnd = (stepped: Stepped, area: AreaConfig): string | undefined => {
  const person = personOf(stepped);
  if (person) return objection(stepped, person, area);
  return isKeyTurned(stepped, area) ? undefined : `nobody acted: the input was ${stepped.input.kind}`;
};

/** By day also who else was let in by those who may. */
const maySilence = (stepped: Stepped, area: AreaConfig): string | undefined => {
  const isInstaller = personOf(stepped)?.user.role === 'installer' && stepped.before.durable.people.installerUntil !== undefined;
  return isInstaller && !isSet(areaIn(stepped.site, stepped.before, area.id)) ? undefined : mayEnd(stepped, area);
};

// ---- 3: disarming

export const onlyPeopleDisarm: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.areas) {
    if (!isSet(was) || isSet(is)) continue;
    const why = mayEnd(stepped, config);
    if (why !== undefined) say('disarmed-by-itself', `${config.id}: ${why}`);
    const told = stepped.events.find(({ kind, area }) => kind === 'disarmed' && area === config.id);
    if (!told) say('disarmed-untold', config.id);
    else if (told.user === undefined && told.cause !== 'keyswitch')
      say('disarmed-by-whom', `${config.id}: the journal names nobody`);
  }
};

/** An exit ends armed, cancelled by a person, or failed and loudly said so. */
export const exitsEndLoudly: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.areas) {
    if (was.arming.state !== 'exiting' || is.arming.state !== 'disarmed') continue;
    const told = stepped.events.find(
      ({ kind, area }) => area === config.id && (kind === 'arm-failed' || kind === 'arm-cancelled'),
    );
    if (!told) say('exit-untold', `${config.id} is not set and nobody was told`);
    if (told?.kind === 'arm-failed' && is.faultTone === undefined) say('exit-silent', `${config.id}: no fault tone`);
    if (told?.kind === 'arm-cancelled' && mayEnd(stepped, config) !== undefined)
      say('exit-cancelled', `${config.id}: ${mayEnd(stepped, config)}`);
  }
};

// ---- 3: silencing

/** The siren ends by its own time, by a person, or by the door whose being open it was for. */
export const onlyPeopleSilence: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.areas) {
    if (!was.siren || is.siren?.since === was.siren.since) continue;
    if (stepped.after.at >= was.siren.since + config.sirenMs) continue;
    const exitError = was.arming.state === 'entering' && was.arming.exitError && is.arming.state === 'armed';
    const why = maySilence(stepped, config);
    if (!exitError && why !== undefined) say('silenced-by-itself', `${config.id}: ${why}`);
  }
};

export const onlyPeopleForget: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.areas) {
    const gone = was.memory.filter((entry) => !is.memory.includes(entry));
    if (gone.length === 0) continue;
    const by = stepped.events.find(({ kind, area }) => kind === 'memory-acknowledged' && area === config.id)?.user;
    if (by === undefined) say('memory-lost', `${config.id}: ${gone.map(({ kind }) => kind).join(', ')}`);
  }
};

// ---- 3: leaving out

const LEFT_OUT: readonly { readonly field: 'inhibited' | 'isolated'; readonly on: EventKind; readonly off: EventKind }[] = [
  { field: 'inhibited', on: 'inhibited', off: 'inhibit-ended' },
  { field: 'isolated', on: 'isolated', off: 'isolation-ended' },
];

export const leavingOutIsTold: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.zones) {
    for (const { field, on, off } of LEFT_OUT) {
      if (was[field] === is[field]) continue;
      const told = stepped.events.find(({ kind, zone }) => zone === config.id && kind === (is[field] ? on : off));
      if (!told) say('left-out-untold', `${config.id} ${field} ${is[field]}`);
      const scheduled = told?.cause === 'schedule';
      if (is[field] && told && told.user === undefined && !scheduled) say('left-out-by-whom', `${config.id} ${field}`);
      if (is[field] && !scheduled && !config.bypassable) say('left-out-fixed', `${config.id} may not be left out`);
    }
    checkOmitted(stepped, config.id, { was: was.omitted, is: is.omitted }, say);
  }
};

const checkOmitted = (
  { events }: Stepped,
  id: string,
  { was, is }: { readonly was: string; readonly is: string },
  say: Say,
): void => {
  if ((was === 'no') === (is === 'no')) return;
  const kinds = is === 'no' ? ['reincluded'] : ['omitted', 'swinger'];
  if (!events.some(({ kind, zone }) => zone === id && kinds.includes(kind))) say('omitted-untold', `${id}: ${was} to ${is}`);
};

/** Leaving out for one armed period needs one: without it nothing would end it. */
export const inhibitionsEnd: Check = (stepped, say) => {
  const { site, before, after } = stepped;
  if (before.durable.areas === after.durable.areas && before.durable.zones === after.durable.zones) return;
  for (const [index, { id, area }] of site.config.zones.entries()) {
    if (of(after.durable.zones[index]).inhibited && areaIn(site, after, area).arming.state === 'disarmed')
      say('inhibited-unset', `${id} is left out of ${area}, which is not set`);
  }
};

/** Isolation is a person's; inhibition ends with its armed period and not before. */
export const inhibitionsStay: Check = (stepped, say) => {
  for (const { config, was, is } of stepped.zones) {
    if (!was.inhibited || is.inhibited) continue;
    if (areaIn(stepped.site, stepped.after, config.area).arming.state !== 'disarmed')
      say('inhibition-lost', `${config.id} in a set area`);
  }
};

// ---- 7: from afar

const isRemote = (input: Input): boolean => input.kind === 'verdict' && input.way.kind === 'remote';

/** What a remote request must leave as it was: it may arm, and nothing else. */
export const remoteOnlyArms: Check = (stepped, say) => {
  if (!isRemote(stepped.input)) return;
  const zones = stepped.zones.filter(
    ({ was, is }) => was.inhibited !== is.inhibited || was.isolated !== is.isolated || was.shunted !== is.shunted,
  );
  if (zones.length > 0) say('remote-left-out', zones.map(({ config }) => config.id).join(', '));
  for (const { config, was, is } of stepped.areas) {
    if (was.arming.state !== 'disarmed' && is.arming.state === 'disarmed') say('remote-disarmed', config.id);
    if (was.siren && !is.siren) say('remote-silenced', config.id);
    if (is.memory.length < was.memory.length) say('remote-acknowledged', config.id);
  }
  const { before, after } = stepped;
  if (before.durable.doors !== after.durable.doors && stepped.events.some(({ kind }) => kind === 'door-silenced'))
    say('remote-door', 'silenced');
};

// ---- 10: refusals

/** At a keypad every act is answered at once; elsewhere a refusal is an event with its reason. */
export const everybodyIsAnswered: Check = (stepped, say) => {
  const { site, input, after } = stepped;
  const way = input.kind === 'verdict' ? input.way : undefined;
  if (!way) return;
  if (way.kind !== 'keypad') return answeredByEvent(stepped, say);
  const { notice, noticeSince } = of(after.volatile.keypads[of(site.keypads.get(way.keypad)).index]);
  if (!notice || noticeSince !== after.at) say('unanswered', `${way.keypad} shows ${notice?.kind ?? 'nothing'}`);
  if (notice?.kind === 'refused' && notice.reason === 'blocked' && notice.blockers.length === 0)
    say('blocked-by-nothing', way.keypad);
  if (notice?.kind === 'choose' && notice.areas.length < 2) say('no-choice', way.keypad);
};

const answeredByEvent = ({ before, input, after, events }: Stepped, say: Say): void => {
  const changed = before.durable !== after.durable;
  const told = events.some(
    ({ kind, reason, blockers }) => kind === 'access-granted' || reason !== undefined || (blockers?.length ?? 0) > 0,
  );
  const asked = input.kind === 'verdict' ? input.request.verb : '';
  if (!changed && !told && asked !== 'code' && asked !== 'tick')
    say('unanswered-elsewhere', `${asked} came to nothing and no reason was given`);
};

export const refusalsHaveReasons: Check = ({ events }, say) => {
  for (const { kind, reason, blockers } of events) {
    if (kind === 'code-refused' && reason === undefined) say('refused-why', kind);
    if (kind === 'arm-refused' && (blockers?.length ?? 0) === 0) say('refused-why', kind);
  }
};

/** What nobody on site may know is never given as a reason. */
export const nothingCovertBlocks: Check = ({ site, events, after }, say) => {
  const isCovert = (zone: string | undefined): boolean =>
    zone !== undefined && site.zones.get(zone)?.config.type === 'holdup-silent';
  const shown = [
    ...events.flatMap(({ blockers }) => blockers ?? []),
    ...after.volatile.keypads.flatMap(({ notice }) => (notice?.kind === 'refused' ? notice.blockers : [])),
  ];
  if (shown.some(({ zone }) => isCovert(zone))) say('covert-blocker', 'a silent hold-up device is named at the keypad');
};
