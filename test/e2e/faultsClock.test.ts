// deadline: 60s
/** The wall clock jumps by a day while the site is set: delays, arming and alarms do not care, and the jump is told. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DAY } from '../../src/core/time.ts';
import { machineMs, temporaryFolder, until } from '../support/controllerProcess.ts';
import { groundIn, guardHere, settableClock } from '../support/guardedHere.ts';
import type { Ground, Guarded, SettableClock } from '../support/guardedHere.ts';
import { KILL_AREAS } from '../support/killSite.ts';
import type { KillArea } from '../support/killSite.ts';

const ENTRY_MS = 8_000;
/** Debounce, the look of the test at the line, and a busy machine. */
const SLACK_MS = 250;
/** The shell looks at the clock each second. */
const NOTICED_MS = 1_500;

const named = (id: string): KillArea => {
  const area = KILL_AREAS.find((one) => one.id === id);
  if (!area) throw new Error(id);
  return area;
};
const [INSTANT, TIMED] = [named('instant'), named('timed')];

type Story = { readonly ground: Ground; readonly guarded: Guarded; readonly clock: SettableClock };

const test = suite('e2e: the clock is set');

const onGround = async (story: (what: Story) => Promise<void>): Promise<void> => {
  const folder = temporaryFolder();
  const [ground, clock] = [await groundIn(folder.path), settableClock()];
  const guarded = await guardHere(ground, { clock });
  try {
    await story({ ground, guarded, clock });
    assert.equal(guarded.fatal, []);
    assert.equal([ground.centre.conflicts, ground.centre.outOfOrder], [[], []]);
  } finally {
    await guarded.stop();
    await ground.close();
    folder.remove();
  }
};

const exitDeadline = ({ controller }: Guarded): number | undefined =>
  controller.state().durable.timers.find(({ kind, subject }) => kind === 'exit' && subject === TIMED.id)?.at;

/** An entry delay and an exit delay run, and the clock is set in the middle of them. */
const duringDelays = async ({ ground, guarded, clock }: Story, byMs: number): Promise<void> => {
  await guarded.arm(INSTANT);
  guarded.hand.keys(TIMED.id, '1**2580#');
  const exitAt = await until('the exit delay', () => exitDeadline(guarded));
  guarded.hand.setLevel(INSTANT.door, 1);
  const enteredAt = machineMs();
  clock.setBy(byMs);

  const [told] = await ground.heard('clock-set', 1, NOTICED_MS);
  const { oldMs, newMs } = told?.detail ?? {};
  assert.ok(Math.abs(Number(newMs) - Number(oldMs) - byMs) < 1_000, `${String(oldMs)} to ${String(newMs)}`);
  assert.is(exitDeadline(guarded), exitAt, 'the exit delay stands where it stood');

  await guarded.untilLevel(INSTANT.siren, 1, ENTRY_MS + 1_000);
  const lateMs = machineMs() - enteredAt - ENTRY_MS;
  process.stdout.write(`siren after an entry delay over the jump: ${lateMs.toFixed(0)} ms over its ${ENTRY_MS} ms\n`);
  assert.ok(lateMs > -1 && lateMs < SLACK_MS, `${lateMs} ms over`);
};

for (const [jump, byMs] of [
  ['forward', DAY],
  ['back', -DAY],
] as const) {
  test(`a day ${jump} while set: no disarming, delays as they were, the alarm sounds and goes out`, () =>
    onGround(async (story) => {
      const { ground, guarded } = story;
      await duringDelays(story, byMs);
      guarded.hand.setLevel(INSTANT.window, 1);
      const [alarm] = await ground.heard('intrusion');
      assert.is(alarm?.zone, 'instant-window');
      assert.is(alarm?.durable, undefined, 'it was stored first');
      assert.is(guarded.levelOf(INSTANT.lamp), 1);
      assert.equal(
        guarded.events.filter(({ kind }) => kind === 'disarmed'),
        [],
      );
      const times = guarded.events.map(({ at }) => Number(at));
      assert.equal(
        times,
        times.toSorted((a, b) => a - b),
        'records never go back',
      );
      await guarded.disarm(INSTANT);
    }));
}

test('an unsynchronised clock a day behind: what it says is not believed, and the alarm goes out', () =>
  onGround(async ({ ground, guarded, clock }) => {
    await guarded.arm(INSTANT);
    const before = Date.now();
    clock.trust(false);
    clock.setBy(-DAY);
    await ground.heard('clock-not-set', 1, NOTICED_MS);
    guarded.hand.setLevel(INSTANT.window, 1);
    await guarded.untilLevel(INSTANT.siren, 1, 500);
    const [alarm] = await ground.heard('intrusion');
    assert.ok(Date.parse(alarm?.at ?? '') >= before - 1_000, alarm?.at);
    assert.equal(ground.told('clock-set'), []);
  }));

test.run();
