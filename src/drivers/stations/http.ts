/** The way to a station over HTTP or HTTPS: answers are bounded in time and size, redirections are not followed. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Timers } from '../../ports/player.ts';
import { makeAuthenticator } from './authenticator.ts';
import type { Authenticator } from './authenticator.ts';
import { trustOf } from './certificate.ts';
import type { Secrets, StationSettings } from './settings.ts';
import { failed } from './transport.ts';
import type { Answer, Cancel, Failed, Question, StreamListener, Transport } from './transport.ts';

type Room = {
  readonly base: URL;
  readonly agent: HttpAgent | HttpsAgent;
  readonly authenticator: Authenticator;
  readonly timers: Timers;
};

/** What is done with an answer whose status is good. */
type Taker = {
  /** Called for each answer that is read, before its bytes. */
  readonly onOpen: (contentType: string) => void;
  readonly onBytes: (chunk: Uint8Array) => void;
  /** undefined: the answer is whole. */
  readonly onEnd: (failed: Failed | undefined) => void;
};

type Call = {
  readonly path: string;
  readonly taker: Taker;
  /** How often it was sent: once, again when a challenge comes, and again when its nonce is used up. */
  sent: number;
  request: ClientRequest | undefined;
  isOver: boolean;
};

const SENT_MAX = 3;
const SOCKETS_MAX = 3;
/** The kernel asks a silent peer after this long, then each second: one that is gone is known within 15 s. */
const KEEP_ALIVE_MS = 5_000;
const CERTIFICATE_CODES = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE/;
const CLOSED_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const AWAY_CODES = /^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_\w+|ETIMEDOUT|EADDRNOTAVAIL)$/;

// ---- failures

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

const failureOf = (error: Error): Failed => {
  const code = codeOf(error);
  const detail = `${code} ${error.message}`.trim();
  if (CERTIFICATE_CODES.test(code)) return failed('certificate', detail);
  if (CLOSED_CODES.has(code)) return failed('closed', detail);
  // What no HTTP or TLS client understands, and Node's own refusals, are the other side's doing.
  return failed(AWAY_CODES.test(code) ? 'unreachable' : 'garbled', detail);
};

const statusFailure = (status: number): Failed => {
  const detail = `HTTP ${status}`;
  if (status === 403 || status === 204) return failed('forbidden', detail);
  return failed(status === 503 || status === 509 ? 'busy' : 'garbled', detail);
};

// ---- one call

const over = (call: Call, result: Failed | undefined): void => {
  if (call.isOver) return;
  call.isOver = true;
  call.taker.onEnd(result);
  if (result) call.request?.destroy();
};

const cancel = (call: Call): void => {
  call.isOver = true;
  call.request?.destroy();
};

const take = (call: Call, response: IncomingMessage): void => {
  call.taker.onOpen(response.headers['content-type'] ?? '');
  response.on('data', (chunk: Uint8Array) => {
    if (!call.isOver) call.taker.onBytes(chunk);
  });
  response.on('end', () => over(call, response.complete ? undefined : failed('closed', 'cut short')));
  response.on('error', (error) => over(call, failureOf(error)));
  response.on('close', () => over(call, failed('closed', 'cut short')));
};

const challenged = (room: Room, call: Call, response: IncomingMessage, sent: string | undefined): void => {
  response.resume();
  const failure = room.authenticator.refused(response.headers['www-authenticate'], sent);
  if (failure) return over(call, failed(failure, `HTTP ${response.statusCode ?? 0}`));
  return call.sent < SENT_MAX ? send(room, call) : over(call, failed('wrong-password', 'asked again and again'));
};

const answered = (room: Room, call: Call, response: IncomingMessage, sent: string | undefined): void => {
  if (call.isOver) return void response.destroy();
  const status = response.statusCode ?? 0;
  if (status === 401) return challenged(room, call, response, sent);
  return status === 200 ? take(call, response) : over(call, statusFailure(status));
};

