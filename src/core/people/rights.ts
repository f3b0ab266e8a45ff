/** Who may do what, when. Every refusal has a reason that the person can act on. */
import type { AreaConfig, AreaId, Role, ScheduleId, UserConfig } from '../config.ts';
import type { Refusal } from '../event.ts';
import { areaPlace, keypadPlace, scheduleTime, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Request, Way } from '../input.ts';
import type { Place } from '../site.ts';

type Verb = Request['verb'];

const USER_VERBS: readonly Verb[] = [
  'arm',
  'disarm',
  'code',
  'silence',
  'confirm-normal',
  'acknowledge',
  'postpone',
  'tick',
  'walk-test',
  'exercise',
  'on-test',
  'allow-installer',
  'open',
];

const VERBS: Readonly<Record<Role, ReadonlySet<Verb>>> = {
  owner: new Set<Verb>([...USER_VERBS, 'isolate', 'door-mode']),
  staff: new Set<Verb>(USER_VERBS),
  cleaner: new Set<Verb>(['arm', 'disarm', 'code', 'silence', 'tick', 'open']),
  delivery: new Set<Verb>(['silence', 'open']),
  guard: new Set<Verb>(['arm', 'disarm', 'code', 'silence', 'open']),
  installer: new Set<Verb>(['code', 'silence', 'acknowledge', 'reset-tamper', 'walk-test', 'on-test', 'isolate', 'open']),
};

export const mayDo = (role: Role, verb: Verb): boolean => VERBS[role].has(verb);

export const refusalOf = (frame: Frame, user: UserConfig, verb: Verb): Refusal | undefined =>
  usedUpRefusal(frame, user, verb) ??
  validityRefusal(frame, user, verb) ??
  hoursRefusal(frame, user, verb) ??
  roleRefusal(frame, user, verb);

/** A one-shot code has let somebody in: it only arms again, while its time runs. */
const usedUpRefusal = (frame: Frame, user: UserConfig, verb: Verb): Refusal | undefined => {
  if (!frame.state.durable.people.usedUp.includes(user.id)) return undefined;
  const mayRearm = verb === 'arm' && user.areas.some((area) => timerOf(frame, 'guard', area) !== undefined);
  return mayRearm ? undefined : 'used-up';
};

const validityRefusal = (frame: Frame, user: UserConfig, verb: Verb): Refusal | undefined => {
  const { validFrom, validUntil } = user;
  if (validFrom === undefined && validUntil === undefined) return undefined;
  const { synchronised, trusted } = frame.state.durable.clock;
  // What a synchronised clock has once seen expired stays so, whatever the clock says after a power cut.
  const now = synchronised ? scheduleTime(frame) : trusted;
  if (validUntil !== undefined && now >= validUntil) return 'expired';
  if (!synchronised) return waivesHours(user.role) || verb === 'arm' ? undefined : 'clock-not-set';
  return validFrom !== undefined && now < validFrom ? 'not-yet-valid' : undefined;
};

/** While the time is not known, hours are waived for those who must get in; the others are told why not. */
const waivesHours = (role: Role): boolean => role === 'owner' || role === 'staff';

/**
 * Why it is not within the hours of a schedule; undefined: it is. Without a calendar for this instant nobody knows what
 * the hours are.
 */
export const outsideHours = (frame: Frame, schedule: ScheduleId): 'clock-not-set' | 'unknown' | 'out-of-hours' | undefined => {
  const { durable, volatile } = frame.state;
  const { windows, windowsUntil } = volatile;
  if (!durable.clock.synchronised) return 'clock-not-set';
  const now = scheduleTime(frame);
  if (windowsUntil === undefined || now >= windowsUntil) return 'unknown';
  const isWithin = windows.some((window) => window.schedule === schedule && window.from <= now && now < window.to);
  return isWithin ? undefined : 'out-of-hours';
};

/** Nobody is refused arming for the hour: who stayed late must be able to leave the site armed. */
const hoursRefusal = (frame: Frame, user: UserConfig, verb: Verb): Refusal | undefined => {
  if (user.hours === undefined || verb === 'arm') return undefined;
  const outside = outsideHours(frame, user.hours);
  if (outside === undefined || outside === 'out-of-hours') return outside;
  if (waivesHours(user.role)) return undefined;
  return outside === 'unknown' ? 'out-of-hours' : outside;
};

const roleRefusal = (frame: Frame, user: UserConfig, verb: Verb): Refusal | undefined => {
  if (!mayDo(user.role, verb)) return 'not-your-role';
  const { installerUntil } = frame.state.durable.people;
  const isAllowed = installerUntil !== undefined && frame.now < installerUntil;
  return user.role === 'installer' && !isAllowed ? 'installer-not-allowed' : undefined;
};

/** A keypad's own areas, in its order; the page and the centre reach all of them. */
export const areasOfWay = (frame: Frame, way: Way): readonly Place<AreaConfig>[] =>
  way.kind === 'keypad'
    ? keypadPlace(frame, way.keypad).config.areas.map((id) => areaPlace(frame, id))
    : [...frame.site.areas.values()];

/** Areas of the person that this way reaches. */
export const areasInReach = (wayAreas: readonly AreaId[], user: UserConfig): readonly AreaId[] =>
  wayAreas.filter((area) => user.areas.includes(area));
