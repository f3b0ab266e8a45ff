/** A common area arms with its last member and disarms with its first; its entry zones are every member's route. */
import type { AreaConfig, AreaId } from '../config.ts';
import { areaPlace, areaState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';

type Area = Place<AreaConfig>;

const isSetOrLeaving = (frame: Frame, id: AreaId): boolean => areaState(frame, areaPlace(frame, id)).arming.state !== 'disarmed';

/** Common areas that would arm if this area did: all their other members are set already. */
export const commonsArmingWith = (frame: Frame, area: Area): readonly Area[] =>
  (frame.site.commonsOf.get(area.config.id) ?? []).filter((common) =>
    common.config.common.every((member) => member === area.config.id || isSetOrLeaving(frame, member)),
  );

export const commonsAbove = (frame: Frame, area: Area): readonly Area[] => frame.site.commonsOf.get(area.config.id) ?? [];

export const isCommon = (area: Area): boolean => area.config.common.length > 0;
