import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { doorBlockers, restartDoors, silenceDoors } from '../../src/core/door/exit.ts';
import { isClosedAndLatched as isClosedAndLatchedIn } from '../../src/core/door/position.ts';
import { areaPlace, areaState, doorPlace, must, setSite } from '../../src/core/frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import {
  armed,
  bench,
  disarmed,
  doorNow,
  entering,
  exiting,
  heard,
  leaveOut,
  move,
  pass,
  put,
  resume,
  settle,
  told,
} from './doorBench.ts';

const isClosedAndLatched = (frame: Frame, door: Parameters<typeof isClosedAndLatchedIn>[2]): boolean =>
  isClosedAndLatchedIn(frame.site, frame.state.durable, door);

const open = (frame: Frame): void => {
  move(frame, 'cour-gache', 'active');
  move(frame, 'cour', 'active');
};

const pull = (frame: Frame): void => move(frame, 'cour', 'normal');

const shut = (frame: Frame): void => {
  pull(frame);
  move(frame, 'cour-gache', 'normal');
};

const silence = (frame: Frame): boolean => {
  const done = silenceDoors(frame, ['cabinet'], 'claire');
  settle(frame);
  return done;
};

const looks = (frame: Frame): string => {
  const { ladder, fault } = doorNow(frame);
  return `${ladder} ${fault} ${heard(frame)}`;
};

// ---- every place of the ladder, met by everything that can happen to a door

const PLACES: Readonly<Record<string, (frame: Frame) => void>> = {
  shut: () => undefined,
  opened: (frame) => (open(frame), pass(frame, 5_000)),
  'open, warned': (frame) => (open(frame), pass(frame, 25_000)),
  'open, sounding': (frame) => (open(frame), pass(frame, 35_000)),
  'open, escalated': (frame) => (open(frame), pass(frame, 95_000)),
  'just pulled': (frame) => (open(frame), pass(frame, 1_000), pull(frame), pass(frame, 1_000)),
  'ajar, warned': (frame) => (open(frame), pass(frame, 1_000), pull(frame), pass(frame, 5_000)),
  'ajar, sounding': (frame) => (open(frame), pass(frame, 1_000), pull(frame), pass(frame, 20_000)),
  'ajar, escalated': (frame) => (open(frame), pass(frame, 1_000), pull(frame), pass(frame, 80_000)),
};

const HAPPENINGS: Readonly<Record<string, (frame: Frame) => void>> = {
  nothing: () => undefined,
  'opened (again)': (frame) => move(frame, 'cour', 'active'),
  'pulled to': pull,
  'closed and latched': shut,
  'contact dies': (frame) => move(frame, 'cour', 'fault'),
  'contact is tampered': (frame) => move(frame, 'cour', 'tamper'),
  'latch contact dies': (frame) => move(frame, 'cour-gache', 'fault'),
  silenced: (frame) => void silence(frame),
  isolated: (frame) => leaveOut(frame, 'cour', { isolated: true }),
  'inhibited by day': (frame) => leaveOut(frame, 'cour', { inhibited: true }),
};

