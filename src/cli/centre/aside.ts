/** Counts what was put aside, and says so at most once a minute for each site and reason. */
import type { AsideReason, CentreListener } from './events.ts';

export type Aside = { readonly count: (site: string, reason: AsideReason) => void; readonly stop: () => void };

const QUIET_MS = 60_000;
/** Site names come from outside: a flood of them must not fill the memory. */
const MOST_TALLIES = 1_000;

type Tally = { readonly site: string; readonly reason: AsideReason; count: number };

export const makeAside = (tell: CentreListener, now: () => number): Aside => {
  const tallies = new Map<string, Tally>();
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    for (const { site, reason, count } of tallies.values()) {
      if (count > 0) tell({ kind: 'put-aside', site, reason, count }, now());
    }
    tallies.clear();
  };

  return {
    count: (site, reason) => {
      const key = `${reason} ${site}`;
      const tally = tallies.get(key);
      if (tally) {
        tally.count += 1;
        return;
      }
      const shown = tallies.size < MOST_TALLIES;
      if (!shown) return;
      tallies.set(key, { site, reason, count: 0 });
      tell({ kind: 'put-aside', site, reason, count: 1 }, now());
      timer ??= setTimeout(flush, QUIET_MS);
    },
    stop: () => {
      clearTimeout(timer);
      flush();
    },
  };
};
