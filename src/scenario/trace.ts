/** What was seen while a story was played, kept as tracks: for each row, when it took which value. */
import type { OutputValue } from '../core/output.ts';
import type { Event } from '../core/event.ts';
import type { Site } from '../core/site.ts';
import type { AreaState, DoorState, State, ZoneState } from '../core/state.ts';

export type Change = { readonly atMs: number; readonly value: string };
export type Row = { readonly kind: 'area' | 'zone' | 'door' | 'output' | 'power'; readonly id: string; readonly name: string };
export type Track = Row & { readonly changes: Change[] };
export type Happening = { readonly atMs: number; readonly event: Event };

export type Trace = {
  readonly tracks: readonly Track[];
  readonly happenings: Happening[];
  /** What people did, as the story says it. */
  readonly acts: { readonly atMs: number; readonly text: string }[];
  endMs: number;
};

const track = (row: Row): Track => ({ ...row, changes: [] });

export const newTrace = ({ config }: Site): Trace => ({
  tracks: [
    track({ kind: 'power', id: '', name: '' }),
    ...config.areas.map(({ id, name }) => track({ kind: 'area', id, name })),
    ...config.zones.map(({ id, name }) => track({ kind: 'zone', id, name })),
    ...config.doors.map(({ id, name }) => track({ kind: 'door', id, name })),
    ...config.outputs.map(({ id, name }) => track({ kind: 'output', id, name })),
  ],
  happenings: [],
  acts: [],
  endMs: 0,
});

const areaValue = ({ arming, siren }: AreaState): string => {
  const mode = arming.state === 'disarmed' ? '' : ` ${arming.mode}`;
  return `${arming.state}${mode}${siren ? ' siren' : ''}`;
};

const zoneValue = ({ signal, inhibited, isolated, omitted, inAlarm }: ZoneState): string => {
  const leftOut = inhibited ? ' inhibited' : isolated ? ' isolated' : omitted === 'no' ? '' : ' omitted';
  return `${signal}${leftOut}${inAlarm ? ' alarm' : ''}`;
};

const doorValue = ({ ladder, silencedUntil }: DoorState): string => (silencedUntil === undefined ? ladder : 'silenced');

export const outputText = (value: OutputValue): string => (typeof value === 'string' ? value : value.pattern);

const valuesOf = (state: State, outputs: readonly OutputValue[]): string[] => [
  'on',
  ...state.durable.areas.map(areaValue),
  ...state.durable.zones.map(zoneValue),
  ...state.durable.doors.map(doorValue),
  ...outputs.map(outputText),
];

const note = ({ changes }: Track, atMs: number, value: string): void => {
  const last = changes.at(-1);
  if (last?.value === value) return;
  if (last?.atMs === atMs) changes.pop();
  if (changes.at(-1)?.value !== value) changes.push({ atMs, value });
};

/** Everything as it stands after a step. */
export const noteState = (trace: Trace, atMs: number, state: State, outputs: readonly OutputValue[]): void => {
  const values = valuesOf(state, outputs);
  for (const [index, each] of trace.tracks.entries()) note(each, atMs, values[index] ?? '');
  trace.endMs = atMs;
};

/** Nobody runs the controller: outputs rest, nothing is known. */
export const noteGone = (trace: Trace, atMs: number, cause: string): void => {
  for (const each of trace.tracks) {
    if (each.kind === 'power') note(each, atMs, cause);
    else note(each, atMs, each.kind === 'output' ? 'off' : 'gone');
  }
  trace.endMs = atMs;
};
