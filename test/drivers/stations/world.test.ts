/**
 * A 2N station through hours of bad luck: cables, restarts, slow networks, repeated events. Whatever happens, each opening was
 * asked for once, by an act of the last few seconds; and when all is well again, the next act is heard.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SPAN_MAX_MS } from '../../../src/protocol/stations/freshness.ts';
import { seeded } from '../../support/seeded.ts';
import { shown, twoNRig } from '../../support/stations/rig.ts';
import type { Rig } from '../../support/stations/rig.ts';
import type { TwoN } from '../../support/stations/twoN.ts';

const SEEDS = 40;
const ACTS = 400;
/** How long a slow station may take to log what happens; no reader can tell that from the outside. */
const HOLD_MAX_MS = 3_000;
const OPENED = /^(\d+) front\.open 1$/;

type World = {
  readonly rig: Rig<TwoN>;
  readonly below: (limit: number) => number;
  readonly acts: number[];
  last: number;
  opened: number;
};

const act = (world: World): void => {
  const { rig, acts } = world;
  world.last = rig.timers.now();
  acts.push(world.last);
  rig.station.work(1, true, 'dtmf');
};

type Misfortune = (world: World) => void;
const MISFORTUNES: readonly Misfortune[] = [
  ({ rig }) => rig.station.restart(),
  // What was never told is no repetition: a station that tells old events to who asked for new ones cannot be seen through.
  ({ rig, acts, last }) => {
    if (!acts.includes(last)) rig.station.repeat();
  },
  ({ rig }) => {
    rig.network.state = 'unplugged';
  },
  ({ rig }) => {
    rig.network.state = 'refusing';
  },
  ({ rig, below }) => {
    rig.network.delayMs = below(4_000);
  },
  ({ rig, below }) => {
    rig.station.holdMs = below(HOLD_MAX_MS);
  },
  ({ rig, below }) => {
    rig.station.mode = (['hang', 'garbage', 'oversized', 403, 503] as const)[below(5)] ?? 'hang';
  },
  ({ rig }) => {
    rig.station.isHasty = !rig.station.isHasty;
  },
  ({ rig, below }) => rig.station.tamper(below(2) === 0),
  ({ rig }) => rig.station.work(1, true, 'auth'),
];

const mend = ({ rig }: World): void => {
  rig.network.state = 'plugged';
  rig.network.delayMs = 1;
  rig.station.mode = 'well';
  rig.station.holdMs = 0;
};

/** Each opening takes one act: the oldest that may still be meant, so that the newer ones are left for those after it. */
const judge = (world: World): void => {
  for (const text of world.rig.heard()) {
    const at = Number(OPENED.exec(text)?.[1] ?? Number.NaN);
    if (Number.isNaN(at)) continue;
    world.opened += 1;
    const index = world.acts.findIndex((actedAt) => actedAt <= at && at - actedAt <= SPAN_MAX_MS + HOLD_MAX_MS);
    assert.ok(index >= 0, `an opening at ${at}, and no act of just before: ${world.acts.join(' ')}`);
    world.acts.splice(index, 1);
  }
};

const live = async (seed: number): Promise<number> => {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const world: World = { rig: await twoNRig(), below, acts: [], last: 0, opened: 0 };
  for (let times = 0; times < ACTS; times += 1) {
    const draw = below(10);
    if (draw < 4) act(world);
    else if (draw < 7) MISFORTUNES[below(MISFORTUNES.length)]?.(world);
    else mend(world);
    world.rig.timers.advance(below(8_000));
    judge(world);
  }
  mend(world);
  world.rig.timers.advance(120_000);
  judge(world);
  const before = world.opened;
  act(world);
  world.rig.timers.advance(2_000);
  judge(world);
  assert.is(world.opened, before + 1, 'all is well again, and the act is heard');
  assert.is(shown(world.rig.lines.read('front.open')), '0');
  await world.rig.lines.close();
  return world.opened;
};

const test = suite('2N: hours of bad luck');

test(`${SEEDS} worlds: no opening that nobody asked for just now`, async () => {
  let opened = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    opened += await live(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    });
  }
  assert.ok(opened > SEEDS * 20, `only ${opened} openings: the worlds are too bad to show anything`);
});
test.run();
