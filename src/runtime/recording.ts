/**
 * What the recorder keeps of a run, so that it can be replayed: a header with the state it begins from, then a
 * line for each step with its input and a trace of what came of it.
 *
 * - **sum**: a digest of the events and of the durable parts that the step changed. Cheap, so that it can be taken at
 *   every step; no protection against forgery, which is the journal's affair.
 * - `undefined` is kept as `null`, which the core does not use: a state read back has its fields in the same order and
 *   writes the same text.
 */
import type { Event } from '../core/event.ts';
import type { Input } from '../core/input.ts';
import type { Part } from '../core/parts.ts';
import type { State } from '../core/state.ts';

/** The form of header and lines. */
export const RECORDING_FORM = 1;

export type RecordingHeader = {
  readonly recording: number;
  readonly version: string;
  /** Hash of the site's file. */
  readonly config: string;
  readonly boot: number;
  /** The step that `snapshot` is the state after, counted from 1 in each start. */
  readonly step: number;
  readonly snapshot: State;
};

export type Trace = { readonly events?: readonly string[]; readonly sum?: string };
export type RecordedLine = Trace & { readonly step: number; readonly at: number; readonly input: Input };

export const recordedText = (value: unknown): string =>
  JSON.stringify(value, (_key, field: unknown) => (field === undefined ? null : field));

const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;

/** FNV-1a over UTF-16 units, 32 bits. */
const folded = (start: number, text: string): number => {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash;
};

/** Nothing for a step that left nothing. */
export const traceOf = (events: readonly Event[], parts: readonly Part[]): Trace => {
  if (events.length === 0 && parts.length === 0) return {};
  let hash = folded(FNV_OFFSET, recordedText(events));
  for (const { key, json } of parts) hash = folded(folded(hash, key), json);
  const sum = (hash >>> 0).toString(16).padStart(8, '0');
  return events.length === 0 ? { sum } : { events: events.map(({ kind }) => kind), sum };
};
