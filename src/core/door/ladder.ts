/**
 * The ladder of a secondary exit: how loudly it is said that a door is left open (*held*) or badly locked (*ajar*).
 *
 *     quiet → pre-alarm (beeps at the door) → sounding → escalated (the centre has been told)
 *
 * An episode runs from the moment the door is no longer closed and latched until it is again. Within it the ladder only
 * climbs: a leaf that swings in the wind neither starts the count again nor silences the sounder. Which of the two
 * faults is told follows the door once the other has lasted its own time (`openMs`, `latchMs`); where the centre knows
 * the first, it hears its end and the second at once.
 *
 * Silence is of the sounder alone: the centre is told on time whoever silenced it, and hears who did.
 *
 * When a contact dies in the middle, nothing is believed of the door. What was not yet an alarm becomes none, but sounds at
 * once if the contact comes back, overdue, with the door not shut. An alarm stays, climbs, and its sounder stops after
 * 180 s, until the contact shows the door again.
 */
import type { DoorConfig, UserId } from '../config.ts';
import type { EventFacts } from '../event.ts';
import {
  areaPlace,
  areaState,
  clearTimer,
  doorState,
  emit,
  lockState,
  setDoor,
  setTimer,
  setTimerIn,
  timerOf,
} from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { DoorState, DurableTimerKind } from '../state.ts';
import { after, SECOND } from '../time.ts';
import { doorFacts, raiseDoorAlarm, restoreDoorAlarm } from './doorAlarm.ts';
import { positionOf } from './position.ts';
import type { Position } from './position.ts';
import { isStandingFree } from './status.ts';

type Door = Place<DoorConfig>;
type Fault = 'left-open' | 'not-latched';

/** How long a sounder goes on where nobody is there to hear it, or nothing shows that the door is still open. */
export const SOUNDER_LIMIT_MS = 180 * SECOND;

const EPISODE_TIMERS: readonly DurableTimerKind[] = [
  'door-pre-alarm',
  'door-held',
  'door-latch',
  'door-escalate',
  'door-silence',
  'door-sounder',
];

const RAISED = { 'left-open': 'door-left-open', 'not-latched': 'door-not-latched' } as const;
const RESTORED = { 'left-open': 'door-left-open-restored', 'not-latched': 'door-not-latched-restored' } as const;

const faultAt = (position: Position): Fault | undefined => {
  if (position === 'open') return 'left-open';
  return position === 'ajar' ? 'not-latched' : undefined;
};

const isSounding = ({ ladder }: DoorState): boolean => ladder === 'sounding' || ladder === 'escalated';
/** The time ran out while nobody saw the door: nothing is said of it, but it sounds as soon as it is seen not to be shut. */
const isOverdue = ({ ladder, fault }: DoorState): boolean => ladder === 'quiet' && fault !== 'none';
/** A door that stands free to everybody is watched no more than one that is left out. */
const here = (frame: Frame, door: Door): Position =>
  isStandingFree(frame.site, frame.state, door) ? 'left-out' : positionOf(frame.site, frame.state.durable, door);
const runs = (frame: Frame, kind: DurableTimerKind, { config }: Door): boolean => timerOf(frame, kind, config.id) !== undefined;

const factsOf = (door: Door, fault: Fault): EventFacts =>
  doorFacts(door, fault === 'not-latched' ? door.config.latch : door.config.contact);

// ---- the centre

const raise = (frame: Frame, door: Door, fault: Fault): void =>
  raiseDoorAlarm(frame, door, RAISED[fault], { ...factsOf(door, fault), cause: 'time-out' });

/** Only what the centre was told is taken back. */
const restore = (frame: Frame, door: Door): void => {
  const { ladder, fault } = doorState(frame, door);
  if (ladder !== 'escalated' || fault === 'none') return;
  restoreDoorAlarm(frame, door, RAISED[fault], RESTORED[fault], factsOf(door, fault));
};

