/** A unit file of systemd, as far as a small supervisor needs it. */
import { readFileSync } from 'node:fs';

export type Unit = {
  readonly execStart: readonly string[];
  readonly execStopPost: readonly string[];
  readonly type: string;
  readonly restart: string;
  readonly restartMs: number;
  readonly watchdogMs: number;
  readonly watchdogSignal: NodeJS.Signals;
  readonly startMs: number;
  readonly stopMs: number;
  /** It gives up after so many starts within this time; 0: never. */
  readonly startLimitMs: number;
  readonly preservesRuntime: boolean;
};

const UNITS = { ms: 1, s: 1_000, min: 60_000 } as const;

const msOf = (text: string): number => {
  const [, count, unit = 's'] = /^(\d+)(ms|s|min)?$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`not a time: ${text}`);
  return Number(count) * UNITS[unit as keyof typeof UNITS];
};

export const readUnit = (path: string): Unit => {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]\w*=/.test(line));
  const valueOf = (name: string): string => {
    const values = lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
    if (values.length !== 1 || values[0] === undefined) throw new Error(`${name} is there ${values.length} times`);
    return values[0];
  };
  return {
    execStart: valueOf('ExecStart').split(' '),
    execStopPost: valueOf('ExecStopPost').split(' '),
    type: valueOf('Type'),
    restart: valueOf('Restart'),
    restartMs: msOf(valueOf('RestartSec')),
    watchdogMs: msOf(valueOf('WatchdogSec')),
    watchdogSignal: valueOf('WatchdogSignal') as NodeJS.Signals,
    startMs: msOf(valueOf('TimeoutStartSec')),
    stopMs: msOf(valueOf('TimeoutStopSec')),
    startLimitMs: msOf(valueOf('StartLimitIntervalSec')),
    preservesRuntime: valueOf('RuntimeDirectoryPreserve') === 'yes',
  };
};
