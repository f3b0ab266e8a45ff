/** A checked site with every line under its own name, and the boards as their drivers are opened with them. */
import type { LineId } from '../core/config.ts';
import type { OutputDraft, SiteDraft, ZoneDraft } from './shapes.ts';
import type { StationDraft } from './stationShapes.ts';
import type { BoardConfig, ExpanderConfig, StationConfig } from './siteFile.ts';
import { findLine } from './wiring.ts';
import type { Found, Wiring } from './wiring.ts';

type OnBoard = Extract<Found, { readonly kind: 'line' }>;

const nameOf = (wiring: Wiring, text: string): LineId => {
  const found = findLine(wiring, text);
  return 'name' in found ? found.name : text;
};

/** What a station tells is no contact: its line is 1 while it is told, whatever a contact there would do. */
const TOLD = { contact: 'normally-open', bias: 'pull-down' } as const;

const wiredZone = (wiring: Wiring, zone: ZoneDraft): ZoneDraft => ({
  ...zone,
  input: nameOf(wiring, zone.input),
  ...(findLine(wiring, zone.input).kind === 'station' && TOLD),
});

const wiredOutput = (wiring: Wiring, output: OutputDraft): OutputDraft => {
  const found = findLine(wiring, output.output);
  const active = output.active ?? (found.kind === 'line' ? found.line.active : undefined) ?? 'high';
  return { ...output, output: nameOf(wiring, output.output), active };
};

const mapped = <T>(entries: Readonly<Record<string, T>>, change: (entry: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, change(entry)]));

/** The site with each line under the name that its driver knows, and each output's active level filled in. */
export const wired = (site: SiteDraft, wiring: Wiring): SiteDraft => ({
  ...site,
  zones: mapped(site.zones, (zone) => wiredZone(wiring, zone)),
  outputs: mapped(site.outputs, (output) => wiredOutput(wiring, output)),
});

/** Every line that something listens to. */
const inputsOf = (site: SiteDraft): readonly string[] => Object.values(site.zones).map(({ input }) => input);

const linesInUse = (site: SiteDraft, wiring: Wiring): readonly OnBoard[] => {
  const inputs = inputsOf(site);
  const outputs = Object.values(site.outputs).map(({ output }) => output);
  return [...inputs, ...outputs].map((text) => findLine(wiring, text)).filter((found) => found.kind === 'line');
};

export const boardConfigOf = (site: SiteDraft, wiring: Wiring): BoardConfig => {
  const { board } = wiring;
  if (board === 'sim') return { driver: 'sim' };
  // A model that cannot be read is a fault of the file, and a file at fault is never built from.
  if (board === 'untold') throw new Error('a site of an unknown board was let through');
  const own = linesInUse(site, wiring).filter(({ expander }) => expander === undefined);
  return {
    driver: 'gpio',
    model: board.model,
    access: site.board.access,
    chipLabel: board.chipLabel,
    offsets: Object.fromEntries(own.map(({ name, line }) => [name, line.number])),
  };
};

export const expanderConfigsOf = (site: SiteDraft, wiring: Wiring): readonly ExpanderConfig[] =>
  Object.entries(site.expanders).map(([id, { model, port }]) => {
    const own = linesInUse(site, wiring).filter(({ expander }) => expander === id);
    const pins = own.map(({ name, line }) => [name, { pin: line.number, channel: line.channel }] as const);
    return { id, model, port, pins: Object.fromEntries(pins) };
  });

const reachedOf = ({ url, username, passwordFile, certificate }: StationDraft): Omit<StationConfig, 'id' | 'kind' | 'lines'> => ({
  url: url.replace(/\/$/, ''),
  username,
  passwordFile,
  certificate,
});

const stationConfigOf = (id: string, station: StationDraft, lines: readonly LineId[]): StationConfig => {
  const reached = { id, lines, ...reachedOf(station) };
  if (station.kind === 'doorbird') return { ...reached, kind: 'doorbird' };
  const { ringOn, keys, openedBy } = station;
  return { ...reached, kind: '2n', ringOn, keys, switch: station.switch, openedBy };
};

export const stationConfigsOf = (site: SiteDraft, wiring: Wiring): readonly StationConfig[] => {
  const told = inputsOf(site)
    .map((text) => findLine(wiring, text))
    .filter((found) => found.kind === 'station');
  return Object.entries(site.stations).map(([id, station]) =>
    stationConfigOf(
      id,
      station,
      told.filter((found) => found.station === id).map(({ name }) => name),
    ),
  );
};
