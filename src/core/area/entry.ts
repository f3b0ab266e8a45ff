/** Entry: an entry door of an armed area opened, and the person has `entryDelayMs` to disarm. */
import type { AreaConfig, ZoneConfig } from '../config.ts';
import { areaState, clearTimer, emit, setArea, setTimer, setTimerIn, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Arming, PendingAttempt } from '../state.ts';
import { after } from '../time.ts';
import type { Monotonic } from '../time.ts';
import { raiseAlarm, silenceSiren, soundSiren } from './alarm.ts';
import { intrude, markEntryOpened } from './intrusion.ts';
import { markReported } from './report.ts';

type Area = Place<AreaConfig>;
type Zone = Place<ZoneConfig>;
type Armed = Extract<Arming, { state: 'armed' }>;

/** A code typed before the deadline is waited for this long: its digest is computed outside the core. */
const VERDICT_GRACE_MS = 1_000;

export const startEntry = (frame: Frame, area: Area, zone: Zone, arming: Armed, exitError = false): void => {
  setArea(frame, area, {
    arming: {
      state: 'entering',
      since: frame.now,
      mode: arming.mode,
      who: arming.who,
      armedSince: arming.since,
      zone: zone.config.id,
      exitError,
    },
  });
  markEntryOpened(frame, area);
  setTimerIn(frame, 'entry', area.config.id, area.config.entryDelayMs);
  emit(frame, 'entry-started', { area: area.config.id, zone: zone.config.id, ...(exitError && { cause: 'exit-error' }) });
  if (exitError) soundSiren(frame, area, 'local');
};

/** A further entry door can bring the deadline forward, never back: opening the door again changes nothing. */
export const reenter = (frame: Frame, area: Area): void => {
  const deadline = timerOf(frame, 'entry', area.config.id);
  const candidate = after(frame.now, area.config.entryDelayMs);
  if (deadline && candidate < deadline.at) setTimer(frame, 'entry', area.config.id, candidate);
};

export const expireEntry = (frame: Frame, area: Area): void => {
  const { arming } = areaState(frame, area);
  if (arming.state !== 'entering') return;
  const graceEnd = verdictGraceEnd(frame, area, after(arming.since, area.config.entryDelayMs));
  if (graceEnd !== undefined && graceEnd > frame.now) {
    setTimer(frame, 'entry', area.config.id, graceEnd);
    return;
  }
  setArea(frame, area, { arming: { state: 'armed', since: arming.armedSince, mode: arming.mode, who: arming.who } });
  soundSiren(frame, area, 'full');
  const zone = frame.site.zones.get(arming.zone);
  if (zone) return intrude(frame, area, zone, arming.exitError ? 'exit-error' : 'entry-expired');
  // Another config has taken the door away in the middle of the entry.
  raiseAlarm(frame, area, { kind: 'intrusion', cause: 'entry-expired', siren: 'full', level: 2 });
  markReported(frame, area);
};

const verdictGraceEnd = (frame: Frame, area: Area, deadline: Monotonic): Monotonic | undefined => {
  const pending = frame.state.volatile.attempts.filter(
    (attempt) => attempt.keyedAt <= deadline && concerns(frame, area, attempt),
  );
  const ends = pending.map(({ keyedAt }) => after(keyedAt, VERDICT_GRACE_MS));
  return ends.length === 0 ? undefined : ends.reduce((latest, end) => (end > latest ? end : latest));
};

const concerns = (frame: Frame, area: Area, { way }: PendingAttempt): boolean =>
  way.kind !== 'keypad' || (frame.site.keypads.get(way.keypad)?.config.areas.includes(area.config.id) ?? false);

/**
 * The door that was left open at the end of the exit is closed: the exit error is over and the area is armed. Its siren
 * ends and counts for nothing, unless somebody has raised an alarm meanwhile: only disarming silences that.
 */
export const resolveExitError = (frame: Frame, area: Area, zone: Zone): void => {
  const { arming, siren, alarms } = areaState(frame, area);
  if (arming.state !== 'entering' || !arming.exitError || arming.zone !== zone.config.id) return;
  clearTimer(frame, 'entry', area.config.id);
  if (siren?.reach === 'local' && !alarms.some(({ kind }) => kind === 'intrusion')) {
    silenceSiren(frame, area);
    setArea(frame, area, { sirenCycles: 0 });
  }
  markEntryOpened(frame, area, false);
  setArea(frame, area, { arming: { state: 'armed', since: arming.armedSince, mode: arming.mode, who: arming.who } });
};
