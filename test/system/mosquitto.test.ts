// deadline: 180s
/** The real link on Debian's mosquitto keeps the contract of `Link`, plain and over TLS. */
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { linkContract } from '../contract/linkContract.ts';
import type { LinkRig, RigOptions } from '../contract/linkContract.ts';
import { linkTlsContract } from '../contract/linkTlsContract.ts';
import { demandMosquitto, startMosquitto } from '../support/mosquitto.ts';
import type { MosquittoOptions } from '../support/mosquitto.ts';
import { startProxy } from '../support/proxy.ts';

demandMosquitto();

const mosquittoRig = async (wanted: RigOptions): Promise<LinkRig> => {
  const options: MosquittoOptions = {
    ...(wanted.receiveMaximum === undefined ? {} : { receiveMaximum: wanted.receiveMaximum }),
    ...(wanted.maximumPacketBytes === undefined ? {} : { maximumPacketBytes: wanted.maximumPacketBytes }),
    ...(wanted.strict ? { acl: ['topic read #', 'pattern write own/%c/#'] } : {}),
    ...(wanted.closed ? { closed: true } : {}),
  };
  let broker = await startMosquitto(options);
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
      broker = await startMosquitto(options);
      proxy.retarget(broker.port);
    },
    dispose: async () => {
      await proxy.close();
      await broker.kill();
    },
  };
};

// mosquitto 2 grants every subscription, and filters what it delivers (its issue 2042).
linkContract('on mosquitto', mosquittoRig, { tellsNoSubscribers: true, refusesSubscriptions: false, saysTakenOver: false });

linkTlsContract('on mosquitto', async (server, clientCa) => {
  const broker = await startMosquitto({ tls: { server, clientCa } });
  return { port: broker.port, close: broker.kill };
});
