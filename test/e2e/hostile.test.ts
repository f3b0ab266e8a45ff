// deadline: 180s
/** Somebody speaks in the centre's place, or with the controller's name, or smashes the controller: on the embedded broker. */
import { suite } from 'uvu';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { killLeftovers } from '../support/controllerProcess.ts';
import { inLanes } from '../support/deliveryStories.ts';
import { inWorld } from '../support/deliveryWorld.ts';
import type { Brokers } from '../support/deliveryWorld.ts';
import { forged, smashed, substituted } from '../support/hostileStories.ts';

const aedes: Brokers = {
  start: async () => {
    const started = await startBroker({ port: 0, host: '127.0.0.1' });
    if (started.kind === 'failed') throw new Error(started.reason);
    return started.broker;
  },
};

const test = suite('e2e: hostile');
test.after(killLeftovers);

const stories = {
  'forged acknowledgements and commands': forged,
  'another client under the same id': substituted,
  'smashed during an entry': smashed,
};
const entries = Object.entries(stories);
const runs = inLanes(
  entries.map(
    ([, story], index) =>
      () =>
        inWorld(aedes, `hostile-${index}`, story),
  ),
  entries.length,
);
for (const [index, [name]] of entries.entries()) {
  runs[index]?.catch(() => undefined);
  test(name, () => runs[index]);
}

test.run();
