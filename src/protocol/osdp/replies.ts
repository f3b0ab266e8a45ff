/** What a reader answers, from code and data. Pure. What does not have its length is no reply at all. */

export type Refusal =
  | 'bad-check'
  | 'bad-length'
  | 'unknown-command'
  | 'bad-sequence'
  | 'no-secure-channel'
  | 'secure-channel-needed'
  | 'bad-record'
  | 'other';

export type Identity = {
  /** IEEE manufacturer code, six hexadecimal digits. */
  readonly vendor: string;
  readonly model: number;
  /** Eight hexadecimal digits. */
  readonly serial: string;
  readonly firmware: string;
};

/** What a reader can do, by the function's number: its level, and how many of it there are. */
export type Capabilities = ReadonlyMap<number, { readonly level: number; readonly count: number }>;
export const CAPABILITY = { inputs: 1, outputs: 2, led: 4, buzzer: 5, text: 6, security: 9 } as const;

export type Reply =
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak'; readonly refusal: Refusal }
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'capabilities'; readonly capabilities: Capabilities }
  | { readonly kind: 'local-status'; readonly isTampered: boolean; readonly hasPowerFailed: boolean }
  | { readonly kind: 'inputs'; readonly levels: readonly boolean[] }
  | { readonly kind: 'outputs'; readonly levels: readonly boolean[] }
  | { readonly kind: 'readers'; readonly isTampered: boolean }
  /** `bits` significant bits, left-aligned. */
  | { readonly kind: 'card'; readonly bits: number; readonly bytes: Uint8Array }
  | { readonly kind: 'keys'; readonly text: string }
  | { readonly kind: 'communication'; readonly address: number; readonly baudRate: number }
  | { readonly kind: 'challenge-answer'; readonly nonce: Uint8Array; readonly cryptogram: Uint8Array }
  | { readonly kind: 'first-mac'; readonly mac: Uint8Array }
  | { readonly kind: 'busy' };

export const REPLY_CODES = {
  ack: 0x40,
  nak: 0x41,
  identity: 0x45,
  capabilities: 0x46,
  'local-status': 0x48,
  inputs: 0x49,
  outputs: 0x4a,
  readers: 0x4b,
  card: 0x50,
  keys: 0x53,
  communication: 0x54,
  'challenge-answer': 0x76,
  'first-mac': 0x78,
  busy: 0x79,
} as const satisfies Readonly<Record<Reply['kind'], number>>;

const REFUSALS: Readonly<Record<number, Refusal>> = {
  1: 'bad-check',
  2: 'bad-length',
  3: 'unknown-command',
  4: 'bad-sequence',
  5: 'no-secure-channel',
  6: 'secure-channel-needed',
  9: 'bad-record',
};

const IDENTITY_BYTES = 12;
const CAPABILITY_BYTES = 3;
const CRYPTOGRAM_BYTES = 16;
const NONCE_BYTES = 8;
/** No card has more: what names a person is at most 64 hexadecimal digits. */
export const CARD_BITS_MAX = 256;

