/**
 * 2: a second reading of confirmation. Two independent zones within the window confirm, once; nothing confirms during an
 * entry, and from the opening of an entry door until disarm the route does not count.
 */
import type { AreaConfig } from '../../../src/core/config.ts';
import type { Event } from '../../../src/core/event.ts';
import { areaIn, has, of } from '../model.ts';
import type { Say, Stepped } from '../violation.ts';

type Seen = { readonly zone: string; readonly group: string; readonly at: number };
type Period = { entryOpened: boolean; seen: Seen[]; confirmed: boolean };

const newPeriod = (): Period => ({ entryOpened: false, seen: [], confirmed: false });

const isAlarmOf = ({ kind, area, zone, detail }: Event, id: string): boolean => {
  if (area !== id || zone === undefined || detail?.['heldMs'] !== undefined) return false;
  return kind === 'intrusion' || (kind === 'alarm-held' && detail?.['held'] === 'intrusion');
};

const isRoute = ({ site }: Stepped, zone: string): boolean =>
  ['entry-exit', 'follower'].includes(of(site.zones.get(zone)).config.type);

export const confirmationLedger = (): ((stepped: Stepped, say: Say) => void) => {
  const periods = new Map<string, Period>();

  const count = (stepped: Stepped, period: Period, area: AreaConfig, alarm: Event): boolean => {
    const zone = of(alarm.zone);
    const group = of(stepped.site.zones.get(zone)).config.confirmGroup;
    const recent = period.seen.filter(({ at }) => alarm.mono - at <= area.confirmationMs);
    const isIndependent = recent.some((other) => other.zone !== zone && other.group !== group);
    const stands = period.confirmed && recent.length > 0;
    period.seen = [...recent.filter((other) => other.zone !== zone), { zone, group, at: alarm.mono }];
    period.confirmed = stands || isIndependent;
    return isIndependent && !stands;
  };

  /** The journal of the step is read in its order: an entry that begins in it changes what follows. */
  const follow = (stepped: Stepped, area: AreaConfig): boolean => {
    let expected = false;
    let entering = areaIn(stepped.site, stepped.before, area.id).arming.state === 'entering';
    for (const event of stepped.events) {
      if (event.area === area.id && event.kind === 'armed') periods.set(area.id, newPeriod());
      const period = periods.get(area.id) ?? newPeriod();
      periods.set(area.id, period);
      if (event.area === area.id && event.kind === 'entry-started') {
        period.entryOpened = true;
        entering = true;
      }
      if (!isAlarmOf(event, area.id)) continue;
      if (event.cause === 'entry-expired') entering = false;
      if (!entering && !(period.entryOpened && isRoute(stepped, of(event.zone))))
        expected = count(stepped, period, area, event) || expected;
    }
    return expected;
  };

  return (stepped, say) => {
    for (const { config } of stepped.site.areas.values()) {
      const expected = follow(stepped, config);
      const told = stepped.events.some(({ kind, area }) => kind === 'intrusion-confirmed' && area === config.id);
      if (expected && !told) say('confirmed', `${config.id}: two independent zones and nothing was confirmed`);
      if (told && !expected) say('confirmed-wrongly', config.id);
      const { arming } = areaIn(stepped.site, stepped.before, config.id);
      const is = areaIn(stepped.site, stepped.after, config.id).arming;
      const resolved =
        arming.state === 'entering' && arming.exitError && is.state === 'armed' && !has(stepped.events, 'exit-error');
      const held = stepped.events.some(
        (event) => event.kind === 'alarm-held' && event.area === config.id && event.cause === 'exit-error',
      );
      const period = periods.get(config.id);
      if (resolved && !held && period) period.entryOpened = false;
    }
  };
};
