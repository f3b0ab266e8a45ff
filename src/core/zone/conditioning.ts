/**
 * From the edges of a line to the signal the areas act on. Every line is filtered here, whatever hears it.
 *
 * - *settled*: the level that was last stable for `debounceMs` (`LineState.reading`). *candidate*: what the line says
 *   now and has not yet said for long enough. An edge begins a candidate, the timer `debounce` settles it.
 * - *short pulse*: away from the settled level and back before it was stable. Counted for the installer
 *   (`LineState.shortPulses`), nothing else.
 * - *chatter*: never stable for `chatterMs`. A fault until it has been quiet for as long (timer `chatter`), so that a
 *   loose wire makes a few events and not dozens a second.
 * - *held back*: an activation that is not yet the n-th within `pulseWindowMs`. One that lasts the whole window is
 *   passed on as well: a detector that stays open is not a stray pulse.
 *
 * Widths are measured between the instants at which edges were observed. A deadline that could not fire in time (its
 * edges were handled late) is settled by the edge that ends it, so no pulse of `debounceMs` is lost.
 */
import type { ZoneConfig } from '../config.ts';
import { clearTimer, lineState, setLine, setTimer, zonePlace, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Reading } from '../input.ts';
import type { Place } from '../site.ts';
import type { LineState, Signal } from '../state.ts';
import { markSeen } from '../supervision/notSeen.ts';
import { after } from '../time.ts';
import type { Monotonic } from '../time.ts';
import { CHATTER, LOST, seenOf } from './sensing.ts';
import type { Seen } from './sensing.ts';
import { changeSignal } from './signal.ts';
import { onMeasurement } from './measurement.ts';

type Zone = Place<ZoneConfig>;

/** A reading of the zone's line. Costs the same on every site, and nothing where it says what the last one said. */
export const onReading = (frame: Frame, zone: Zone, reading: Reading, observedAt: Monotonic): void => {
  const { sensing } = zone.config;
  if (sensing.kind === 'measure') return onMeasurement(frame, zone, sensing, reading);
  const seen = seenOf(sensing, reading);
  const line = lineState(frame, zone);
  if (seen.signal === (line.candidate ?? line.reading) && seen.cause === line.candidateCause) return;
  if (seen === LOST) return loseLine(frame, zone, observedAt);
  onEdge(frame, zone, seen, observedAt);
};

/** What the line says at a start, believed at once: there is no edge to debounce. A reference for momentary inputs. */
export const readAtStart = (frame: Frame, zone: Zone, reading: Reading): void => {
  const { sensing } = zone.config;
  if (sensing.kind === 'measure') return onMeasurement(frame, zone, sensing, reading);
  const seen = seenOf(sensing, reading);
  quieten(frame, zone, seen);
  pass(frame, zone, seen);
};

export const onConditioningTimer = (frame: Frame, kind: 'debounce' | 'chatter', zoneId: string): void => {
  const zone = zonePlace(frame, zoneId);
  const line = lineState(frame, zone);
  if (line.candidate !== undefined) return settle(frame, zone, seenNow(line, line.candidate));
  if (kind === 'debounce' && line.reading === 'active') passActivation(frame, zone);
};

// ---- edges

const onEdge = (frame: Frame, zone: Zone, seen: Seen, observedAt: Monotonic): void => {
  settleLate(frame, zone, observedAt);
  if (zone.config.debounceMs === 0) return settle(frame, zone, seen);
  const line = lineState(frame, zone);
  const unstableSince = line.unstableSince ?? observedAt;
  const chattering = line.chattering || observedAt - unstableSince >= chatterMs(frame);
  const isShortPulse = line.candidate !== undefined && seen.signal === line.reading;
  setLine(frame, zone, {
    candidate: seen.signal,
    candidateCause: seen.cause,
    candidateSince: observedAt,
    unstableSince,
    chattering,
    shortPulses: line.shortPulses + (isShortPulse ? 1 : 0),
  });
  if (chattering && !line.chattering) beginChatter(frame, zone);
  setTimer(frame, chattering ? 'chatter' : 'debounce', zone.config.id, settlesAt(frame, zone, observedAt, chattering));
};