const hexOf = (bytes: Iterable<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromLittleEndian = (bytes: Uint8Array): number => bytes.reduceRight((value, byte) => value * 256 + byte, 0);

const identityOf = (data: Uint8Array): Reply | undefined => {
  if (data.length !== IDENTITY_BYTES) return undefined;
  const identity: Identity = {
    vendor: hexOf(data.subarray(0, 3)),
    model: data[3] ?? 0,
    serial: hexOf(data.slice(5, 9).toReversed()),
    firmware: data.subarray(9, 12).join('.'),
  };
  return { kind: 'identity', identity };
};

const capabilitiesOf = (data: Uint8Array): Reply | undefined => {
  if (data.length % CAPABILITY_BYTES !== 0) return undefined;
  const found = new Map<number, { readonly level: number; readonly count: number }>();
  for (let at = 0; at < data.length; at += CAPABILITY_BYTES) {
    found.set(data[at] ?? 0, { level: data[at + 1] ?? 0, count: data[at + 2] ?? 0 });
  }
  return { kind: 'capabilities', capabilities: found };
};

const localStatusOf = (data: Uint8Array): Reply | undefined => {
  const [tamper, power] = data;
  if (data.length !== 2 || tamper === undefined || power === undefined) return undefined;
  return { kind: 'local-status', isTampered: tamper !== 0, hasPowerFailed: power !== 0 };
};

const levelsOf = (data: Uint8Array): readonly boolean[] => Array.from(data, (byte) => byte !== 0);

/** What stands behind the last bit is no part of the number. */
const leftAligned = (bytes: Uint8Array, bits: number): Uint8Array => {
  const spare = bytes.length * 8 - bits;
  return bytes.map((byte, index) => (index === bytes.length - 1 ? byte & ~((1 << spare) - 1) : byte));
};

const cardOf = (data: Uint8Array): Reply | undefined => {
  const bits = (data[2] ?? 0) | ((data[3] ?? 0) << 8);
  if (bits === 0 || bits > CARD_BITS_MAX || data.length !== 4 + Math.ceil(bits / 8)) return undefined;
  return { kind: 'card', bits, bytes: leftAligned(data.slice(4), bits) };
};

const KEY_NAMES: ReadonlyMap<number, string> = new Map([
  ...Array.from('0123456789*#', (key): [number, string] => [key.codePointAt(0) ?? 0, key]),
  [0x0d, '#'],
  [0x7f, '*'],
]);

/** Keys that have no meaning here, such as function keys, are left out. */
const keysOf = (data: Uint8Array): Reply | undefined => {
  if (data.length < 2 || data.length !== 2 + (data[1] ?? 0)) return undefined;
  return { kind: 'keys', text: Array.from(data.subarray(2), (key) => KEY_NAMES.get(key) ?? '').join('') };
};

const communicationOf = (data: Uint8Array): Reply | undefined =>
  data.length === 5 ? { kind: 'communication', address: data[0] ?? 0, baudRate: fromLittleEndian(data.subarray(1)) } : undefined;

const CLIENT_BYTES = 8;

const challengeAnswerOf = (data: Uint8Array): Reply | undefined => {
  if (data.length !== CLIENT_BYTES + NONCE_BYTES + CRYPTOGRAM_BYTES) return undefined;
  const nonceEnd = CLIENT_BYTES + NONCE_BYTES;
  return { kind: 'challenge-answer', nonce: data.slice(CLIENT_BYTES, nonceEnd), cryptogram: data.slice(nonceEnd) };
};

type Read = (data: Uint8Array) => Reply | undefined;

const empty =
  (reply: Reply): Read =>
  (data) =>
    data.length === 0 ? reply : undefined;

const READS: ReadonlyMap<number, Read> = new Map<number, Read>([
  [REPLY_CODES.ack, empty({ kind: 'ack' })],
  [REPLY_CODES.nak, (data) => (data.length === 0 ? undefined : { kind: 'nak', refusal: REFUSALS[data[0] ?? 0] ?? 'other' })],
  [REPLY_CODES.identity, identityOf],
  [REPLY_CODES.capabilities, capabilitiesOf],
  [REPLY_CODES['local-status'], localStatusOf],
  [REPLY_CODES.inputs, (data) => ({ kind: 'inputs', levels: levelsOf(data) })],
  [REPLY_CODES.outputs, (data) => ({ kind: 'outputs', levels: levelsOf(data) })],
  [REPLY_CODES.readers, (data) => ({ kind: 'readers', isTampered: data.some((byte) => byte !== 0) })],
  [REPLY_CODES.card, cardOf],
  [REPLY_CODES.keys, keysOf],
  [REPLY_CODES.communication, communicationOf],
  [REPLY_CODES['challenge-answer'], challengeAnswerOf],
  [REPLY_CODES['first-mac'], (data) => (data.length === CRYPTOGRAM_BYTES ? { kind: 'first-mac', mac: data } : undefined)],
  [REPLY_CODES.busy, empty({ kind: 'busy' })],
]);

export const decodeReply = (code: number, data: Uint8Array): Reply | undefined => READS.get(code)?.(data);
