/** The link in memory and the real one, on the embedded broker, keep the contract of `Link`. */
import { startBroker } from '../../src/drivers/broker/broker.ts';
import type { Broker, BrokerOptions } from '../../src/drivers/broker/broker.ts';
import { fakeBroker } from '../../src/drivers/mqtt/fake.ts';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { startProxy } from '../support/proxy.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import { linkContract } from './linkContract.ts';
import type { LinkRig, RigOptions } from './linkContract.ts';

const mayPublish = (wanted: RigOptions, clientId: string, topic: string): boolean =>
  wanted.strict !== true || topic.startsWith(`own/${clientId}/`);

const authorise =
  (wanted: RigOptions) =>
  (clientId: string, action: string, topic: string): boolean => {
    if (action === 'connect') return wanted.closed !== true;
    return action === 'receive' || mayPublish(wanted, clientId, topic);
  };

/** Lets everything that is due now happen, then moves the virtual clock, then again. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const fakeRig = (wanted: RigOptions): Promise<LinkRig> => {
  const timers = createVirtualTimers();
  const broker = fakeBroker({
    scheduler: { soon: (act) => queueMicrotask(act), after: timers.later },
    authorise: authorise(wanted),
    ...(wanted.receiveMaximum === undefined ? {} : { receiveMaximum: wanted.receiveMaximum }),
    ...(wanted.maximumPacketBytes === undefined ? {} : { maximumPacketBytes: wanted.maximumPacketBytes }),
  });
  return Promise.resolve({
    makeLink: broker.makeLink,
    url: 'mqtt://fake',
    pass: async (ms) => {
      await settle();
      timers.advance(ms);
      await settle();
    },
    stall: broker.stall,
    flow: () => {
      broker.flow();
      broker.acknowledge();
    },
    withhold: broker.withhold,
    killBroker: async () => {
      broker.kill();
      await settle();
    },
    restartBroker: async () => {
      broker.restart();
      await settle();
    },
    dispose: () => Promise.resolve(),
  });
};

const started = async (options: BrokerOptions): Promise<Broker> => {
  const start = await startBroker(options);
  if (start.kind === 'failed') throw new Error(start.reason);
  return start.broker;
};

const embeddedRig = async (wanted: RigOptions): Promise<LinkRig> => {
  const ask = authorise(wanted);
  const options: BrokerOptions = {
    port: 0,
    host: '127.0.0.1',
    authorise: (client, action, topic) => ask(client.clientId, action, topic),
    ...(wanted.receiveMaximum === undefined ? {} : { receiveMaximum: wanted.receiveMaximum }),
    ...(wanted.maximumPacketBytes === undefined ? {} : { maximumPacketBytes: wanted.maximumPacketBytes }),
  };
  let broker = await started(options);
  const proxy = await startProxy(broker.port);
  return {
    makeLink: mqttLink,
    url: `mqtt://127.0.0.1:${proxy.port}`,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    stall: proxy.stall,
    flow: proxy.flow,
    withhold: proxy.stallAnswers,
    killBroker: async () => {
      await broker.kill();
      proxy.cut();
    },
    restartBroker: async () => {
      broker = await started(options);
      proxy.retarget(broker.port);
    },
    dispose: async () => {
      await proxy.close();
      await broker.kill();
    },
  };
};

linkContract('in memory', fakeRig, { tellsNoSubscribers: true, refusesSubscriptions: true, saysTakenOver: true });
linkContract('on the embedded broker', embeddedRig, {
  tellsNoSubscribers: false,
  refusesSubscriptions: true,
  saysTakenOver: true,
});
