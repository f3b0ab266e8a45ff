/** The readers with ports of their own that a site's file names: one part of the site's keypads for each port or device. */
import type { PortReaderConfig } from '../config/siteFile.ts';
import type { KeypadId } from '../core/config.ts';
import { loadInputKernel } from '../drivers/readers/inputKernel.ts';
import { keyboardReader } from '../drivers/readers/keyboardReader.ts';
import { serialReader } from '../drivers/readers/serialReader.ts';
import { createOpenSerial } from '../drivers/serial/serial.ts';
import { machineTimers } from '../drivers/sim/timers.ts';
import type { KeypadsPart } from '../ports/joinedKeypads.ts';
import type { Log } from '../ports/log.ts';
import { pn532 } from '../protocol/readers/pn532.ts';
import { rdm6300 } from '../protocol/readers/rdm6300.ts';
import type { ReaderInput, ReaderProtocol } from '../protocol/readers/reader.ts';
import { readerLine } from '../protocol/readers/readerLine.ts';

type Kind<K extends PortReaderConfig['kind']> = Extract<PortReaderConfig, { readonly kind: K }>;
type Keypads = ReadonlyMap<ReaderInput, KeypadId>;

const isKind =
  <K extends PortReaderConfig['kind']>(kind: K) =>
  (reader: PortReaderConfig): reader is Kind<K> =>
    reader.kind === kind;

const serialPart = <S>(protocol: ReaderProtocol<S>, port: string, keypads: Keypads, log: Log): KeypadsPart => {
  const openSerial = createOpenSerial();
  return {
    owns: (keypad) => [...keypads.values()].includes(keypad),
    keypads: serialReader({ protocol, port, keypads, openSerial, timers: machineTimers, log }),
  };
};

/** The two readers of a board share its port. */
const wiegandParts = (readers: readonly Kind<'wiegand'>[], log: Log): readonly KeypadsPart[] =>
  [...new Set(readers.map(({ port }) => port))].map((port) => {
    const own = readers.filter((reader) => reader.port === port);
    return serialPart(readerLine, port, new Map(own.map(({ input, keypad }) => [input, keypad])), log);
  });

const keyboardPart = ({ keypad, device }: Kind<'keyboard'>, log: Log): KeypadsPart => ({
  owns: (asked) => asked === keypad,
  keypads: keyboardReader({ device, keypad, kernel: loadInputKernel(), timers: machineTimers, log }),
});

const alone = (keypad: KeypadId): Keypads => new Map([[1, keypad]]);

export const portReaderParts = (readers: readonly PortReaderConfig[], log: Log): readonly KeypadsPart[] => [
  ...wiegandParts(readers.filter(isKind('wiegand')), log),
  ...readers.filter(isKind('rdm6300')).map(({ port, keypad }) => serialPart(rdm6300, port, alone(keypad), log)),
  ...readers.filter(isKind('pn532')).map(({ port, keypad }) => serialPart(pn532, port, alone(keypad), log)),
  ...readers.filter(isKind('keyboard')).map((reader) => keyboardPart(reader, log)),
];
