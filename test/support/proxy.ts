/** A TCP proxy on loopback that does to a connection what networks do: stall (half-open), cut, delay, swallow. */
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export type Proxy = {
  readonly port: number;
  /** Bytes go nowhere, both ways, and no end of either side is told: the network of a pulled plug. */
  readonly stall: () => void;
  readonly flow: () => void;
  /** Only what the target answers is held back: it acts, and nobody hears of it. */
  readonly stallAnswers: () => void;
  /** Ends all connections without a word of MQTT. */
  readonly cut: () => void;
  /** Holds each chunk back this long, each way. */
  readonly delay: (ms: number) => void;
  /** Where new connections go: a broker that came back elsewhere. */
  readonly retarget: (port: number) => void;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

type State = { target: number; stalled: boolean; answersStalled: boolean; delayMs: number };

const pump = (from: Socket, to: Socket, isHeld: () => boolean, state: State): void => {
  from.on('data', (chunk: Buffer) => {
    const pass = (): void => {
      if (!isHeld() && !to.destroyed) to.write(chunk);
    };
    if (state.delayMs > 0) setTimeout(pass, state.delayMs);
    else pass();
  });
  from.on('error', () => undefined);
  from.on('close', () => {
    if (!isHeld()) to.destroy();
  });
};

const join = (near: Socket, sockets: Set<Socket>, state: State): void => {
  const far = connect({ port: state.target, host: '127.0.0.1', noDelay: true });
  for (const socket of [near, far]) {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  }
  pump(near, far, () => state.stalled, state);
  pump(far, near, () => state.stalled || state.answersStalled, state);
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

/** What was swallowed while it stalled is lost: cut before letting it flow again, as a network that comes back does. */
export const startProxy = async (target: number): Promise<Proxy> => {
  const state: State = { target, stalled: false, answersStalled: false, delayMs: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => join(near, sockets, state));
  const port = await listen(server);
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port,
    stall: () => {
      state.stalled = true;
    },
    flow: () => {
      state.stalled = false;
      state.answersStalled = false;
    },
    stallAnswers: () => {
      state.answersStalled = true;
    },
    cut,
    delay: (ms) => {
      state.delayMs = ms;
    },
    retarget: (next) => {
      state.target = next;
    },
    connections: () => sockets.size / 2,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
};
