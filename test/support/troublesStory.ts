/**
 * One controller through the troubles between it and the centre, one after the other; at the end the centre has the
 * whole journal, in order, each event once. The broker is given: the same story is told on each.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killLeftovers, sleep, temporaryFolder, until } from './controllerProcess.ts';
import { readLeft } from './dataFolder.ts';
import { arm, breakIn, disarm, ground, guard, heard, SITE, stop, told } from './guardedSite.ts';
import type { Ground, Guarded } from './guardedSite.ts';
import { startProxy } from './proxy.ts';
import { startTestCentre } from './testCentre.ts';

export type BrokerRig = {
  readonly port: number;
  readonly kill: () => Promise<void>;
};

/** At this port, or at any. */
export type StartBroker = (port: number | undefined) => Promise<BrokerRig>;

const AWAY_MS = 31_000;
/** Reconnection backs off to a minute by then. */
const BACK_MS = 120_000;

const events = async (guarded: Guarded, rounds: number): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    await arm(guarded);
    await breakIn(guarded);
    await disarm(guarded);
  }
};

const journalOf = (at: Ground, lane: string): readonly string[] =>
  (readLeft(at.data)?.entries ?? [])
    .filter((entry) => entry.lane === lane)
    .map(({ event, seq }) => `${seq} ${event.kind} ${new Date(event.at).toISOString()}`);

/** Everything journalled is at the centre. */
const isComplete = (at: Ground): boolean => {
  const [epoch = '', ...others] = at.centre.epochs(SITE);
  assert.equal(others, []);
  return (['alarm', 'event'] as const).every((lane) => at.centre.lane(SITE, epoch, lane).length === journalOf(at, lane).length);
};

const checkDelivered = async (at: Ground): Promise<void> => {
  await until('the whole journal at the centre', () => isComplete(at), BACK_MS);
  const [epoch = ''] = at.centre.epochs(SITE);
  for (const lane of ['alarm', 'event'] as const) {
    const delivered = at.centre.lane(SITE, epoch, lane).map((one) => `${one.seq} ${one.kind} ${one.at}`);
    assert.equal(delivered, journalOf(at, lane));
  }
  assert.equal(at.centre.conflicts, []);
  assert.equal(at.centre.outOfOrder, []);
};

const acknowledged = (at: Ground): Promise<unknown> =>
  until('an empty outbox', () => readLeft(at.data)?.pending.length === 0, BACK_MS);

export const troublesStory = (name: string, startBroker: StartBroker): void => {
  const test = suite(name);
  const folder = temporaryFolder();
  test.after(async () => {
    await killLeftovers();
    folder.remove();
  });

  test('broker away, broker killed before it answers, centre away, centre silent: all arrives, in order, once', async () => {
    let broker = await startBroker(undefined);
    const proxy = await startProxy(broker.port);
    const centre = await startTestCentre(`mqtt://127.0.0.1:${broker.port}`);
    const at = ground(folder.path, 'delivery', `mqtt://127.0.0.1:${proxy.port}`, centre);
    const guarded = await guard(at);
    await events(guarded, 1);
    await heard(at, 'disarmed');
    await checkDelivered(at);

    const before = told(at, 'intrusion').length;
    await broker.kill();
    const gone = performance.now();
    await events(guarded, 3);
    await sleep(Math.max(0, AWAY_MS - (performance.now() - gone)));
    broker = await startBroker(broker.port);
    await heard(at, 'intrusion', before + 3, BACK_MS);
    await checkDelivered(at);

    proxy.stallAnswers();
    await events(guarded, 1);
    await heard(at, 'intrusion', before + 4);
    assert.ok((readLeft(at.data)?.pending.length ?? 0) > 0, 'the centre has it, and no answer came through');
    await broker.kill();
    proxy.cut();
    proxy.flow();
    broker = await startBroker(broker.port);
    await acknowledged(at);
    await checkDelivered(at);
    assert.ok(centre.duplicates() > 0, 'what was not acknowledged was sent again');

    await centre.leave();
    await events(guarded, 2);
    await centre.comeBack();
    await acknowledged(at);
    await checkDelivered(at);

    centre.mute();
    await events(guarded, 8);
    assert.ok((readLeft(at.data)?.pending.length ?? 0) > 20, 'more than a window waits');
    centre.answer();
    await acknowledged(at);
    await checkDelivered(at);

    await stop(guarded);
    process.stdout.write(`${centre.arrived(SITE).length} events at the centre, ${centre.duplicates()} sent again\n`);
    await centre.close();
    await proxy.close();
    await broker.kill();
  });

  test.run();
};
