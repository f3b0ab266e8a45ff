/** What a state means to the shell: what stands over a restart, and what a step has changed that is told or kept apart. */
import type { ConditionKind, Input } from '../core/input.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Stepped } from './engine.ts';
import { pendingUntil } from './heartbeat.ts';

/**
 * Conditions stand over a restart. What this process finds in order is over: the store was opened and the outputs were
 * taken. A path says for itself when it works again, a nearly full disk is looked at, and the config is told apart.
 */
export const conditionsOver = ({ durable }: State): readonly Input[] =>
  durable.conditions
    .filter(({ condition }) => OVER_AT_START.has(condition))
    .map(({ condition, subject }) => ({ kind: 'condition', condition, subject, on: false }));

const OVER_AT_START: ReadonlySet<ConditionKind> = new Set<ConditionKind>([
  'storage-failed',
  'output-fault',
  'substitution-suspected',
  'reader-offline',
]);

export const hasFailed = ({ durable }: State): boolean => durable.conditions.some(({ condition }) => condition === 'path-failed');

/** With one path to the centre, its failure is the failure of all. */
export const allPathsInput = (input: Input): Input | undefined =>
  input.kind === 'condition' && input.condition === 'path-failed'
    ? { ...input, condition: 'all-paths-failed', subject: '' }
    : undefined;

export const hasModeChanged = ({ before, after }: Stepped): boolean =>
  before.durable.areas.some((area, index) => area.arming !== after.durable.areas[index]?.arming) ||
  before.durable.zones.some((zone, index) => {
    const now = after.durable.zones[index];
    return zone !== now && (zone.inhibited !== now?.inhibited || zone.isolated !== now.isolated);
  });

export const isNewlyPending = (site: Site, { before, after }: Stepped): boolean => {
  const until = pendingUntil(site, after);
  return until !== undefined && until !== pendingUntil(site, before);
};
