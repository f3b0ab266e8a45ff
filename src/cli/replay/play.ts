/** A recording played through the core of this version, and where it first differs from what was recorded. Pure. */
import type { Site } from '../../core/site.ts';
import type { State } from '../../core/state.ts';
import { changedParts } from '../../core/parts.ts';
import { step } from '../../core/step.ts';
import { monotonic } from '../../core/time.ts';
import { recordedText, traceOf } from '../../runtime/recording.ts';
import type { RecordedLine, RecordingHeader } from '../../runtime/recording.ts';
import type { Recording } from './recordings.ts';

export type Difference = {
  readonly step: number;
  /** Running time of the controller, milliseconds. */
  readonly at: number;
  readonly input: string;
  readonly recorded: readonly string[];
  readonly replayed: readonly string[];
  /** `events`: other events; `state`: the same events, and another state or other facts; `threw`: the core failed. */
  readonly what: 'events' | 'state' | 'threw';
};

export type Outcome =
  | { readonly kind: 'identical'; readonly steps: number; readonly state: State }
  | { readonly kind: 'differs'; readonly steps: number; readonly difference: Difference }
  /** Steps after `after` were not recorded, or cannot be read: nothing can be said of what follows. */
  | { readonly kind: 'incomplete'; readonly steps: number; readonly after: number };

type Played = { readonly state: State; readonly difference: Difference | undefined };

const playLine = (site: Site, before: State, line: RecordedLine): Played => {
  const recorded = line.events ?? [];
  const differs = (what: Difference['what'], replayed: readonly string[], state: State): Played => ({
    state,
    difference: { step: line.step, at: line.at, input: line.input.kind, recorded, replayed, what },
  });
  try {
    const { state, events } = step(site, before, line.input, monotonic(line.at));
    const trace = traceOf(events, changedParts(site, before, state));
    const kinds = trace.events ?? [];
    if (kinds.join() !== recorded.join()) return differs('events', kinds, state);
    return trace.sum === line.sum ? { state, difference: undefined } : differs('state', kinds, state);
  } catch {
    return differs('threw', [], before);
  }
};

export const playRecording = (site: Site, { header, lines, isCut }: Recording): Outcome => {
  let state = header.snapshot;
  let last = header.step;
  let steps = 0;
  for (const line of lines) {
    if (line.step !== last + 1) return { kind: 'incomplete', steps, after: last };
    const played = playLine(site, state, line);
    steps += 1;
    if (played.difference) return { kind: 'differs', steps, difference: played.difference };
    state = played.state;
    last = line.step;
  }
  return isCut ? { kind: 'incomplete', steps, after: last } : { kind: 'identical', steps, state };
};

/** A recording that goes on where another ended begins with the very state that the other ends with. */
export const continues = (before: Recording, after: RecordingHeader): boolean =>
  before.header.boot === after.boot && (before.lines.at(-1)?.step ?? before.header.step) === after.step;

export const isSameState = (one: State, other: State): boolean => recordedText(one) === recordedText(other);
