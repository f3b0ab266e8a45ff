/** What a heartbeat tells of the present state. A site that falls silent past `pendingUntil` is an alarm at the centre. */
import { doorMode, lockStatus } from '../core/door/status.ts';
import type { Site } from '../core/site.ts';
import type { State, TimerKind } from '../core/state.ts';
import { after, wall } from '../core/time.ts';
import type { Monotonic, Wall } from '../core/time.ts';
import type { HeartbeatFacts } from '../paths/mqtt/types.ts';
import { presentState } from '../protocol/present.ts';

const PENDING: ReadonlySet<TimerKind> = new Set<TimerKind>(['entry', 'abort']);
/** After the last deadline, what is left to commit and send the alarm. */
const SENDING_MS = 5_000;

/** Until when an entry or a held alarm may still become an alarm; undefined: nothing is pending. */
export const pendingUntil = (site: Site, { durable }: State): Monotonic | undefined => {
  const entering = durable.timers.filter(({ kind }) => PENDING.has(kind));
  const ends = entering.map(({ at, kind, subject }) => after(at, SENDING_MS + (kind === 'entry' ? abortMsOf(site, subject) : 0)));
  return ends.length === 0 ? undefined : ends.reduce((latest, end) => (end > latest ? end : latest));
};

const abortMsOf = (site: Site, area: string): number => site.areas.get(area)?.config.abortMs ?? 0;

const wallOf = ({ durable }: State, instant: Monotonic): Wall =>
  wall(Math.max(Math.round(instant + durable.clock.offsetMs), durable.clock.highWater));

export type Beat = {
  readonly now: Monotonic;
  readonly startedAt: Monotonic;
  readonly chainHead: string;
  /** Of a text, hexadecimal. */
  readonly digest: (text: string) => string;
};

export const factsOfState = (site: Site, state: State, { now, startedAt, chainHead, digest }: Beat): HeartbeatFacts => {
  const pending = pendingUntil(site, state);
  const texts = presentState(site, state, { doorMode, lockStatus }).map(
    ({ topic, payload }) => `${topic} ${Buffer.from(payload).toString('latin1')}`,
  );
  return {
    at: wallOf(state, now),
    atQuality: state.durable.clock.synchronised ? 'synchronised' : 'unsynchronised',
    uptimeMs: Math.max(0, Math.round(now - startedAt)),
    chainHead,
    stateDigest: digest(texts.join('\n')),
    faults: [...new Set(state.durable.conditions.map(({ condition }) => condition))],
    ...(pending !== undefined && { pendingUntil: wallOf(state, pending) }),
  };
};
