/** The Arduino's driver against everything that can happen to a board and its cable, in virtual time. */
import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Five } from '../../src/drivers/firmata/packages.ts';
import type { Reading } from '../../src/core/input.ts';
import type { Level } from '../../src/ports/lines.ts';
import { analog, input, makeExpanderRig, output, UNO_PINS } from '../support/expanderRig.ts';
import type { ExpanderRig, RigOptions } from '../support/expanderRig.ts';

const DOOR = 'cellar.D4';
const SIREN = 'cellar.D7';
const LOOP = 'cellar.A0';
const [DOOR_PIN, SIREN_PIN] = [4, 7];
const INPUT_MODE = 0;
const OUTPUT_MODE = 1;
const FOREVER_MS = 15_000;
/** Behaviour asks for at most this between a dead board and its zones in fault. */
const LOST_MAX_MS = 1_500;

const level = (value: Level): Reading => ({ kind: 'level', level: value });
const ratio = (value: number): Reading => ({ kind: 'ratio', ratio: value / 1023 });
const LOST: Reading = { kind: 'lost' };

/** A board with a closed door, a loop at rest and a siren, heard and working. */
const watching = async (options: RigOptions = {}): Promise<ExpanderRig> => {
  const rig = makeExpanderRig(options);
  rig.board.setInput(DOOR_PIN, 0);
  rig.board.setValue(0, 512);
  assert.equal(await rig.open([input('D4'), analog('A0'), output('D7')]), { ok: true });
  return rig;
};

const readingsOf = (rig: ExpanderRig, line: string): readonly Reading[] =>
  rig.readings.filter((heard) => heard.line === line).map(({ reading }) => reading);

const isAllLost = ({ lines }: ExpanderRig): boolean => [DOOR, LOOP].every((line) => lines.read(line).kind === 'lost');

/** Lost in time, told once, and back with the levels and orders of now. */
const lostAndBack = (rig: ExpanderRig, happens: () => void, ends: () => void, maxMs = LOST_MAX_MS): void => {
  rig.lines.write(SIREN, 'on');
  rig.pass(20);
  const at = rig.timers.now();
  happens();
  rig.pass(maxMs);
  assert.ok(isAllLost(rig));
  assert.equal(readingsOf(rig, DOOR), [LOST]);
  assert.equal(readingsOf(rig, LOOP), [LOST]);
  assert.equal(
    rig.troubles.map(({ line, trouble }) => [line, trouble]),
    [[SIREN, 'device-gone']],
  );
  for (const { heardAtMs } of [...rig.readings, ...rig.troubles]) assert.ok(heardAtMs - at <= maxMs, `${heardAtMs - at} ms`);
  rig.board.setInput(DOOR_PIN, 1);
  rig.board.setValue(0, 700);
  ends();
  rig.pass(FOREVER_MS);
  assert.equal(readingsOf(rig, DOOR), [LOST, level(1)]);
  assert.equal(readingsOf(rig, LOOP), [LOST, ratio(700)]);
  assert.is(rig.board.levelOf(SIREN_PIN), 1);
  assert.is(rig.troubles.at(-1)?.trouble, undefined);
  assert.is(rig.board.ports().open, 1);
};

