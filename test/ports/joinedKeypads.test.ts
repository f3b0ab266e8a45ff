/** Several drivers of keypads as one: each is opened with its own, shown its own, and closed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { joinKeypads } from '../../src/ports/joinedKeypads.ts';
import type { KeypadListener, Keypads, KeypadScreen } from '../../src/ports/lines.ts';

const SCREEN: KeypadScreen = { text: [], tone: 'none', light: 'ready' };

type Driver = Keypads & { readonly done: string[]; listener: KeypadListener | undefined };

const driver = (fails = false): Driver => {
  const made: Driver = {
    done: [],
    listener: undefined,
    open: (ids, listener) => {
      made.done.push(`open ${ids.join(' ')}`);
      made.listener = listener;
      return fails ? Promise.reject(new Error('no')) : Promise.resolve();
    },
    show: (id) => void made.done.push(`show ${id}`),
    close: () => Promise.resolve(void made.done.push('close')),
  };
  return made;
};

const heardBy = (): { listener: KeypadListener; heard: string[] } => {
  const heard: string[] = [];
  return {
    heard,
    listener: {
      onKeys: (id, text) => void heard.push(`${id} ${text}`),
      onBadge: (id, { hex }) => void heard.push(`${id} ${hex}`),
      onPresence: (id, present) => void heard.push(`${id} ${present}`),
    },
  };
};

test('each keypad is its driver’s, what nobody claims is the last one’s', async () => {
  const [bus, sim] = [driver(), driver()];
  const keypads = joinKeypads([
    { owns: (id) => id === 'entrance', keypads: bus },
    { owns: () => true, keypads: sim },
  ]);
  const { listener, heard } = heardBy();
  await keypads.open(['entrance', 'hall', 'desk'], listener);
  keypads.show('hall', SCREEN);
  keypads.show('entrance', SCREEN);
  bus.listener?.onKeys('entrance', '1', 0);
  sim.listener?.onKeys('hall', '2', 0);
  await keypads.close();
  assert.equal(bus.done, ['open entrance', 'show entrance', 'close']);
  assert.equal(sim.done, ['open hall desk', 'show hall', 'close']);
  assert.equal(heard, ['entrance 1', 'hall 2']);
});

test('a driver without a keypad is neither opened nor closed; a keypad of nobody is shown nothing', async () => {
  const [bus, other] = [driver(), driver()];
  const keypads = joinKeypads([
    { owns: (id) => id === 'entrance', keypads: bus },
    { owns: (id) => id === 'back', keypads: other },
  ]);
  await keypads.open(['entrance', 'nobody'], heardBy().listener);
  keypads.show('nobody', SCREEN);
  await keypads.close();
  assert.equal([bus.done, other.done], [['open entrance', 'close'], []]);
});

test('where one fails the others are closed, and it is told', async () => {
  const [good, bad] = [driver(), driver(true)];
  const keypads = joinKeypads([
    { owns: (id) => id === 'entrance', keypads: good },
    { owns: () => true, keypads: bad },
  ]);
  let told = '';
  await keypads.open(['entrance', 'hall'], heardBy().listener).catch((error: unknown) => {
    told = String(error);
  });
  assert.is(told, 'Error: no');
  assert.equal(good.done, ['open entrance', 'close']);
});

test.run();
