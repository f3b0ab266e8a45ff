/**
 * The header of a board as the site uses it: each pin with its line and who is on it. Pure.
 *
 * - **use**: what the site's file has on a line. **reserved**: taken by a function of the board (I2C, memory of a hat).
 */
import type { GpioBoard } from '../../config/board.ts';
import type { BoardFunction, NeverFree, Power } from '../../config/boardShapes.ts';
import type { SiteFile } from '../../config/siteFile.ts';
import type { LineId } from '../../core/config.ts';
import type { Bias, Level } from '../../ports/lines.ts';

export type Use =
  | {
      readonly kind: 'zone';
      readonly id: string;
      readonly number: number;
      readonly name: string;
      /** Undefined: it is measured, not switched. */
      readonly activeLevel: Level | undefined;
    }
  | { readonly kind: 'output'; readonly id: string; readonly name: string };

export type LinePin = {
  readonly kind: 'line';
  readonly pin: number;
  readonly line: LineId;
  readonly offset: number;
  readonly use: Use | undefined;
  readonly reservedBy: BoardFunction | NeverFree | undefined;
  /** Pull that the site's file gives it; undefined: it is left as it is. */
  readonly bias: Bias | undefined;
};
export type PowerPin = { readonly kind: 'power'; readonly pin: number; readonly power: Power };
export type HeaderPin = LinePin | PowerPin;

/** A line of an expander that the site uses. */
export type ExpanderLine = { readonly line: LineId; readonly use: Use };

const zoneUse = ({ core }: SiteFile, line: LineId): Use | undefined => {
  const zone = core.zones.find((each) => each.line === line);
  if (!zone) return undefined;
  const { id, number, name, sensing } = zone;
  const activeLevel = sensing.kind === 'digital' ? sensing.activeLevel : undefined;
  return { kind: 'zone', id, number, name, activeLevel };
};

const outputUse = ({ core }: SiteFile, line: LineId): Use | undefined => {
  const output = core.outputs.find((each) => each.line === line);
  return output && { kind: 'output', id: output.id, name: output.name };
};

const useOf = (file: SiteFile, line: LineId): Use | undefined => outputUse(file, line) ?? zoneUse(file, line);

/** Every pin of the header, in its order. */
export const headerPins = (board: GpioBoard, file: SiteFile): readonly HeaderPin[] => {
  const lines = [...board.lines.values()].flatMap((line): readonly LinePin[] => {
    if (line.headerPin === undefined) return [];
    const use = useOf(file, line.name);
    return [
      {
        kind: 'line',
        pin: line.headerPin,
        line: line.name,
        offset: line.number,
        use,
        // What the site's file uses, it has freed by board.inUse.
        reservedBy: use ? undefined : (line.never ?? line.reservedBy),
        bias: file.inputs.find((input) => input.line === line.name)?.bias,
      },
    ];
  });
  const power = [...board.power].map(([pin, kind]): PowerPin => ({ kind: 'power', pin, power: kind }));
  return [...lines, ...power].toSorted((one, other) => one.pin - other.pin);
};

export const expanderLines = (file: SiteFile): readonly ExpanderLine[] =>
  file.expanders.flatMap(({ pins }) =>
    Object.keys(pins).flatMap((line) => {
      const use = useOf(file, line);
      return use ? [{ line, use }] : [];
    }),
  );
