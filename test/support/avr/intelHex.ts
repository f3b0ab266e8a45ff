/** Intel HEX, as avr-objcopy writes it: the bytes of a program by address. */

const RECORD = /^:([0-9A-F]{2})([0-9A-F]{4})([0-9A-F]{2})((?:[0-9A-F]{2})*)([0-9A-F]{2})$/i;
const KINDS = { data: 0, end: 1, extendedSegment: 2, startSegment: 3, extendedLinear: 4, startLinear: 5 } as const;

type HexRecord = { readonly address: number; readonly kind: number; readonly bytes: Uint8Array };

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const recordIn = (line: string): HexRecord => {
  const [, count = '', address = '', kind = '', content = ''] = RECORD.exec(line) ?? [];
  const sum = bytesOf(line.slice(1)).reduce((total, byte) => total + byte, 0);
  const bytes = bytesOf(content);
  if (count === '' || sum % 256 !== 0 || bytes.length !== Number.parseInt(count, 16)) {
    throw new Error(`not a record of an Intel HEX file: ${line}`);
  }
  return { address: Number.parseInt(address, 16), kind: Number.parseInt(kind, 16), bytes };
};

const baseIn = ({ kind, bytes: [high = 0, low = 0] }: HexRecord): number =>
  ((high << 8) | low) * (kind === KINDS.extendedLinear ? 0x1_0000 : 0x10);

/** A program in a flash memory of so many bytes; what the file leaves out is blank (0xFF). */
export const programIn = (text: string, flashBytes: number): Uint8Array => {
  const flash = new Uint8Array(flashBytes).fill(0xff);
  let base = 0;
  for (const line of text.split(/\r?\n/).filter((found) => found !== '')) {
    const record = recordIn(line);
    if (record.kind === KINDS.data) flash.set(record.bytes, base + record.address);
    if (record.kind === KINDS.extendedLinear || record.kind === KINDS.extendedSegment) base = baseIn(record);
  }
  return flash;
};
