/**
 * What every driver of inputs and outputs must do. A rig wires one driver to a hand: it moves the world's side of an
 * input, sees the physical level of an output, and lets time pass.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reading } from '../../src/core/input.ts';
import type { Level, LineRequest, Lines, LinesListener, LineTrouble } from '../../src/ports/lines.ts';

export type LinesRig = {
  readonly lines: Lines;
  /** Two free inputs and two free outputs of this board. */
  readonly inputs: readonly [string, string];
  readonly outputs: readonly [string, string];
  readonly setInput: (line: string, level: Level) => Promise<void>;
  readonly levelOf: (line: string) => Level;
  /** Takes the hardware behind a line away, and gives it back. */
  readonly tear: (line: string, torn: boolean) => Promise<void>;
  /** Machine time. */
  readonly now: () => number;
  readonly pass: (ms: number) => Promise<void>;
  readonly dispose: () => Promise<void>;
};

type Heard = {
  readonly readings: { line: string; reading: Reading; atMs: number }[];
  readonly troubles: { line: string; trouble: LineTrouble | undefined }[];
  readonly listener: LinesListener;
};

const ears = (): Heard => {
  const readings: Heard['readings'] = [];
  const troubles: Heard['troubles'] = [];
  const listener: LinesListener = {
    onReading: (line, reading, atMs) => void readings.push({ line, reading, atMs }),
    onOutputTrouble: (line, trouble) => void troubles.push({ line, trouble }),
  };
  return { readings, troubles, listener };
};

const input = (line: string): LineRequest => ({ direction: 'input', line, bias: 'pull-up' });
const output = (line: string, initialLevel: Level, restLevel: Level, maxOnMs?: number): LineRequest => ({
  direction: 'output',
  line,
  initialLevel,
  restLevel,
  maxOnMs,
});
const level = (value: Level): Reading => ({ kind: 'level', level: value });

type WithRig = (title: string, check: (rig: LinesRig, heard: Heard) => Promise<void>) => void;

