/**
 * Bytes of what Vigie's own Arduino firmware adds to Firmata: one system-exclusive command, 0x0B, each of whose messages is
 * `F0 0B kind … F7` with seven bits in a byte. Pure.
 *
 * - **command**: from the controller to the board. **report**: from the board, unasked or as the answer to a command.
 * - **host watchdog**: the board puts its outputs to rest by itself when no complete message has come for so long.
 * - **checked samples**: every enabled analog channel in one report, with a sequence number and a check, since Firmata's
 *   own analog reports have neither.
 */
export const EXPANDER_COMMAND = 0x0b;

const START = 0xf0;
const END = 0xf7;
const KIND = { version: 1, hostWatchdog: 2, restLevel: 3, checkedSamples: 4, atRest: 5, samples: 6, heartbeat: 7 } as const;

const NO_REST_LEVEL = 127;
const TENTH_MS = 100;
/** Ten bits: what the converter of an AVR gives. */
export const SAMPLE_MAX = 1023;
export const SEQUENCE_COUNT = 128;
const CHANNEL_MAX = 15;
const SAMPLE_BYTES = 3;

const CRC_POLYNOMIAL = 0x09;

const crcBit = (crc: number, bit: number): number => {
  const shifted = (crc << 1) & 0x7f;
  return ((crc >> 6) & 1) === bit ? shifted : shifted ^ CRC_POLYNOMIAL;
};

const BITS = [7, 6, 5, 4, 3, 2, 1, 0] as const;

/** CRC-7/MMC: polynomial 0x09, start 0, most significant bit first over whole bytes; 0–127. */
export const crc7 = (bytes: Iterable<number>): number => {
  let crc = 0;
  for (const byte of bytes) for (const bit of BITS) crc = crcBit(crc, (byte >> bit) & 1);
  return crc;
};

export type ExpanderCommand =
  | { readonly kind: 'version' }
  /** 100–12 700 ms in tenths of a second; 0: off. */
  | { readonly kind: 'host-watchdog'; readonly timeoutMs: number }
  /** Kept in the board's EEPROM; undefined: the pin is an input and has none. */
  | { readonly kind: 'rest-level'; readonly pin: number; readonly level: 0 | 1 | undefined }
  /** 10–127 ms; 0: plain Firmata reports again. */
  | { readonly kind: 'checked-samples'; readonly intervalMs: number }
  /** `nonce` 0–127 comes back in the answer. */
  | { readonly kind: 'heartbeat'; readonly nonce: number };

/** `channel` 0–15, `value` 0–1023. */
export type ExpanderSample = { readonly channel: number; readonly value: number };

export type ExpanderReport =
  | { readonly kind: 'version'; readonly major: number; readonly minor: number }
  | { readonly kind: 'host-watchdog'; readonly timeoutMs: number }
  | { readonly kind: 'rest-level'; readonly pin: number; readonly level: 0 | 1 | undefined }
  | { readonly kind: 'checked-samples'; readonly intervalMs: number }
  /** The board has put its outputs to rest, because it heard nothing. */
  | { readonly kind: 'at-rest' }
  /** Every enabled channel, rising. */
  | { readonly kind: 'samples'; readonly sequence: number; readonly samples: readonly ExpanderSample[] }
  | {
      readonly kind: 'heartbeat';
      readonly nonce: number;
      /** Since the last heartbeat that was answered. */
      readonly restarted: boolean;
      readonly atRest: boolean;
    };

export type ReportFault = 'not-ours' | 'unknown-kind' | 'wrong-length' | 'wrong-check' | 'out-of-range';
export type DecodedReport =
  | { readonly ok: true; readonly report: ExpanderReport }
  | { readonly ok: false; readonly reason: ReportFault };

// ---- commands

const withCheck = (bytes: readonly number[]): readonly number[] => [...bytes, crc7(bytes)];

const bodyOf = (command: ExpanderCommand): readonly number[] => {
  switch (command.kind) {
    case 'version':
      return [KIND.version];
    case 'host-watchdog':
      return [KIND.hostWatchdog, Math.min(127, Math.ceil(command.timeoutMs / TENTH_MS))];
    case 'rest-level':
      return [KIND.restLevel, ...withCheck([command.pin, command.level ?? NO_REST_LEVEL])];
    case 'checked-samples':
      return [KIND.checkedSamples, command.intervalMs];
    case 'heartbeat':
      return [KIND.heartbeat, command.nonce];
  }
};

