/**
 * What must hold whatever happens between a site and its centre: everything arrives, in order, once; alarms first; the
 * siren waits for nobody. Told once, run on each kind of broker.
 */
import * as assert from 'uvu/assert';
import { sleep, until } from './controllerProcess.ts';
import { readLeft } from './dataFolder.ts';
import {
  arm,
  arrived,
  breakBroker,
  disarm,
  endSite,
  INSTANT,
  isSounding,
  keepCopy,
  mendBroker,
  nights,
  openAndClose,
  openCentre,
  putBack,
  reckon,
  replaceBroker,
  startSite,
  stopCentre,
  untilArrived,
  untilDrained,
  untilHeard,
} from './deliveryWorld.ts';
import type { Site, World } from './deliveryWorld.ts';

export type Story = (world: World) => Promise<void>;

const pendingCount = ({ data }: World): number => readLeft(data)?.pending.length ?? 0;

const start = async (world: World): Promise<Site> => {
  await openCentre(world);
  const site = await startSite(world);
  await untilHeard(world, 'site-online');
  return site;
};

/** Twenty seconds without a broker: alarms sound, and all is told when it is back. */
export const brokerAway: Story = async (world) => {
  const site = await start(world);
  await nights(site, 1);
  await untilDrained(world);
  await breakBroker(world);
  const goneAt = Date.now();
  const before = arrived(world).length;
  await nights(site, 5);
  await arm(site);
  await openAndClose(site, INSTANT.window);
  assert.ok(await isSounding(site), 'the siren sounds without a broker');
  await disarm(site);
  await sleep(20_000 - (Date.now() - goneAt));
  assert.is(arrived(world).length, before);
  const waiting = pendingCount(world);
  assert.ok(waiting >= 20, `${waiting} wait`);

  const backAt = Date.now();
  await mendBroker(world);
  await untilArrived(world, 'path-failed', before);
  await untilArrived(world, 'path-restored', before);
  const late = arrived(world)
    .slice(before)
    .filter(({ at }) => Date.parse(at) < backAt);
  assert.ok(late.length >= waiting);
  const firstEvent = late.findIndex(({ lane }) => lane === 'event');
  const alarms = late.slice(firstEvent).filter(({ lane }) => lane === 'alarm');
  assert.equal(
    alarms.map(({ kind }) => kind),
    [],
    'every alarm that waited comes before the first event',
  );
  await reckon(world);
};

/** The broker has handed an alarm on and dies before it says so. */
export const brokerKilledBeforePuback: Story = async (world) => {
  const site = await start(world);
  await arm(site);
  await untilDrained(world);
  world.near.stallAnswers();
  const before = arrived(world).length;
  await openAndClose(site, INSTANT.window);
  await untilArrived(world, 'intrusion', before);
  await breakBroker(world);
  await disarm(site);
  await mendBroker(world);
  await untilDrained(world);
  // Sent again, or known from the centre's marks, whichever came first: it is there once.
  await reckon(world);
};

/** What the controller writes goes nowhere, and nobody tells it. */
export const halfOpen: Story = async (world) => {
  const site = await start(world);
  await arm(site);
  await untilDrained(world);
  world.near.stall();
  const before = arrived(world).length;
  await openAndClose(site, INSTANT.window);
  assert.ok(await isSounding(site));
  await sleep(1_000);
  assert.is(arrived(world).length, before);
  world.near.cut();
  world.near.flow();
  await untilArrived(world, 'intrusion', before);
  await disarm(site);
  await reckon(world);
};

/** The broker takes everything, and nobody reads it. Meanwhile the controller dies. */
export const centreAway: Story = async (world) => {
  const site = await start(world);
  await nights(site, 1);
  await untilDrained(world);
  await stopCentre(world);
  await nights(site, 2);
  const waiting = pendingCount(world);
  assert.ok(waiting >= 10, `${waiting} wait`);
  await sleep(2_000);
  assert.ok(pendingCount(world) >= waiting, 'a PUBACK is no acknowledgement');

  await endSite(world, 'SIGKILL');
  const again = await startSite(world);
  await nights(again, 1);
  assert.ok(pendingCount(world) > waiting);
  await openCentre(world);
  await reckon(world);
};