for (const firmware of ['standard', 'vigie'] as const) {
  const failing = suite(`${firmware}: what can happen to a board`);

  failing('unplugged: lost at once, and back', async () => {
    const rig = await watching({ firmware });
    lostAndBack(
      rig,
      () => rig.board.plug(false),
      () => rig.board.plug(true),
      5,
    );
    await rig.close();
  });

  failing('reset: lost, and armed again on the same connection', async () => {
    const rig = await watching({ firmware });
    const { made } = rig.board.ports();
    lostAndBack(
      rig,
      () => rig.board.reset(),
      () => {},
    );
    assert.is(rig.board.ports().made, made);
    await rig.close();
  });

  failing('hung and back after a while', async () => {
    const rig = await watching({ firmware });
    lostAndBack(
      rig,
      () => rig.board.hang(true),
      () => rig.board.hang(false),
    );
    await rig.close();
  });

  failing('hung for a minute: its port is opened anew, again and again', async () => {
    const rig = await watching({ firmware });
    const { made } = rig.board.ports();
    lostAndBack(
      rig,
      () => rig.board.hang(true),
      () => {
        rig.pass(60_000);
        assert.ok(rig.board.ports().made > made + 3);
        rig.board.hang(false);
      },
    );
    await rig.close();
  });

  failing('it does not hear us any more, though it goes on reporting', async () => {
    const rig = await watching({ firmware });
    lostAndBack(
      rig,
      () => rig.board.garbleHost(() => []),
      () => rig.board.garbleHost(undefined),
    );
    await rig.close();
  });

  failing('its answers do not arrive any more', async () => {
    const rig = await watching({ firmware });
    lostAndBack(
      rig,
      () => rig.board.garble(() => []),
      () => rig.board.garble(undefined),
    );
    await rig.close();
  });

  failing('the port takes no data any more', async () => {
    const rig = await watching({ firmware });
    lostAndBack(
      rig,
      () => rig.board.block(true),
      () => rig.board.block(false),
    );
    await rig.close();
  });

  failing('the port is taken away by another program', async () => {
    const rig = await watching({ firmware });
    lostAndBack(
      rig,
      () => rig.board.refuse('busy'),
      () => rig.board.refuse(undefined),
    );
    await rig.close();
  });

  failing('ten times in a row: one port at a time, and johnny-five keeps none of the boards', async () => {
    const five = createRequire(import.meta.url)('johnny-five') as Five;
    const rig = await watching({ firmware });
    for (let round = 0; round < 10; round += 1) {
      rig.board.plug(false);
      rig.pass(400);
      rig.board.plug(true);
      rig.pass(FOREVER_MS);
      assert.equal(rig.lines.read(DOOR), level(0));
      assert.is(rig.board.ports().open, 1);
      assert.is(five.Board.cache.length, 1);
    }
    await rig.close();
    rig.pass(10);
    assert.is(rig.board.ports().open, 0);
    assert.is(five.Board.cache.length, 0);
  });

  failing('orders given while it is away: only the last is ever seen by the pin', async () => {
    const rig = await watching({ firmware });
    rig.board.plug(false);
    rig.pass(50);
    const before = rig.board.historyOf(SIREN_PIN).length;
    for (const drive of ['on', 'off', 'on', 'off'] as const) {
      rig.lines.write(SIREN, drive);
      rig.pass(100);
    }
    rig.board.plug(true);
    rig.pass(FOREVER_MS);
    assert.equal(
      rig.board
        .historyOf(SIREN_PIN)
        .slice(before)
        .filter((seen) => seen === 1),
      [],
    );
    assert.is(rig.board.levelOf(SIREN_PIN), 0);
    await rig.close();
  });

  failing('the handshake is disturbed, and succeeds all the same', async () => {
    const rig = makeExpanderRig({ firmware, patienceMs: 30_000 });
    let messages = 0;
    rig.board.garble((message) => {
      messages += 1;
      return messages % 3 === 0 ? message.slice(1) : message;
    });
    rig.timers.later(20_000, () => rig.board.garble(undefined));
    await rig.open([input('D4'), analog('A0'), output('D7')]);
    rig.pass(30_000);
    assert.equal(rig.lines.read(DOOR), level(1));
    await rig.close();
  });
  failing.run();
}

const noise = suite('a disturbed line');

