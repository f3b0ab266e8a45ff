// deadline: 240s
// alone
/** The same stories of delivery with Debian's mosquitto in between. */
import { suite } from 'uvu';
import { killLeftovers } from '../support/controllerProcess.ts';
import { inLanes, stories } from '../support/deliveryStories.ts';
import { inWorld } from '../support/deliveryWorld.ts';
import type { Brokers, BrokerWanted } from '../support/deliveryWorld.ts';
import { demandMosquitto, startMosquitto } from '../support/mosquitto.ts';

demandMosquitto();

/** A client that may not read is told nothing: it is simply not handed the message. */
const aclOf = ({ withoutAcks, withoutMarks }: BrokerWanted): readonly string[] => [
  'topic readwrite #',
  ...(withoutAcks ? ['topic deny vigie/v1/+/ack'] : []),
  ...(withoutMarks ? ['topic deny vigie/v1/+/marks'] : []),
];

const mosquitto: Brokers = { start: (wanted) => startMosquitto({ acl: aclOf(wanted) }) };

const test = suite('system: delivery on mosquitto');
test.after(killLeftovers);

const entries = Object.entries(stories);
const runs = inLanes(
  entries.map(
    ([, story], index) =>
      () =>
        inWorld(mosquitto, `delivery-${index}`, story),
  ),
  4,
);
for (const [index, [name]] of entries.entries()) {
  runs[index]?.catch(() => undefined);
  test(name, () => runs[index]);
}

test.run();
