/** What a line must say so that a zone is as a story wants it. */
import type { Config, LineId, Sensing, ZoneConfig } from '../core/config.ts';
import type { Reading } from '../core/input.ts';

export type PlainSignal = 'normal' | 'active' | 'tamper' | 'masked';

const level = (value: 0 | 1): Reading => ({ kind: 'level', level: value });
const ratio = (value: number): Reading => ({ kind: 'ratio', ratio: Math.min(1, Math.max(0, value)) });

type Measure = Extract<Sensing, { kind: 'measure' }>;

/** The ratio at which a measurement reads `value` in its unit. */
export const readingOfValue = (sensing: Measure, value: number): Reading => ratio((value - sensing.offset) / sensing.scale);

const measured = (sensing: Measure, signal: PlainSignal): Reading | undefined => {
  if (signal === 'normal') return readingOfValue(sensing, (sensing.low + sensing.high) / 2);
  return signal === 'active' ? readingOfValue(sensing, sensing.high + (sensing.high - sensing.low)) : undefined;
};

/** undefined: this zone's wiring cannot tell that signal. */
export const readingOf = ({ sensing }: ZoneConfig, signal: PlainSignal): Reading | undefined => {
  switch (sensing.kind) {
    case 'digital':
      if (signal === 'active') return level(sensing.activeLevel);
      return signal === 'normal' ? level(sensing.activeLevel === 0 ? 1 : 0) : undefined;
    case 'loop': {
      const band = sensing.bands.find((each) => each.signal === signal);
      return band && ratio((band.from + band.to) / 2);
    }
    case 'measure':
      return measured(sensing, signal);
  }
};

/** Every line of a site with all at rest: doors closed and latched, nobody moving, temperatures in the middle. */
export const restingReadings = (config: Config): Readonly<Record<LineId, Reading>> =>
  Object.fromEntries(config.zones.map((zone) => [zone.line, readingOf(zone, 'normal') ?? { kind: 'lost' }]));
