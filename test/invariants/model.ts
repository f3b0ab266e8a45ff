/**
 * What the rules say of zones and areas, read from the config a second time: the checks must not ask the code that they
 * check. *Watched*: in an armed area, in its mode, not left out. *Route*: entry-exit and follower zones.
 */
import type { AreaConfig, ArmMode, UserConfig, ZoneConfig } from '../../src/core/config.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import type { Site } from '../../src/core/site.ts';
import type { AreaState, State, ZoneState } from '../../src/core/state.ts';

/** A part that the config promises; the state's lists run parallel to it. */
export const of = <T>(value: T | undefined, what = 'part'): T => {
  if (value === undefined) throw new Error(`the state has no such ${what}`);
  return value;
};

export const areaIn = (site: Site, state: State, id: string): AreaState =>
  of(state.durable.areas[of(site.areas.get(id), id).index], id);

export const isSet = ({ arming }: AreaState): boolean => arming.state === 'armed' || arming.state === 'entering';

export const isDetector = ({ type }: ZoneConfig): boolean =>
  type === 'entry-exit' || type === 'follower' || type === 'instant' || type === 'interior' || type === 'exit-guard';

export const countsIn = ({ type, duty }: ZoneConfig, mode: ArmMode): boolean =>
  mode === 'full' || (mode === 'partial' ? type !== 'interior' : !duty);

export const isLeftOut = ({ inhibited, isolated, omitted }: ZoneState): boolean => inhibited || isolated || omitted !== 'no';

/** Motion, which detectors report wrongly while they warm up. */
export const seesMotion = ({ type, occupancy }: ZoneConfig): boolean => occupancy || type === 'follower' || type === 'interior';

/** The area, and the common areas that it is a member of. */
export const withCommons = (site: Site, id: string): readonly AreaConfig[] => [
  of(site.areas.get(id), id).config,
  ...(site.commonsOf.get(id) ?? []).map(({ config }) => config),
];

export const isComingOrGoing = (site: Site, state: State, id: string): boolean =>
  withCommons(site, id).some((area) => ['entering', 'exiting'].includes(areaIn(site, state, area.id).arming.state));

export const has = (events: readonly Event[], kind: EventKind, zone?: string): boolean =>
  events.some((event) => event.kind === kind && (zone === undefined || event.zone === zone));

export const isTested = ({ durable }: State, zone: string): boolean => durable.site.walkTest?.zones.includes(zone) ?? false;

/** Who somebody is now: people changed while running go before the site's file, and who was revoked is nobody. */
export const userIn = (site: Site, { durable: { people } }: State, id: string): UserConfig | undefined =>
  people.revoked.includes(id) ? undefined : (people.roster.find((user) => user.id === id) ?? site.users.get(id));
