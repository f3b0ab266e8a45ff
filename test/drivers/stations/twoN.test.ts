/** A 2N station as lines, in virtual time: presses, what is no press, and a station that goes away and comes back. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SUPERVISION_MS } from '../../../src/drivers/stations/link.ts';
import { shown, twoNRig } from '../../support/stations/rig.ts';
import type { Rig } from '../../support/stations/rig.ts';
import type { TwoN } from '../../support/stations/twoN.ts';

const ALL = ['front.ring', 'front.open', 'front.tamper'] as const;
const now = ({ lines }: Rig<TwoN>): string => ALL.map((line) => shown(lines.read(line))).join(' ');
/** What was heard, without its instants. */
const heard = (rig: Rig<TwoN>): readonly string[] => rig.heard().map((text) => text.replace(/^\d+ /, ''));
const pulls = ({ station }: Rig<TwoN>): number => station.asked.filter((path) => path.startsWith('/api/log/pull')).length;

// ---- presses

const presses = suite('2N: presses');

presses('a ring is level 1 for half a second, and nothing else moves', async () => {
  const rig = await twoNRig();
  assert.is(now(rig), '0 0 0');
  assert.equal(heard(rig), [], 'what is known at the opening is not told');
  rig.station.press();
  rig.timers.advance(10);
  assert.is(now(rig), '1 0 0');
  rig.timers.advance(480);
  assert.is(now(rig), '1 0 0');
  rig.timers.advance(20);
  assert.is(now(rig), '0 0 0');
  assert.equal(heard(rig), ['front.ring 1', 'front.ring 0']);
  await rig.lines.close();
});

presses('it is told at the moment it happens, not at the end of the question', async () => {
  const rig = await twoNRig();
  rig.timers.advance(30_000);
  rig.heard();
  const at = rig.timers.now();
  rig.station.press();
  rig.timers.advance(1_000);
  const [first = ''] = rig.heard();
  assert.ok(Number.parseInt(first, 10) - at < 250, first);
  await rig.lines.close();
});

presses('a second ring during the first makes it longer', async () => {
  const rig = await twoNRig();
  rig.station.press();
  rig.timers.advance(300);
  rig.station.press();
  rig.timers.advance(450);
  assert.is(shown(rig.lines.read('front.ring')), '1');
  rig.timers.advance(300);
  assert.equal(heard(rig), ['front.ring 1', 'front.ring 0']);
  await rig.lines.close();
});

type Row = readonly [name: string, act: (station: TwoN) => void, expected: readonly string[]];
const OPENED = ['front.open 1', 'front.open 0'];
const RANG = ['front.ring 1', 'front.ring 0'];

const EVENTS: readonly Row[] = [
  ['the phone’s code', (station) => station.work(1, true, 'dtmf'), OPENED],
  ['the indoor unit’s key', (station) => station.work(1, true, 'idt'), OPENED],
  ['the switch going back', (station) => station.work(1, false, 'dtmf'), []],
  ['another switch', (station) => station.work(2, true, 'dtmf'), []],
  ['a card at the station', (station) => station.work(1, true, 'auth'), []],
  ['a program over the API', (station) => station.work(1, true, 'api'), []],
  ['a time profile', (station) => station.work(1, true, 'profile'), []],
  ['an originator of later firmware', (station) => station.work(1, true, 'telepathy'), []],
  ['firmware that does not say who', (station) => station.work(1, true), []],
  ['a second call key', (station) => station.press('%2'), RANG],
  ['a digit of its keypad', (station) => station.press('7'), []],
  ['the call that a key places', (station) => station.call('ringing'), []],
  [
    'a switch that is no number',
    (station) => station.log('SwitchStateChanged', { switch: '1', state: true, originator: 'dtmf' }),
    [],
  ],
  ['a state that is no truth', (station) => station.log('SwitchStateChanged', { switch: 1, state: 1, originator: 'dtmf' }), []],
  ['an event without parameters', (station) => station.log('KeyPressed', {}), []],
  ['the cover', (station) => station.tamper(true), ['front.tamper 1']],
  ['a tamper of no kind', (station) => station.log('TamperSwitchActivated', { state: 'sideways' }), []],
];

