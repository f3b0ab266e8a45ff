/** What zones and outputs ask of lines. */
import type { LineId } from '../../core/config.ts';
import type { Use } from '../boardShapes.ts';
import type { Draft } from '../draft.ts';
import type { Path } from '../problem.ts';
import type { OutputDraft, ZoneDraft } from '../shapes.ts';
import type { Bias } from '../siteFile.ts';
import { findLine } from '../wiring.ts';
import type { Found, Wiring } from '../wiring.ts';

/** One line as a zone or an output asks for it. */
export type Ask = {
  readonly text: string;
  readonly path: Path;
  readonly found: Found;
  readonly use: Use;
  readonly bias: Bias | undefined;
  readonly isBiasWritten: boolean;
  readonly active: 'high' | 'low' | undefined;
};
export type OnBoard = Ask & { readonly found: Extract<Found, { readonly kind: 'line' }> };

// ---- what is asked

const zoneAsk = (wiring: Wiring, id: string, zone: Partial<ZoneDraft>): Ask[] => {
  if (zone.input === undefined) return [];
  const isAnalog = 'loop' in zone || 'measure' in zone;
  return [
    {
      text: zone.input,
      path: ['zones', id, 'input'],
      found: findLine(wiring, zone.input),
      use: isAnalog ? 'analog' : 'input',
      bias: 'bias' in zone ? zone.bias : 'pull-up',
      isBiasWritten: 'bias' in zone,
      active: undefined,
    },
  ];
};

const outputAsk = (wiring: Wiring, id: string, output: Partial<OutputDraft>): Ask[] => {
  if (output.output === undefined) return [];
  return [
    {
      text: output.output,
      path: ['outputs', id, 'output'],
      found: findLine(wiring, output.output),
      use: 'output',
      bias: undefined,
      isBiasWritten: false,
      active: output.active,
    },
  ];
};

export const asksOf = (draft: Draft, wiring: Wiring): readonly Ask[] => [
  ...[...draft.zones].flatMap(([id, zone]) => zoneAsk(wiring, id, zone)),
  ...[...draft.outputs].flatMap(([id, output]) => outputAsk(wiring, id, output)),
];

export type OnStation = Ask & { readonly found: Extract<Found, { readonly kind: 'station' }> };

export const isOnStation = (ask: Ask): ask is OnStation => ask.found.kind === 'station';

export const isOnBoard = (ask: Ask): ask is OnBoard => ask.found.kind === 'line';

/** `pin-11 (GPIO17)` where the file writes another name than the line's own. */
export const called = ({ text, found }: OnBoard): string => (text === found.name ? text : `${text} (${found.name})`);

export const nameOf = ({ text, found }: Ask): LineId => ('name' in found ? found.name : text);
