/** Conditions that were raised before this process began, and those that follow from another. */
import type { ConditionKind, Input } from '../core/input.ts';
import type { State } from '../core/state.ts';

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
]);

export const hasFailed = ({ durable }: State): boolean => durable.conditions.some(({ condition }) => condition === 'path-failed');

/** With one path to the centre, its failure is the failure of all. */
export const allPathsInput = (input: Input): Input | undefined =>
  input.kind === 'condition' && input.condition === 'path-failed'
    ? { ...input, condition: 'all-paths-failed', subject: '' }
    : undefined;
