/**
 * From a physical reading to the signal it stands for, before any filtering in time.
 * Digital loop: closed or open. Supervised loop: one band of the supply ratio for each state, tamper at both ends;
 * outside every band it is a fault, never open and never closed. What each reading means is a constant, so that
 * looking at a line that says nothing new costs no memory.
 */
import type { Band, Sensing } from '../config.ts';
import type { Cause } from '../event.ts';
import type { Reading } from '../input.ts';
import type { Signal } from '../state.ts';

export type Seen = { readonly signal: Signal; readonly cause: Cause | undefined };

const NORMAL: Seen = { signal: 'normal', cause: undefined };
const ACTIVE: Seen = { signal: 'active', cause: undefined };
const MASKED: Seen = { signal: 'masked', cause: undefined };
const SHORT: Seen = { signal: 'tamper', cause: 'loop-short' };
const OPEN: Seen = { signal: 'tamper', cause: 'loop-open' };
const OUT_OF_BAND: Seen = { signal: 'fault', cause: 'out-of-band' };
export const LOST: Seen = { signal: 'fault', cause: 'line-lost' };
export const CHATTER: Seen = { signal: 'fault', cause: 'chatter' };

/** A cut loop reads the supply, a shorted one reads ground, whatever its resistors are. */
const CUT_FROM_RATIO = 0.5;

const bandSeen = (band: Band, ratio: number): Seen => {
  switch (band.signal) {
    case 'normal':
      return NORMAL;
    case 'active':
      return ACTIVE;
    case 'masked':
      return MASKED;
    case 'tamper':
      return ratio < CUT_FROM_RATIO ? SHORT : OPEN;
  }
};

const loopSeen = (bands: readonly Band[], ratio: number): Seen => {
  for (const band of bands) {
    if (ratio >= band.from && ratio <= band.to) return bandSeen(band, ratio);
  }
  return OUT_OF_BAND;
};

/** A reading of another kind than the zone's sensing says nothing about the loop: out of band. */
export const seenOf = (sensing: Exclude<Sensing, { kind: 'measure' }>, reading: Reading): Seen => {
  if (reading.kind === 'lost') return LOST;
  if (sensing.kind === 'digital') {
    if (reading.kind !== 'level') return OUT_OF_BAND;
    return reading.level === sensing.activeLevel ? ACTIVE : NORMAL;
  }
  return reading.kind === 'ratio' ? loopSeen(sensing.bands, reading.ratio) : OUT_OF_BAND;
};
