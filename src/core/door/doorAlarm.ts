/** Alarms of a door stand in its area's list, and are told at either end. */
import type { DoorConfig, ZoneId } from '../config.ts';
import type { EventFacts, EventKind } from '../event.ts';
import { areaPlace, areaState, emit, setArea } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';

type Door = Place<DoorConfig>;

export const doorFacts = ({ config }: Door, zone: ZoneId = config.contact): EventFacts => ({
  area: config.area,
  door: config.id,
  zone,
});

const others = (frame: Frame, door: Door, kind: EventKind) =>
  areaState(frame, areaPlace(frame, door.config.area)).alarms.filter(
    (alarm) => alarm.door !== door.config.id || alarm.kind !== kind,
  );

export const raiseDoorAlarm = (frame: Frame, door: Door, kind: EventKind, facts: EventFacts): void => {
  const alarm = { kind, zone: facts.zone, door: door.config.id, since: frame.now };
  setArea(frame, areaPlace(frame, door.config.area), { alarms: [...others(frame, door, kind), alarm] });
  emit(frame, kind, facts);
};

export const restoreDoorAlarm = (frame: Frame, door: Door, kind: EventKind, restored: EventKind, facts: EventFacts): void => {
  setArea(frame, areaPlace(frame, door.config.area), { alarms: others(frame, door, kind) });
  emit(frame, restored, facts);
};
