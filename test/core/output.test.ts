import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventKind } from '../../src/core/event.ts';
import { keypadPlace, outputState, setKeypad, setSite, setTimerIn } from '../../src/core/frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import { isSameOutput, outputsOf, writeOrder } from '../../src/core/output.ts';
import type { PatternName } from '../../src/core/output.ts';
import type { ActiveAlarm, AreaState, MemoryEntry, Notice } from '../../src/core/state.ts';
import { after, wall } from '../../src/core/time.ts';
import { RHYTHMS } from '../../src/ports/rhythms.ts';
import {
  areaConfig,
  armed,
  bench,
  disarmed,
  entering,
  exiting,
  heard,
  output,
  outputConfig,
  pass,
  practice,
  put,
  settle,
} from './doorBench.ts';

const siren = (frame: Frame, reach: 'local' | 'full' = 'full'): Partial<AreaState> => ({ siren: { since: frame.now, reach } });
const noSiren: Partial<AreaState> = { siren: undefined };

const alarm = (frame: Frame, kind: EventKind): ActiveAlarm => ({ kind, zone: undefined, door: undefined, since: frame.now });
const memory: MemoryEntry = { kind: 'tamper', zone: undefined, door: undefined, at: wall(0), cause: undefined, level: 2 };

const show = (frame: Frame, notice: Notice | undefined): void => {
  setKeypad(frame, keypadPlace(frame, 'clavier'), { notice, noticeSince: notice && frame.now });
  settle(frame);
};

const all = (frame: Frame): string => frame.site.config.outputs.map(({ id }) => `${id}=${heard(frame, id)}`).join(' ');

// ---- sirens

const sirens = suite('sirens');

sirens('reach: a local alarm stays indoors', () => {
  const frame = bench();
  put(frame, siren(frame, 'local'));
  assert.is(heard(frame, 'sirene'), 'on');
  assert.is(heard(frame, 'sirene-rue'), 'off');
  put(frame, siren(frame, 'full'));
  assert.is(heard(frame, 'sirene-rue'), 'on');
  put(frame, noSiren);
  assert.is(heard(frame, 'sirene'), 'off');
  assert.is(heard(frame, 'sirene-rue'), 'off');
});

sirens('fire mutes them; over, they go on', () => {
  const frame = bench();
  put(frame, siren(frame));
  pass(frame, 20_000);
  setSite(frame, { fireActive: ['incendie'] });
  settle(frame);
  assert.is(heard(frame, 'sirene'), 'off');
  assert.is(heard(frame, 'sirene-rue'), 'off');
  setSite(frame, { fireActive: [] });
  settle(frame);
  assert.is(heard(frame, 'sirene'), 'on');
  assert.is(heard(frame, 'sirene-rue'), 'off', 'its rest after going off');
  pass(frame, 1_000);
  assert.is(heard(frame, 'sirene-rue'), 'on');
});

sirens('an exercise is silent outdoors and heard for 5 s indoors', () => {
  const frame = bench();
  setSite(frame, { exercise: { by: 'claire' } });
  put(frame, siren(frame));
  assert.is(heard(frame, 'sirene'), 'on');
  pass(frame, 4_999);
  assert.is(heard(frame, 'sirene'), 'on');
  assert.is(heard(frame, 'sirene-rue'), 'off');
  pass(frame, 1);
  assert.is(heard(frame, 'sirene'), 'off');
  assert.is(heard(frame, 'sirene-rue'), 'off');
});

sirens('a siren belongs to its areas alone', () => {
  const config = practice();
  const two = bench({
    ...config,
    areas: [...config.areas, areaConfig('officine')],
    outputs: [
      outputConfig('a', { kind: 'siren', areas: ['cabinet'], place: 'indoor' }),
      outputConfig('b', { kind: 'siren', areas: ['officine'], place: 'indoor' }),
      outputConfig('c', { kind: 'siren', areas: ['cabinet', 'officine'], place: 'indoor' }),
    ],
  });
  put(two, siren(two), 'officine');
  assert.is(all(two), 'a=off b=on c=on');
});

sirens.run();

// ---- limits