export const linesContract = (
  name: string,
  makeRig: () => Promise<LinesRig>,
  {
    canTear,
    releaseKeepsLevel = true,
  }: {
    readonly canTear: boolean;
    /** false: behind this driver an output that is let go turns back, as it does on no Raspberry Pi. */
    readonly releaseKeepsLevel?: boolean;
  },
): void => {
  const test = suite(`lines: ${name}`);
  const withRig: WithRig = (title, check) => {
    test(title, async () => {
      const rig = await makeRig();
      try {
        await check(rig, ears());
      } finally {
        await rig.lines.close();
        await rig.dispose();
      }
    });
  };

  withRig('an input tells each edge, in order, with rising times, and nothing at opening', async (rig, heard) => {
    const [door] = rig.inputs;
    await rig.setInput(door, 0);
    assert.equal(await rig.lines.open([input(door)], heard.listener), { ok: true });
    assert.equal(rig.lines.read(door), level(0));
    await rig.pass(20);
    assert.equal(heard.readings, []);
    for (const next of [1, 0, 1] as const) {
      await rig.setInput(door, next);
      await rig.pass(20);
    }
    assert.equal(
      heard.readings.map(({ line, reading }) => [line, reading]),
      [
        [door, level(1)],
        [door, level(0)],
        [door, level(1)],
      ],
    );
    const times = heard.readings.map(({ atMs }) => atMs);
    assert.equal(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.equal(rig.lines.read(door), level(1));
  });

  withRig('a line that is not asked for is not heard', async (rig, heard) => {
    const [door, window] = rig.inputs;
    await rig.lines.open([input(door)], heard.listener);
    await rig.setInput(window, 0);
    await rig.setInput(window, 1);
    await rig.pass(20);
    assert.equal(heard.readings, []);
  });

  withRig('an output has its initial level from the start, whatever its rest level', async (rig, heard) => {
    const [siren, maglock] = rig.outputs;
    await rig.lines.open([output(siren, 0, 0), output(maglock, 1, 0)], heard.listener);
    assert.equal([rig.levelOf(siren), rig.levelOf(maglock)], [0, 1]);
  });

  withRig('on and off follow the rest level, before write returns', async (rig, heard) => {
    const [high, low] = rig.outputs;
    await rig.lines.open([output(high, 0, 0), output(low, 1, 1)], heard.listener);
    rig.lines.write(high, 'on');
    rig.lines.write(low, 'on');
    assert.equal([rig.levelOf(high), rig.levelOf(low)], [1, 0]);
    rig.lines.write(high, 'off');
    rig.lines.write(low, 'off');
    assert.equal([rig.levelOf(high), rig.levelOf(low)], [0, 1]);
    assert.equal(heard.troubles, []);
  });

  withRig('a rhythm beats until it is driven off', async (rig, heard) => {
    const [buzzer] = rig.outputs;
    await rig.lines.open([output(buzzer, 0, 0)], heard.listener);
    rig.lines.write(buzzer, { pattern: 'entry', sinceMs: rig.now() });
    const seen = new Set<Level>();
    for (let beats = 0; beats < 20; beats += 1) {
      seen.add(rig.levelOf(buzzer));
      await rig.pass(100);
    }
    assert.equal([...seen].toSorted(), [0, 1]);
    rig.lines.write(buzzer, 'off');
    assert.is(rig.levelOf(buzzer), 0);
    await rig.pass(1000);
    assert.is(rig.levelOf(buzzer), 0);
  });

  withRig('an output on for 110 % of its longest time is cut, and stays at rest until driven off', async (rig, heard) => {
    const [strike] = rig.outputs;
    await rig.lines.open([output(strike, 0, 0, 400)], heard.listener);
    rig.lines.write(strike, 'on');
    await rig.pass(410);
    assert.is(rig.levelOf(strike), 1);
    await rig.pass(60);
    assert.is(rig.levelOf(strike), 0);
    assert.equal(heard.troubles, [{ line: strike, trouble: 'on-too-long' }]);
    rig.lines.write(strike, 'on');
    assert.is(rig.levelOf(strike), 0);
    rig.lines.write(strike, 'off');
    rig.lines.write(strike, 'on');
    assert.is(rig.levelOf(strike), 1);
  });

  withRig('a line asked for twice is refused by name, and nothing is held', async (rig, heard) => {
    const [door] = rig.inputs;
    const opened = await rig.lines.open([input(door), input(door)], heard.listener);
    assert.is(opened.ok, false);
    if (!opened.ok)
      assert.equal(
        opened.problems.map(({ line, trouble }) => [line, trouble]),
        [[door, 'requested-twice']],
      );
    assert.equal(await rig.lines.open([input(door)], heard.listener), { ok: true });
  });

  withRig('closing leaves outputs as they are and stops listening', async (rig, heard) => {
    const [door] = rig.inputs;
    const [siren] = rig.outputs;
    await rig.lines.open([input(door), output(siren, 0, 0)], heard.listener);
    rig.lines.write(siren, 'on');
    await rig.lines.close();
    await rig.setInput(door, 1);
    await rig.setInput(door, 0);
    await rig.pass(20);
    assert.equal(heard.readings, []);
    if (releaseKeepsLevel) assert.is(rig.levelOf(siren), 1);
  });

  if (canTear) deadLines(withRig);
  test.run();
};

const deadLines = (withRig: WithRig): void => {
  withRig('a dead input is lost, neither open nor closed, and comes back with its level', async (rig, heard) => {
    const [door] = rig.inputs;
    await rig.setInput(door, 0);
    await rig.lines.open([input(door)], heard.listener);
    await rig.tear(door, true);
    assert.equal(rig.lines.read(door), { kind: 'lost' });
    await rig.setInput(door, 1);
    await rig.tear(door, false);
    assert.equal(
      heard.readings.map(({ reading }) => reading),
      [{ kind: 'lost' }, level(1)],
    );
  });

  withRig('a dead output says so and takes the present order when it is back', async (rig, heard) => {
    const [siren] = rig.outputs;
    await rig.lines.open([output(siren, 0, 0)], heard.listener);
    await rig.tear(siren, true);
    rig.lines.write(siren, 'on');
    assert.is(rig.levelOf(siren), 0);
    await rig.tear(siren, false);
    assert.is(rig.levelOf(siren), 1);
    assert.is(heard.troubles[0]?.trouble, 'device-gone');
    assert.is(heard.troubles.at(-1)?.trouble, undefined);
  });
};