/** A connection that was kept open may have been closed by the station just then: the question is asked once more. */
const isStaleConnection = (call: Call, request: ClientRequest, error: Error): boolean =>
  request.reusedSocket && CLOSED_CODES.has(codeOf(error)) && call.sent < SENT_MAX;

const requestOf = ({ base, agent }: Room, path: string, header: string | undefined): ClientRequest => {
  const start = base.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { accept: '*/*', ...(header !== undefined && { authorization: header }) };
  return start(new URL(path, base), { agent, headers });
};

const send = (room: Room, call: Call): void => {
  call.sent += 1;
  const header = room.authenticator.headerFor(call.path);
  try {
    follow(room, call, requestOf(room, call.path, header), header);
  } catch (error) {
    // Node refuses what the station wants to hear, such as a nonce with letters that no header may have.
    room.timers.later(0, () => over(call, failed('garbled', String(error))));
  }
};

const follow = (room: Room, call: Call, request: ClientRequest, header: string | undefined): void => {
  call.request = request;
  request.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
  request.on('response', (response) => answered(room, call, response, header));
  request.on('error', (error) => {
    if (call.isOver || call.request !== request) return;
    if (isStaleConnection(call, request, error)) send(room, call);
    else over(call, failureOf(error));
  });
  // A station that wants to speak another protocol ends the request without a response and without an error.
  request.on('close', () => {
    if (call.request === request) over(call, failed('closed', 'no answer'));
  });
  request.end();
};

const begin = (room: Room, path: string, taker: Taker): Call => {
  const call: Call = { path, taker, sent: 0, request: undefined, isOver: false };
  send(room, call);
  return call;
};

// ---- the transport

const ask = (room: Room, { path, deadlineMs, bytesMax }: Question, onAnswer: (answer: Answer) => void): Cancel => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const end = (result: Failed | undefined): void => {
    stop();
    onAnswer(result ?? { ok: true, text: Buffer.concat(chunks).toString('utf8') });
  };
  const call = begin(room, path, {
    onOpen: () => {},
    onBytes: (chunk) => {
      bytes += chunk.length;
      if (bytes > bytesMax) over(call, failed('too-large', `more than ${bytesMax} bytes`));
      else chunks.push(chunk);
    },
    onEnd: end,
  });
  const stop = room.timers.later(deadlineMs, () => over(call, failed('timeout', `no answer in ${deadlineMs} ms`)));
  return (): void => {
    stop();
    cancel(call);
  };
};

const listen = (room: Room, path: string, deadlineMs: number, listener: StreamListener): Cancel => {
  const call = begin(room, path, {
    onOpen: (contentType) => {
      stop();
      listener.onOpen(contentType);
    },
    onBytes: listener.onBytes,
    onEnd: (result) => {
      stop();
      listener.onEnd(result ?? failed('closed', 'the stream ended'));
    },
  });
  const stop = room.timers.later(deadlineMs, () => over(call, failed('timeout', `no answer in ${deadlineMs} ms`)));
  return (): void => {
    stop();
    cancel(call);
  };
};

const agentOf = (base: URL, certificate: string | undefined): HttpAgent | HttpsAgent => {
  const options = { keepAlive: true, maxSockets: SOCKETS_MAX };
  return base.protocol === 'https:' ? new HttpsAgent({ ...options, ...trustOf(certificate) }) : new HttpAgent(options);
};

/** Throws for a certificate that cannot be read. */
export const httpTransport = ({ url, username }: StationSettings, secrets: Secrets, timers: Timers): Transport => {
  const base = new URL(url);
  const isEncrypted = base.protocol === 'https:';
  const room: Room = {
    base,
    agent: agentOf(base, secrets.certificate),
    authenticator: makeAuthenticator({ username, password: secrets.password }, isEncrypted),
    timers,
  };
  return {
    ask: (question, onAnswer) => ask(room, question, onAnswer),
    listen: (path, deadlineMs, listener) => listen(room, path, deadlineMs, listener),
    close: () => room.agent.destroy(),
  };
};

export type MakeTransport = typeof httpTransport;
