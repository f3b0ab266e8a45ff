/** Present-state messages, told when they change and not more often than the broker and its readers need. */
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Publication } from '../paths/mqtt/types.ts';
import { presentState } from '../protocol/present.ts';

export type StateTeller = { readonly note: (state: State) => void; readonly stop: () => void };

/** A busy waiting room changes many times a second; people and dashboards read a few. */
const TELL_EVERY_MS = 200;

export const makeStateTeller = (site: Site, tell: (publications: readonly Publication[]) => void): StateTeller => {
  const told = new Map<string, string>();
  let latest: State | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    if (!latest) return;
    const changed = presentState(site, latest).filter(({ topic, payload }) => {
      const text = Buffer.from(payload).toString('latin1');
      const isNew = told.get(topic) !== text;
      told.set(topic, text);
      return isNew;
    });
    if (changed.length > 0) tell(changed);
  };

  return {
    note: (state) => {
      if (latest?.durable === state.durable) return;
      latest = state;
      timer ??= setTimeout(flush, TELL_EVERY_MS);
    },
    stop: () => clearTimeout(timer),
  };
};
