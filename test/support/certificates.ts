/**
 * X.509 certificates made when a test runs, so that no key lies in the repository and no openssl program is needed. Node
 * reads certificates and cannot write them; this writes the little DER (X.690) that RFC 5280 asks for: version 3, P-256
 * keys, ECDSA with SHA-256, a common name, names of the server, validity, and what the key may be used for.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export type Credentials = { readonly certificate: string; readonly key: string };

export type Authority = Credentials & { readonly issue: (wanted: Wanted) => Credentials };

export type Wanted = {
  readonly commonName: string;
  readonly use: 'server' | 'client';
  /** DNS names and IPv4 addresses of a server. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
};

const DAY_MS = 86_400_000;

// ---- DER

const lengthOf = (bytes: number): Buffer => {
  if (bytes < 0x80) return Buffer.from([bytes]);
  return bytes < 0x100 ? Buffer.from([0x81, bytes]) : Buffer.from([0x82, bytes >> 8, bytes & 0xff]);
};

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const bits = (body: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), body);
const octets = (body: Uint8Array): Buffer => der(0x04, body);
const truth = der(0x01, Buffer.from([0xff]));

const base128 = (value: number): readonly number[] => {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
};

const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
};

/** RFC 5280, 4.1.2.5: two digits of the year until 2049. */
const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
};

// ---- certificates

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

const nameOf = (commonName: string): Buffer => sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))));

const extension = (id: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(critical ? [truth] : []), octets(value));

const generalName = (name: string): Buffer =>
  /^[\d.]+$/.test(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));

const extensionsOfAuthority = (): readonly Buffer[] => [
  extension('2.5.29.19', true, sequence(truth)),
  extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)),
];

const extensionsOf = ({ use, names = [] }: Wanted): readonly Buffer[] => [
  extension('2.5.29.19', true, sequence()),
  extension('2.5.29.37', false, sequence(oid(use === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2'))),
  ...(names.length > 0 ? [extension('2.5.29.17', false, sequence(...names.map(generalName)))] : []),
];

type Body = {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
};

const certificateOf = (body: Body, signer: KeyObject): string => {
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_WITH_SHA256,
    nameOf(body.issuer),
    sequence(time(body.notBefore), time(body.notAfter)),
    nameOf(body.subject),
    body.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...body.extensions)),
  );
  const whole = sequence(toSign, ECDSA_WITH_SHA256, bits(sign('sha256', toSign, signer)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

const newKey = (): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const yesterday = (): Date => new Date(Date.now() - DAY_MS);
const nextYear = (): Date => new Date(Date.now() + 365 * DAY_MS);

/** A certificate authority of its own. `notBefore` in the future makes it, as all it issues may be, not yet valid. */
export const makeAuthority = (commonName: string, notBefore: Date = yesterday()): Authority => {
  const { publicKey, privateKey } = newKey();
  const dates = { notBefore, notAfter: nextYear() };
  const own = { subject: commonName, issuer: commonName, publicKey, ...dates, extensions: extensionsOfAuthority() };
  return {
    certificate: certificateOf(own, privateKey),
    key: pemOf(privateKey),
    issue: (wanted) => {
      const leaf = newKey();
      const body = {
        subject: wanted.commonName,
        issuer: commonName,
        publicKey: leaf.publicKey,
        notBefore: wanted.notBefore ?? yesterday(),
        notAfter: wanted.notAfter ?? nextYear(),
        extensions: extensionsOf(wanted),
      };
      return { certificate: certificateOf(body, privateKey), key: pemOf(leaf.privateKey) };
    },
  };
};

/** A certificate that vouches for itself, as devices with an address and no name have it. */
export const makeSelfSigned = (wanted: Wanted): Credentials => {
  const { publicKey, privateKey } = newKey();
  const body = {
    subject: wanted.commonName,
    issuer: wanted.commonName,
    publicKey,
    notBefore: wanted.notBefore ?? yesterday(),
    notAfter: wanted.notAfter ?? nextYear(),
    extensions: extensionsOf(wanted),
  };
  return { certificate: certificateOf(body, privateKey), key: pemOf(privateKey) };
};
