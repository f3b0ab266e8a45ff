/** A station as the site's file has it. */
import { readFileSync } from 'node:fs';
import type { TwoNRules } from '../../protocol/stations/twoN.ts';
import { failed } from './transport.ts';
import type { Failed } from './transport.ts';

type Reached = {
  readonly id: string;
  /** `https://192.168.1.20`, without a name, a password or a path in it. */
  readonly url: string;
  readonly username: string;
  /** File whose first line is the password. */
  readonly passwordFile: string;
  /** File in PEM: the station's own certificate, or that of the authority that signed it. */
  readonly certificate: string | undefined;
};

export type StationSettings = (Reached & { readonly kind: '2n' } & TwoNRules) | (Reached & { readonly kind: 'doorbird' });

export type Secrets = { readonly ok: true; readonly password: string; readonly certificate: string | undefined };

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** undefined: it is not there, or may not be read. */
type Read = (path: string) => string | undefined;

/** Read for each connection: a new password needs no restart, and a missing file keeps nobody from guarding. */
export const readSecrets = ({ passwordFile, certificate }: StationSettings, read: Read = textOf): Secrets | Failed => {
  const password = read(passwordFile)?.split(/\r?\n/, 1)[0];
  if (password === undefined || password === '') return failed('no-password', passwordFile);
  const pem = certificate === undefined ? undefined : read(certificate);
  // Never without it: a station whose certificate was to be looked at is not trusted unseen.
  if (certificate !== undefined && !pem?.includes('-----BEGIN CERTIFICATE-----')) return failed('no-certificate', certificate);
  return { ok: true, password, certificate: pem };
};
