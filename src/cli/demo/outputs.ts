/** Which outputs are on, rhythms taken as one: an output that beats is on until it has rested longer than any rhythm does. */
import type { OutputConfig } from '../../core/config.ts';
import type { LineChange } from './simLink.ts';

export type OutputsWatch = {
  readonly note: (change: LineChange) => void;
  /** The controller is gone: everything falls to rest. */
  readonly fall: () => void;
  readonly on: () => readonly OutputConfig[];
  readonly stop: () => void;
};

/** Above the longest rest within a rhythm of sirens, sounders and lamps (src/ports/rhythms.ts). */
const REST_MS = 1_200;

export const watchOutputs = (
  outputs: readonly OutputConfig[],
  onChange: (output: OutputConfig, isOn: boolean) => void,
): OutputsWatch => {
  const on = new Set<OutputConfig>();
  const resting = new Map<OutputConfig, NodeJS.Timeout>();

  const settleOff = (output: OutputConfig): void => {
    clearTimeout(resting.get(output));
    resting.delete(output);
    if (on.delete(output)) onChange(output, false);
  };

  const goOn = (output: OutputConfig): void => {
    clearTimeout(resting.get(output));
    resting.delete(output);
    if (on.has(output)) return;
    on.add(output);
    onChange(output, true);
  };

  return {
    note: ({ line, level }) => {
      const output = outputs.find((each) => each.line === line);
      if (!output) return;
      if (level !== output.restLevel) return goOn(output);
      if (!on.has(output) || resting.has(output)) return;
      // A siren does not beat: its end is its end.
      resting.set(
        output,
        setTimeout(() => settleOff(output), output.role.kind === 'siren' ? 0 : REST_MS),
      );
    },
    fall: () => [...on].forEach(settleOff),
    on: () => outputs.filter((output) => on.has(output)),
    stop: () => resting.forEach((timer) => clearTimeout(timer)),
  };
};