/** Place, happening, what the door looks like right after it, what was told. Rows that repeat the place: nothing may happen. */
const TABLE: readonly (readonly [place: string, happening: string, after: string, events: readonly string[]])[] = [
  ['shut', 'nothing', 'quiet none off', []],
  ['shut', 'opened (again)', 'quiet none off', []],
  ['shut', 'pulled to', 'quiet none off', []],
  ['shut', 'closed and latched', 'quiet none off', []],
  ['shut', 'contact dies', 'quiet none off', []],
  ['shut', 'contact is tampered', 'quiet none off', []],
  ['shut', 'latch contact dies', 'quiet none off', []],
  ['shut', 'silenced', 'quiet none off', []],
  ['shut', 'isolated', 'quiet none off', []],
  ['shut', 'inhibited by day', 'quiet none off', []],

  ['opened', 'nothing', 'quiet none off', []],
  ['opened', 'pulled to', 'quiet none off', []],
  ['opened', 'closed and latched', 'quiet none off', []],
  ['opened', 'contact dies', 'quiet none off', []],
  ['opened', 'latch contact dies', 'quiet none off', []],
  ['opened', 'silenced', 'quiet none off', []],
  ['opened', 'isolated', 'quiet none off', []],
  ['opened', 'inhibited by day', 'quiet none off', []],

  ['open, warned', 'nothing', 'pre-alarm left-open door-warning', []],
  ['open, warned', 'opened (again)', 'pre-alarm left-open door-warning', []],
  ['open, warned', 'pulled to', 'pre-alarm left-open door-warning', []],
  ['open, warned', 'closed and latched', 'quiet none off', []],
  ['open, warned', 'contact dies', 'pre-alarm left-open door-warning', []],
  ['open, warned', 'latch contact dies', 'pre-alarm left-open door-warning', []],
  ['open, warned', 'silenced', 'pre-alarm left-open off', ['door-silenced']],
  ['open, warned', 'isolated', 'quiet none off', []],
  ['open, warned', 'inhibited by day', 'pre-alarm left-open door-warning', []],

  ['open, sounding', 'nothing', 'sounding left-open door-alarm', []],
  ['open, sounding', 'pulled to', 'sounding left-open door-alarm', []],
  ['open, sounding', 'closed and latched', 'quiet none off', []],
  ['open, sounding', 'contact dies', 'sounding left-open door-alarm', []],
  ['open, sounding', 'contact is tampered', 'sounding left-open door-alarm', []],
  ['open, sounding', 'latch contact dies', 'sounding left-open door-alarm', []],
  ['open, sounding', 'silenced', 'sounding left-open off', ['door-silenced']],
  ['open, sounding', 'isolated', 'quiet none off', []],
  ['open, sounding', 'inhibited by day', 'sounding left-open door-alarm', []],

  ['open, escalated', 'nothing', 'escalated left-open door-alarm', []],
  ['open, escalated', 'pulled to', 'escalated left-open door-alarm', []],
  ['open, escalated', 'closed and latched', 'quiet none off', ['door-left-open-restored']],
  ['open, escalated', 'contact dies', 'escalated left-open door-alarm', []],
  ['open, escalated', 'silenced', 'escalated left-open off', ['door-silenced']],
  ['open, escalated', 'isolated', 'quiet none off', ['door-left-open-restored']],

  ['just pulled', 'nothing', 'quiet none off', []],
  ['just pulled', 'opened (again)', 'quiet none off', []],
  ['just pulled', 'closed and latched', 'quiet none off', []],
  ['just pulled', 'latch contact dies', 'quiet none off', []],
  ['just pulled', 'silenced', 'quiet none off', []],

  ['ajar, warned', 'nothing', 'pre-alarm not-latched door-warning', []],
  ['ajar, warned', 'opened (again)', 'pre-alarm not-latched door-warning', []],
  ['ajar, warned', 'closed and latched', 'quiet none off', []],
  ['ajar, warned', 'contact dies', 'pre-alarm not-latched door-warning', []],
  ['ajar, warned', 'latch contact dies', 'pre-alarm not-latched door-warning', []],
  ['ajar, warned', 'silenced', 'pre-alarm not-latched off', ['door-silenced']],

  ['ajar, sounding', 'nothing', 'sounding not-latched door-alarm', []],
  ['ajar, sounding', 'opened (again)', 'sounding not-latched door-alarm', []],
  ['ajar, sounding', 'closed and latched', 'quiet none off', []],
  ['ajar, sounding', 'latch contact dies', 'sounding not-latched door-alarm', []],
  ['ajar, sounding', 'silenced', 'sounding not-latched off', ['door-silenced']],
  ['ajar, sounding', 'isolated', 'quiet none off', []],

  ['ajar, escalated', 'nothing', 'escalated not-latched door-alarm', []],
  ['ajar, escalated', 'opened (again)', 'escalated not-latched door-alarm', []],
  ['ajar, escalated', 'closed and latched', 'quiet none off', ['door-not-latched-restored']],
  ['ajar, escalated', 'contact dies', 'escalated not-latched door-alarm', []],
  ['ajar, escalated', 'isolated', 'quiet none off', ['door-not-latched-restored']],
];

const table = suite('a secondary exit: every place of the ladder');

for (const [place, happening, expected, events] of TABLE) {
  table(`${place}; ${happening} → ${expected}`, () => {
    const frame = bench();
    must(PLACES[place], place)(frame);
    told(frame);
    must(HAPPENINGS[happening], happening)(frame);
    assert.is(looks(frame), expected);
    assert.equal(told(frame), events);
  });
}

