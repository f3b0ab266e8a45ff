/**
 * The byte stream under an MQTT connection, TCP or TLS, opened completely before a word of MQTT is written: user name
 * and password never go to a peer that was not verified. Nagle's algorithm is off from the start; with it, an event and
 * its acknowledgement take 88 ms instead of 0.1.
 */
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { ConnectOptions, DownReason, TlsOptions, TlsProblem } from '../../ports/link.ts';
import { faultBesideDates } from './certificate.ts';

export type Opened =
  | { readonly kind: 'open'; readonly socket: Socket; readonly certificateNotYetValid: boolean }
  | { readonly kind: 'failed'; readonly reason: DownReason };

type Target = { readonly secure: boolean; readonly host: string; readonly port: number };

export const targetOf = (url: string): Target | undefined => {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'mqtts:';
  if (!hostname || (!secure && protocol !== 'mqtt:')) return undefined;
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { secure, host, port: port === '' ? (secure ? 8883 : 1883) : Number(port) };
};

const CERTIFICATE_PROBLEMS: Readonly<Record<string, TlsProblem>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown-authority',
  CERT_SIGNATURE_FAILURE: 'unknown-authority',
  CERT_UNTRUSTED: 'unknown-authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  CERT_REVOKED: 'revoked',
  INVALID_PURPOSE: 'wrong-use',
};

/** Alerts by which a broker turns our certificate down; named alike in TLS 1.2 and 1.3. */
const CLIENT_CERTIFICATE_ALERTS = [
  'BAD_CERTIFICATE',
  'CERTIFICATE_REQUIRED',
  'CERTIFICATE_UNKNOWN',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'UNSUPPORTED_CERTIFICATE',
  'UNKNOWN_CA',
  'ACCESS_DENIED',
];
const CLIENT_CERTIFICATE_ALERT = new RegExp(`^ERR_SSL_.*ALERT_(?:${CLIENT_CERTIFICATE_ALERTS.join('|')})$`);

export const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
};

/** What TLS has against the peer, or the peer against us; undefined: the code is not of TLS. */
export const tlsProblemOf = (code: string): TlsProblem | undefined => {
  const known = CERTIFICATE_PROBLEMS[code];
  if (known) return known;
  if (CLIENT_CERTIFICATE_ALERT.test(code)) return 'client-certificate';
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO' ? 'handshake' : undefined;
};

/** Why a stream that was open ended with this error. */
export const lossReason = (code: string): DownReason => {
  const problem = tlsProblemOf(code);
  return problem ? { kind: 'tls', problem, code } : { kind: 'closed', code };
};

const failed = (reason: DownReason): Opened => ({ kind: 'failed', reason });

const openPlain = (target: Target, done: (opened: Opened) => void): Socket => {
  const socket = connectTcp({ host: target.host, port: target.port, noDelay: true, keepAlive: true });
  socket.once('connect', () => done({ kind: 'open', socket, certificateNotYetValid: false }));
  socket.once('error', (error) => done(failed({ kind: 'unreachable', code: codeOf(error) })));
  return socket;
};

const tlsSettings = (target: Target, tls: TlsOptions, serverName: string): ConnectionOptions => ({
  host: target.host,
  port: target.port,
  // A name goes into the handshake; an address may not (RFC 6066, 3).
  servername: isIP(serverName) ? '' : serverName,
  minVersion: 'TLSv1.2',
  rejectUnauthorized: tls.clockUnsynchronised !== true,
  ...(tls.ca === undefined ? {} : { ca: tls.ca }),
  ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
  ...(tls.key === undefined ? {} : { key: tls.key }),
});

const judge = (socket: TLSSocket, tls: TlsOptions, serverName: string): Opened => {
  if (socket.authorized) return { kind: 'open', socket, certificateNotYetValid: false };
  const code = String(socket.authorizationError);
  const onlyDated = code === 'CERT_NOT_YET_VALID' && tls.clockUnsynchronised === true;
  const problem = onlyDated ? faultBesideDates(socket, serverName, tls.ca) : (tlsProblemOf(code) ?? 'handshake');
  if (problem) return failed({ kind: 'tls', problem, code });
  return { kind: 'open', socket, certificateNotYetValid: true };
};

const openSecure = (target: Target, tls: TlsOptions, done: (opened: Opened) => void): Socket => {
  const serverName = tls.serverName ?? target.host;
  let reached = false;
  const socket = connectTls(tlsSettings(target, tls, serverName));
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  socket.once('connect', () => {
    reached = true;
  });
  socket.once('secureConnect', () => done(judge(socket, tls, serverName)));
  socket.once('error', (error) => {
    const code = codeOf(error);
    const problem = tlsProblemOf(code) ?? (reached ? 'handshake' : undefined);
    done(failed(problem ? { kind: 'tls', problem, code } : { kind: 'unreachable', code }));
  });
  return socket;
};

/**
 * Opens the stream; `done` is called once, later, unless the returned `cancel` was called before.
 * The socket carries an error listener of its own for good: a late error is never thrown.
 */
export const openSocket = (options: ConnectOptions, done: (opened: Opened) => void): { readonly cancel: () => void } => {
  let waiting = true;
  const answer = (opened: Opened): void => {
    if (!waiting) return;
    waiting = false;
    if (opened.kind === 'failed') socket?.destroy();
    done(opened);
  };
  const later = (reason: DownReason): void => queueMicrotask(() => answer(failed(reason)));
  let socket: Socket | undefined;
  const target = targetOf(options.url);
  if (!target) later({ kind: 'bad-url' });
  else {
    try {
      socket = target.secure ? openSecure(target, options.tls ?? {}, answer) : openPlain(target, answer);
      socket.on('error', () => undefined);
    } catch (error) {
      // Only our own key material makes the call itself throw.
      later({ kind: 'tls', problem: 'bad-credentials', code: codeOf(error) });
    }
  }
  return {
    cancel: () => {
      waiting = false;
      socket?.destroy();
    },
  };
};
