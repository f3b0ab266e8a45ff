/** Which doors a person may open where the file does not list them. */
import type { AreaDraft, DoorDraft, UserDraft } from './shapes.ts';

type Areas = readonly (readonly [id: string, area: Partial<AreaDraft>])[];

/** The person's own areas, and common areas of which one of these is a member: the lobby is on everybody's way. */
const reaches = (areas: readonly string[], area: string, all: Areas): boolean =>
  areas.includes(area) || all.some(([id, { common }]) => id === area && (common ?? []).some((member) => areas.includes(member)));

const TRUSTED: ReadonlySet<string> = new Set(['owner', 'staff']);

export const opensByDefault = (user: Partial<UserDraft>, door: Partial<DoorDraft> | undefined, areas: Areas): boolean => {
  if (door?.area === undefined || user.role === undefined) return false;
  if ((door.kind === 'cupboard' || door.kind === 'safe') && !TRUSTED.has(user.role)) return false;
  return user.areas === undefined || reaches(user.areas, door.area, areas);
};