for (const [place, reach] of Object.entries(PLACES)) {
  table(`${place}: looked at again, nothing in the state moves`, () => {
    const frame = bench();
    reach(frame);
    const before = frame.state.durable;
    told(frame);
    restartDoors(frame);
    restartDoors(frame);
    assert.equal(frame.state.durable, before);
    assert.equal(told(frame), []);
  });

  table(`${place}: the sounder always stops, once closed and latched`, () => {
    const frame = bench();
    reach(frame);
    shut(frame);
    told(frame);
    pass(frame, 3_600_000);
    assert.is(looks(frame), 'quiet none off');
    assert.equal(told(frame), []);
    assert.equal(frame.state.durable.timers, []);
    assert.is(doorNow(frame).openingsWithoutLatch, 0);
  });
}

table.run();

// ---- stories

const story = suite('secondary exits, as they happen');

story('the yard door left open at closing: a warning, the sounder, then the centre; and its end', () => {
  const frame = bench();
  open(frame);
  pass(frame, 19_999);
  assert.is(heard(frame), 'off');
  pass(frame, 1);
  assert.is(heard(frame), 'door-warning');
  pass(frame, 10_000);
  assert.is(heard(frame), 'door-alarm');
  assert.equal(told(frame), [], 'the centre is not told while someone can still close it');
  pass(frame, 59_999);
  assert.equal(told(frame), []);
  pass(frame, 1);
  assert.equal(told(frame), ['door-left-open']);
  assert.is(heard(frame), 'door-alarm');
  const { alarms } = areaState(frame, areaPlace(frame, 'cabinet'));
  assert.equal(
    alarms.map(({ kind, door, zone }) => [kind, door, zone]),
    [['door-left-open', 'porte-cour', 'cour']],
  );
  pass(frame, 86_400_000);
  assert.equal(told(frame), [], 'told once');
  shut(frame);
  assert.equal(told(frame), ['door-left-open-restored']);
  assert.is(heard(frame), 'off');
  assert.equal(areaState(frame, areaPlace(frame, 'cabinet')).alarms, []);
});

story('badly locked: closed, but the latch never engages', () => {
  const frame = bench();
  open(frame);
  pass(frame, 2_000);
  pull(frame);
  pass(frame, 2_999);
  assert.is(heard(frame), 'off');
  pass(frame, 1);
  assert.is(heard(frame), 'door-warning');
  pass(frame, 10_000);
  assert.is(heard(frame), 'door-alarm');
  pass(frame, 60_000);
  const event = must(frame.events[0], 'event');
  assert.is(event.kind, 'door-not-latched');
  assert.is(event.zone, 'cour-gache');
  assert.is(event.door, 'porte-cour');
});

story('an ordinary passage: nobody hears of it', () => {
  const frame = bench();
  open(frame);
  pass(frame, 8_000);
  pull(frame);
  pass(frame, 400);
  move(frame, 'cour-gache', 'normal');
  pass(frame, 3_600_000);
  assert.is(heard(frame), 'off');
  assert.equal(told(frame), []);
});

story('the latch springs back by itself: ajar without anyone opening', () => {
  const frame = bench();
  move(frame, 'cour-gache', 'active');
  pass(frame, 3_000);
  assert.is(looks(frame), 'pre-alarm not-latched door-warning');
});

story('silenced for ten minutes, then the noise comes back because the door is still open', () => {
  const frame = bench();
  open(frame);
  pass(frame, 40_000);
  assert.ok(silence(frame));
  const event = must(frame.events[0], 'event');
  assert.is(event.user, 'claire');
  assert.equal(event.detail, { silenceMs: 600_000 });
  told(frame);
  pass(frame, 599_999);
  assert.is(heard(frame), 'off');
  assert.equal(told(frame), ['door-left-open'], 'silence is of the sounder: the centre is told on time');
  pass(frame, 1);
  assert.is(heard(frame), 'door-alarm');
});

story('silenced, closed and latched, opened again: a new fault sounds at once it is one', () => {
  const frame = bench();
  open(frame);
  pass(frame, 40_000);
  silence(frame);
  shut(frame);
  pass(frame, 1_000);
  open(frame);
  pass(frame, 30_000);
  assert.is(heard(frame), 'door-alarm', 'an old silence does not cover a new fault');
});

story('with nothing to hear there is nothing to silence', () => {
  const frame = bench();
  assert.not(silence(frame));
  open(frame);
  pass(frame, 1_000);
  assert.not(silence(frame));
  assert.not(silenceDoors(frame, [], 'claire'));
  assert.equal(told(frame), []);
});