for (const [name, act, expected] of EVENTS) {
  presses(`${name}: ${expected.length === 0 ? 'nothing' : expected.join(', ')}`, async () => {
    const rig = await twoNRig();
    act(rig.station);
    rig.timers.advance(2_000);
    assert.equal(heard(rig), expected);
    await rig.lines.close();
  });
}

presses('settings: the key, the switch and the originators that are named, and no others', async () => {
  const rig = await twoNRig({ settings: { keys: ['%2'], switch: 3, openedBy: ['untold', 'rex'] } });
  rig.station.press('%1');
  rig.station.work(1, true, 'rex');
  rig.station.work(3, true, 'dtmf');
  rig.timers.advance(1_000);
  assert.equal(heard(rig), []);
  rig.station.press('%2');
  rig.timers.advance(1_000);
  rig.station.work(3, true);
  rig.timers.advance(1_000);
  assert.equal(heard(rig), [...RANG, ...OPENED]);
  await rig.lines.close();
});

presses('ringOn call: the outgoing call rings once, and its keys do not', async () => {
  const rig = await twoNRig({ settings: { ringOn: 'call' } });
  for (const state of ['connecting', 'ringing', 'connected', 'terminated']) {
    rig.station.press();
    rig.station.call(state);
    rig.timers.advance(1_500);
  }
  assert.equal(heard(rig), RANG);
  await rig.lines.close();
});

presses('who works the switch without being named is told to whoever looks after it, not at every card', async () => {
  const rig = await twoNRig();
  for (let times = 0; times < 5; times += 1) {
    rig.station.work(1, true, 'auth');
    rig.timers.advance(1_000);
  }
  const told = rig.logged.filter(({ facts }) => facts['originator'] === 'auth');
  assert.is(told.length, 1);
  assert.equal(heard(rig), []);
  await rig.lines.close();
});

presses('only the lines that are used are told', async () => {
  const rig = await twoNRig({ lines: ['front.open'] });
  rig.station.press();
  rig.station.tamper(true);
  rig.station.work(1, true, 'dtmf');
  rig.timers.advance(1_000);
  assert.equal(heard(rig), OPENED);
  const subscriptions = rig.station.asked.filter((path) => path.includes('subscribe'));
  assert.equal(subscriptions, ['/api/log/subscribe?include=new&filter=SwitchStateChanged&duration=30'], 'and asked for');
  await rig.lines.close();
});
presses.run();

// ---- each once, and none that is old

const once = suite('2N: each event once, and none that is old');

once('an event that is told again with the same id counts once', async () => {
  const rig = await twoNRig();
  rig.station.work(1, true, 'dtmf');
  rig.timers.advance(1_000);
  rig.station.repeat();
  rig.station.repeat();
  rig.timers.advance(5_000);
  assert.equal(heard(rig), OPENED);
  rig.station.work(1, true, 'dtmf');
  rig.timers.advance(1_000);
  assert.equal(heard(rig), OPENED, 'a new one counts');
  assert.is(rig.logged.filter(({ message }) => message.includes('again')).length, 1);
  await rig.lines.close();
});

once('nor does it count again in another subscription', async () => {
  const rig = await twoNRig();
  rig.station.work(1, true, 'dtmf');
  rig.timers.advance(1_000);
  assert.equal(heard(rig), OPENED);
  rig.network.state = 'refusing';
  rig.timers.advance(5_000);
  rig.network.state = 'plugged';
  rig.timers.advance(5_000);
  rig.station.repeat();
  rig.timers.advance(5_000);
  assert.equal(heard(rig), []);
  await rig.lines.close();
});