const limits = suite('limits of an output');

limits('cut after maxOnMs, and it stays off though the alarm goes on asking', () => {
  const frame = bench();
  put(frame, siren(frame));
  pass(frame, 179_999);
  assert.is(heard(frame, 'sirene-rue'), 'on');
  pass(frame, 1);
  assert.is(heard(frame, 'sirene-rue'), 'off');
  pass(frame, 3_600_000);
  assert.is(heard(frame, 'sirene-rue'), 'off');
  assert.is(heard(frame, 'sirene'), 'on', 'the one without a limit follows the alarm');
});

limits('a new alarm after the cut sounds again', () => {
  const frame = bench();
  put(frame, siren(frame));
  pass(frame, 200_000);
  put(frame, siren(frame));
  assert.is(heard(frame, 'sirene-rue'), 'on');
});

limits('another alarm while it sounds does not lengthen it', () => {
  const frame = bench();
  put(frame, siren(frame));
  pass(frame, 100_000);
  put(frame, siren(frame));
  pass(frame, 80_000);
  assert.is(heard(frame, 'sirene-rue'), 'off');
  pass(frame, 100_000);
  assert.is(heard(frame, 'sirene-rue'), 'off');
});

limits('minOffMs delays the next start, no longer than that', () => {
  const frame = bench();
  put(frame, siren(frame));
  pass(frame, 10_000);
  put(frame, noSiren);
  put(frame, siren(frame));
  assert.is(heard(frame, 'sirene-rue'), 'off');
  pass(frame, 999);
  assert.is(heard(frame, 'sirene-rue'), 'off');
  pass(frame, 1);
  assert.is(heard(frame, 'sirene-rue'), 'on');
});

limits('asked for and taken back within the rest: it never comes on', () => {
  const frame = bench();
  put(frame, siren(frame));
  pass(frame, 10_000);
  put(frame, noSiren);
  put(frame, siren(frame));
  pass(frame, 500);
  put(frame, noSiren);
  pass(frame, 60_000);
  assert.is(heard(frame, 'sirene-rue'), 'off');
  assert.equal(frame.state.durable.timers, []);
});

limits('what a restart reads from disk drives the same level, with the time that was left', () => {
  const frame = bench();
  put(frame, siren(frame));
  pass(frame, 100_000);
  const again: Frame = { site: frame.site, now: frame.now, state: structuredClone(frame.state), events: [] };
  assert.equal(outputsOf(again.site, again.state), outputsOf(frame.site, frame.state));
  pass(again, 80_000);
  assert.is(heard(again, 'sirene-rue'), 'off');
});

limits('the state knows when an output last went on and off', () => {
  const frame = bench();
  const { now } = frame;
  put(frame, siren(frame));
  pass(frame, 500_000);
  const at = { index: 2, config: undefined };
  const { on, lastOnAt, lastOffAt } = outputState(frame, at);
  assert.equal({ on, lastOnAt, lastOffAt }, { on: false, lastOnAt: now, lastOffAt: after(now, 180_000) });
});

limits('what an output without limits does leaves no trace to store', () => {
  const frame = bench();
  const before = outputState(frame, { index: 1, config: undefined });
  put(frame, siren(frame));
  assert.is(heard(frame, 'sirene'), 'on');
  assert.is(outputState(frame, { index: 1, config: undefined }), before);
});

limits('a step that comes late notes the cut at its own instant, and a later alarm sounds', () => {
  const frame = bench();
  const start = frame.now;
  put(frame, siren(frame));
  const late: Frame = { ...frame, now: after(start, 200_000) };
  settle(late);
  assert.is(outputState(late, { index: 2, config: undefined }).lastOffAt, after(start, 180_000));
  put(late, { siren: { since: after(start, 190_000), reach: 'full' } });
  assert.is(heard(late, 'sirene-rue'), 'on');
});

limits('a step in which nothing changes changes no object', () => {
  const frame = bench();
  put(frame, { arming: exiting(frame) });
  settle(frame);
  const { durable } = frame.state;
  settle(frame);
  assert.is(frame.state.durable, durable);
});

limits.run();

// ---- buzzers