story('a door swinging in the wind does not start its count again', () => {
  const frame = bench();
  open(frame);
  for (let swing = 0; swing < 6; swing += 1) {
    pass(frame, 4_000);
    pull(frame);
    pass(frame, 1_000);
    move(frame, 'cour', 'active');
  }
  assert.is(heard(frame), 'door-alarm');
});

story('open and escalated, then pulled to but not latched: the centre hears which fault it is now', () => {
  const frame = bench();
  open(frame);
  pass(frame, 95_000);
  told(frame);
  pull(frame);
  pass(frame, 2_999);
  assert.equal(told(frame), []);
  pass(frame, 1);
  assert.equal(told(frame), ['door-left-open-restored', 'door-not-latched']);
  assert.is(heard(frame), 'door-alarm');
  move(frame, 'cour', 'active');
  pass(frame, 29_999);
  assert.equal(told(frame), []);
  pass(frame, 1);
  assert.equal(told(frame), ['door-not-latched-restored', 'door-left-open']);
  shut(frame);
  assert.equal(told(frame), ['door-left-open-restored']);
});

story('not latched and sounding, opened to be closed again: it stays loud until it is latched', () => {
  const frame = bench();
  open(frame);
  pull(frame);
  pass(frame, 20_000);
  move(frame, 'cour', 'active');
  pass(frame, 2_000);
  assert.is(heard(frame), 'door-alarm');
  shut(frame);
  assert.is(heard(frame), 'off');
  assert.equal(told(frame), []);
});

story('the warning of a door that opens for less than the warning time comes at once', () => {
  const frame = bench();
  const { config } = frame.site;
  const short = bench({ ...config, doors: config.doors.map((door) => ({ ...door, openMs: 5_000, preAlarmMs: 10_000 })) });
  open(short);
  pass(short, 0);
  assert.is(heard(short), 'door-warning');
  pass(short, 5_000);
  assert.is(heard(short), 'door-alarm');
});

story('without a warning time the sounder is the first to be heard', () => {
  const { config } = bench().site;
  const blunt = bench({ ...config, doors: config.doors.map((door) => ({ ...door, preAlarmMs: 0 })) });
  open(blunt);
  pass(blunt, 29_999);
  assert.is(heard(blunt), 'off');
  pass(blunt, 1);
  assert.is(heard(blunt), 'door-alarm');
});

story('a window without a latch contact: closed is enough', () => {
  const frame = bench();
  move(frame, 'fenetre', 'active');
  pass(frame, 35_000);
  assert.is(heard(frame), 'door-alarm');
  move(frame, 'fenetre', 'normal');
  assert.is(heard(frame), 'off');
});

story('two doors on one sounder: the one that sounds drowns the one that warns, and gives way to it', () => {
  const frame = bench();
  open(frame);
  pass(frame, 10_000);
  move(frame, 'fenetre', 'active');
  pass(frame, 20_000);
  assert.is(heard(frame), 'door-alarm');
  shut(frame);
  assert.is(heard(frame), 'door-warning');
});

// armed

story('armed: the sounder gives up after 180 s, the fault stands, and disarming lets it be heard again', () => {
  const frame = bench();
  put(frame, { arming: armed(frame) });
  open(frame);
  pass(frame, 30_000);
  assert.is(heard(frame), 'door-alarm');
  pass(frame, 179_999);
  assert.is(heard(frame), 'door-alarm');
  pass(frame, 1);
  assert.is(heard(frame), 'off');
  assert.equal(told(frame), ['door-left-open']);
  pass(frame, 3_600_000);
  assert.is(heard(frame), 'off');
  put(frame, { arming: disarmed(frame) });
  assert.is(heard(frame), 'door-alarm', 'whoever comes in hears that the yard is open');
  shut(frame);
  assert.equal(told(frame), ['door-left-open-restored']);
});

story('armed while it sounds: 180 s from then; disarmed in time: no limit any more', () => {
  const frame = bench();
  open(frame);
  pass(frame, 3_600_000);
  put(frame, { arming: exiting(frame) });
  pass(frame, 60_000);
  put(frame, { arming: armed(frame) });
  pass(frame, 100_000);
  put(frame, { arming: entering(frame) });
  pass(frame, 79_000);
  assert.is(heard(frame), 'door-alarm');
  put(frame, { arming: disarmed(frame) });
  pass(frame, 3_600_000);
  assert.is(heard(frame), 'door-alarm');
});

