/** What is needed to judge a person and stands in no part of the core: secrets, ids, days, the site file's defaults. */
import type { AreaId, DoorId, Role, ScheduleId } from '../../core/config.ts';
import type { Wall } from '../../core/time.ts';

export type PeopleRules = {
  /** False where the pepper could not be read: a digest made now would be nobody's after the next start. */
  readonly canDigest: boolean;
  readonly isId: (text: string) => boolean;
  readonly schedules: readonly ScheduleId[];
  /** The first instant of a day (2026-12-01) where the site is; undefined: there is no such day. */
  readonly dayStart: (date: string) => Wall | undefined;
  /** The first instant after it. */
  readonly dayEnd: (date: string) => Wall | undefined;
  /** The day of an instant. */
  readonly dateOf: (instant: Wall) => string;
  /** Doors of a person for whom none are named, as in the site's file. */
  readonly doorsByDefault: (role: Role, areas: readonly AreaId[]) => readonly DoorId[];
};