/** The whole message, `F0` to `F7`. */
export const encodeCommand = (command: ExpanderCommand): Uint8Array =>
  Uint8Array.from([START, EXPANDER_COMMAND, ...bodyOf(command), END]);

// ---- reports

const fault = (reason: ReportFault): DecodedReport => ({ ok: false, reason });
const decoded = (report: ExpanderReport): DecodedReport => ({ ok: true, report });

/** The bytes before the check, where it is right. */
const checked = (payload: Uint8Array): Uint8Array | undefined => {
  const bytes = payload.subarray(0, -1);
  return payload.length > 0 && crc7(bytes) === payload.at(-1) ? bytes : undefined;
};

const restLevelOf = (byte: number): 0 | 1 | undefined | 'wrong' => {
  if (byte === NO_REST_LEVEL) return undefined;
  return byte === 0 || byte === 1 ? byte : 'wrong';
};

const restLevelReport = (payload: Uint8Array): DecodedReport => {
  if (payload.length !== 3) return fault('wrong-length');
  const bytes = checked(payload);
  if (!bytes) return fault('wrong-check');
  const [pin = 0, byte = 0] = bytes;
  const level = restLevelOf(byte);
  return level === 'wrong' ? fault('out-of-range') : decoded({ kind: 'rest-level', pin, level });
};

const sampleAt = (bytes: Uint8Array, at: number): ExpanderSample => {
  const [channel = 0, low = 0, high = 0] = bytes.subarray(at, at + SAMPLE_BYTES);
  return { channel, value: low | (high << 7) };
};

const isSample = ({ channel, value }: ExpanderSample, index: number, all: readonly ExpanderSample[]): boolean =>
  channel <= CHANNEL_MAX && value <= SAMPLE_MAX && channel > (all[index - 1]?.channel ?? -1);

const samplesReport = (payload: Uint8Array): DecodedReport => {
  const [sequence = 0, count = 0] = payload;
  if (payload.length !== SAMPLE_BYTES * count + 3) return fault('wrong-length');
  const bytes = checked(payload);
  if (!bytes) return fault('wrong-check');
  const samples = Array.from({ length: count }, (_none, index) => sampleAt(bytes, 2 + SAMPLE_BYTES * index));
  return samples.every(isSample) ? decoded({ kind: 'samples', sequence, samples }) : fault('out-of-range');
};

const heartbeatReport = (payload: Uint8Array): DecodedReport => {
  if (payload.length !== 3) return fault('wrong-length');
  const bytes = checked(payload);
  if (!bytes) return fault('wrong-check');
  const [nonce = 0, flags = 0] = bytes;
  return decoded({ kind: 'heartbeat', nonce, restarted: (flags & 1) !== 0, atRest: (flags & 2) !== 0 });
};

const single = (payload: Uint8Array, make: (byte: number) => ExpanderReport): DecodedReport => {
  const [byte] = payload;
  return byte === undefined || payload.length !== 1 ? fault('wrong-length') : decoded(make(byte));
};

const versionReport = (payload: Uint8Array): DecodedReport => {
  const [major, minor] = payload;
  if (major === undefined || minor === undefined || payload.length !== 2) return fault('wrong-length');
  return decoded({ kind: 'version', major, minor });
};

const reportOf = (kind: number, payload: Uint8Array): DecodedReport => {
  switch (kind) {
    case KIND.version:
      return versionReport(payload);
    case KIND.hostWatchdog:
      return single(payload, (tenths) => ({ kind: 'host-watchdog', timeoutMs: tenths * TENTH_MS }));
    case KIND.restLevel:
      return restLevelReport(payload);
    case KIND.checkedSamples:
      return single(payload, (intervalMs) => ({ kind: 'checked-samples', intervalMs }));
    case KIND.atRest:
      return single(payload, () => ({ kind: 'at-rest' }));
    case KIND.samples:
      return samplesReport(payload);
    case KIND.heartbeat:
      return heartbeatReport(payload);
    default:
      return fault('unknown-kind');
  }
};

/** Reads one whole message, `F0` to `F7`. Whatever the bytes are, it answers. */
export const decodeReport = (frame: Uint8Array): DecodedReport => {
  const isOurs = frame[0] === START && frame[1] === EXPANDER_COMMAND && frame.at(-1) === END;
  if (!isOurs) return fault('not-ours');
  const body = frame.subarray(2, -1);
  const [kind] = body;
  if (kind === undefined) return fault('wrong-length');
  if (body.some((byte) => byte > 0x7f)) return fault('out-of-range');
  return reportOf(kind, body.subarray(1));
};
