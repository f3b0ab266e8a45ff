/** 2: a level that stands long enough is the zone's signal, whatever came before it: no edge is lost for good. */
import type { ZoneConfig } from '../../../src/core/config.ts';
import type { Reading } from '../../../src/core/input.ts';
import type { Signal } from '../../../src/core/state.ts';
import { of } from '../model.ts';
import type { Say, Stepped } from '../violation.ts';

/** A reading of another kind than the zone's sensing says nothing of it: a fault. Measurements have rules of their own. */
const signalOf = ({ sensing }: ZoneConfig, reading: Reading): Signal | undefined => {
  if (sensing.kind === 'measure') return undefined;
  if (sensing.kind === 'digital' && reading.kind === 'level') return reading.level === sensing.activeLevel ? 'active' : 'normal';
  if (sensing.kind === 'digital' || reading.kind !== 'ratio') return 'fault';
  return sensing.bands.find(({ from, to }) => reading.ratio >= from && reading.ratio <= to)?.signal ?? 'fault';
};

type Pending = { readonly expected: Signal; readonly since: number };

export const linesLedger = (): ((stepped: Stepped, say: Say) => void) => {
  const said = new Map<string, string>();
  const pending = new Map<string, Pending>();

  const hear = (line: string, zone: ZoneConfig | undefined, reading: Reading, at: number): void => {
    const text = JSON.stringify(reading);
    const expected = zone && signalOf(zone, reading);
    if (!expected || said.get(line) === text) return;
    said.set(line, text);
    pending.set(line, { expected, since: at });
  };

  const settle = ({ site, after }: Stepped, line: string, { expected, since }: Pending, say: Say): void => {
    const { index, config } = of(site.zoneOfLine.get(line));
    const { chattering } = of(after.volatile.lines[index]);
    const held = expected === 'active' && config.pulseCount > 1 ? config.pulseWindowMs : 0;
    const quietMs = held + Math.max(config.debounceMs, chattering ? site.config.supervision.chatterMs : 0);
    if (after.at - since < quietMs || (held > 0 && after.at - since === held)) return;
    pending.delete(line);
    const { signal } = of(after.durable.zones[index]);
    if (signal !== expected)
      say('line-lost', `${config.id} reads ${expected} for ${after.at - since} ms and counts as ${signal}`);
  };

  return (stepped, say) => {
    const { site, input, after } = stepped;
    if (input.kind === 'reading') hear(input.line, site.zoneOfLine.get(input.line)?.config, input.reading, after.at);
    if (input.kind === 'start') {
      said.clear();
      for (const [line, reading] of Object.entries(input.start.readings))
        hear(line, site.zoneOfLine.get(line)?.config, reading, -Infinity);
    }
    for (const [line, waiting] of pending) settle(stepped, line, waiting, say);
  };
};
