/**
 * The agreed code of whoever opens (R16): after a night armed `full`, the opening must be confirmed *normal* within the
 * site's time. The *not normal* code, a duress code and silence are reported covertly: on site they look like the rest, and
 * whoever opened with a covert code is asked like anybody else. The covert codes themselves are told in people/access.ts,
 * wherever they are typed; here they only spoil a later *normal*.
 */
import type { AreaConfig, Meaning, Role } from '../config.ts';
import { areaState, clearTimer, emit, setArea, setTimerIn, userOf, wallAt } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { ArmedPeriod, OpeningPending, Who } from '../state.ts';
import { HOUR, MINUTE } from '../time.ts';
import { tellKeypadsOf } from '../people/notice.ts';
import { whoFacts } from './who.ts';

type Area = Place<AreaConfig>;
type Act = { readonly who: Who; readonly meaning: Meaning };

/** An opening counts as the start of a day after this long armed. */
const CLOSED_AT_LEAST_MS = 4 * HOUR;
const REMIND_EVERY_MS = 2 * MINUTE;
const REMINDERS = 2;

const roleOf = (frame: Frame, who: Who): Role | undefined => (who.user === undefined ? undefined : userOf(frame, who.user)?.role);
const isStaff = (role: Role | undefined): boolean => role === 'owner' || role === 'staff';

/** Running time leaves out what a power cut took; where the clock is set, wall time does not. */
const armedMs = (frame: Frame, { armedAt, armedWall }: ArmedPeriod): number => {
  const running = frame.now - armedAt;
  return frame.state.durable.clock.synchronised ? Math.max(running, wallAt(frame, frame.now) - armedWall) : running;
};

/** The area was disarmed. A cleaner's or guard's opening waits for the first of the staff. */
export const onOpened = (frame: Frame, area: Area, period: ArmedPeriod, act: Act): void => {
  if (area.config.openingConfirmMs === undefined || period.mode !== 'full') return;
  if (armedMs(frame, period) < CLOSED_AT_LEAST_MS) return;
  if (isStaff(roleOf(frame, act.who))) return expectConfirmation(frame, area, act);
  setArea(frame, area, { opening: { phase: 'deferred', since: frame.now, reminders: 0, spoiled: act.meaning !== 'normal' } });
};

const expectConfirmation = (frame: Frame, area: Area, act: Act): void => {
  const spoiled = act.meaning !== 'normal' || (areaState(frame, area).opening?.spoiled ?? false);
  setArea(frame, area, { opening: { phase: 'pending', since: frame.now, reminders: 0, spoiled } });
  setTimerIn(frame, 'opening-remind', area.config.id, REMIND_EVERY_MS);
  setTimerIn(frame, 'opening-confirm', area.config.id, area.config.openingConfirmMs ?? 0);
};

/** Staff used a code while an opening by somebody else waits for them: their time starts now. */
export const onStaffSeen = (frame: Frame, area: Area, act: Act): boolean => {
  if (areaState(frame, area).opening?.phase !== 'deferred' || !isStaff(roleOf(frame, act.who))) return false;
  expectConfirmation(frame, area, act);
  return true;
};

/** True while somebody on site is being asked; what was answered before, and by which code, cannot be told from it. */
export const isOpeningPending = (frame: Frame, area: Area): boolean => areaState(frame, area).opening?.phase === 'pending';

/** Answers with whatever code of the staff. True when an answer was still missing: the same for every code. */
export const answerOpening = (frame: Frame, area: Area, act: Act): boolean => {
  const { opening } = areaState(frame, area);
  if (!opening || opening.phase === 'deferred' || !isStaff(roleOf(frame, act.who))) return false;
  const wasMissing = opening.phase !== 'answered';
  if (wasMissing) reportNormal(frame, area, opening, act);
  clearOpeningTimers(frame, area);
  setArea(frame, area, {
    opening: { ...opening, phase: 'answered', spoiled: opening.spoiled || act.meaning !== 'normal' },
  });
  return wasMissing;
};

const reportNormal = (frame: Frame, area: Area, opening: OpeningPending, act: Act): void => {
  if (opening.spoiled || act.meaning !== 'normal') return;
  emit(frame, 'opening-normal', { area: area.config.id, ...whoFacts(act.who), detail: { late: opening.phase === 'expired' } });
};

const clearOpeningTimers = (frame: Frame, area: Area): void => {
  clearTimer(frame, 'opening-remind', area.config.id);
  clearTimer(frame, 'opening-confirm', area.config.id);
};

export const remindOpening = (frame: Frame, area: Area): void => {
  const { opening } = areaState(frame, area);
  if (opening?.phase !== 'pending') return;
  const reminders = opening.reminders + 1;
  setArea(frame, area, { opening: { ...opening, reminders } });
  tellKeypadsOf(frame, area, { kind: 'remind-opening' });
  if (reminders < REMINDERS) setTimerIn(frame, 'opening-remind', area.config.id, REMIND_EVERY_MS);
};

/** Nobody confirmed in time: the centre knows, the site shows nothing. */
export const expireOpening = (frame: Frame, area: Area): void => {
  const { opening } = areaState(frame, area);
  if (opening?.phase !== 'pending') return;
  setArea(frame, area, { opening: { ...opening, phase: 'expired' } });
  emit(frame, 'opening-not-confirmed', { area: area.config.id });
};
