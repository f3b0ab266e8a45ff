/** Present-state messages, told when they change and not more often than the broker and its readers need. */
import { doorMode, lockStatus } from '../core/door/status.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Publication } from '../paths/mqtt/types.ts';
import { presentState } from '../protocol/present.ts';
import { makePaced } from './paced.ts';

export type StateTeller = { readonly note: (state: State) => void; readonly stop: () => void };

/** A busy waiting room changes many times a second; people and dashboards read a few. */
const TELL_EVERY_MS = 200;

export const makeStateTeller = (site: Site, tell: (publications: readonly Publication[]) => void): StateTeller => {
  const told = new Map<string, string>();
  let latest: State | undefined;

  const isNew = ({ topic, payload }: Publication): boolean => {
    const text = Buffer.from(payload).toString('latin1');
    if (told.get(topic) === text) return false;
    told.set(topic, text);
    return true;
  };

  const paced = makePaced<State>(TELL_EVERY_MS, (state) => {
    const changed = presentState(site, state, { doorMode, lockStatus }).filter(isNew);
    if (changed.length > 0) tell(changed);
  });

  return {
    note: (state) => {
      if (latest?.durable === state.durable && latest.volatile.locks === state.volatile.locks) return;
      latest = state;
      paced.put(state);
    },
    stop: paced.stop,
  };
};