once('an event that waited for 6 s somewhere opens nothing; the next one does', async () => {
  const rig = await twoNRig();
  rig.station.press();
  rig.timers.advance(2_000);
  assert.equal(heard(rig), RANG);
  rig.station.holdMs = 6_000;
  rig.station.work(1, true, 'dtmf');
  rig.timers.advance(8_000);
  assert.equal(heard(rig), []);
  rig.station.holdMs = 0;
  rig.station.work(1, true, 'dtmf');
  rig.timers.advance(2_000);
  assert.equal(heard(rig), OPENED);
  await rig.lines.close();
});

once('a network slow by 2 s delays a press and loses none', async () => {
  const rig = await twoNRig({
    before: ({ network }) => {
      network.delayMs = 1_000;
    },
  });
  rig.timers.advance(20_000);
  rig.heard();
  for (let times = 0; times < 5; times += 1) {
    rig.station.work(1, true, 'dtmf');
    rig.timers.advance(7_300);
    assert.equal(heard(rig), OPENED, `time ${times}`);
  }
  await rig.lines.close();
});

once('what happened while a question was without an answer is not told afterwards', async () => {
  const rig = await twoNRig();
  rig.timers.advance(3_000);
  rig.network.state = 'unplugged';
  rig.timers.advance(1_000);
  rig.station.work(1, true, 'dtmf');
  rig.station.press();
  rig.timers.advance(5_000);
  rig.network.state = 'plugged';
  rig.timers.advance(30_000);
  assert.not(heard(rig).some((text) => text.endsWith('open 1') || text.endsWith('ring 1')));
  assert.is(now(rig), '0 0 0');
  await rig.lines.close();
});
once.run();

// ---- away and back

const away = suite('2N: away and back');

away('unplugged: lost within the supervision time, once; plugged in again: back by itself, at rest', async () => {
  const rig = await twoNRig();
  const at = rig.timers.now();
  rig.network.state = 'unplugged';
  rig.timers.advance(SUPERVISION_MS + 100);
  const lost = rig.heard();
  assert.equal(
    lost.map((text) => text.replace(/^\d+ /, '')),
    ALL.map((line) => `${line} lost`),
  );
  for (const text of lost) assert.ok(Number.parseInt(text, 10) - at <= SUPERVISION_MS, text);
  assert.is(now(rig), 'lost lost lost');
  rig.timers.advance(600_000);
  assert.equal(heard(rig), []);
  rig.station.press();
  rig.station.work(1, true, 'dtmf');
  rig.network.state = 'plugged';
  rig.timers.advance(45_000);
  assert.equal(
    heard(rig),
    ALL.map((line) => `${line} 0`),
    'the presses of meanwhile are nobody’s',
  );
  rig.station.press();
  rig.timers.advance(1_000);
  assert.equal(heard(rig), RANG);
  assert.equal(
    rig.logged.map(({ level }) => level),
    ['info', 'error', 'info'],
  );
  await rig.lines.close();
});

away('a trouble shorter than the supervision time is mended without a word', async () => {
  const rig = await twoNRig();
  rig.network.state = 'refusing';
  rig.timers.advance(4_000);
  rig.network.state = 'plugged';
  rig.timers.advance(20_000);
  assert.equal(heard(rig), []);
  assert.equal(
    rig.logged.map(({ level }) => level),
    ['info'],
  );
  rig.station.press();
  rig.timers.advance(1_000);
  assert.equal(heard(rig), RANG);
  await rig.lines.close();
});

away('lost in the middle of a press, it comes back at rest', async () => {
  const rig = await twoNRig();
  rig.network.state = 'unplugged';
  rig.timers.advance(SUPERVISION_MS + 100);
  rig.network.state = 'plugged';
  rig.timers.advance(45_000);
  rig.heard();
  rig.station.work(1, true, 'dtmf');
  rig.timers.advance(100);
  await rig.lines.close();
  assert.equal(heard(rig), ['front.open 1']);
  assert.is(now(rig), 'lost lost lost');
  assert.is(rig.timers.pending() > 3, false, 'no timer of ours is left but those of the emulated station');
});