/** The centre has stored it all, and its word does not come through. */
export const acknowledgementsLost: Story = async (world) => {
  await replaceBroker(world, { withoutAcks: true });
  const site = await start(world);
  await nights(site, 2);
  await untilArrived(world, 'path-failed');
  const waiting = pendingCount(world);
  assert.ok(waiting >= 10, `${waiting} wait`);
  assert.ok((world.centre?.view().stored ?? 0) >= 10, 'the centre has them');
  await replaceBroker(world, {});
  await untilArrived(world, 'path-restored');
  await reckon(world, 'numbers');
};

/** A card is put back from a copy: its numbers were given before, to other events. */
export const dataFolderRolledBack: Story = async (world) => {
  const site = await start(world);
  await nights(site, 1);
  await untilDrained(world);
  await endSite(world, 'SIGTERM');
  keepCopy(world, 'data');
  await nights(await startSite(world), 2);
  await untilDrained(world);
  await endSite(world, 'SIGTERM');
  const epoch = arrived(world).at(-1)?.epoch;
  putBack(world, 'data');

  const before = arrived(world).length;
  const back = await startSite(world);
  await nights(back, 1);
  const told = await untilArrived(world, 'store-rolled-back', before);
  const { previous, epoch: next } = await untilHeard(world, 'new-epoch');
  assert.is(previous, epoch);
  assert.is(told.epoch, next);
  assert.is.not(next, epoch);
  await untilDrained(world);
  const alarms = arrived(world)
    .slice(before)
    .filter(({ kind }) => kind === 'intrusion');
  assert.is(alarms.length, 1, 'the alarm of the night after is there, once');
  assert.equal(
    world.heard.filter(({ kind }) => kind === 'conflict'),
    [],
  );
};

/** The same, and the centre's marks do not come through: contents differ under one number, and none is thrown away. */
export const rolledBackWithoutMarks: Story = async (world) => {
  const site = await start(world);
  await nights(site, 1);
  await untilDrained(world);
  await endSite(world, 'SIGTERM');
  keepCopy(world, 'data');
  await nights(await startSite(world), 2);
  await untilDrained(world);
  await endSite(world, 'SIGTERM');
  putBack(world, 'data');

  await replaceBroker(world, { withoutMarks: true });
  const before = arrived(world).length;
  const back = await startSite(world);
  await nights(back, 1);
  await untilHeard(world, 'conflict');
  await replaceBroker(world, {});
  await untilArrived(world, 'store-rolled-back', before);
  await untilDrained(world);
  const kinds = arrived(world)
    .slice(before)
    .map(({ kind }) => kind);
  assert.ok(kinds.includes('intrusion'), `the alarm of the night after is kept beside the old one: ${kinds.join()}`);
};

/** The centre lost what it had acknowledged: it says so, and takes what comes. */
export const centreRolledBack: Story = async (world) => {
  const site = await start(world);
  await nights(site, 1);
  await untilDrained(world);
  await stopCentre(world);
  keepCopy(world, 'centre');
  await openCentre(world);
  const before = arrived(world).length;
  await nights(site, 2);
  await untilDrained(world);
  const lost = arrived(world).length - before;
  await stopCentre(world);
  putBack(world, 'centre');
  await openCentre(world);
  await nights(site, 1);
  await until('the loss told by the centre', () => world.heard.some((event) => event.kind === 'gap' && event.cause === 'lost'));
  // Its acknowledgement may wait for the next repetition; that it is there does not.
  await until('what came after', () => arrived(world).length > before + lost);
  assert.equal(
    world.heard.filter(({ kind }) => kind === 'conflict' || kind === 'new-epoch'),
    [],
  );
};

export const stories: Readonly<Record<string, Story>> = {
  'the broker is away for twenty seconds': brokerAway,
  'the broker dies before its PUBACK': brokerKilledBeforePuback,
  'the connection is half open': halfOpen,
  'the centre is away, and the controller dies meanwhile': centreAway,
  'acknowledgements are lost': acknowledgementsLost,
  'the data folder is an old copy': dataFolderRolledBack,
  'the data folder is an old copy, and marks are lost': rolledBackWithoutMarks,
  'the centre’s store is an old copy': centreRolledBack,
};

/** So many worlds at a time: they wait more than they work. Answers in the order given. */
export const inLanes = <T>(tasks: readonly (() => Promise<T>)[], lanes: number): readonly Promise<T>[] => {
  const running: Promise<unknown>[] = Array.from({ length: lanes }, () => Promise.resolve());
  return tasks.map((task, index) => {
    const lane = index % lanes;
    const promise = (running[lane] ?? Promise.resolve()).then(task);
    running[lane] = promise.catch(() => undefined);
    return promise;
  });
};
