/**
 * When the centre hears of an intrusion. Most alarms go at once. An entry that timed out and a zone off the route
 * during an entry are held for `abortMs`, so that a late employee is not a burglar: told when the hold ends, when it is
 * confirmed first, or at once when the person disarming is under duress or finds that not all is normal.
 */
import { areaState, clearTimer, emit, eventOf, setArea, setTimer, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { AreaConfig } from '../config.ts';
import type { Event, EventFacts, EventKind } from '../event.ts';
import type { Place } from '../site.ts';
import type { AreaState } from '../state.ts';
import { after } from '../time.ts';
import { withCommons } from './common.ts';
import type { Monotonic } from '../time.ts';

type Area = Place<AreaConfig>;

export const markReported = (frame: Frame, area: Area): void => {
  const { period } = areaState(frame, area);
  if (period && !period.reported) setArea(frame, area, { period: { ...period, reported: true } });
};

export const reportNow = (frame: Frame, area: Area, kind: EventKind, facts: EventFacts): void => {
  emit(frame, kind, { area: area.config.id, ...facts });
  markReported(frame, area);
};

/** Keeps the alarm on disk; it is sent, as it was, when the hold ends. */
export const holdReport = (frame: Frame, area: Area, kind: EventKind, facts: EventFacts): void => {
  const event = eventOf(frame, kind, { area: area.config.id, ...facts });
  setArea(frame, area, { held: [...areaState(frame, area).held, { event }] });
  emit(frame, 'alarm-held', { area: area.config.id, ...facts, detail: { held: kind } });
  if (!timerOf(frame, 'abort', area.config.id)) setTimer(frame, 'abort', area.config.id, holdEnd(frame, area));
};

/** `abortMs` from now, and not before a running entry has expired (EN 50131-1: no remote notification during entry). */
const holdEnd = (frame: Frame, area: Area): Monotonic => {
  const end = after(frame.now, area.config.abortMs);
  const entries = withCommons(frame, area).map((place) => timerOf(frame, 'entry', place.config.id)?.at ?? end);
  return entries.reduce((latest, at) => (at > latest ? at : latest), end);
};

/**
 * The hold is over. Where the entry ends at the same instant it goes first: a code that was keyed in time and whose verdict
 * is on its way may still disarm.
 */
export const expireHold = (frame: Frame, area: Area): void => {
  const [alarm] = areaState(frame, area).held;
  const entries = withCommons(frame, area)
    .filter((place) => alarm && isEnteredBefore(areaState(frame, place), alarm.event.mono))
    .flatMap((place) => timerOf(frame, 'entry', place.config.id) ?? []);
  const [first] = entries.toSorted((a, b) => b.at - a.at);
  if (first) return setTimer(frame, 'abort', area.config.id, after(first.at, 1));
  releaseHeld(frame, area);
};

/** Another entry than the one that was running when the alarm came does not delay it. */
const isEnteredBefore = ({ arming }: AreaState, instant: Monotonic): boolean =>
  arming.state === 'entering' && arming.since <= instant;

/** Sends what was held, each with the time at which it happened. */
export const releaseHeld = (frame: Frame, area: Area): void => {
  const { held } = areaState(frame, area);
  clearTimer(frame, 'abort', area.config.id);
  if (held.length === 0) return;
  setArea(frame, area, { held: [] });
  for (const { event } of held) frame.events.push(released(frame, event));
  markReported(frame, area);
};

const released = (frame: Frame, event: Event): Event => ({
  ...event,
  detail: { ...event.detail, heldMs: frame.now - event.mono },
});

/** The person disarmed within the hold: nothing is sent, the journal keeps what it was. */
export const abortHeld = (frame: Frame, area: Area, facts: EventFacts): void => {
  const { held } = areaState(frame, area);
  clearTimer(frame, 'abort', area.config.id);
  if (held.length === 0) return;
  setArea(frame, area, { held: [] });
  emit(frame, 'alarm-aborted', { area: area.config.id, ...facts, zones: held.flatMap(({ event }) => event.zone ?? []) });
};
