/** What anybody on site can see or hear at an instant. Two runs that differ in covert acts alone must not differ here. */
import type { ZoneId } from '../core/config.ts';
import type { Event } from '../core/event.ts';
import { isCovertZone } from '../core/covert.ts';
import { codeOf } from '../protocol/eventCodes.ts';
import { staffRows } from '../protocol/staffJournal.ts';
import { describeEvent } from './look.ts';
import { outputText } from './trace.ts';
import type { World } from './world.ts';

export type OnSite = {
  readonly atMs: number;
  readonly outputs: string;
  readonly keypads: string;
  readonly areas: string;
  /** The journal as staff read it. */
  readonly journal: string;
};

const areasOf = ({ state }: World): string =>
  JSON.stringify(
    state.durable.areas.map(({ arming, siren, faultTone, memory, alarms, ticked }) => ({
      arming,
      siren,
      faultTone,
      ticked,
      memory: memory.filter(({ kind }) => !codeOf(kind).covert),
      alarms: alarms.filter(({ kind }) => !codeOf(kind).covert),
    })),
  );

const covertZonesOf = ({ options }: World): ReadonlySet<ZoneId> =>
  new Set(options.site.config.zones.filter(({ type }) => isCovertZone(type)).map(({ id }) => id));

export const onSiteOf = (world: World, events: readonly Event[]): OnSite => ({
  atMs: world.atMs,
  outputs: JSON.stringify(world.outputs.map(outputText)),
  keypads: JSON.stringify(
    world.state.volatile.keypads.map(({ notice, noticeSince, choosing }) => ({ notice, noticeSince, choosing: choosing?.areas })),
  ),
  areas: areasOf(world),
  journal: staffRows(events, covertZonesOf(world))
    .map(({ event }) => `${describeEvent(event)}; `)
    .join(''),
});

/** As it stands at the end of each instant, and everything the journal got in it. */
const byInstant = (seen: readonly OnSite[]): readonly OnSite[] => {
  const instants: OnSite[] = [];
  for (const each of seen) {
    const last = instants.at(-1);
    const same = last?.atMs === each.atMs;
    if (same) instants.pop();
    instants.push(same ? { ...each, journal: last.journal + each.journal } : each);
  }
  return instants;
};

const STANDING = ['outputs', 'keypads', 'areas'] as const;
const PARTS = [...STANDING, 'journal'] as const;

/** What is left when instants at which nothing could be seen to change are dropped. */
const changesOf = (seen: readonly OnSite[]): readonly OnSite[] => {
  const instants = byInstant(seen);
  return instants.filter((each, at) => {
    const before = instants[at - 1];
    return each.journal !== '' || !before || STANDING.some((part) => each[part] !== before[part]);
  });
};

export type Difference = { readonly atMs: number; readonly message: string };

/** Where two runs first show something else, and what. */
export const differsFrom = (a: readonly OnSite[], b: readonly OnSite[]): Difference | undefined => {
  const [left, right] = [changesOf(a), changesOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one, other] = [left[at], right[at]];
    const part = PARTS.find((each) => one?.[each] !== other?.[each]);
    if (part === undefined && one?.atMs === other?.atMs) continue;
    const shown = part ?? 'outputs';
    const both = `${one?.[shown] ?? 'nothing'} and in the twin ${other?.[shown] ?? 'nothing'}`;
    const atMs = Math.min(one?.atMs ?? Infinity, other?.atMs ?? Infinity);
    return { atMs, message: `on site it can be told apart by its ${shown}: ${both}` };
  }
  return undefined;
};