away('restarted: its subscription is unknown, a new one is made, and no line moves', async () => {
  const rig = await twoNRig();
  rig.station.press();
  rig.timers.advance(1_000);
  rig.heard();
  rig.station.restart();
  rig.timers.advance(9_000);
  assert.is(now(rig), '0 0 0');
  assert.equal(heard(rig), []);
  rig.station.press();
  rig.timers.advance(1_000);
  assert.equal(heard(rig), RANG, 'its ids began again at 1');
  await rig.lines.close();
});

away('tried again with a time that doubles to 30 s', async () => {
  const rig = await twoNRig({
    before: ({ network }) => {
      network.state = 'refusing';
    },
  });
  assert.is(now(rig), 'lost lost lost');
  rig.timers.advance(300_000);
  rig.heard();
  rig.network.state = 'plugged';
  rig.timers.advance(31_000);
  assert.is(now(rig), '0 0 0');
  await rig.lines.close();
});

const MODES = [
  ['hang', /in time/],
  ['garbage', /no such door station/],
  ['oversized', /more than it ever should/],
  [403, /privileges/],
  [503, /no place/],
] as const;

for (const [mode, words] of MODES) {
  away(`${mode}: lost, said once with what to do, asked seldom, and well again when it is well`, async () => {
    const rig = await twoNRig();
    rig.station.mode = mode;
    rig.timers.advance(SUPERVISION_MS + 7_000);
    assert.is(now(rig), 'lost lost lost');
    const before = rig.station.asked.length;
    rig.timers.advance(600_000);
    assert.ok(rig.station.asked.length - before <= 30, `${rig.station.asked.length - before} questions in 10 min`);
    const errors = rig.logged.filter(({ level }) => level === 'error');
    assert.is(errors.length, 1);
    assert.match(errors[0]?.message ?? '', words);
    rig.station.mode = 'well';
    rig.timers.advance(40_000);
    assert.is(now(rig), '0 0 0');
    await rig.lines.close();
  });
}

away('a subscription that is forgotten at once each time: lost in the end, and never asked in a frenzy', async () => {
  const rig = await twoNRig({ lines: ['front.ring'] });
  const forget = (): void => {
    rig.station.restart();
    rig.timers.later(1, forget);
  };
  forget();
  rig.timers.advance(60_000);
  assert.is(shown(rig.lines.read('front.ring')), 'lost');
  const before = rig.station.asked.length;
  rig.heard();
  rig.timers.advance(300_000);
  assert.equal(rig.heard(), [], 'it is not found and lost by turns');
  assert.ok(rig.station.asked.length - before < 60, `${rig.station.asked.length - before} questions in 5 min`);
  await rig.lines.close();
});

away('a wrong password: lost, one try each 30 s, and a corrected file needs no restart', async () => {
  const rig = await twoNRig({
    before: ({ station }) => {
      station.password = 'another';
    },
  });
  assert.is(now(rig), 'lost lost lost');
  assert.match(rig.logged[0]?.message ?? '', /passwordFile/);
  assert.not(JSON.stringify(rig.logged).includes(rig.station.password), 'no password is ever logged');
  rig.timers.advance(200_000);
  assert.is(rig.logged.length, 1);
  rig.password('another');
  rig.timers.advance(31_000);
  assert.is(now(rig), '0 0 0');
  await rig.lines.close();
});

away('no password file, or an empty one: lost, and said', async () => {
  const missing = await twoNRig({ settings: { passwordFile: '/nowhere/password' } });
  assert.is(now(missing), 'lost lost lost');
  assert.match(missing.logged[0]?.message ?? '', /password .* cannot be read/);
  assert.equal(missing.station.asked, []);
  await missing.lines.close();
  const noPin = await twoNRig({ settings: { certificate: '/nowhere/station.pem' } });
  assert.is(now(noPin), 'lost lost lost');
  assert.match(noPin.logged[0]?.message ?? '', /certificate/);
  assert.equal(noPin.station.asked, [], 'not a word without the certificate');
  await noPin.lines.close();
});

