/** The real link over TLS, on the embedded broker. */
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { linkTlsContract } from './linkTlsContract.ts';

linkTlsContract('on the embedded broker', async ({ certificate, key }, clientCa) => {
  const start = await startBroker({ port: 0, host: '127.0.0.1', tls: { certificate, key, clientCa } });
  if (start.kind === 'failed') throw new Error(start.reason);
  return { port: start.broker.port, close: start.broker.kill };
});
