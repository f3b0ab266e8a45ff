// deadline: 60s
/** The shell over fakes: what moves before the disk has it and what only after, what is never lost, and what a bug does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMemoryDisk } from '../../src/drivers/store-memory/memoryDisk.ts';
import type { OutputConfig } from '../../src/core/config.ts';
import type { Input } from '../../src/core/input.ts';
import { step } from '../../src/core/step.ts';
import { bareMachine } from '../../src/runtime/bare.ts';
import { fullMachine } from '../../src/runtime/machine.ts';
import type { Machine } from '../../src/runtime/machine.ts';
import { siteOf } from '../../src/core/site.ts';
import { breathe, CODE, holdDisk, startRig } from '../support/controllerRig.ts';
import type { Rig } from '../support/controllerRig.ts';
import { areaConfig, practiceConfig } from '../support/site.ts';

const test = suite('runtime: controller');

const LAMP = 'out-lamp';
const SIREN = 'out-1';
const lamp: OutputConfig = {
  id: 'voyant',
  name: 'Voyant',
  line: LAMP,
  role: { kind: 'armed-lamp', areas: ['cabinet'] },
  restLevel: 0,
  maxOnMs: undefined,
  minOffMs: 0,
  onCrash: 'rest',
};
const config = practiceConfig({ areas: [areaConfig('cabinet', { exitEnd: 'immediate', quietMs: 0 })] });
const site = siteOf({ ...config, outputs: [...config.outputs, lamp] });

const levelOf = ({ board }: Rig, line: string): number | undefined => {
  const view = board.hand.look(line);
  return view && 'level' in view ? view.level : undefined;
};
const kinds = ({ committed }: Rig): readonly string[] => committed.map(({ kind }) => kind);
const open = ({ board }: Rig, zone: string): void => void board.hand.setLevel(`line-${zone}`, 1);
const close = ({ board }: Rig, zone: string): void => void board.hand.setLevel(`line-${zone}`, 0);

const armed = async (change: Partial<Parameters<typeof startRig>[0]> = {}): Promise<Rig> => {
  const rig = await startRig({ site, ...change });
  rig.board.hand.keys('entree', `1**${CODE}#`);
  await breathe(20);
  assert.is(rig.controller.state().durable.areas[0]?.arming.state, 'armed');
  return rig;
};

// ---- before and after the commit

test('the siren moves before the disk has it; the lamp only after', async () => {
  const rig = await armed();
  await rig.controller.stop();
  const again = await startRig({ site, disk: rig.disk });
  await breathe();
  const release = holdDisk(again.disk);
  open(again, 'fenetre');
  await breathe();
  assert.is(levelOf(again, SIREN), 1);
  assert.not.ok(kinds(again).includes('intrusion'), 'nobody is told before the disk has it');
  again.board.hand.keys('entree', `${CODE}#`);
  await breathe(20);
  assert.is(levelOf(again, LAMP), 1, 'not told to be disarmed before it is on disk');
  assert.is(levelOf(again, SIREN), 0, 'silencing waits for nothing');
  release();
  await breathe(20);
  assert.is(levelOf(again, LAMP), 0);
  assert.ok(kinds(again).includes('disarmed'));
  await again.controller.stop();
});

test('a step with nothing to store does not let out what the step before it has not stored', async () => {
  const rig = await armed();
  const release = holdDisk(rig.disk);
  rig.board.hand.keys('entree', `${CODE}#`);
  await breathe(20);
  rig.controller.submit({ kind: 'tick' });
  rig.board.hand.keys('entree', '99#');
  await breathe(20);
  assert.is(levelOf(rig, LAMP), 1);
  release();
  await breathe();
  assert.is(levelOf(rig, LAMP), 0);
  await rig.controller.stop();
});

test('a disk that takes nothing for 2 s: people are told then, and the fault as well; afterwards all is on disk', async () => {
  const rig = await armed();
  const release = holdDisk(rig.disk);
  rig.board.hand.keys('entree', `${CODE}#`);
  await breathe(1_500);
  assert.is(levelOf(rig, LAMP), 1);
  await breathe(800);
  assert.is(levelOf(rig, LAMP), 0);
  assert.ok(kinds(rig).includes('storage-failed'));
  release();
  await breathe(5_500);
  const bodies = rig.disk.image?.journal.map(({ body }) => body ?? '') ?? [];
  assert.ok(bodies.some((body) => body.includes('"storage-failed"')));
  assert.ok(kinds(rig).includes('storage-restored'));
  assert.match(rig.disk.image?.parts.get('areas/cabinet') ?? '', '"state":"disarmed"');
  await rig.controller.stop();
});

for (const failure of ['disk-full', 'read-only', 'io'] as const) {
  test(`a disk that is ${failure}: the siren sounds, the alarm is told, the fault too; nothing is missing later`, async () => {
    const rig = await armed();
    rig.disk.failure = failure;
    open(rig, 'fenetre');
    await breathe();
    assert.is(levelOf(rig, SIREN), 1);
    assert.ok(kinds(rig).includes('intrusion'));
    assert.ok(kinds(rig).includes('storage-failed'));
    rig.board.hand.keys('entree', `${CODE}#`);
    await breathe(20);
    assert.is(rig.controller.state().durable.areas[0]?.arming.state, 'disarmed', 'codes work from memory');
    rig.disk.failure = undefined;
    await breathe(5_500);
    assert.ok(kinds(rig).includes('storage-restored'));
    const bodies = rig.disk.image?.journal.map(({ body }) => JSON.parse(body ?? '{}') as { kind?: string }) ?? [];
    const found = bodies.map(({ kind }) => kind);
    for (const kind of ['intrusion', 'storage-failed', 'disarmed', 'storage-restored']) assert.ok(found.includes(kind), kind);
    const seqs = rig.disk.image?.outbox.filter(({ lane }) => lane === 'alarm').map(({ epoch, seq }) => `${epoch}/${seq}`) ?? [];
    assert.is(new Set(seqs).size, seqs.length, 'no number twice');
    await rig.controller.stop();
  });
}

// ---- inputs

test('more edges than the queue holds: it is told, and the levels are read again', async () => {
  const rig = await armed();
  for (let edge = 0; edge < 10_000; edge += 1) {
    rig.board.hand.setLevel('line-salle', 1);
    rig.board.hand.setLevel('line-salle', 0);
  }
  open(rig, 'fenetre');
  await breathe(50);
  assert.ok(kinds(rig).includes('input-overflow'));
  assert.ok(kinds(rig).includes('intrusion'));
  const index = site.zones.get('fenetre')?.index ?? -1;
  assert.is(rig.controller.state().durable.zones[index]?.signal, 'active', 'the last edge was dropped, and read again');
  await rig.controller.stop();
});

test('an edge that the driver never told is found within 250 ms', async () => {
  let tellNothing = false;
  const rig = await armed({
    onBoard: ({ lines }) => {
      const open = lines.open;
      Object.assign(lines, {
        open: ((requests, listener) =>
          open(requests, {
            ...listener,
            onReading: (...told) => (tellNothing ? undefined : listener.onReading(...told)),
          })) satisfies typeof open,
      });
    },
  });
  tellNothing = true;
  open(rig, 'fenetre');
  await breathe(20);
  assert.is(levelOf(rig, SIREN), 0);
  await breathe(280);
  assert.is(levelOf(rig, SIREN), 1);
  await rig.controller.stop();
});

test('a button pressed while the controller starts is heard after the start, not lost', async () => {
  const rig = await startRig({
    site,
    onBoard: (board) => {
      const { open } = board.keypads;
      Object.assign(board.keypads, {
        open: (async (ids, listener) => {
          board.hand.setLevel('line-panique', 1);
          board.hand.setLevel('line-panique', 0);
          await open(ids, listener);
        }) satisfies typeof open,
      });
    },
  });
  await breathe(20);
  assert.is(rig.committed.filter(({ kind }) => kind === 'holdup-silent').length, 1);
  assert.is(rig.disk.recording.filter((line) => line.includes('"kind":"start"')).length, 1);
  await rig.controller.stop();
});

// ---- the wall clock

for (const days of [-1, 1]) {
  test(`the wall clock steps by ${days} day: delays and mode do not move, alarms go out, the step is told`, async () => {
    const rig = await armed();
    open(rig, 'fenetre');
    await breathe(20);
    const timers = rig.controller.state().durable.timers.filter(({ kind }) => kind === 'siren');
    rig.stepWall(days * 86_400_000);
    await breathe(1_200);
    assert.ok(kinds(rig).includes('clock-set'));
    assert.equal(
      rig.controller.state().durable.timers.filter(({ kind }) => kind === 'siren'),
      timers,
    );
    assert.is(rig.controller.state().durable.areas[0]?.arming.state, 'armed');
    assert.is(levelOf(rig, SIREN), 1);
    close(rig, 'fenetre');
    open(rig, 'bureau');
    await breathe(20);
    assert.ok(kinds(rig).includes('intrusion-confirmed'));
    const records = rig.disk.image?.journal.map(({ at }) => at) ?? [];
    assert.equal(
      records,
      records.toSorted((a, b) => a - b),
      'records never go back',
    );
    await rig.controller.stop();
  });
}

// ---- a bug in the core

const poisoned = (isPoison: (input: Input) => boolean): Machine => ({
  ...fullMachine,
  step: (of, state, input, now) => {
    if (isPoison(input)) throw new Error('a bug');
    return step(of, state, input, now);
  },
});
const isPoison = (input: Input): boolean => input.kind === 'reading' && input.line === 'line-bureau';

test('an input that the core cannot take: set aside, told, state as before, and the next alarm is heard', async () => {
  const rig = await armed({ machine: poisoned(isPoison) });
  const before = rig.controller.state();
  open(rig, 'bureau');
  await breathe(0);
  assert.is(rig.quarantined.length, 1);
  assert.match(rig.quarantined[0] ?? '', 'line-bureau');
  assert.equal(rig.controller.state().durable.zones, before.durable.zones);
  await breathe(20);
  assert.is(rig.committed.filter(({ kind }) => kind === 'internal-fault').length, 1);
  open(rig, 'fenetre');
  await breathe(20);
  assert.is(levelOf(rig, SIREN), 1);
  assert.equal(rig.fatal, []);
  close(rig, 'bureau');
  await breathe(20);
  assert.equal(rig.fatal, ['internal-fault'], 'the second within a minute ends the process');
  await rig.controller.stop();
});

// ---- bare

const bareAfterArming = async (): Promise<Rig> => {
  const rig = await armed();
  await rig.controller.stop();
  return startRig({ site, disk: rig.disk, machine: bareMachine });
};

test('bare: a set area alarms with siren and event, and nothing disarms it', async () => {
  const rig = await bareAfterArming();
  await breathe();
  assert.ok(kinds(rig).includes('bare-mode'));
  assert.is(levelOf(rig, SIREN), 0);
  open(rig, 'fenetre');
  await breathe();
  assert.is(levelOf(rig, SIREN), 1);
  assert.equal(
    rig.committed.filter(({ kind }) => kind === 'intrusion').map(({ zone, area }) => [area, zone]),
    [['cabinet', 'fenetre']],
  );
  rig.board.hand.keys('entree', `${CODE}#`);
  await breathe(20);
  assert.is(rig.controller.state().durable.areas[0]?.arming.state, 'armed');
  assert.match(rig.board.hand.screen('entree')?.text.join(' ') ?? '', 'secours');
  await rig.controller.stop();
});

test('bare: a silent hold-up is told and never heard; an unset area stays quiet', async () => {
  const rig = await startRig({ site, machine: bareMachine });
  open(rig, 'fenetre');
  open(rig, 'panique');
  await breathe();
  assert.is(levelOf(rig, SIREN), 0);
  assert.ok(kinds(rig).includes('holdup-silent'));
  assert.not.ok(kinds(rig).includes('intrusion'));
  await rig.controller.stop();
});

test('bare: what it leaves is a state that the whole core goes on from', async () => {
  const bare = await bareAfterArming();
  open(bare, 'fenetre');
  await breathe();
  await bare.controller.stop();
  const whole = await startRig({ site, disk: bare.disk });
  assert.is(levelOf(whole, SIREN), 1, 'the siren sounds on');
  whole.board.hand.keys('entree', `${CODE}#`);
  await breathe(20);
  assert.is(levelOf(whole, SIREN), 0);
  assert.is(whole.controller.state().durable.areas[0]?.arming.state, 'disarmed');
  await whole.controller.stop();
});

test('an empty disk is a new site, not a lost one', async () => {
  const rig = await startRig({ site, disk: createMemoryDisk() });
  await breathe();
  assert.not.ok(kinds(rig).includes('state-lost'));
  assert.is(rig.controller.state().durable.areas[0]?.arming.state, 'disarmed');
  await rig.controller.stop();
});

test.run();