const DISTURBANCES: readonly (readonly [string, readonly number[]])[] = [
  ['a report that all inputs are low', [0x90, 0, 0]],
  ['a report that all inputs are high', [0x90, 0x7f, 1]],
  ['a report ten times at once', Array.from({ length: 10 }, () => [0x90, 0x7f, 1]).flat()],
  ['a sample of 1023', [0xe0, 0x7f, 0x07]],
  ['a sample of 28799', [0xe0, 0x7f, 0x7f]],
  ['two samples', [0xe0, 0, 0, 0xe0, 0, 0]],
  ['a version', [0xf9, 2, 5]],
  ['a firmware without a version', [0xf0, 0x79, 0xf7]],
  ['the state of a pin that there is not', [0xf0, 0x6e, 0x7f, 1, 1, 0xf7]],
  ['a wrong state of the siren', [0xf0, 0x6e, SIREN_PIN, 0, 0, 0xf7]],
  ['a wrong mode of the door', [0xf0, 0x6e, DOOR_PIN, 2, 0, 0xf7]],
  ['capabilities', [0xf0, 0x6c, 0, 1, 0x7f, 0xf7]],
  ['a mapping longer than the board', [0xf0, 0x6a, ...Array.from({ length: 100 }, () => 1), 0xf7]],
  ['a message without end', [0xf0, ...Array.from({ length: 9_000 }, () => 5)]],
  ['half a text', [0xf0, 0x71, 0x41, 0xf7]],
  ['a heartbeat that says restarted, with a wrong check', [0xf0, 0x0b, 7, 1, 1, 0, 0xf7]],
  ['samples with a wrong check', [0xf0, 0x0b, 6, 1, 1, 0, 0, 0, 0, 0xf7]],
  ['zeroes', Array.from({ length: 500 }, () => 0)],
  ['ones', Array.from({ length: 500 }, () => 0xff)],
];
for (const firmware of ['standard', 'vigie'] as const) {
  for (const [name, bytes] of DISTURBANCES) {
    noise(`${firmware}: ${name} changes nothing`, async () => {
      const rig = await watching({ firmware });
      rig.lines.write(SIREN, 'on');
      rig.pass(333);
      rig.board.disturb(bytes);
      rig.pass(3_000);
      assert.equal(rig.readings, []);
      assert.equal(rig.troubles, []);
      assert.is(rig.board.levelOf(SIREN_PIN), 1);
      assert.equal(rig.lines.read(DOOR), level(0));
      await rig.close();
    });
  }

  noise(`${firmware}: ten minutes of random bytes among the messages never open the door nor the loop`, async () => {
    const rig = await watching({ firmware });
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let burst = 0; burst < 900; burst += 1) {
      rig.board.disturb(Array.from({ length: 1 + random(12) }, () => random(256)));
      rig.pass(200 + random(900));
    }
    assert.ok(rig.readings.every(({ reading }) => reading.kind !== 'level' || reading.level === 0));
    assert.ok(
      rig.readings.every(({ reading }) => reading.kind !== 'ratio' || Math.round(reading.ratio * 1023) === 512),
      'a ratio that the loop never had',
    );
    rig.board.setInput(DOOR_PIN, 1);
    rig.pass(FOREVER_MS);
    assert.equal(rig.lines.read(DOOR), level(1));
    await rig.close();
  });

  noise(`${firmware}: a false report at any instant of an exchange is over before it could be debounced`, async () => {
    const rig = await watching({ firmware });
    for (let offset = 0; offset < 4; offset += 0.1) {
      rig.board.disturb([0x90, 0x7f, 1]);
      rig.pass(offset);
      rig.board.disturb([0x90, 0x7f, 1]);
      rig.pass(40);
    }
    for (const [index, { reading, atMs }] of rig.readings.entries()) {
      assert.equal(reading, level(index % 2 === 0 ? 1 : 0));
      if (index % 2 === 1) assert.ok(atMs - (rig.readings[index - 1]?.atMs ?? 0) < 20);
    }
    assert.equal(rig.lines.read(DOOR), level(0));
    await rig.close();
  });

  noise(`${firmware}: a contact's report that is lost is read again within 250 ms`, async () => {
    const rig = await watching({ firmware });
    rig.board.garble((message) => (((message[0] ?? 0) & 0xf0) === 0x90 ? [] : message));
    rig.board.setInput(DOOR_PIN, 1);
    rig.pass(5);
    rig.board.garble(undefined);
    assert.equal(rig.readings, []);
    rig.pass(260);
    assert.equal(readingsOf(rig, DOOR), [level(1)]);
    await rig.close();
  });

  noise(`${firmware}: an order that is lost is mended within 10 ms`, async () => {
    const rig = await watching({ firmware });
    rig.board.garbleHost((bytes) => (((bytes[0] ?? 0) & 0xf0) === 0x90 ? [] : bytes));
    rig.lines.write(SIREN, 'on');
    rig.board.garbleHost(undefined);
    assert.is(rig.board.levelOf(SIREN_PIN), 0);
    rig.pass(10);
    assert.is(rig.board.levelOf(SIREN_PIN), 1);
    assert.equal(rig.troubles, []);
    await rig.close();
  });

  noise(`${firmware}: a pin that the board forgot is made again, and nothing is told`, async () => {
    const rig = await watching({ firmware });
    rig.board.forget(DOOR_PIN, OUTPUT_MODE);
    rig.pass(400);
    assert.equal(rig.lines.read(DOOR), level(0));
    assert.is.not(rig.board.modeOf(DOOR_PIN), OUTPUT_MODE);
    rig.board.setInput(DOOR_PIN, 1);
    rig.pass(10);
    assert.equal(rig.lines.read(DOOR), level(1));
    await rig.close();
  });
}
noise.run();