story('armed with the door inhibited by name: it stays quiet all night, and is watched again in the morning', () => {
  const frame = bench();
  open(frame);
  pass(frame, 95_000);
  told(frame);
  leaveOut(frame, 'cour', { inhibited: true });
  assert.is(heard(frame), 'door-alarm', 'still disarmed');
  put(frame, { arming: exiting(frame) });
  assert.is(heard(frame), 'off');
  put(frame, { arming: armed(frame) });
  pass(frame, 36_000_000);
  assert.equal(told(frame), ['door-left-open-restored']);
  leaveOut(frame, 'cour', { inhibited: false });
  put(frame, { arming: disarmed(frame) });
  pass(frame, 30_000);
  assert.is(heard(frame), 'door-alarm');
});

story('a latch left out by name says nothing while armed, its leaf still does', () => {
  const frame = bench();
  leaveOut(frame, 'cour-gache', { inhibited: true });
  put(frame, { arming: armed(frame) });
  move(frame, 'cour-gache', 'active');
  pass(frame, 600_000);
  assert.is(looks(frame), 'quiet none off');
  move(frame, 'cour', 'active');
  pass(frame, 30_000);
  assert.is(looks(frame), 'sounding left-open door-alarm');
});

// dead contacts

story('the contact dies while the sounder is on: three minutes of noise, the centre is told, and it is not forgotten', () => {
  const frame = bench();
  open(frame);
  pass(frame, 35_000);
  move(frame, 'cour', 'fault');
  pass(frame, 179_999);
  assert.is(heard(frame), 'door-alarm');
  pass(frame, 1);
  assert.is(heard(frame), 'off');
  assert.equal(told(frame), ['door-left-open']);
  move(frame, 'cour', 'active');
  assert.is(heard(frame), 'door-alarm', 'seen again, and still open');
  move(frame, 'cour', 'fault');
  shut(frame);
  assert.is(heard(frame), 'off');
  assert.equal(told(frame), ['door-left-open-restored']);
});

story('the contact dies before anything was an alarm: no alarm comes of it', () => {
  for (const openMs of [5_000, 25_000]) {
    const frame = bench();
    open(frame);
    pass(frame, openMs);
    move(frame, 'cour', 'fault');
    pass(frame, 3_600_000);
    assert.is(looks(frame), 'quiet left-open off', `dead after ${openMs} ms`);
    assert.equal(told(frame), []);
    move(frame, 'cour', 'active');
    assert.is(heard(frame), 'door-alarm', 'seen again, overdue and still open');
    shut(frame);
    assert.is(looks(frame), 'quiet none off');
    assert.equal(told(frame), []);
  }
});

story('a contact that flickers between open and fault does not escape the count', () => {
  const frame = bench();
  open(frame);
  for (let second = 0; second < 15; second += 1) {
    pass(frame, 1_000);
    move(frame, 'cour', 'fault');
    pass(frame, 1_000);
    move(frame, 'cour', 'active');
  }
  assert.is(heard(frame), 'door-alarm');
});

story(
  'the latch contact is dead: the door is neither said to be latched nor called ajar; a closed leaf ends what was open',
  () => {
    const frame = bench();
    move(frame, 'cour-gache', 'fault');
    pass(frame, 600_000);
    assert.is(looks(frame), 'quiet none off');
    assert.not(isClosedAndLatched(frame, doorPlace(frame, 'porte-cour')));
    move(frame, 'cour', 'active');
    pass(frame, 95_000);
    assert.equal(told(frame), ['door-left-open']);
    pull(frame);
    assert.is(looks(frame), 'quiet none off');
    assert.equal(told(frame), ['door-left-open-restored']);
  },
);

story('the latch contact dies while the door is ajar and loud: three minutes, then quiet, told once', () => {
  const frame = bench();
  open(frame);
  pull(frame);
  pass(frame, 20_000);
  move(frame, 'cour-gache', 'fault');
  pass(frame, 180_000);
  assert.is(heard(frame), 'off');
  assert.equal(told(frame), ['door-not-latched']);
  move(frame, 'cour-gache', 'normal');
  assert.equal(told(frame), ['door-not-latched-restored']);
});

// restart

