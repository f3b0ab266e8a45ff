/**
 * Supervised loops: from resistor values to bands of the ratio line ÷ supply.
 *
 * The board has a pull-up from the supply to the line; the loop goes from the line to ground, so that
 * ratio = R ÷ (R + pullUp). The alarm and the masking contact each stand in parallel with a resistor of their own, all
 * in series with the end-of-line resistor: a contact that is open adds its resistor. A single loop has the contact
 * itself in series with (normally closed) or across (normally open) the end-of-line resistor.
 */
import type { Band } from '../core/config.ts';
import type { LoopDraft } from './shapes.ts';

type Contact = 'normally-closed' | 'normally-open';
type Signal = Band['signal'];
type State = { readonly ohms: number; readonly signal: Signal };

/** What an ADC of 10 bits and its reference may be wrong by. */
const RATIO_ERROR = 0.005;
/** A loop is open (cut) above this many times its largest resistance. */
const OPEN_FACTOR = 10;

const alarmed = (open: boolean, contact: Contact): boolean => open === (contact === 'normally-closed');

const statesOf = (loop: LoopDraft, contact: Contact): State[] => {
  if (loop.kind === 'single') return [{ ohms: loop.endOfLine, signal: 'normal' }];
  const masks = loop.kind === 'triple' ? [0, loop.mask] : [0];
  // Masking with alarm at the same time is masking: EN 50131-2-2 lets a detector signal it by both outputs together (guidance).
  return masks.flatMap((mask) =>
    [false, true].map((open): State => {
      const signal = alarmed(open, contact) ? 'active' : 'normal';
      return { ohms: loop.endOfLine + (open ? loop.alarm : 0) + mask, signal: mask > 0 ? 'masked' : signal };
    }),
  );
};

const ratioOf = (ohms: number, pullUp: number): number => ohms / (ohms + pullUp);

const bandOf = (loop: LoopDraft, { ohms, signal }: State): Band => {
  const { pullUp, tolerance, cable } = loop;
  const from = ratioOf(ohms * (1 - tolerance), pullUp * (1 + tolerance)) - RATIO_ERROR;
  const to = ratioOf(ohms * (1 + tolerance) + cable, pullUp * (1 - tolerance)) + RATIO_ERROR;
  return { from: Math.max(0, from), to: Math.min(1, to), signal };
};

const shortBand = (loop: LoopDraft, signal: Signal): Band => ({
  from: 0,
  to: ratioOf(loop.cable, loop.pullUp * (1 - loop.tolerance)) + RATIO_ERROR,
  signal,
});

const openBand = (loop: LoopDraft, largest: number, signal: Signal): Band => ({
  from: ratioOf(largest * OPEN_FACTOR, loop.pullUp * (1 + loop.tolerance)) - RATIO_ERROR,
  to: 1,
  signal,
});

const endSignals = (loop: LoopDraft, contact: Contact): { readonly short: Signal; readonly open: Signal } => {
  if (loop.kind !== 'single') return { short: 'tamper', open: 'tamper' };
  return contact === 'normally-closed' ? { short: 'tamper', open: 'active' } : { short: 'active', open: 'tamper' };
};

/** Bands in rising order. They may overlap: see `overlaps`. */
export const bandsOf = (loop: LoopDraft, contact: Contact): readonly Band[] => {
  const states = statesOf(loop, contact);
  const largest = Math.max(...states.map(({ ohms }) => ohms));
  const ends = endSignals(loop, contact);
  const bands = [shortBand(loop, ends.short), ...states.map((state) => bandOf(loop, state)), openBand(loop, largest, ends.open)];
  return bands.toSorted((a, b) => a.from - b.from);
};

/** Neighbours that cannot be told apart. */
export const overlaps = (bands: readonly Band[]): readonly (readonly [Band, Band])[] =>
  bands.flatMap((band, index) =>
    bands
      .slice(index + 1)
      .filter((other) => other.signal !== band.signal && other.from <= band.to)
      .map((other): readonly [Band, Band] => [band, other]),
  );