const starting = suite('at the start');

const WRONG: readonly (readonly [string, RigOptions, 'missing' | 'denied' | 'busy' | undefined, RegExp])[] = [
  ['no board', {}, 'missing', /no expander at its port.*ls \/dev\/serial\/by-id/],
  ['no permission', {}, 'denied', /group dialout/],
  ['a port in use', {}, 'busy', /another program holds the port/],
  ['a silent device', { firmware: 'none' }, undefined, /says nothing: press its reset button/],
  ['a device that is no Firmata', { firmware: 'other' }, undefined, /does not speak Firmata/],
  [
    'a board without the pins of the config',
    { pins: { ...UNO_PINS, [DOOR]: { pin: 30, channel: undefined } } },
    undefined,
    /lacks pins that the config uses/,
  ],
  [
    'a pin that is no input',
    { pins: { ...UNO_PINS, [DOOR]: { pin: 1, channel: undefined } } },
    undefined,
    /lacks pins that the config uses/,
  ],
];
for (const [name, options, refusal, words] of WRONG) {
  starting(`${name}: open succeeds, all is lost, and the log says what to do, once`, async () => {
    const rig = makeExpanderRig({ patienceMs: 8_000, ...options });
    rig.board.refuse(refusal);
    assert.equal(await rig.open([input('D4'), analog('A0'), output('D7')]), { ok: true });
    assert.ok(isAllLost(rig));
    assert.equal(rig.readings, []);
    assert.equal(
      rig.troubles.map(({ line, trouble }) => [line, trouble]),
      [[SIREN, 'device-gone']],
    );
    rig.pass(60_000);
    assert.is(rig.logged.length, 1);
    assert.match(rig.logged[0]?.message ?? '', words);
    assert.is(rig.logged[0]?.facts?.['expander'], 'cellar');
    await rig.close();
  });
}

starting('a board that comes later is taken then', async () => {
  const rig = makeExpanderRig();
  rig.board.refuse('missing');
  await rig.open([input('D4'), analog('A0'), output('D7', 1)]);
  rig.board.refuse(undefined);
  rig.pass(FOREVER_MS);
  assert.equal(readingsOf(rig, DOOR), [level(1)]);
  assert.equal(rig.troubles.at(-1)?.trouble, undefined);
  assert.is(rig.board.levelOf(SIREN_PIN), 1);
  assert.equal(
    rig.logged.map(({ level: severity }) => severity),
    ['error', 'info'],
  );
  await rig.close();
});

starting('a board that boots when its port is opened is waited for', async () => {
  const rig = makeExpanderRig();
  rig.board.reset();
  const before = rig.timers.now();
  await rig.open([input('D4'), output('D7', 1)]);
  assert.ok(rig.timers.now() - before >= 2_000);
  assert.equal(rig.lines.read(DOOR), level(1));
  assert.equal(rig.troubles, []);
  await rig.close();
});

const loadNoFive = async (name: string): Promise<unknown> => {
  if (name === 'johnny-five') throw new Error(`Cannot find package 'johnny-five'`);
  return { default: {} };
};

starting('a package that is missing is named, for every line, with what to do', async () => {
  const rig = makeExpanderRig({ load: loadNoFive });
  const opened = await rig.open([input('D4'), output('D7')]);
  assert.ok(!opened.ok);
  if (opened.ok) return;
  assert.equal(
    opened.problems.map(({ line, trouble }) => [line, trouble]),
    [
      [DOOR, 'not-supported'],
      [SIREN, 'not-supported'],
    ],
  );
  for (const { detail } of opened.problems) assert.match(detail, /npm install johnny-five /);
});

starting('what the board cannot be is refused, all at once', async () => {
  const rig = makeExpanderRig();
  const opened = await rig.open([
    { direction: 'input', line: DOOR, bias: 'pull-down' },
    analog('D5'),
    output('D99'),
    output('D7'),
    input('D7'),
  ]);
  assert.ok(!opened.ok);
  if (opened.ok) return;
  assert.equal(
    opened.problems.map(({ line, trouble }) => [line, trouble]),
    [
      [DOOR, 'not-supported'],
      ['cellar.D5', 'wrong-direction'],
      ['cellar.D99', 'no-such-line'],
      [SIREN, 'requested-twice'],
    ],
  );
  assert.is(rig.board.ports().made, 0);
});