/** The candidate was stable long enough after all, though its deadline has not fired yet. */
const settleLate = (frame: Frame, zone: Zone, observedAt: Monotonic): void => {
  const line = lineState(frame, zone);
  if (line.candidate === undefined || line.candidateSince === undefined) return;
  if (observedAt - line.candidateSince >= quietMs(frame, zone, line.chattering))
    settle(frame, zone, seenNow(line, line.candidate));
};

const seenNow = (line: LineState, signal: Signal): Seen => ({ signal, cause: line.candidateCause });

const chatterMs = (frame: Frame): number => frame.site.config.supervision.chatterMs;

const quietMs = (frame: Frame, zone: Zone, chattering: boolean): number =>
  chattering ? Math.max(zone.config.debounceMs, chatterMs(frame)) : zone.config.debounceMs;

/** Later than now in any case: an edge that was observed before but is handled next must still end the candidate. */
const settlesAt = (frame: Frame, zone: Zone, observedAt: Monotonic, chattering: boolean): Monotonic => {
  const at = after(observedAt, quietMs(frame, zone, chattering));
  return at > frame.now ? at : after(frame.now, 1);
};

const beginChatter = (frame: Frame, zone: Zone): void => {
  clearTimer(frame, 'debounce', zone.config.id);
  pass(frame, zone, CHATTER);
};

// ---- settled levels

const quieten = (frame: Frame, zone: Zone, { signal, cause }: Seen): void => {
  clearTimer(frame, 'debounce', zone.config.id);
  clearTimer(frame, 'chatter', zone.config.id);
  setLine(frame, zone, {
    reading: signal,
    candidate: undefined,
    candidateCause: cause,
    candidateSince: undefined,
    unstableSince: undefined,
    chattering: false,
  });
};

const settle = (frame: Frame, zone: Zone, seen: Seen): void => {
  const { reading: before, candidateSince } = lineState(frame, zone);
  quieten(frame, zone, seen);
  if (seen.signal !== 'active' || zone.config.pulseCount <= 1) return pass(frame, zone, seen);
  const { signal } = zoneState(frame, zone);
  if (before === 'normal' && signal === 'normal') countActivation(frame, zone, candidateSince ?? frame.now);
  else if (before === 'active' && signal === 'normal') resumeHold(frame, zone);
  // Only an opening seen by this process is a pulse; a level found after a fault is told as it is.
  else pass(frame, zone, seen);
};

/** The line is not heard any more: a fault at once, whatever it said before. */
const loseLine = (frame: Frame, zone: Zone, observedAt: Monotonic): void => {
  settleLate(frame, zone, observedAt);
  quieten(frame, zone, LOST);
  setLine(frame, zone, { activations: [] });
  pass(frame, zone, LOST);
};

/** Tells the areas. Afterwards the level is a reference: the next change is an act. */
const pass = (frame: Frame, zone: Zone, { signal, cause }: Seen): void => {
  changeSignal(frame, zone, signal, cause);
  const referenced = signal === 'normal' || signal === 'active';
  if (lineState(frame, zone).referenced !== referenced) setLine(frame, zone, { referenced });
};

// ---- pulse count

const countActivation = (frame: Frame, zone: Zone, at: Monotonic): void => {
  const recent = lineState(frame, zone).activations.filter((earlier) => at - earlier < zone.config.pulseWindowMs);
  if (recent.length + 1 >= zone.config.pulseCount) return passActivation(frame, zone);
  setLine(frame, zone, { activations: [...recent, at] });
  markSeen(frame, zone);
  setTimer(frame, 'debounce', zone.config.id, after(frame.now, zone.config.pulseWindowMs));
};

/** A held-back activation was interrupted for less than `debounceMs`: its window goes on. */
const resumeHold = (frame: Frame, zone: Zone): void => {
  const until = after(lineState(frame, zone).activations.at(-1) ?? frame.now, zone.config.pulseWindowMs);
  if (until > frame.now) setTimer(frame, 'debounce', zone.config.id, until);
  else passActivation(frame, zone);
};

const passActivation = (frame: Frame, zone: Zone): void => {
  setLine(frame, zone, { activations: [] });
  pass(frame, zone, { signal: 'active', cause: undefined });
};
