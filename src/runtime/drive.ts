/**
 * Outputs as the state asks for them: what differs from what was last written is written. Those that protect (sirens,
 * sounders, a lock that locks or lets somebody out) move before the commit; those that grant or tell (a lock that lets
 * somebody in, buzzers, lamps) only once the step is on disk.
 */
import type { OutputConfig } from '../core/config.ts';
import { isGrantedFromAfar, writeOrder } from '../core/output.ts';
import type { OutputValue, WriteOrder } from '../core/output.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Monotonic } from '../core/time.ts';
import type { Machine } from './machine.ts';
import type { Drive, Level, LineRequest, Lines } from '../ports/lines.ts';

export type OutputDriver = {
  readonly write: (state: State, order: WriteOrder) => void;
  /** Grants while storage fails: who stands here is let in from memory, who asks from afar is not. */
  readonly grantFromMemory: (state: State) => void;
  /** Every output again, whatever was written before: after a driver came back. */
  readonly rewrite: (state: State) => void;
};

const isSame = (a: OutputValue | undefined, b: OutputValue): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && a.pattern === b.pattern && a.since === b.since);

const driveOf = (value: OutputValue, toMachine: (instant: Monotonic) => number): Drive =>
  typeof value === 'object' ? { pattern: value.pattern, sinceMs: toMachine(value.since) } : value;

type OutputsOf = Machine['outputsOf'];

export const makeOutputDriver = (
  site: Site,
  outputsOf: OutputsOf,
  lines: Pick<Lines, 'write'>,
  toMachine: (instant: Monotonic) => number,
): OutputDriver => {
  const { outputs } = site.config;
  const written = new Map<string, OutputValue>();
  const stepOf = new WeakMap<State, number>();
  /** The last step that drove an output by itself: what was granted before it has been taken back meanwhile. */
  const protectedAt = new Map<string, number>();
  let steps = 0;
  let granted: { readonly state: State; readonly isOnDisk: boolean } | undefined;

  const drive = ({ id, line }: OutputConfig, value: OutputValue): void => {
    if (isSame(written.get(id), value)) return;
    written.set(id, value);
    lines.write(line, driveOf(value, toMachine));
  };

  /** What goes off goes first: the two ways of a motor are never on together. */
  const inOrder = (state: State, order: WriteOrder): readonly (readonly [OutputConfig, OutputValue])[] => {
    const values = outputsOf(site, state);
    const asked = outputs.flatMap((output, index) => {
      const value = values[index];
      return value !== undefined && writeOrder(site, state, output.role, value) === order ? [[output, value] as const] : [];
    });
    return [...asked.filter(([, value]) => value === 'off'), ...asked.filter(([, value]) => value !== 'off')];
  };

  const protect = (state: State): void => {
    steps += 1;
    stepOf.set(state, steps);
    for (const [output, value] of inOrder(state, 'protects')) {
      protectedAt.set(output.id, steps);
      drive(output, value);
    }
  };

  const grant = (state: State, isOnDisk: boolean): void => {
    granted = { state, isOnDisk };
    const step = stepOf.get(state) ?? 0;
    for (const [output, value] of inOrder(state, 'grants')) {
      const isTakenBack = (protectedAt.get(output.id) ?? 0) > step;
      if (!isTakenBack && (isOnDisk || !isGrantedFromAfar(site, state, output.role))) drive(output, value);
    }
  };

  const write = (state: State, order: WriteOrder): void => (order === 'protects' ? protect(state) : grant(state, true));

  return {
    write,
    grantFromMemory: (state) => grant(state, false),
    rewrite: (state) => {
      written.clear();
      write(state, 'protects');
      if (granted) grant(granted.state, granted.isOnDisk);
    },
  };
};

/** Outputs are opened at the level that the restored state asks for: never a glitch through the other one. */
export const outputRequests = (site: Site, outputsOf: OutputsOf, state: State): readonly LineRequest[] => {
  const values = outputsOf(site, state);
  return site.config.outputs.map(({ line, restLevel, maxOnMs }, index) => ({
    direction: 'output',
    line,
    restLevel,
    initialLevel: values[index] === 'on' ? opposite(restLevel) : restLevel,
    maxOnMs,
  }));
};

const opposite = (level: Level): Level => (level === 0 ? 1 : 0);