story('power cut in the middle of the ladder: what was left of each delay is what remains', () => {
  for (const [elapsedMs, before] of [
    [12_000, 'off'],
    [25_000, 'door-warning'],
    [45_000, 'door-alarm'],
  ] as const) {
    const frame = bench();
    open(frame);
    pass(frame, elapsedMs);
    assert.is(heard(frame), before);
    const again = resume(frame, frame.state);
    restartDoors(again);
    settle(again);
    assert.is(heard(again), before, 'the same state drives the same sounder');
    pass(again, 89_999 - elapsedMs);
    assert.equal(told(again), []);
    pass(again, 1);
    assert.equal(told(again), ['door-left-open']);
  }
});

story('closed during the power cut: the end is told when the inputs are read', () => {
  const frame = bench();
  open(frame);
  pass(frame, 95_000);
  const again = resume(frame, frame.state);
  for (const [zone, index] of [
    ['cour', 0],
    ['cour-gache', 1],
  ] as const) {
    const state = must(again.state.durable.zones[index], zone);
    again.state = {
      ...again.state,
      durable: { ...again.state.durable, zones: again.state.durable.zones.with(index, { ...state, signal: 'normal' }) },
    };
  }
  restartDoors(again);
  settle(again);
  assert.equal(told(again), ['door-left-open-restored']);
  assert.is(heard(again), 'off');
});

story('silence outlives a power cut with the time it had left', () => {
  const frame = bench();
  open(frame);
  pass(frame, 40_000);
  silence(frame);
  pass(frame, 200_000);
  const again = resume(frame, frame.state);
  restartDoors(again);
  pass(again, 399_999);
  assert.is(heard(again), 'off');
  pass(again, 1);
  assert.is(heard(again), 'door-alarm');
});

// fire

story('fire mutes the sounder, and the ladder goes on behind it', () => {
  const frame = bench();
  open(frame);
  pass(frame, 35_000);
  setSite(frame, { fireActive: ['incendie'] });
  settle(frame);
  assert.is(heard(frame), 'off');
  pass(frame, 60_000);
  assert.equal(told(frame), ['door-left-open']);
  setSite(frame, { fireActive: [] });
  settle(frame);
  assert.is(heard(frame), 'door-alarm');
});

story.run();

// ---- the latch contact itself

const latch = suite('a latch that cannot be believed');

const unlatchedPassage = (frame: Frame): void => {
  move(frame, 'cour', 'active');
  pass(frame, 500);
  move(frame, 'cour', 'normal');
  pass(frame, 4_000);
};

latch('engaged while the leaf is open for 1 s: reported once, no ladder of its own, blocks arming', () => {
  const frame = bench();
  move(frame, 'cour', 'active');
  pass(frame, 999);
  assert.equal(told(frame), []);
  pass(frame, 1);
  assert.equal(told(frame), ['latch-fault']);
  move(frame, 'cour', 'normal');
  pass(frame, 600_000);
  assert.is(looks(frame), 'quiet none off');
  assert.equal(told(frame), []);
  assert.equal(doorBlockers(frame, 'cabinet'), [{ kind: 'latch-open', door: 'porte-cour', zone: 'cour-gache' }]);
});

latch('a latch that lags less than 1 s is no fault', () => {
  const frame = bench();
  move(frame, 'cour', 'active');
  pass(frame, 900);
  move(frame, 'cour-gache', 'active');
  pass(frame, 5_000);
  assert.equal(told(frame), []);
});

latch('unmoved over five openings, stuck engaged', () => {
  const frame = bench();
  for (let passage = 0; passage < 4; passage += 1) unlatchedPassage(frame);
  assert.equal(told(frame), []);
  unlatchedPassage(frame);
  assert.equal(told(frame), ['latch-fault']);
});

latch('unmoved over five openings, stuck free: the ladder gives way to the report', () => {
  const frame = bench();
  move(frame, 'cour-gache', 'active');
  for (let passage = 0; passage < 4; passage += 1) unlatchedPassage(frame);
  assert.equal(told(frame), []);
  unlatchedPassage(frame);
  unlatchedPassage(frame);
  assert.equal(told(frame), ['latch-fault']);
  pass(frame, 600_000);
  assert.is(looks(frame), 'quiet none off');
});

