/** The demo's broker on loopback, which can be taken away and brought back. */
import { startBroker } from '../../drivers/broker/broker.ts';
import type { Broker } from '../../drivers/broker/broker.ts';

export type Network = {
  readonly url: string;
  readonly port: number;
  readonly isUp: () => boolean;
  /** As if the line were cut: nobody is told. */
  readonly cut: () => Promise<void>;
  /** On the same port; false: somebody else has taken it. */
  readonly restore: () => Promise<boolean>;
};

const HOST = '127.0.0.1';
const PORTS_TRIED = 20;
const PORT_MAX = 65_535;

const startNear = async (wanted: number): Promise<Broker | undefined> => {
  for (let port = wanted; port < wanted + PORTS_TRIED && port <= PORT_MAX; port += 1) {
    const start = await startBroker({ host: HOST, port });
    if (start.kind === 'started') return start.broker;
  }
  const any = await startBroker({ host: HOST, port: 0 });
  return any.kind === 'started' ? any.broker : undefined;
};

/** On `wanted`, or the next port that is free. */
export const openNetwork = async (wanted: number): Promise<Network | undefined> => {
  const first = await startNear(wanted);
  if (!first) return undefined;
  const { port, url } = first;
  let broker: Broker | undefined = first;
  return {
    url,
    port,
    isUp: () => broker !== undefined,
    cut: async () => {
      const present = broker;
      broker = undefined;
      await present?.kill();
    },
    restore: async () => {
      const start = await startBroker({ host: HOST, port });
      if (start.kind === 'started') broker = start.broker;
      return start.kind === 'started';
    },
  };
};