// ---- steps of the ladder

const climb = (frame: Frame, door: Door, ladder: DoorState['ladder'], fault: DoorState['fault']): void =>
  setDoor(frame, door, { ladder, fault, ladderSince: ladder === 'quiet' ? undefined : frame.now });

const sound = (frame: Frame, door: Door, fault: Fault): void => {
  climb(frame, door, 'sounding', fault);
  setTimerIn(frame, 'door-escalate', door.config.id, door.config.escalateMs);
};

/** The door went from one fault to the other without being closed and latched between them. */
const turnInto = (frame: Frame, door: Door, fault: Fault): void => {
  const state = doorState(frame, door);
  if (state.fault === fault) return;
  restore(frame, door);
  setDoor(frame, door, { fault });
  if (state.ladder === 'escalated') raise(frame, door, fault);
};

const endEpisode = (frame: Frame, door: Door): void => {
  restore(frame, door);
  for (const kind of EPISODE_TIMERS) clearTimer(frame, kind, door.config.id);
  const { fault, silencedUntil, spent } = doorState(frame, door);
  if (fault === 'none' && silencedUntil === undefined && !spent) return;
  setDoor(frame, door, { ladder: 'quiet', fault: 'none', ladderSince: undefined, silencedUntil: undefined, spent: false });
};

/** While the area is set nobody hears it; while the door is unseen nobody can end it: both have the same limit. */
const limitSounder = (frame: Frame, door: Door): void => {
  const { id } = door.config;
  const state = doorState(frame, door);
  if (!isSounding(state)) return;
  const arming = areaState(frame, areaPlace(frame, door.config.area)).arming.state;
  const limited = arming === 'armed' || arming === 'entering' || faultAt(here(frame, door)) === undefined;
  if (limited && !state.spent && !runs(frame, 'door-sounder', door)) setTimerIn(frame, 'door-sounder', id, SOUNDER_LIMIT_MS);
  if (limited) return;
  clearTimer(frame, 'door-sounder', id);
  if (state.spent) setDoor(frame, door, { spent: false, ladderSince: frame.now });
};

// ---- what the door does

/** Longer for whoever needs longer. */
const openMsOf = (frame: Frame, door: Door): number => {
  const { release, passage } = lockState(frame, door);
  const { openMs, lock } = door.config;
  return lock && (release ?? passage)?.extended === true ? openMs + lock.extendedMs : openMs;
};

const startOpen = (frame: Frame, door: Door): void => {
  const { id, preAlarmMs } = door.config;
  const openMs = openMsOf(frame, door);
  if (preAlarmMs > 0) setTimerIn(frame, 'door-pre-alarm', id, Math.max(0, openMs - preAlarmMs));
  setTimerIn(frame, 'door-held', id, openMs);
};

const whileOpen = (frame: Frame, door: Door): void => {
  const { id, openMs } = door.config;
  const state = doorState(frame, door);
  clearTimer(frame, 'door-latch', id);
  if (runs(frame, 'door-held', door)) return;
  if (isOverdue(state)) sound(frame, door, 'left-open');
  else if (!isSounding(state)) startOpen(frame, door);
  else if (state.fault !== 'left-open') setTimerIn(frame, 'door-held', id, openMs);
};

const whileAjar = (frame: Frame, door: Door): void => {
  const { id, latchMs } = door.config;
  const state = doorState(frame, door);
  if (isSounding(state)) clearTimer(frame, 'door-held', id);
  if (isOverdue(state)) return sound(frame, door, 'not-latched');
  if (state.fault === 'not-latched' || runs(frame, 'door-latch', door)) return;
  setTimerIn(frame, 'door-latch', id, latchMs);
};

