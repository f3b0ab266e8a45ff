/**
 * Cuts the bytes that come from a Firmata board into whole messages, and says which are plausible. Firmata has no check
 * of its own, so this is all that stands between a disturbed line and the library that trusts it. Pure.
 *
 * - **frame**: one whole message, its first byte ≥ 0x80: three bytes, or *system-exclusive* from `F0` to `F7`.
 * - **dropped**: bytes that belong to no frame. After them the next first byte begins afresh.
 */
export const MESSAGE = {
  digital: 0x90,
  analog: 0xe0,
  start: 0xf0,
  end: 0xf7,
  version: 0xf9,
} as const;

export const SYSEX = {
  analogMapping: 0x6a,
  capabilities: 0x6c,
  pinState: 0x6e,
  text: 0x71,
  firmware: 0x79,
} as const;

/** Pin modes of Firmata 2.5. */
export const MODE = { input: 0, output: 1, analog: 2, pullUp: 0x0b } as const;
export type PinMode = (typeof MODE)[keyof typeof MODE];

/** The longest that a board sends: the capabilities of 70 pins are under 1 KiB. */
const FRAME_BYTES_MAX = 4096;
const SHORT_BYTES = 3;
const CAPABILITIES_END = 0x7f;
const ANALOG_MAX = 1023;
const PIN_COUNT_MAX = 128;

export type Splitter = {
  readonly feed: (chunk: Uint8Array) => readonly Uint8Array[];
  /** Bytes since the beginning that belonged to no frame. */
  readonly dropped: () => number;
};

/** The high half of a message that carries a port or channel in its low half. */
export const kindOf = (first: number): number => (first < MESSAGE.start ? first & 0xf0 : first);

const begins = (byte: number): boolean => {
  const kind = kindOf(byte);
  return kind === MESSAGE.digital || kind === MESSAGE.analog || kind === MESSAGE.start || kind === MESSAGE.version;
};

const isWhole = (bytes: readonly number[]): boolean =>
  bytes[0] === MESSAGE.start ? bytes.at(-1) === MESSAGE.end : bytes.length === SHORT_BYTES;

export const createSplitter = (): Splitter => {
  let held: number[] = [];
  let dropped = 0;

  const restart = (byte: number): void => {
    dropped += held.length;
    held = [];
    if (begins(byte)) held = [byte];
    else dropped += 1;
  };

  const take = (byte: number): Uint8Array | undefined => {
    const endsSysex = byte === MESSAGE.end && held[0] === MESSAGE.start;
    const goesOn = held.length > 0 && held.length < FRAME_BYTES_MAX && (byte < 0x80 || endsSysex);
    if (!goesOn) {
      restart(byte);
      return undefined;
    }
    held.push(byte);
    if (!isWhole(held)) return undefined;
    const frame = Uint8Array.from(held);
    held = [];
    return frame;
  };

  return {
    feed: (chunk) => [...chunk].map(take).filter((frame) => frame !== undefined),
    dropped: () => dropped,
  };
};

const TEXT_LETTERS_MAX = 100;
const isPrintable = (code: number): boolean => code >= 0x20 && code < 0x7f;

/** What the board says in words, each letter in two halves; undefined: it is no such message. */
export const textOf = (frame: Uint8Array): string | undefined => {
  if (frame[0] !== MESSAGE.start || frame[1] !== SYSEX.text || frame.length % 2 === 0) return undefined;
  const halves = frame.subarray(2, -1);
  const codes = Array.from(
    { length: halves.length >> 1 },
    (_none, at) => (halves[2 * at] ?? 0) | ((halves[2 * at + 1] ?? 0) << 7),
  );
  return String.fromCharCode(...codes.slice(0, TEXT_LETTERS_MAX).filter(isPrintable));
};

// ---- plausible

/** What is known of the board while its frames are judged. */
export type Knowledge = {
  /** Its pins; 0 before it has told its capabilities. */
  readonly pinCount: number;
  readonly isMapped: boolean;
  /** Pins whose state was asked for. */
  readonly askedPins: ReadonlySet<number>;
};

const low14 = (frame: Uint8Array): number => (frame[1] ?? 0) | ((frame[2] ?? 0) << 7);

/** Each pin is a list of pairs, mode and resolution, ended by 0x7F. */
const isCapabilityList = (body: Uint8Array): boolean => {
  let inPin = 0;
  let pins = 0;
  for (const byte of body) {
    if (byte !== CAPABILITIES_END) inPin += 1;
    else if (inPin % 2 !== 0) return false;
    else {
      pins += 1;
      inPin = 0;
    }
  }
  return inPin === 0 && pins > 0 && pins <= PIN_COUNT_MAX;
};

const isPlausibleSysex = (frame: Uint8Array, { pinCount, isMapped, askedPins }: Knowledge): boolean => {
  const body = frame.subarray(2, -1);
  switch (frame[1]) {
    case SYSEX.firmware:
      return body.length >= 2 && body.length % 2 === 0;
    case SYSEX.capabilities:
      return pinCount === 0 && isCapabilityList(body);
    case SYSEX.analogMapping:
      return pinCount > 0 && !isMapped && body.length === pinCount;
    case SYSEX.pinState:
      return body.length >= 3 && body.length <= 5 && askedPins.has(body[0] ?? -1) && (body[0] ?? pinCount) < pinCount;
    default:
      return false;
  }
};

/** Whether a frame may be believed to be one: lengths, ranges, and that it can be meant. */
export const isPlausible = (frame: Uint8Array, knowledge: Knowledge): boolean => {
  switch (kindOf(frame[0] ?? 0)) {
    case MESSAGE.start:
      return isPlausibleSysex(frame, knowledge);
    case MESSAGE.analog:
      return low14(frame) <= ANALOG_MAX;
    case MESSAGE.digital:
      return low14(frame) <= 0xff;
    default:
      return true;
  }
};
