/** A DoorBird station as a line, in virtual time. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SUPERVISION_MS } from '../../../src/drivers/stations/link.ts';
import { doorBirdRig, shown } from '../../support/stations/rig.ts';
import type { Rig } from '../../support/stations/rig.ts';
import type { DoorBird } from '../../support/stations/doorBird.ts';

const RING = 'front.ring';
const RANG = ['front.ring 1', 'front.ring 0'];
const now = ({ lines }: Rig<DoorBird>): string => shown(lines.read(RING));
const heard = (rig: Rig<DoorBird>): readonly string[] => rig.heard().map((text) => text.replace(/^\d+ /, ''));

const test = suite('DoorBird');

test('a ring is level 1 for half a second', async () => {
  const rig = await doorBirdRig();
  assert.is(now(rig), '0');
  rig.station.ring();
  rig.timers.advance(10);
  assert.is(now(rig), '1');
  rig.timers.advance(500);
  assert.is(now(rig), '0');
  rig.timers.advance(5_000);
  assert.equal(heard(rig), RANG);
  await rig.lines.close();
});

test('a state that is told again is no second ring; a second press is', async () => {
  const rig = await doorBirdRig();
  for (let times = 0; times < 4; times += 1) {
    rig.station.say('doorbell:H');
    rig.timers.advance(2_000);
  }
  assert.equal(heard(rig), RANG);
  rig.station.say('doorbell:L');
  rig.station.say('doorbell:H');
  rig.timers.advance(2_000);
  assert.equal(heard(rig), RANG);
  await rig.lines.close();
});

test('what the stream begins with is the state, and no press', async () => {
  const rig = await doorBirdRig({
    before: ({ station }) => {
      station.begins = 'H';
    },
  });
  assert.is(now(rig), '0');
  assert.equal(heard(rig), []);
  rig.station.say('doorbell:L');
  rig.station.ring();
  rig.timers.advance(2_000);
  assert.equal(heard(rig), RANG);
  await rig.lines.close();
});

test('a station that tells changes only: its first word after a while is a press', async () => {
  const rig = await doorBirdRig({
    before: ({ station }) => {
      station.begins = 'silent';
    },
  });
  rig.station.ring();
  rig.timers.advance(2_000);
  assert.equal(heard(rig), RANG);
  await rig.lines.close();
});

test('motion, unknown words and broken lines ring nothing', async () => {
  const rig = await doorBirdRig();
  for (const line of ['motionsensor:H', 'doorbell:X', 'doorbell', 'doorbell:HH', 'relay:H', 'xdoorbell:H']) rig.station.say(line);
  rig.timers.advance(2_000);
  assert.equal(heard(rig), []);
  await rig.lines.close();
});

test('a quiet day: the station is asked whether it is there, and stays found', async () => {
  const rig = await doorBirdRig();
  rig.timers.advance(3_600_000);
  assert.equal(heard(rig), []);
  assert.is(rig.station.streams(), 1);
  const questions = rig.station.asked.filter((path) => path.endsWith('info.cgi')).length;
  assert.ok(questions > 800 && questions < 1_000, String(questions));
  await rig.lines.close();
});

test('unplugged: lost within the supervision time; back by itself, and presses of meanwhile are nobody’s', async () => {
  const rig = await doorBirdRig();
  rig.timers.advance(3_000);
  rig.network.state = 'unplugged';
  rig.timers.advance(SUPERVISION_MS + 10);
  assert.equal(heard(rig), ['front.ring lost']);
  rig.station.ring();
  rig.timers.advance(120_000);
  rig.network.state = 'plugged';
  rig.timers.advance(40_000);
  assert.equal(heard(rig), ['front.ring 0']);
  rig.station.ring();
  rig.timers.advance(1_000);
  assert.equal(heard(rig), RANG);
  await rig.lines.close();
});

test('restarted: the stream ends, another is opened within a second, and nothing is said', async () => {
  const rig = await doorBirdRig();
  rig.station.restart();
  rig.timers.advance(1_000);
  assert.is(rig.station.streams(), 1);
  assert.equal(heard(rig), []);
  assert.is(now(rig), '0');
  await rig.lines.close();
});

test('eight readers are there already: said, and tried again until one has gone', async () => {
  const rig = await doorBirdRig({
    before: ({ station }) => {
      const asker = { isGone: () => isGone, answer: () => {}, stream: () => ({ write: () => {}, end: () => {} }) };
      let isGone = false;
      for (let reader = 0; reader < 8; reader += 1) station.ask('/bha-api/monitor.cgi?ring=doorbell', asker);
      free = () => {
        isGone = true;
      };
    },
  });
  assert.is(now(rig), 'lost');
  assert.match(rig.logged[0]?.message ?? '', /no place/);
  free();
  rig.timers.advance(31_000);
  assert.is(now(rig), '0');
  await rig.lines.close();
});
let free = (): void => {};

for (const mode of ['hang', 'garbage', 'oversized', 403, 503] as const) {
  test(`${mode}: lost within the supervision time, and well again when it is well`, async () => {
    const rig = await doorBirdRig();
    rig.station.mode = mode;
    rig.timers.advance(SUPERVISION_MS + 5_000);
    assert.is(now(rig), 'lost');
    const before = rig.station.asked.length;
    rig.timers.advance(600_000);
    assert.ok(rig.station.asked.length - before < 30);
    rig.station.mode = 'well';
    rig.timers.advance(40_000);
    assert.is(now(rig), '0');
    await rig.lines.close();
  });
}

test('a stream of garbage without end is ended, not kept', async () => {
  const rig = await doorBirdRig();
  rig.timers.advance(2_000);
  const streams = rig.station.asked.filter((path) => path.includes('monitor')).length;
  for (let times = 0; times < 50; times += 1) rig.station.sayRaw(`${'y'.repeat(4_000)}\n`.repeat(4));
  rig.timers.advance(2_000);
  assert.equal(heard(rig), []);
  assert.ok(rig.station.asked.filter((path) => path.includes('monitor')).length > streams);
  await rig.lines.close();
});

test('its door-open relay is told by nobody: there is no such line', async () => {
  const rig = await doorBirdRig();
  const refused = await rig.lines.open([{ direction: 'input', line: 'front.open', bias: 'none' }], {
    onReading: () => {},
    onOutputTrouble: () => {},
  });
  assert.not(refused.ok);
  await rig.lines.close();
});
test.run();
