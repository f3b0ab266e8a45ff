/** What must hold when somebody else speaks in the centre's place, or comes with the controller's own name. */
import * as assert from 'uvu/assert';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { receiverDefaults } from '../../src/protocol/receiver.ts';
import { sleep, until } from './controllerProcess.ts';
import { readLeft } from './dataFolder.ts';
import {
  arm,
  arrived,
  endSite,
  INSTANT,
  isSounding,
  nights,
  openAndClose,
  openCentre,
  reckon,
  startSite,
  untilArrived,
  untilDrained,
  untilHeard,
} from './deliveryWorld.ts';
import type { World } from './deliveryWorld.ts';
import { bytes, withEars } from './linkEars.ts';
import type { Ears } from './linkEars.ts';

const stranger = async (world: World, clientId = 'stranger'): Promise<Ears> => {
  const ears = withEars(mqttLink);
  await ears.up({ url: `mqtt://127.0.0.1:${world.broker?.port}`, clientId });
  return ears;
};

const countOf = (world: World, kind: string): number =>
  readLeft(world.data)?.entries.filter(({ event }) => event.kind === kind).length ?? 0;

/** Acknowledgements beyond what was sent, of no known epoch, oversized, malformed, retained; commands by the dozen. */
const forge = async (world: World, ears: Ears, epoch: string): Promise<void> => {
  const root = `vigie/v1/${world.site}`;
  const disarm = JSON.stringify({ v: 1, id: 'forged-1', operator: 'nobody', area: INSTANT.id });
  const payloads = [
    JSON.stringify({ epoch, lane: 'alarm', seq: 999_999 }),
    JSON.stringify({ epoch: 'ffffffffffffffff', lane: 'alarm', seq: 1 }),
    'x'.repeat(16 * 1024 + 200),
    '{"epoch":',
  ];
  for (const payload of payloads) await ears.publish({ topic: `${root}/ack`, payload: bytes(payload) });
  await ears.publish({ topic: `${root}/ack`, payload: bytes('{}'), retain: true });
  await ears.publish({ topic: `${root}/command/disarm`, payload: bytes(disarm), retain: true });
  for (let round = 0; round < 30; round += 1) {
    await ears.publish({ topic: `${root}/command/disarm`, payload: bytes(disarm) });
    await ears.publish({ topic: `${root}/ack`, payload: bytes('{"epoch":') });
  }
};

/** Nothing of it disarms, and it is journalled seldom. */
export const forged = async (world: World): Promise<void> => {
  await openCentre(world);
  const site = await startSite(world);
  await untilHeard(world, 'site-online');
  await nights(site, 1);
  await untilDrained(world);
  await arm(site);
  await untilDrained(world);
  const ears = await stranger(world);
  await ears.subscribe(`vigie/v1/${world.site}/reply/+`);
  await forge(world, ears, arrived(world).at(-1)?.epoch ?? '');
  await untilArrived(world, 'acknowledgement-refused');
  await until('drops journalled', () => countOf(world, 'messages-dropped') > 0);
  await sleep(500);

  const replies = ears.messages().map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as { ok: boolean });
  assert.ok(replies.length > 0, 'a command is answered');
  assert.ok(replies.length <= 20, `${replies.length} answers to a flood`);
  assert.ok(replies.every(({ ok }) => !ok));
  // One a minute for each reason: beyond-sent and other-epoch; too-large, malformed and retained.
  assert.is(countOf(world, 'acknowledgement-refused'), 2);
  assert.ok(countOf(world, 'messages-dropped') <= 4, `${countOf(world, 'messages-dropped')} times told`);
  assert.ok(countOf(world, 'command-refused') <= 5, `${countOf(world, 'command-refused')} refusals journalled`);
  assert.is(countOf(world, 'disarmed'), 1, 'only the one at the keypad');

  const before = arrived(world).length;
  await openAndClose(site, INSTANT.window);
  assert.ok(await isSounding(site), 'it is armed as it was');
  await untilArrived(world, 'intrusion', before);
  ears.link.destroy();
  await reckon(world);
};

/** The broker's word of it may be lost with the connection that it closes; such a client comes back, and is heard of then. */
const takeOver = async (world: World): Promise<void> => {
  for (let tries = 0; tries < 4; tries += 1) {
    const twin = await stranger(world, `vigie-${world.site}`);
    const isTold = await untilArrived(world, 'substitution-suspected', 0, 8_000).then(
      () => true,
      () => false,
    );
    twin.link.destroy();
    if (isTold) return;
  }
  throw new Error('four times taken over, and never told');
};

/** Another client under the controller's own id. */
export const substituted = async (world: World): Promise<void> => {
  await openCentre(world);
  await startSite(world);
  await untilHeard(world, 'site-online');
  await takeOver(world);
  await untilArrived(world, 'substitution-cleared');
  await reckon(world);
};

/** Somebody comes in, and the controller is smashed before the delay is over. */
export const smashed = async (world: World): Promise<void> => {
  await openCentre(world);
  const site = await startSite(world, { times: { heartbeatMs: 30_000 } });
  await untilHeard(world, 'site-online');
  await arm(site);
  await openAndClose(site, INSTANT.door);
  await until('the entry told', () => world.centre?.view().sites[0]?.pendingUntil !== undefined);
  await endSite(world, 'SIGKILL');
  // Whichever comes first: the pending time and its grace, or the grace of a lost connection.
  const dueAt = (world.centre?.view().sites[0]?.pendingUntil ?? 0) + receiverDefaults.pendingGraceMs;
  await until('the silence told', () => world.heard.some(({ kind }) => kind === 'silent'), 45_000);
  const { silence } = await untilHeard(world, 'silent');
  assert.ok(Date.now() <= dueAt + 1_000, 'no later than the entry allows');
  assert.is(silence.pending, true);
};