away('one that answers at once though nothing happened is not asked faster than five times a second', async () => {
  const rig = await twoNRig();
  rig.station.isHasty = true;
  rig.timers.advance(4_000);
  const before = pulls(rig);
  rig.timers.advance(10_000);
  assert.ok(pulls(rig) - before <= 51, String(pulls(rig) - before));
  assert.ok(pulls(rig) - before >= 40);
  await rig.lines.close();
});

away('an hour of quiet leaves one subscription and no line moved', async () => {
  const rig = await twoNRig();
  rig.timers.advance(3_600_000);
  assert.is(rig.station.subscriptions(), 1);
  assert.equal(heard(rig), []);
  await rig.lines.close();
});
away.run();

// ---- tamper is a state

const tamper = suite('2N: tamper is a state, not a press');

tamper('opened before we came: told by the station’s memory', async () => {
  const rig = await twoNRig({ before: ({ station }) => station.tamper(true) });
  assert.is(now(rig), '0 0 1');
  await rig.lines.close();
});

tamper('the last of a memory longer than one answer counts', async () => {
  const rig = await twoNRig({
    before: ({ station }) => {
      station.chatter(300);
      station.tamper(true);
    },
  });
  assert.is(now(rig), '0 0 1');
  await rig.lines.close();
});

tamper('opened while we were away: told when the station is back', async () => {
  const rig = await twoNRig();
  rig.network.state = 'unplugged';
  rig.timers.advance(20_000);
  rig.station.tamper(true);
  rig.network.state = 'plugged';
  rig.heard();
  rig.timers.advance(45_000);
  assert.equal(heard(rig), ['front.ring 0', 'front.open 0', 'front.tamper 1']);
  rig.station.tamper(false);
  rig.timers.advance(100);
  assert.equal(heard(rig), ['front.tamper 0']);
  await rig.lines.close();
});

tamper('a station that gives its memory to nobody is heard all the same', async () => {
  const rig = await twoNRig({
    before: ({ station }) => {
      station.isForgetful = true;
      station.tamper(true);
    },
  });
  assert.is(now(rig), '0 0 0');
  rig.station.tamper(true);
  rig.station.press();
  rig.timers.advance(100);
  assert.is(now(rig), '1 0 1');
  await rig.lines.close();
});

tamper('a restart of the station, which empties its memory, ends no tamper', async () => {
  const rig = await twoNRig();
  rig.station.tamper(true);
  rig.timers.advance(1_000);
  rig.station.restart();
  rig.timers.advance(20_000);
  assert.is(now(rig), '0 0 1');
  await rig.lines.close();
});
tamper.run();

// ---- opening

const opening = suite('station lines: what is asked for');

opening('all that cannot be is said at once, and nothing is asked of the station', async () => {
  const rig = await twoNRig();
  const before = rig.station.asked.length;
  const refused = await rig.lines.open(
    [
      { direction: 'input', line: 'front.ring', bias: 'none' },
      { direction: 'input', line: 'front.ring', bias: 'none' },
      { direction: 'input', line: 'front.camera', bias: 'none' },
      { direction: 'analog', line: 'front.tamper' },
      { direction: 'output', line: 'front.open', initialLevel: 0, restLevel: 0, maxOnMs: undefined },
    ],
    { onReading: () => {}, onOutputTrouble: () => {} },
  );
  assert.equal(refused.ok ? [] : refused.problems.map(({ line, trouble }) => `${line} ${trouble}`), [
    'front.ring requested-twice',
    'front.camera no-such-line',
    'front.tamper wrong-direction',
    'front.open wrong-direction',
  ]);
  assert.is(rig.station.asked.length, before);
  rig.lines.write('front.open', 'on');
  assert.equal(rig.heard(), ['front.open wrong-direction'], 'the station’s relay is never worked');
  assert.not(rig.station.asked.some((path) => path.includes('switch/ctrl')));
  await rig.lines.close();
});
opening.run();