const buzzer = suite('the buzzer of a keypad');

const TONES: readonly (readonly [name: string, prepare: (frame: Frame) => void, tone: PatternName | 'off'])[] = [
  ['nothing going on', () => undefined, 'off'],
  ['armed', (frame) => put(frame, { arming: armed(frame) }), 'off'],
  ['exit', (frame) => put(frame, { arming: exiting(frame) }), 'exit'],
  ['entry', (frame) => put(frame, { arming: entering(frame) }), 'entry'],
  ['exit error', (frame) => put(frame, { arming: { ...entering(frame), exitError: true } as AreaState['arming'] }), 'fault'],
  ['arming failed', (frame) => put(frame, { faultTone: frame.now }), 'fault'],
  ['a zone opened on the way out', (frame) => put(frame, { arming: exiting(frame), faultTone: frame.now }), 'fault'],
  ['chime', (frame) => (setKeypad(frame, keypadPlace(frame, 'clavier'), { chimeSince: frame.now }), settle(frame)), 'chime'],
  ['accepted', (frame) => show(frame, { kind: 'accepted', verb: 'disarm' }), 'accepted'],
  ['refused', (frame) => show(frame, { kind: 'refused', reason: 'unknown-code', blockers: [] }), 'refused'],
  [
    'refused during entry',
    (frame) => (put(frame, { arming: entering(frame) }), show(frame, { kind: 'refused', reason: 'unknown-code', blockers: [] })),
    'refused',
  ],
  ['reminded to say all is normal', (frame) => show(frame, { kind: 'remind-opening' }), 'reminder'],
  ['tamper by day', (frame) => put(frame, { alarms: [alarm(frame, 'tamper')], memory: [memory] }), 'fault'],
  ['tamper by day, acknowledged', (frame) => put(frame, { alarms: [alarm(frame, 'tamper')] }), 'off'],
  ['silent hold-up', (frame) => put(frame, { alarms: [alarm(frame, 'holdup-silent')], memory: [memory] }), 'off'],
  ['duress', (frame) => put(frame, { alarms: [alarm(frame, 'duress')], memory: [memory] }), 'off'],
  ['a door sounds', (frame) => put(frame, { alarms: [alarm(frame, 'door-left-open')], memory: [memory] }), 'off'],
];

for (const [name, prepare, tone] of TONES) {
  buzzer(`${name} → ${tone}`, () => {
    const frame = bench();
    prepare(frame);
    assert.is(heard(frame, 'buzzer'), tone);
  });
}

buzzer('the exit beeps faster in its last ten seconds, without anything happening', () => {
  const frame = bench();
  put(frame, { arming: exiting(frame) });
  setTimerIn(frame, 'exit', 'cabinet', 60_000);
  settle(frame);
  pass(frame, 49_999);
  assert.is(heard(frame, 'buzzer'), 'exit');
  pass(frame, 1);
  assert.equal(output(frame, 'buzzer'), { pattern: 'exit-final', since: frame.now });
  pass(frame, 5_000);
  assert.equal(
    output(frame, 'buzzer'),
    { pattern: 'exit-final', since: after(frame.now, -5_000) },
    'the rhythm does not start anew',
  );
  put(frame, { arming: armed(frame) });
  assert.is(heard(frame, 'buzzer'), 'off');
});

buzzer('arming by the calendar is near: reminders from the warning to the arming, not before', () => {
  const autoArm = { schedule: 'nuit', mode: 'full', warningMs: 900_000, postponeMs: 0, postponements: 0, retryMs: 0 } as const;
  const frame = bench(practice({ areas: [areaConfig('cabinet', { autoArm })] }));
  setTimerIn(frame, 'auto-arm', 'cabinet', 7_200_000);
  setTimerIn(frame, 'auto-arm-warn', 'cabinet', 6_300_000);
  settle(frame);
  assert.is(heard(frame, 'buzzer'), 'off');
  pass(frame, 6_300_000);
  assert.equal(output(frame, 'buzzer'), { pattern: 'reminder', since: frame.now });
  put(frame, { arming: armed(frame) });
  assert.is(heard(frame, 'buzzer'), 'off');
});