starting('closed while it is still opening: nothing stays behind', async () => {
  const rig = makeExpanderRig();
  rig.board.reset();
  const opening = rig.open([input('D4'), output('D7')]);
  rig.timers.later(500, () => void rig.lines.close());
  assert.equal(await opening, { ok: true });
  rig.pass(FOREVER_MS);
  assert.is(rig.board.ports().open, 0);
  assert.equal(rig.readings, []);
});
starting('closed before its packages are loaded: no port is ever made', async () => {
  const rig = makeExpanderRig();
  const opening = rig.lines.open([input('D4'), output('D7')], rig.listener);
  await rig.lines.close();
  assert.equal(await opening, { ok: true });
  rig.pass(FOREVER_MS);
  assert.is(rig.board.ports().made, 0);
  assert.equal(rig.troubles, []);
});
starting.run();

const pins = suite('pins');

pins('a pin has its level before it becomes an output', async () => {
  for (const initial of [0, 1] as const) {
    const rig = makeExpanderRig({ firmware: 'vigie' });
    assert.is(rig.board.modeOf(SIREN_PIN), INPUT_MODE);
    await rig.open([output('D7', initial)]);
    assert.equal(rig.board.historyOf(SIREN_PIN), [initial]);
    await rig.close();
  }
});

pins('an output moves no pull-up of an input beside it', async () => {
  const rig = makeExpanderRig();
  rig.board.setInput(DOOR_PIN, 1);
  await rig.open([input('D4', 'none'), output('D7')]);
  rig.lines.write(SIREN, 'on');
  rig.pass(300);
  assert.is(rig.board.modeOf(DOOR_PIN), INPUT_MODE);
  rig.board.setInput(DOOR_PIN, undefined);
  rig.pass(10);
  assert.equal(rig.lines.read(DOOR), level(0));
  await rig.close();
});

pins('an output on a pin that can measure is that pin', async () => {
  const rig = makeExpanderRig();
  await rig.open([output('A0'), output('A3', 1, 1)]);
  rig.lines.write(LOOP, 'on');
  rig.lines.write('cellar.A3', 'on');
  assert.equal([rig.board.levelOf(14), rig.board.levelOf(17)], [1, 0]);
  assert.equal([rig.board.modeOf(0), rig.board.modeOf(3)], [OUTPUT_MODE, OUTPUT_MODE]);
  assert.equal(rig.board.historyOf(3), [0]);
  await rig.close();
});

pins('what is written to an input is refused', async () => {
  const rig = await watching();
  rig.lines.write(DOOR, 'on');
  rig.lines.write('cellar.D99', 'on');
  assert.equal(
    rig.troubles.map(({ line, trouble }) => [line, trouble]),
    [
      [DOOR, 'wrong-direction'],
      ['cellar.D99', 'no-such-line'],
    ],
  );
  await rig.close();
});

pins('a contact is told within 4 ms, with the time of its first report', async () => {
  const rig = await watching();
  rig.pass(100);
  const at = rig.timers.now();
  rig.board.setInput(DOOR_PIN, 1);
  rig.pass(50);
  const [heard] = rig.readings;
  assert.ok(heard && heard.heardAtMs - at < 4, `${heard?.heardAtMs} after ${at}`);
  assert.ok(heard && heard.atMs - at < 1);
  await rig.close();
});

pins('a pulse shorter than a question and its answer is counted, not told', async () => {
  const rig = await watching();
  rig.board.setInput(DOOR_PIN, 1);
  rig.pass(0.2);
  rig.board.setInput(DOOR_PIN, 0);
  rig.pass(50);
  assert.equal(rig.readings, []);
  assert.ok(rig.lines.counters().unconfirmedReports >= 1);
  await rig.close();
});
pins('what the firmware says in words is logged, at most once in ten seconds', async () => {
  const rig = await watching();
  rig.logged.length = 0;
  for (let second = 0; second < 15; second += 1) {
    rig.board.disturb([0xf0, 0x71, 0x48, 0, 0x69, 0, 0xf7]);
    rig.pass(1_000);
  }
  assert.equal(
    rig.logged.map(({ facts }) => facts?.['text']),
    ['Hi', 'Hi'],
  );
  await rig.close();
});
pins.run();

const values = suite('analog channels');

values('a loop that changes is told once, within four samples', async () => {
  for (const firmware of ['standard', 'vigie'] as const) {
    const rig = await watching({ firmware });
    const at = rig.timers.now();
    rig.board.setValue(0, 682);
    rig.pass(300);
    assert.equal(readingsOf(rig, LOOP), [ratio(682)]);
    assert.ok((rig.readings[0]?.heardAtMs ?? at + 999) - at <= 82);
    await rig.close();
  }
});

