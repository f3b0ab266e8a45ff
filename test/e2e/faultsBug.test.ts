// deadline: 60s
/** A bug in the core: the input is set aside, the state stays, the centre is told, and the next input is taken. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SiteFile } from '../../src/config/siteFile.ts';
import type { ZoneConfig } from '../../src/core/config.ts';
import { sleep, temporaryFolder, until } from '../support/controllerProcess.ts';
import { groundIn, guardHere } from '../support/guardedHere.ts';
import type { Ground, Guarded } from '../support/guardedHere.ts';
import { KILL_AREAS } from '../support/killSite.ts';

const [, , INSTANT] = KILL_AREAS;
if (!INSTANT) throw new Error('areas');
const BROKEN = 'timed-window';
const BROKEN_LINE = 'GPIO21';

const test = suite('e2e: a bug in the core');

type Story = { readonly ground: Ground; readonly guarded: Guarded; readonly poison: () => void };

/** A zone of which nothing can be asked once it is poisoned. */
const poisonable = (zone: ZoneConfig, isPoisoned: () => boolean): ZoneConfig => ({
  ...zone,
  get sensing() {
    if (isPoisoned()) throw new Error('poisoned');
    return zone.sensing;
  },
});

const onGround = async (story: (what: Story) => Promise<void>): Promise<void> => {
  const folder = temporaryFolder();
  const ground = await groundIn(folder.path);
  let isPoisoned = false;
  const change = (file: SiteFile): SiteFile => {
    const zones = file.core.zones.map((zone) => (zone.id === BROKEN ? poisonable(zone, () => isPoisoned) : zone));
    return { ...file, core: { ...file.core, zones } };
  };
  const guarded = await guardHere(ground, { change });
  try {
    await story({ ground, guarded, poison: () => (isPoisoned = true) });
    assert.equal([ground.centre.conflicts, ground.centre.outOfOrder], [[], []]);
  } finally {
    await guarded.stop();
    await ground.close();
    folder.remove();
  }
};

const quarantined = ({ data }: Ground): readonly string[] => {
  const folder = join(data, 'quarantine');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
};

test('an input that the core cannot take: state as before, set aside, told; the next alarm sounds and goes out', () =>
  onGround(async ({ ground, guarded, poison }) => {
    await guarded.arm(INSTANT);
    await until('quiet', () => guarded.controller.state().durable.timers.every(({ kind }) => kind !== 'exit'));
    const before = guarded.controller.state().durable;
    poison();
    guarded.hand.setLevel(BROKEN_LINE, 1);
    const [fault] = await ground.heard('internal-fault');
    assert.is(fault?.detail?.['input'], 'reading');
    assert.equal(guarded.controller.state().durable.areas, before.areas);
    assert.equal(guarded.controller.state().durable.timers, before.timers);
    assert.equal(guarded.fatal, [], 'one bug ends nothing');

    const [record, ...more] = quarantined(ground);
    assert.equal(more, []);
    const kept = JSON.parse(record ?? '') as Readonly<Record<string, unknown>>;
    assert.match(String(kept['error']), 'poisoned');
    assert.is((kept['input'] as { readonly line?: string }).line, BROKEN_LINE);
    assert.ok(kept['state']);

    guarded.hand.setLevel(INSTANT.window, 1);
    assert.ok((await guarded.untilLevel(INSTANT.siren, 1)) < 300);
    assert.is((await ground.heard('intrusion'))[0]?.zone, 'instant-window');
    await guarded.disarm(INSTANT);
  }));

test('a second bug within the minute ends the process', () =>
  onGround(async ({ ground, guarded, poison }) => {
    await guarded.arm(INSTANT);
    poison();
    guarded.hand.setLevel(BROKEN_LINE, 1);
    await ground.heard('internal-fault');
    guarded.hand.setLevel(BROKEN_LINE, 0);
    await until('the end', () => guarded.fatal.length > 0);
    assert.is(guarded.fatal[0], 'internal-fault');
    assert.is(guarded.levelOf(INSTANT.lamp), 1);
    await sleep(300);
    assert.is(ground.told('internal-fault').length, 1);
  }));

test.run();
