/**
 * 2: a second reading of confirmation. Two independent zones within the window confirm, once; nothing confirms during an
 * entry, and from the opening of an entry door until disarm the route does not count. An entry by a common area is one into
 * each of its members.
 */
import type { AreaConfig } from '../../../src/core/config.ts';
import type { Event } from '../../../src/core/event.ts';
import { areaIn, of, withCommons } from '../model.ts';
import type { Say, Stepped } from '../violation.ts';

type Seen = { readonly zone: string; readonly group: string; readonly at: number };
type Period = { entryOpened: boolean; seen: readonly Seen[]; confirmed: boolean };

const newPeriod = (): Period => ({ entryOpened: false, seen: [], confirmed: false });

const alarmZone = ({ kind, zone, detail }: Event): string | undefined => {
  if (detail?.['heldMs'] !== undefined) return undefined;
  return kind === 'intrusion' || (kind === 'alarm-held' && detail?.['held'] === 'intrusion') ? zone : undefined;
};

const isExitError = ({ kind, cause, detail }: Event): boolean =>
  (kind === 'exit-error' || (kind === 'alarm-held' && cause === 'exit-error')) && detail?.['heldMs'] === undefined;

type Ledger = {
  readonly periods: Map<string, Period>;
  /** Areas that are being entered, as the journal of the step goes on. */
  readonly entering: Set<string>;
  readonly expected: Set<string>;
};

const periodOf = ({ periods }: Ledger, id: string): Period => {
  const period = periods.get(id) ?? newPeriod();
  periods.set(id, period);
  return period;
};

const open = (ledger: Ledger, { id, common }: AreaConfig, entryOpened: boolean): void => {
  periodOf(ledger, id).entryOpened = entryOpened;
  for (const member of common) {
    if (entryOpened || !ledger.entering.has(member)) periodOf(ledger, member).entryOpened = entryOpened;
  }
};

const count = (ledger: Ledger, { site }: Stepped, area: AreaConfig, alarm: Event, zone: string): void => {
  const { type, confirmGroup: group } = of(site.zones.get(zone)).config;
  const period = periodOf(ledger, area.id);
  if (withCommons(site, area.id).some(({ id }) => ledger.entering.has(id))) return;
  if (period.entryOpened && (type === 'entry-exit' || type === 'follower')) return;
  const recent = period.seen.filter(({ at }) => alarm.mono - at <= area.confirmationMs);
  const isIndependent = recent.some((other) => other.zone !== zone && other.group !== group);
  const stands = period.confirmed && recent.length > 0;
  period.seen = [...recent.filter((other) => other.zone !== zone), { zone, group, at: alarm.mono }];
  period.confirmed = stands || isIndependent;
  if (isIndependent && !stands) ledger.expected.add(area.id);
};

/** The journal of the step is read in its order: an entry that begins in it changes what follows. */
const follow = (ledger: Ledger, stepped: Stepped, event: Event): void => {
  const area = event.area === undefined ? undefined : stepped.site.areas.get(event.area)?.config;
  if (!area) return;
  if (event.kind === 'armed') ledger.periods.set(area.id, newPeriod());
  if (event.kind === 'entry-started') {
    ledger.entering.add(area.id);
    open(ledger, area, true);
  }
  if (event.kind === 'disarmed') {
    ledger.entering.delete(area.id);
    open(ledger, area, false);
  }
  if (event.cause === 'entry-expired' || isExitError(event)) ledger.entering.delete(area.id);
  const zone = alarmZone(event);
  if (zone !== undefined) count(ledger, stepped, area, event, zone);
};

/** The door left open at the end of the exit was closed: as if nobody had come in. */
const resolve = (ledger: Ledger, { site, before, after, events }: Stepped): void => {
  for (const { config } of site.areas.values()) {
    const was = areaIn(site, before, config.id).arming;
    const is = areaIn(site, after, config.id).arming;
    const alarmed = events.some((event) => event.area === config.id && isExitError(event));
    if (was.state === 'entering' && was.exitError && is.state === 'armed' && !alarmed) open(ledger, config, false);
  }
};

export const confirmationLedger = (): ((stepped: Stepped, say: Say) => void) => {
  const periods = new Map<string, Period>();
  return (stepped, say) => {
    const { site, before, events } = stepped;
    if (events.length === 0 && stepped.areas.length === 0) return;
    const areas = site.config.areas.map(({ id }) => id);
    const entering = new Set(areas.filter((id) => areaIn(site, before, id).arming.state === 'entering'));
    const ledger: Ledger = { periods, entering, expected: new Set() };
    for (const event of events) follow(ledger, stepped, event);
    resolve(ledger, stepped);
    for (const id of areas) {
      const told = events.some(({ kind, area }) => kind === 'intrusion-confirmed' && area === id);
      if (ledger.expected.has(id) && !told) say('confirmed', `${id}: two independent zones and nothing was confirmed`);
      if (told && !ledger.expected.has(id)) say('confirmed-wrongly', id);
    }
  };
};