values('a channel that falls silent is lost alone, and comes back', async () => {
  const rig = makeExpanderRig();
  await rig.open([input('D4'), analog('A0'), analog('A1')]);
  const at = rig.timers.now();
  rig.board.stopChannel(1, true);
  rig.pass(1_000);
  assert.equal(
    rig.readings.map(({ line, reading }) => [line, reading]),
    [['cellar.A1', LOST]],
  );
  assert.ok((rig.readings[0]?.heardAtMs ?? 0) - at <= 800);
  rig.board.stopChannel(1, false);
  rig.pass(200);
  assert.equal(rig.lines.read('cellar.A1'), ratio(512));
  await rig.close();
});
values('a channel that a disturbed order switched off is lost, and switched on again', async () => {
  for (const firmware of ['standard', 'vigie'] as const) {
    const rig = await watching({ firmware });
    rig.board.forgetChannel(0);
    rig.pass(1_500);
    assert.equal(readingsOf(rig, LOOP), [LOST, ratio(512)]);
    assert.equal(rig.troubles, []);
    await rig.close();
  }
});
values.run();

const own = suite("Vigie's own firmware");

own('the watchdog is set, and rest levels are kept, written once', async () => {
  const rig = makeExpanderRig({ firmware: 'vigie' });
  await rig.open([input('D4'), analog('A0'), output('D7', 0, 0), output('D8', 1, 1)]);
  assert.is(rig.board.watchdogMs(), 2_000);
  assert.equal(
    [...rig.board.eeprom].toSorted(([a], [b]) => a - b),
    [
      [4, 127],
      [7, 0],
      [8, 1],
      [14, 127],
    ],
  );
  assert.is(rig.board.eepromWrites(), 4);
  rig.board.plug(false);
  rig.pass(100);
  rig.board.plug(true);
  rig.pass(FOREVER_MS);
  assert.equal(rig.lines.read(DOOR), level(1));
  assert.is(rig.board.eepromWrites(), 4);
  assert.is(rig.board.watchdogMs(), 2_000);
  await rig.close();
});

own('a board that heard nothing for 2 s puts its outputs to rest, and is set up again', async () => {
  const rig = await watching({ firmware: 'vigie' });
  rig.lines.write(SIREN, 'on');
  rig.pass(100);
  rig.board.garbleHost(() => []);
  rig.pass(2_300);
  assert.is(rig.board.levelOf(SIREN_PIN), 0);
  rig.board.garbleHost(undefined);
  rig.pass(1_000);
  assert.is(rig.board.levelOf(SIREN_PIN), 1);
  assert.is(rig.troubles.at(-1)?.trouble, undefined);
  await rig.close();
});

const isSamples = (message: readonly number[]): boolean => message[1] === 0x0b && message[2] === 6;

own('damaged samples are dropped and counted, and missing ones are counted', async () => {
  const rig = await watching({ firmware: 'vigie' });
  rig.board.garble((message) => (isSamples(message) ? message.with(6, (message[6] ?? 0) ^ 0x40) : message));
  rig.pass(205);
  rig.board.garble(undefined);
  rig.pass(100);
  assert.equal(rig.readings, []);
  const { refusedFrames, missedReports } = rig.lines.counters();
  assert.ok(refusedFrames >= 9 && refusedFrames <= 11, `${refusedFrames}`);
  assert.is(missedReports, refusedFrames);
  await rig.close();
});

own('a sample without a check is none of its own', async () => {
  const rig = await watching({ firmware: 'vigie' });
  for (let count = 0; count < 20; count += 1) {
    rig.board.disturb([0xe0, 0, 0]);
    rig.pass(5);
  }
  assert.equal(rig.readings, []);
  await rig.close();
});

own('a board that restarts and says so only in its heartbeat is set up again', async () => {
  const rig = await watching({ firmware: 'vigie' });
  rig.board.garble((message) => (message[1] === 0x79 ? [] : message));
  rig.board.reset();
  rig.pass(FOREVER_MS);
  assert.equal(rig.lines.read(DOOR), level(0));
  assert.is(rig.troubles.at(-1)?.trouble, undefined);
  assert.is(rig.board.watchdogMs(), 2_000);
  await rig.close();
});
own.run();
