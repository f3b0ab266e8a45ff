/** What the controller says to a reader, as code and data. Pure. Times are multiples of 100 ms. */

export type ColourCode = 0 | 1 | 2 | 3 | 4;
/** As they go over the line. */
export const COLOUR_CODES = { off: 0, red: 1, green: 2, amber: 3, blue: 4 } as const;

export type Command =
  | { readonly kind: 'poll' }
  | { readonly kind: 'identify' }
  | { readonly kind: 'capabilities' }
  /** Tamper and power. */
  | { readonly kind: 'local-status' }
  | { readonly kind: 'input-status' }
  | { readonly kind: 'output-status' }
  /** Of the readers behind it. */
  | { readonly kind: 'reader-status' }
  | { readonly kind: 'output'; readonly output: number; readonly order: OutputOrder; readonly forMs: number }
  /** For good: on and off in turn, `offMs` 0: steady. */
  | { readonly kind: 'led'; readonly colour: ColourCode; readonly onMs: number; readonly offMs: number }
  /** `count` 0: until another order; `isOn` false: silence. */
  | { readonly kind: 'buzzer'; readonly isOn: boolean; readonly onMs: number; readonly offMs: number; readonly count: number }
  /** `row` from 1; only ASCII is understood everywhere. */
  | { readonly kind: 'text'; readonly row: number; readonly text: string }
  | { readonly kind: 'communication'; readonly address: number; readonly baudRate: number }
  | { readonly kind: 'set-key'; readonly key: Uint8Array }
  | { readonly kind: 'challenge'; readonly nonce: Uint8Array }
  | { readonly kind: 'prove'; readonly cryptogram: Uint8Array };

/** `…-keeping`: a timed order that runs is let run. `on-for`: then as before. */
export type OutputOrder = 'off' | 'on' | 'off-keeping' | 'on-keeping' | 'on-for' | 'off-for';

export const COMMAND_CODES = {
  poll: 0x60,
  identify: 0x61,
  capabilities: 0x62,
  'local-status': 0x64,
  'input-status': 0x65,
  'output-status': 0x66,
  'reader-status': 0x67,
  output: 0x68,
  led: 0x69,
  buzzer: 0x6a,
  text: 0x6b,
  communication: 0x6e,
  'set-key': 0x75,
  challenge: 0x76,
  prove: 0x77,
} as const satisfies Readonly<Record<Command['kind'], number>>;

const OUTPUT_ORDERS = { off: 1, on: 2, 'off-keeping': 3, 'on-keeping': 4, 'on-for': 5, 'off-for': 6 } as const;

/** The first and only reader, light and sounder behind an address. */
const FIRST = 0;
const TENTH_MS = 100;
const NO_TEMPORARY_LED = [0, 0, 0, 0, 0, 0, 0] as const;
const SET_PERMANENT = 1;
const TONE = { off: 1, on: 2 } as const;
const PERMANENT_NO_WRAP = 1;
const KEY_KIND_SCBK = 1;
export const TEXT_LENGTH_MAX = 32;

const low = (value: number): number => value & 0xff;
const littleEndian = (value: number, bytes: number): readonly number[] =>
  Array.from({ length: bytes }, (_, index) => low(Math.trunc(value / 256 ** index)));

/** 1–255; a time that is not 0 never becomes 0. */
const tenths = (ms: number): number => (ms <= 0 ? 0 : Math.min(255, Math.max(1, Math.round(ms / TENTH_MS))));

const PRINTABLE = /[^ -~]/g;
const textBytes = (text: string): readonly number[] =>
  Array.from(text.replace(PRINTABLE, '?').slice(0, TEXT_LENGTH_MAX), (letter) => letter.codePointAt(0) ?? 0);

const textData = (row: number, text: string): readonly number[] => {
  const bytes = textBytes(text);
  return [FIRST, PERMANENT_NO_WRAP, 0, row, 1, bytes.length, ...bytes];
};

const ledData = ({ colour, onMs, offMs }: Extract<Command, { readonly kind: 'led' }>): readonly number[] => [
  FIRST,
  FIRST,
  ...NO_TEMPORARY_LED,
  SET_PERMANENT,
  tenths(onMs),
  tenths(offMs),
  colour,
  COLOUR_CODES.off,
];

const dataOf = (command: Command): readonly number[] => {
  switch (command.kind) {
    case 'poll':
    case 'local-status':
    case 'input-status':
    case 'output-status':
    case 'reader-status':
      return [];
    case 'identify':
    case 'capabilities':
      return [0];
    case 'output':
      return [command.output, OUTPUT_ORDERS[command.order], ...littleEndian(Math.round(command.forMs / TENTH_MS), 2)];
    case 'led':
      return ledData(command);
    case 'buzzer':
      return [FIRST, command.isOn ? TONE.on : TONE.off, tenths(command.onMs), tenths(command.offMs), low(command.count)];
    case 'text':
      return textData(command.row, command.text);
    case 'communication':
      return [command.address, ...littleEndian(command.baudRate, 4)];
    case 'set-key':
      return [KEY_KIND_SCBK, command.key.length, ...command.key];
    case 'challenge':
      return [...command.nonce];
    case 'prove':
      return [...command.cryptogram];
  }
};

export const encodeCommand = (command: Command): { readonly code: number; readonly data: Uint8Array } => ({
  code: COMMAND_CODES[command.kind],
  data: Uint8Array.from(dataOf(command)),
});
