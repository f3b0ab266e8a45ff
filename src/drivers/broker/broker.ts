/**
 * A small MQTT 5 broker in this process, for the demo and the tests: aedes behind a server without Nagle's delay. It keeps
 * everything in memory and acknowledges before it delivers; a site's own broker is mosquitto or larger.
 */
import { Aedes } from 'aedes';
import type { Client } from 'aedes';
import { createServer as createTcpServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';

export type BrokerTls = {
  /** PEM of the broker's certificate and key. */
  readonly certificate: string;
  readonly key: string;
  /** PEM of who signs client certificates: with it, a client without one of them is refused. */
  readonly clientCa?: string;
};

/** Who asks: what the client says of itself and, with client certificates, what it proved. */
export type BrokerClient = {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly certificateName: string | undefined;
};

export type BrokerAction = 'connect' | 'publish' | 'subscribe' | 'receive';

export type BrokerOptions = {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly tls?: BrokerTls;
  /** Asked for each action; `topic` is the filter for `subscribe` and empty for `connect`. Default: everything goes. */
  readonly authorise?: (client: BrokerClient, action: BrokerAction, topic: string) => boolean;
  /** Told to clients: messages of QoS 1 they may have under way. Default 20. */
  readonly receiveMaximum?: number;
  /** Larger packets end the connection that sent them. Default 17 408: a payload of 16 KiB. */
  readonly maximumPacketBytes?: number;
  /** Leaves Nagle's algorithm on, to measure what it costs. */
  readonly nagle?: boolean;
};

export type Broker = {
  readonly port: number;
  readonly url: string;
  /** Tells the clients goodbye (0x8b) and stops. */
  readonly close: () => Promise<void>;
  /** As a power cut: sockets die without a word, nothing is remembered. */
  readonly kill: () => Promise<void>;
};

export type BrokerFailure = 'port-in-use' | 'address-not-ours' | 'port-forbidden' | 'bad-credentials';
export type BrokerStart =
  | { readonly kind: 'started'; readonly broker: Broker }
  | { readonly kind: 'failed'; readonly reason: BrokerFailure };

const certificateNameOf = (client: Client): string | undefined => {
  const { conn } = client;
  if (!(conn instanceof TLSSocket) || !conn.authorized) return undefined;
  const name = conn.getPeerCertificate().subject?.CN;
  return Array.isArray(name) ? name[0] : name;
};

const usernames = new WeakMap<Client, string>();

const describe = (client: Client): BrokerClient => ({
  clientId: client.id,
  username: usernames.get(client),
  certificateName: certificateNameOf(client),
});

const refusal = (): Error => new Error('not authorised');

const makeAedes = (options: BrokerOptions): Aedes => {
  const may = (client: Client | null, action: BrokerAction, topic: string): boolean =>
    !topic.startsWith('$') && (!client || !options.authorise || options.authorise(describe(client), action, topic));
  return new Aedes({
    receiveMaximum: options.receiveMaximum ?? 20,
    maximumPacketSize: options.maximumPacketBytes ?? 17_408,
    // A client that takes nothing holds up the others until it is cut off.
    drainTimeout: 10_000,
    sessionExpiryIntervalLimit: 3_600,
    pendingSessionsLimit: 10_000,
    authenticate: (client, username, _password, done) => {
      if (username !== undefined) usernames.set(client, username);
      // Without an error of its own, a refusal is told as 0x87, not authorised.
      done(null, may(client, 'connect', ''));
    },
    authorizePublish: (client, packet, done) => done(may(client, 'publish', packet.topic) ? null : refusal()),
    authorizeSubscribe: (client, subscription, done) =>
      done(null, may(client, 'subscribe', subscription.topic) ? subscription : null),
    authorizeForward: (client, packet) => (may(client, 'receive', packet.topic) ? packet : null),
  });
};

const makeServer = (options: BrokerOptions, serve: (socket: Socket) => void): Server => {
  const noDelay = options.nagle !== true;
  const { tls } = options;
  if (!tls) return createTcpServer({ noDelay }, serve);
  const server = createTlsServer(
    {
      cert: tls.certificate,
      key: tls.key,
      minVersion: 'TLSv1.2',
      ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
    },
    serve,
  );
  server.on('connection', (socket: Socket) => socket.setNoDelay(noDelay));
  // A failed handshake is the client's affair, and it is told by the alert.
  server.on('tlsClientError', () => undefined);
  return server;
};

const FAILURES: Readonly<Record<string, BrokerFailure>> = {
  EADDRINUSE: 'port-in-use',
  EADDRNOTAVAIL: 'address-not-ours',
  ENOTFOUND: 'address-not-ours',
  EACCES: 'port-forbidden',
};

const listen = (server: Server, { port, host }: BrokerOptions): Promise<BrokerFailure | undefined> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const failure = FAILURES[error.code ?? ''];
      if (failure) resolve(failure);
      else reject(error);
    });
    server.listen(port, host, () => resolve(undefined));
  });

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a broker listens on a TCP port');
  return address.port;
};

const running = (server: Server, aedes: Aedes, sockets: ReadonlySet<Socket>, options: BrokerOptions): Broker => {
  const port = portOf(server);
  const stopServer = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  const stopAedes = (): Promise<void> => new Promise((resolve) => aedes.close(() => resolve()));
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port,
    url: `${options.tls ? 'mqtts' : 'mqtt'}://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: async () => {
      const stopped = stopServer();
      await stopAedes();
      cut();
      await stopped;
    },
    kill: async () => {
      const stopped = stopServer();
      cut();
      await Promise.all([stopped, stopAedes()]);
    },
  };
};

/** Starts listening. Failures that a person can act on are values; anything else rejects. */
export const startBroker = async (options: BrokerOptions): Promise<BrokerStart> => {
  const aedes = makeAedes(options);
  aedes.on('clientError', () => undefined);
  aedes.on('connectionError', () => undefined);
  await aedes.listen();
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  };
  const fail = async (reason: BrokerFailure): Promise<BrokerStart> => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    return { kind: 'failed', reason };
  };
  let server: Server;
  try {
    server = makeServer(options, serve);
  } catch {
    return fail('bad-credentials');
  }
  const failure = await listen(server, options);
  if (failure) return fail(failure);
  return { kind: 'started', broker: running(server, aedes, sockets, options) };
};
