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

/** Lane, class, phase, priority; what happens at a door that locks, and who hears of it. */
const doors: readonly (readonly [EventKind, string, string, string, number])[] = [
  ['door-forced', 'alarm', 'door', 'raise', 6],
  ['door-forced-restored', 'alarm', 'door', 'restore', 2],
  ['interlock-timeout', 'alarm', 'door', 'raise', 5],
  ['interlock-restored', 'alarm', 'door', 'restore', 2],
  ['interlock-overridden', 'alarm', 'door', 'report', 5],
  ['egress-released', 'alarm', 'door', 'raise', 6],
  ['egress-restored', 'alarm', 'door', 'restore', 2],
  ['egress-acknowledged', 'event', 'access', 'report', 1],
  ['lock-fault', 'event', 'fault', 'raise', 4],
  ['exit-request-stuck', 'event', 'fault', 'raise', 3],
  ['exit-request-restored', 'event', 'fault', 'restore', 1],
  ['reader-offline', 'event', 'fault', 'raise', 3],
  ['reader-restored', 'event', 'fault', 'restore', 1],
  ['access-granted', 'event', 'access', 'report', 1],
  ['access-refused', 'event', 'access', 'report', 2],
  ['access-used', 'event', 'access', 'report', 1],
  ['access-not-used', 'event', 'access', 'report', 1],
  ['access-ended', 'event', 'access', 'report', 1],
  ['free-access-started', 'event', 'access', 'raise', 1],
  ['free-access-ended', 'event', 'access', 'restore', 1],
  ['released-pending', 'event', 'access', 'raise', 2],
  ['released-pending-ended', 'event', 'access', 'restore', 1],
  ['bell', 'event', 'access', 'report', 1],
  ['exit-requested', 'journal', 'access', 'report', 0],
];

test('what happens at a door that locks goes to those whom it concerns', () => {
  for (const [kind, ...expected] of doors) {
    const code = codeOf(kind);
    assert.equal([code.lane, code.class, code.phase, code.priority], expected, kind);
  }
});

test('who went through a door is purged with the rest of such records; who was given rights, and what failed, is not', () => {
  const passages = EVENT_KINDS.filter((kind) => kind.startsWith('access-'));
  assert.is(passages.length, 5);
  for (const kind of [...passages, 'exit-requested', 'anti-passback', 'bell', 'door-mode-changed'] as const) {
    assert.ok(codeOf(kind).access, kind);
  }
  for (const kind of ['person-added', 'person-revoked', 'operator-revoked', 'door-forced', 'lock-fault'] as const) {
    assert.not.ok(codeOf(kind).access, kind);
  }
});

const refined: readonly (readonly [Event, string, string])[] = [
  [happened('intrusion', { cause: 'zone' }), 'BA', '1130'],
  [happened('intrusion', { cause: 'entry-expired' }), 'BA', '1134'],
  [happened('armed', { mode: 'full', cause: 'keypad' }), 'CL', '3401'],
  [happened('armed', { mode: 'full', cause: 'schedule' }), 'CA', '3403'],
  [happened('armed', { mode: 'partial', cause: 'schedule' }), 'CG', '3441'],
  [happened('disarmed', { cause: 'keyswitch' }), 'OS', '1409'],
  [happened('technical', { cause: 'too-low' }), 'ZA', '1159'],
  [happened('lock-fault', { cause: 'unlock-failed' }), 'DT', '1432'],
  [happened('lock-fault', { cause: 'bolt-forced' }), 'TA', '1137'],
  [happened('lock-fault-restored', { cause: 'bolt-forced' }), 'TR', '3137'],
  [happened('access-granted', { cause: 'badge' }), 'DG', '1422'],
  [happened('access-granted', { cause: 'remote' }), 'DG', '1422'],
  [happened('access-granted', { cause: 'interphone' }), 'DE', '1422'],
  [happened('access-used', { cause: 'exit-request' }), 'DX', '1425'],
  [happened('access-refused', {}), 'DK', '1421'],
  [happened('access-refused', { reason: 'unknown-code' }), 'DD', '1421'],
  [happened('access-refused', { reason: 'out-of-hours', cause: 'badge' }), 'DP', '1421'],
  [happened('access-refused', { reason: 'area-armed', cause: 'interphone' }), 'DQ', '1421'],
  [happened('access-refused', { reason: 'not-your-door' }), 'DV', '1421'],
  [happened('access-refused', { reason: 'interlock-busy' }), 'DW', '1421'],
  [happened('access-refused', { reason: 'door-locked-down' }), 'DZ', '1421'],
  [happened('access-refused', { reason: 'second-person' }), 'DK', '1421'],
  [happened('door-mode-changed', { detail: { mode: 'blocked' } }), 'DC', '1431'],
  [happened('door-mode-changed', { detail: { mode: 'locked-open' } }), 'DO', '1431'],
  [happened('door-mode-changed', { detail: { mode: 'toString' } }), 'DY', '1431'],
  [happened('door-mode-changed'), 'DY', '1431'],
];

test('mode, cause and reason refine the codes', () => {
  for (const [event, sia, cid] of refined) {
    const codes = codesOf(event);
    assert.equal([codes?.sia, `${codes?.cid.qualifier}${codes?.cid.code}`], [sia, cid]);
  }
  assert.is(codesOf(happened('alarm-held')), undefined);
});

test.run();
