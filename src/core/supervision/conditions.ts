/**
 * Conditions that the shell watches and the core reports: paths to the centre, clock, disk, store, outputs. Each stands
 * once per (condition, subject) and has an event at either end; saying again what stands says nothing.
 */
import type { Blocker, EventFacts, EventKind } from '../event.ts';
import { emit, setDurable, wallAt } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { ConditionKind, Input } from '../input.ts';

type ConditionInput = Extract<Input, { kind: 'condition' }>;
type ReportInput = Extract<Input, { kind: 'report' }>;

const EVENTS: Readonly<Record<ConditionKind, { readonly raised: EventKind; readonly ended: EventKind }>> = {
  'path-failed': { raised: 'path-failed', ended: 'path-restored' },
  'all-paths-failed': { raised: 'all-paths-failed', ended: 'all-paths-restored' },
  'clock-not-set': { raised: 'clock-not-set', ended: 'clock-synchronised' },
  'disk-nearly-full': { raised: 'disk-nearly-full', ended: 'disk-restored' },
  'storage-failed': { raised: 'storage-failed', ended: 'storage-restored' },
  'output-fault': { raised: 'output-fault', ended: 'output-restored' },
  'config-rejected': { raised: 'config-rejected', ended: 'config-accepted' },
  'reader-offline': { raised: 'reader-offline', ended: 'reader-restored' },
  'substitution-suspected': { raised: 'substitution-suspected', ended: 'substitution-cleared' },
};

export const hasStandingCondition = (frame: Frame, condition: ConditionKind, subject = ''): boolean =>
  frame.state.durable.conditions.some((standing) => standing.condition === condition && standing.subject === subject);

/** What an event calls the subject: outputs have a field of their own, paths and the like go into the detail. */
const factsOf = ({ condition, subject, detail }: Omit<ConditionInput, 'kind' | 'on'>): EventFacts => {
  if (condition === 'reader-offline') return { keypad: subject, ...(detail && { detail }) };
  if (condition === 'output-fault') return { output: subject, ...(detail && { detail }) };
  if (subject === '') return detail ? { detail } : {};
  return { detail: { subject, ...detail } };
};

export const onCondition = (frame: Frame, input: Omit<ConditionInput, 'kind'>): void => {
  const { condition, subject, on } = input;
  if (hasStandingCondition(frame, condition, subject) === on) return;
  const { conditions } = frame.state.durable;
  setDurable(frame, {
    conditions: on
      ? [...conditions, { condition, subject, since: wallAt(frame, frame.now) }]
      : conditions.filter((standing) => standing.condition !== condition || standing.subject !== subject),
  });
  emit(frame, on ? EVENTS[condition].raised : EVENTS[condition].ended, factsOf(input));
};

/** After a new config: an output or a reader that is gone takes its fault with it. */
export const endOrphanedConditions = (frame: Frame): void => {
  const outputs = new Set(frame.site.config.outputs.map((output) => output.id));
  for (const { condition, subject } of frame.state.durable.conditions) {
    const isGone =
      (condition === 'output-fault' && !outputs.has(subject)) ||
      (condition === 'reader-offline' && !frame.site.keypads.has(subject));
    if (isGone) onCondition(frame, { condition, subject, on: false });
  }
};

export const conditionBlockers = (frame: Frame): Blocker[] =>
  hasStandingCondition(frame, 'all-paths-failed') ? [{ kind: 'no-path' }] : [];

/** What the shell did or met goes to the journal as it is. */
export const onReport = (frame: Frame, { event, facts }: Omit<ReportInput, 'kind'>): void => emit(frame, event, facts);
