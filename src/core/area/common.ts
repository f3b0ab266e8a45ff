/** A common area arms with its last member and disarms with its first; its entry zones are every member's route. */
import type { AreaConfig, AreaId } from '../config.ts';
import { areaPlace, areaState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';

type Area = Place<AreaConfig>;

const isSetOrLeaving = (frame: Frame, id: AreaId): boolean => areaState(frame, areaPlace(frame, id)).arming.state !== 'disarmed';

/** Common areas that would arm if this area did: not set yet, and all their other members are. */
export const commonsArmingWith = (frame: Frame, area: Area): readonly Area[] =>
  (frame.site.commonsOf.get(area.config.id) ?? []).filter(
    (common) =>
      !isSetOrLeaving(frame, common.config.id) &&
      common.config.common.every((member) => member === area.config.id || isSetOrLeaving(frame, member)),
  );

export const commonsAbove = (frame: Frame, area: Area): readonly Area[] => frame.site.commonsOf.get(area.config.id) ?? [];

export const isCommon = (area: Area): boolean => area.config.common.length > 0;

/** The area itself and the common areas above it: whoever enters by the hall is on their way into every member. */
export const withCommons = (frame: Frame, area: Area): readonly Area[] => [area, ...commonsAbove(frame, area)];

/** Somebody is coming in: by the area's own door or by a common area's. */
export const isEntryRunning = (frame: Frame, area: Area): boolean =>
  withCommons(frame, area).some((place) => areaState(frame, place).arming.state === 'entering');