/** Brings the ladder in line with where the door is now. Nothing moves when nothing changed. */
export const followDoor = (frame: Frame, door: Door): void => {
  const position = here(frame, door);
  if (position === 'open') whileOpen(frame, door);
  else if (position === 'ajar') whileAjar(frame, door);
  else if (position === 'shut' || position === 'left-out') endEpisode(frame, door);
  else if (position === 'closed' && doorState(frame, door).fault !== 'not-latched') endEpisode(frame, door);
  limitSounder(frame, door);
};

// ---- deadlines

const onPreAlarm = (frame: Frame, door: Door): void => {
  const fault = faultAt(here(frame, door));
  if (fault && doorState(frame, door).ladder === 'quiet') climb(frame, door, 'pre-alarm', fault);
};

const onHeld = (frame: Frame, door: Door): void => {
  const fault = faultAt(here(frame, door));
  const state = doorState(frame, door);
  if (fault && isSounding(state)) turnInto(frame, door, fault);
  else if (fault) sound(frame, door, fault);
  else if (!isSounding(state)) climb(frame, door, 'quiet', state.fault === 'none' ? 'left-open' : state.fault);
};

/** A door that was open first keeps its earlier deadline. */
const warnAjar = (frame: Frame, door: Door): void => {
  const { id, preAlarmMs } = door.config;
  clearTimer(frame, 'door-pre-alarm', id);
  const held = timerOf(frame, 'door-held', id);
  const at = after(frame.now, preAlarmMs);
  if (!held || held.at > at) setTimer(frame, 'door-held', id, at);
  climb(frame, door, 'pre-alarm', 'not-latched');
};

const onLatchLate = (frame: Frame, door: Door): void => {
  if (here(frame, door) !== 'ajar') return;
  const state = doorState(frame, door);
  if (state.ladder === 'quiet') warnAjar(frame, door);
  else if (state.ladder === 'pre-alarm') setDoor(frame, door, { fault: 'not-latched' });
  else turnInto(frame, door, 'not-latched');
};

const onEscalate = (frame: Frame, door: Door): void => {
  const { ladder, fault } = doorState(frame, door);
  if (ladder !== 'sounding' || fault === 'none') return;
  setDoor(frame, door, { ladder: 'escalated' });
  raise(frame, door, fault);
};

const onSilenceOver = (frame: Frame, door: Door): void => {
  const { ladderSince } = doorState(frame, door);
  setDoor(frame, door, { silencedUntil: undefined, ladderSince: ladderSince === undefined ? undefined : frame.now });
};

export const LADDER_DEADLINES = {
  'door-pre-alarm': onPreAlarm,
  'door-held': onHeld,
  'door-latch': onLatchLate,
  'door-escalate': onEscalate,
  'door-silence': onSilenceOver,
  'door-sounder': (frame: Frame, door: Door): void => setDoor(frame, door, { spent: true }),
} as const;

export type LadderTimer = keyof typeof LADDER_DEADLINES;

export const onLadderTimer = (frame: Frame, kind: LadderTimer, door: Door): void => {
  LADDER_DEADLINES[kind](frame, door);
  limitSounder(frame, door);
};

// ---- people

const silenceLadder = (frame: Frame, door: Door): void => {
  const { id, silenceMs } = door.config;
  const silencedUntil = after(frame.now, silenceMs);
  setDoor(frame, door, { silencedUntil });
  setTimer(frame, 'door-silence', id, silencedUntil);
};

/** Silences a door that warns or sounds, for its `silenceMs`. Asked again, the time runs anew. False: nothing to silence. */
export const silenceDoor = (frame: Frame, door: Door, user: UserId | undefined): boolean => {
  const { ladder, forcedSince } = doorState(frame, door);
  if (ladder === 'quiet' && forcedSince === undefined) return false;
  const { area, contact, silenceMs, id } = door.config;
  if (ladder !== 'quiet') silenceLadder(frame, door);
  if (forcedSince !== undefined) setDoor(frame, door, { forcedSince: undefined });
  emit(frame, 'door-silenced', { area, door: id, zone: contact, ...(user === undefined ? {} : { user }), detail: { silenceMs } });
  return true;
};
