import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isCovertEvent } from '../../src/core/covert.ts';
import { EVENT_KINDS } from '../../src/core/event.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { ALARM_CLASSES, EVENT_CATEGORIES } from '../../src/protocol/classes.ts';
import { EVENT_CODES, HOME_ASSISTANT_EVENTS, codeOf, codesOf, laneOf } from '../../src/protocol/eventCodes.ts';

const test = suite('the table of event kinds');

const happened = (kind: EventKind, facts: Partial<Event> = {}): Event => ({
  kind,
  at: wall(0),
  atQuality: 'synchronised',
  mono: monotonic(0),
  exercise: false,
  ...facts,
});

test('has every kind of event, and no other', () => {
  assert.equal(Object.keys(EVENT_CODES).toSorted(), [...EVENT_KINDS].toSorted());
});

test('classes are those of the contract, codes are well formed, priorities are 0 to 9', () => {
  for (const kind of EVENT_KINDS) {
    const code = codeOf(kind);
    assert.ok(Number.isInteger(code.priority) && code.priority >= 0 && code.priority <= 9, kind);
    assert.ok(code.homeAssistant === undefined || HOME_ASSISTANT_EVENTS.includes(code.homeAssistant), kind);
    if (code.lane === 'journal') {
      assert.is(code.priority, 0, `${kind} is never sent`);
      assert.is(laneOf(kind), undefined);
      continue;
    }
    const classes: readonly string[] = code.lane === 'alarm' ? ALARM_CLASSES : EVENT_CATEGORIES;
    assert.ok(classes.includes(code.class), `${kind} in ${code.class}`);
    assert.match(code.sia, /^[A-Z]{2}$/);
    assert.match(code.cid.code, /^\d{3}$/);
    assert.ok(code.priority > 0, kind);
  }
});

test('restores say so in Contact ID, raises do not', () => {
  for (const kind of EVENT_KINDS) {
    const code = codeOf(kind);
    if (code.lane === 'journal') continue;
    if (code.phase === 'raise') assert.is(code.cid.qualifier, 1, kind);
  }
  for (const [kind, code] of Object.entries(EVENT_CODES)) {
    if (kind.endsWith('-restored') && code.lane !== 'journal') assert.is(code.cid?.qualifier, 3, kind);
  }
});

test('a restore or cancel goes the lane of what it ends', () => {
  for (const kind of EVENT_KINDS) {
    const begun = EVENT_KINDS.find((other) => kind === `${other}-restored`);
    if (begun) assert.is(codeOf(kind).lane, codeOf(begun).lane, kind);
  }
  assert.is(laneOf('alarm-cancelled'), 'alarm');
});

test('nothing covert is told to Home Assistant', () => {
  for (const kind of EVENT_KINDS) {
    assert.is(codeOf(kind).covert, isCovertEvent(kind), `${kind} for the core`);
    if (codeOf(kind).covert) assert.is(codeOf(kind).homeAssistant, undefined, kind);
  }
  assert.ok(codeOf('opening-normal').covert, 'its absence would tell of the others');
  assert.not.ok(codeOf('intrusion').covert);
});

test('a person under threat comes before everything', () => {
  const highest = EVENT_KINDS.filter((kind) => codeOf(kind).priority === 9);
  assert.equal(
    highest.toSorted(),
    [
      'duress',
      'fire',
      'holdup-audible',
      'holdup-silent',
      'holdup-verified',
      'opening-not-confirmed',
      'opening-not-normal',
    ].toSorted(),
  );
});

test('a held or aborted alarm is never sent; a failed closing is an alarm', () => {
  for (const kind of ['alarm-held', 'alarm-aborted', 'entry-started', 'code-refused', 'chime'] as const) {
    assert.is(laneOf(kind), undefined, kind);
  }
  for (const kind of ['arm-failed', 'late-to-arm', 'opening-not-confirmed'] as const) assert.is(laneOf(kind), 'alarm', kind);
});

const refined: readonly (readonly [Event, string, string])[] = [
  [happened('intrusion', { cause: 'zone' }), 'BA', '1130'],
  [happened('intrusion', { cause: 'entry-expired' }), 'BA', '1134'],
  [happened('armed', { mode: 'full', cause: 'keypad' }), 'CL', '3401'],
  [happened('armed', { mode: 'full', cause: 'schedule' }), 'CA', '3403'],
  [happened('armed', { mode: 'partial', cause: 'schedule' }), 'CG', '3441'],
  [happened('disarmed', { cause: 'keyswitch' }), 'OS', '1409'],
  [happened('technical', { cause: 'too-low' }), 'ZA', '1159'],
];

test('mode and cause refine the codes', () => {
  for (const [event, sia, cid] of refined) {
    const codes = codesOf(event);
    assert.equal([codes?.sia, `${codes?.cid.qualifier}${codes?.cid.code}`], [sia, cid]);
  }
  assert.is(codesOf(happened('alarm-held')), undefined);
});

test.run();
