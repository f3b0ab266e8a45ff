/**
 * A 24 h zone (safe, drug cupboard) opened with badge and code: it is left out until it is closed, and latched where it
 * has a latch contact. Never while its area is armed. Not opened within a minute, it is guarded again.
 */
import type { KeypadId, UserConfig, ZoneConfig } from '../config.ts';
import type { Refusal } from '../event.ts';
import { areaPlace, areaState, clearTimer, emit, setTimerIn, setZone, timerOf, zonePlace, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Signal } from '../state.ts';
import { MINUTE } from '../time.ts';
import { isClosedAndLatched } from '../door/position.ts';
import { hasShownBadge } from './badge.ts';

type Zone = Place<ZoneConfig>;

const OPEN_WITHIN_MS = MINUTE;

export const guardedBy = (frame: Frame, keypad: KeypadId): readonly Zone[] =>
  [...frame.site.zones.values()].filter(({ config }) => config.type === '24h' && config.accessKeypad === keypad);

/** Opens what the keypad guards in the person's areas, for staff and owner: nobody else has business there. */
export const shunt = (frame: Frame, keypad: KeypadId, user: UserConfig): Refusal | undefined => {
  if (user.role !== 'owner' && user.role !== 'staff') return 'not-your-role';
  const zones = guardedBy(frame, keypad).filter(({ config }) => user.areas.includes(config.area));
  if (zones.length === 0) return 'not-your-area';
  if (!hasShownBadge(frame, keypad, user.id)) return 'badge-and-code';
  if (zones.some((zone) => areaState(frame, areaPlace(frame, zone.config.area)).arming.state !== 'disarmed')) return 'area-armed';
  for (const zone of zones) {
    setZone(frame, zone, { shunted: { user: user.id } });
    setTimerIn(frame, 'shunt', zone.config.id, OPEN_WITHIN_MS);
    emit(frame, 'shunted', { area: zone.config.area, zone: zone.config.id, user: user.id, keypad });
  }
  return undefined;
};

const isShut = (frame: Frame, zone: Zone): boolean => {
  const doors = frame.site.doorsOfZone.get(zone.config.id) ?? [];
  return (
    zoneState(frame, zone).signal === 'normal' && doors.every((door) => isClosedAndLatched(frame.site, frame.state.durable, door))
  );
};

const endShunt = (frame: Frame, zone: Zone): void => {
  clearTimer(frame, 'shunt', zone.config.id);
  setZone(frame, zone, { shunted: undefined });
  emit(frame, 'shunt-ended', { area: zone.config.area, zone: zone.config.id });
};

/**
 * A guarded contact or its latch came back to rest. A level that is only heard again (a start, a lost line) ends nothing
 * that still waits to be opened: its minute does.
 */
export const endShuntIfClosed = (frame: Frame, moved: Zone, from: Signal): void => {
  const doors = frame.site.doorsOfZone.get(moved.config.id) ?? [];
  const ids = new Set([moved.config.id, ...doors.map((door) => door.config.contact)]);
  for (const id of ids) {
    const zone = zonePlace(frame, id);
    const isAwaited = from !== 'active' && timerOf(frame, 'shunt', id) !== undefined;
    if (!isAwaited && zoneState(frame, zone).shunted && isShut(frame, zone)) endShunt(frame, zone);
  }
};

export const onShuntTimer = (frame: Frame, zone: Zone): void => {
  if (zoneState(frame, zone).shunted && isShut(frame, zone)) endShunt(frame, zone);
};