buzzer('an answer is heard once', () => {
  const frame = bench();
  show(frame, { kind: 'refused', reason: 'unknown-code', blockers: [] });
  pass(frame, 999);
  assert.is(heard(frame, 'buzzer'), 'refused');
  pass(frame, 1);
  assert.is(heard(frame, 'buzzer'), 'off');
});

buzzer('a tamper by day is called out for three minutes', () => {
  const frame = bench();
  put(frame, { alarms: [alarm(frame, 'tamper')], memory: [memory] });
  pass(frame, 180_000);
  assert.is(heard(frame, 'buzzer'), 'off');
});

buzzer('every tone has a rhythm that the drivers can play', () => {
  const tones: readonly PatternName[] = TONES.map(([, , tone]) => tone).filter((tone) => tone !== 'off');
  for (const tone of tones) assert.ok(RHYTHMS[tone].length >= 2, tone);
});

buzzer.run();

// ---- lamps, and what nobody may see

const lamps = suite('lamps');

lamps('the armed lamp is lit while set, not during the exit', () => {
  const frame = bench();
  const rows = [
    [disarmed(frame), 'off'],
    [exiting(frame), 'off'],
    [armed(frame), 'on'],
    [entering(frame), 'on'],
  ] as const;
  for (const [arming, expected] of rows) {
    put(frame, { arming });
    assert.is(heard(frame, 'temoin'), expected, arming.state);
  }
});

lamps('one lamp for two areas waits for both', () => {
  const config = practice();
  const two = bench({
    ...config,
    areas: [...config.areas, areaConfig('officine')],
    outputs: [outputConfig('temoin', { kind: 'armed-lamp', areas: ['cabinet', 'officine'] })],
  });
  put(two, { arming: armed(two) });
  assert.is(heard(two, 'temoin'), 'off');
  put(two, { arming: armed(two) }, 'officine');
  assert.is(heard(two, 'temoin'), 'on');
});

lamps('covert alarms move no output at all', () => {
  const kinds: readonly EventKind[] = [
    'holdup-silent',
    'holdup-verified',
    'duress',
    'opening-not-normal',
    'opening-not-confirmed',
  ];
  for (const kind of kinds) {
    const frame = bench();
    const before = outputsOf(frame.site, frame.state);
    put(frame, { alarms: [alarm(frame, kind)] });
    setSite(frame, { holdups: [{ source: 'panique', at: frame.now }], holdupVerified: true });
    settle(frame);
    assert.equal(outputsOf(frame.site, frame.state), before, kind);
  }
});

lamps('any other alarm flashes until it is over', () => {
  const frame = bench();
  put(frame, { alarms: [alarm(frame, 'duress'), alarm(frame, 'intrusion')] });
  assert.is(heard(frame, 'flash'), 'flash');
  put(frame, { alarms: [] });
  assert.is(heard(frame, 'flash'), 'off');
});

lamps.run();

const order = suite('what is written when');

order('what protects moves before the commit, what grants after it', () => {
  const { site, state } = bench();
  assert.is(writeOrder(site, state, { kind: 'siren', areas: [], place: 'indoor' }, 'on'), 'protects');
  assert.is(writeOrder(site, state, { kind: 'sounder', doors: [] }, 'on'), 'protects');
  assert.is(writeOrder(site, state, { kind: 'alarm-light', areas: [] }, 'on'), 'protects');
  assert.is(writeOrder(site, state, { kind: 'buzzer', keypads: [] }, 'on'), 'grants');
  assert.is(writeOrder(site, state, { kind: 'armed-lamp', areas: [] }, 'on'), 'grants');
});

order('values are compared by what they drive', () => {
  const frame = bench();
  const beat = { pattern: 'entry', since: frame.now } as const;
  assert.ok(isSameOutput(beat, { ...beat }));
  assert.not(isSameOutput(beat, { ...beat, since: after(frame.now, 1) }));
  assert.not(isSameOutput(beat, 'on'));
  assert.ok(isSameOutput('off', 'off'));
  assert.not(isSameOutput('off', 'on'));
});

order.run();
