/**
 * An emulated station on a real socket: HTTP or HTTPS on this machine, and a login of its own making, so that the driver's
 * answers are not checked by the driver's own code.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Credentials } from '../certificates.ts';
import type { Asker, Station } from './station.ts';

export type Login = 'none' | 'basic' | 'digest-md5' | 'digest-sha256' | 'digest-old' | 'all';

export type ServedStation = {
  readonly url: string;
  /** Takes its cable out: connections are cut and none is taken. */
  readonly unplug: () => Promise<void>;
  readonly plug: () => Promise<void>;
  /** Cuts the connections that stand. */
  readonly cut: () => void;
  /** Every nonce given so far is used up. */
  readonly tire: () => void;
  readonly connections: () => number;
  readonly refusals: () => number;
  readonly close: () => Promise<void>;
};

const REALM = 'HTTP API, "front"';
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const challengesOf = (login: Login, nonce: string): readonly string[] => {
  const digest = (rest: string): string => `Digest realm=${quoted(REALM)}, nonce="${nonce}", opaque="x1"${rest}`;
  switch (login) {
    case 'none':
      return [];
    case 'basic':
      return [`Basic realm=${quoted(REALM)}, charset="UTF-8"`];
    case 'digest-md5':
      return [digest(', qop="auth,auth-int", algorithm=MD5')];
    case 'digest-sha256':
      return [digest(', qop="auth", algorithm=SHA-256')];
    case 'digest-old':
      return [digest('')];
    case 'all':
      return [...challengesOf('basic', nonce), ...challengesOf('digest-md5', nonce), ...challengesOf('digest-sha256', nonce)];
  }
};

const field = (header: string, name: string): string => {
  const [, inQuotes, plain] = new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^, ]+))`).exec(header) ?? [];
  return inQuotes?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '';
};

const isBasicRight = (header: string, { username, password }: Station): boolean =>
  header === `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

const askerOf = (response: ServerResponse): Asker => ({
  isGone: () => response.destroyed || response.writableEnded,
  answer: (status, contentType, body) => {
    if (response.destroyed) return;
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  },
  stream: (contentType) => {
    response.writeHead(200, { 'content-type': contentType });
    response.flushHeaders();
    return { write: (text) => void response.write(text), end: () => void response.end() };
  },
});

export const serveStation = async (
  station: Station,
  { login, tls }: { readonly login: Login; readonly tls?: Credentials },
): Promise<ServedStation> => {
  const sockets = new Set<Socket>();
  const nonces = new Map<string, number>();
  let refusals = 0;

  const isDigestRight = (header: string, request: IncomingMessage): boolean => {
    const nonce = field(header, 'nonce');
    const last = nonces.get(nonce);
    const count = Number.parseInt(field(header, 'nc'), 16);
    const isOld = field(header, 'qop') === '';
    // RFC 7616, 3.4: a count that does not rise is a replay.
    if (last === undefined || (!isOld && !(count > last))) return false;
    const algorithm = field(header, 'algorithm') === 'SHA-256' ? 'sha256' : 'md5';
    const h = (text: string): string => createHash(algorithm).update(text, 'utf8').digest('hex');
    const first = h(`${station.username}:${REALM}:${station.password}`);
    const second = h(`${request.method}:${request.url}`);
    const middle = isOld ? nonce : `${nonce}:${field(header, 'nc')}:${field(header, 'cnonce')}:auth`;
    const isRight =
      field(header, 'uri') === request.url &&
      field(header, 'opaque') === 'x1' &&
      field(header, 'response') === h(`${first}:${middle}:${second}`);
    if (isRight && !isOld) nonces.set(nonce, count);
    return isRight;
  };

  const isWelcome = (request: IncomingMessage): boolean => {
    const header = request.headers.authorization ?? '';
    if (login === 'none') return true;
    if (header.startsWith('Basic ')) return (login === 'basic' || login === 'all') && isBasicRight(header, station);
    return header.startsWith('Digest ') && login !== 'basic' && isDigestRight(header, request);
  };

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (isWelcome(request)) return station.ask(request.url ?? '', askerOf(response));
    refusals += 1;
    const nonce = randomBytes(8).toString('hex');
    nonces.set(nonce, 0);
    response.writeHead(401, { 'www-authenticate': [...challengesOf(login, nonce)] });
    response.end('{"success":false,"error":{"code":9}}');
    return undefined;
  };

  const server = tls ? createHttps({ cert: tls.certificate, key: tls.key }, serve) : createHttp(serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const unplug = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      cut();
    });
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    unplug,
    plug: () => listen(port),
    cut,
    tire: () => nonces.clear(),
    connections: () => sockets.size,
    refusals: () => refusals,
    close: () => (server.listening ? unplug() : Promise.resolve()),
  };
};