latch('one movement starts the count again', () => {
  const frame = bench();
  for (let passage = 0; passage < 4; passage += 1) unlatchedPassage(frame);
  open(frame);
  shut(frame);
  pass(frame, 4_000);
  for (let passage = 0; passage < 4; passage += 1) unlatchedPassage(frame);
  assert.equal(told(frame), []);
});

latch('a contact flickering between open and fault is one opening', () => {
  const frame = bench();
  move(frame, 'cour', 'active');
  for (let flicker = 0; flicker < 10; flicker += 1) {
    move(frame, 'cour', 'fault');
    move(frame, 'cour', 'active');
  }
  assert.is(doorNow(frame).openingsWithoutLatch, 0);
  move(frame, 'cour', 'normal');
  pass(frame, 3_000);
  assert.is(doorNow(frame).openingsWithoutLatch, 1);
});

latch('believed again when it engages behind the closed leaf, not before', () => {
  const frame = bench();
  move(frame, 'cour', 'active');
  pass(frame, 1_000);
  told(frame);
  move(frame, 'cour-gache', 'active');
  move(frame, 'cour-gache', 'normal');
  assert.equal(told(frame), [], 'moved, but with the leaf open');
  move(frame, 'cour-gache', 'active');
  move(frame, 'cour', 'normal');
  move(frame, 'cour-gache', 'normal');
  assert.equal(told(frame), ['latch-fault-restored']);
  assert.equal(doorBlockers(frame, 'cabinet'), []);
  move(frame, 'cour-gache', 'active');
  pass(frame, 13_000);
  assert.is(heard(frame), 'door-alarm', 'and its ladder works again');
});

latch('isolated by the owner: neither reported nor in the way', () => {
  const frame = bench();
  leaveOut(frame, 'cour-gache', { isolated: true });
  for (let passage = 0; passage < 9; passage += 1) unlatchedPassage(frame);
  assert.equal(told(frame), []);
  assert.equal(doorBlockers(frame, 'cabinet'), []);
  assert.ok(isClosedAndLatched(frame, doorPlace(frame, 'porte-cour')));
});

latch.run();

// ---- what stands in the way of arming

const blockers = suite('doors in the way of arming');

blockers('every place of the ladder and what it has against arming', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['shut', []],
    ['opened', []],
    ['open, warned', []],
    ['open, sounding', ['door-held cour']],
    ['open, escalated', ['door-held cour']],
    ['just pulled', ['latch-open cour-gache']],
    ['ajar, warned', ['latch-open cour-gache']],
    ['ajar, sounding', ['latch-open cour-gache']],
    ['ajar, escalated', ['latch-open cour-gache']],
  ];
  for (const [place, expected] of table) {
    const frame = bench();
    must(PLACES[place], place)(frame);
    const found = doorBlockers(frame, 'cabinet').map(({ kind, zone }) => `${kind} ${zone}`);
    assert.equal(found, expected, place);
  }
});

blockers('a leaf that nobody sees over a free latch is listed; an area without doors lists nothing', () => {
  const frame = bench();
  move(frame, 'cour', 'fault');
  move(frame, 'cour-gache', 'active');
  assert.equal(
    doorBlockers(frame, 'cabinet').map(({ kind }) => kind),
    ['latch-open'],
  );
  assert.equal(doorBlockers(frame, 'ailleurs'), []);
});

blockers('closed and latched is what both contacts say, never a guess', () => {
  const rows = [
    ['normal', 'normal', true],
    ['normal', 'active', false],
    ['normal', 'fault', false],
    ['normal', 'unknown', false],
    ['active', 'normal', false],
    ['fault', 'normal', false],
    ['unknown', 'normal', false],
    ['tamper', 'normal', false],
    ['masked', 'normal', false],
  ] as const;
  for (const [contact, latchSignal, expected] of rows) {
    const frame = bench();
    move(frame, 'cour', contact);
    move(frame, 'cour-gache', latchSignal);
    assert.is(isClosedAndLatched(frame, doorPlace(frame, 'porte-cour')), expected, `${contact} ${latchSignal}`);
  }
});

blockers('a latch in fault does not keep a cupboard unguarded', () => {
  const frame = bench();
  move(frame, 'cour', 'active');
  pass(frame, 1_000);
  const door = doorPlace(frame, 'porte-cour');
  assert.not(isClosedAndLatched(frame, door));
  move(frame, 'cour-gache', 'active');
  move(frame, 'cour', 'normal');
  assert.ok(isClosedAndLatched(frame, door));
});

blockers.run();
