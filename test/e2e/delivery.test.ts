// deadline: 240s
// alone
/** The whole way from a contact to the centre's disk, on the embedded broker, while the network does what networks do. */
import { suite } from 'uvu';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { killLeftovers } from '../support/controllerProcess.ts';
import { inLanes, stories } from '../support/deliveryStories.ts';
import { inWorld } from '../support/deliveryWorld.ts';
import type { Brokers, BrokerWanted } from '../support/deliveryWorld.ts';

const aedes: Brokers = {
  start: async ({ tls, ...wanted }: BrokerWanted) => {
    const started = await startBroker({
      port: 0,
      host: '127.0.0.1',
      ...(tls && { tls: { ...tls.server, clientCa: tls.clientCa } }),
      authorise: (_client, action, topic) =>
        action !== 'receive' ||
        !((wanted.withoutAcks === true && topic.endsWith('/ack')) || (wanted.withoutMarks === true && topic.endsWith('/marks'))),
    });
    if (started.kind === 'failed') throw new Error(started.reason);
    return started.broker;
  },
};

const test = suite('e2e: delivery');
test.after(killLeftovers);

const filter = process.env['VIGIE_STORY'] ?? '';
const chosen = Object.entries(stories).filter(([name]) => name.includes(filter));
const runs = inLanes(
  chosen.map(
    ([, story], index) =>
      () =>
        inWorld(aedes, `delivery-${index}`, story),
  ),
  4,
);
for (const [index, [name]] of chosen.entries()) {
  runs[index]?.catch(() => undefined);
  test(name, () => runs[index]);
}

test.run();
