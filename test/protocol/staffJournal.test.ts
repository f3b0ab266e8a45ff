/** What staff may read of the journal: the same whatever code was typed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVENT_KINDS } from '../../src/core/event.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { staffEvent, staffRows } from '../../src/protocol/staffJournal.ts';

const test = suite('the journal staff read');

const happened = (kind: EventKind, facts: Partial<Event> = {}): Event => ({
  kind,
  at: wall(1000),
  atQuality: 'synchronised',
  mono: monotonic(1000),
  exercise: false,
  ...facts,
});

const NO_ZONES: ReadonlySet<string> = new Set();
const BUTTON: ReadonlySet<string> = new Set(['button']);
const rowsOf = (events: readonly Event[]) => staffRows(events, BUTTON).map(({ number, event }) => `${number} ${event.kind}`);

/** What differs by design: the release, the abort and the cancel of an alarm, and everything covert. */
const NEVER_SHOWN: readonly EventKind[] = [
  'holdup-silent',
  'holdup-verified',
  'holdup-restored',
  'duress',
  'opening-normal',
  'opening-not-normal',
  'opening-not-confirmed',
  'alarm-aborted',
  'alarm-cancelled',
  // shown as the alarm that is held, and here none is named
  'alarm-held',
];

test('every kind is shown as it is, or never', () => {
  const unseen = EVENT_KINDS.filter((kind) => staffEvent(happened(kind), NO_ZONES) === undefined);
  assert.equal(unseen.toSorted(), NEVER_SHOWN.toSorted());
  for (const kind of EVENT_KINDS) {
    if (!unseen.includes(kind)) assert.equal(staffEvent(happened(kind), NO_ZONES), happened(kind));
  }
});

test('an alarm that is held reads like an alarm, at its own time', () => {
  const facts = { area: 'cabinet', zone: 'entrance', cause: 'entry-expired', confirmed: false } as const;
  const held = happened('alarm-held', { ...facts, detail: { held: 'intrusion' } });
  assert.equal(staffEvent(held, NO_ZONES), happened('intrusion', facts));
});

test('its release is not shown a second time', () => {
  assert.is(staffEvent(happened('intrusion', { detail: { heldMs: 10_000 } }), NO_ZONES), undefined);
  assert.is(staffEvent(happened('intrusion-restored', { detail: { heldMs: 0 } }), NO_ZONES), undefined);
});

const HELD = happened('alarm-held', { zone: 'entrance', detail: { held: 'intrusion' } });
const RELEASED = happened('intrusion', { zone: 'entrance', detail: { heldMs: 5000 } });

const DISARMS: readonly (readonly [string, readonly Event[]])[] = [
  ['plain', [HELD, happened('alarm-aborted', { zones: ['entrance'] }), happened('disarmed')]],
  ['duress', [HELD, happened('duress'), RELEASED, happened('disarmed')]],
  ['not normal', [HELD, RELEASED, happened('disarmed'), happened('opening-not-normal')]],
];

test('a plain and a covert disarm leave the same rows, with the same numbers', () => {
  for (const [code, events] of DISARMS) assert.equal(rowsOf(events), ['1 intrusion', '2 disarmed'], code);
});

test('a silent button that moves leaves nothing', () => {
  const moved: readonly EventKind[] = [
    'short-pulses',
    'seen-again',
    'soak-activation',
    'zone-fault',
    'zone-fault-restored',
    'chime',
  ];
  for (const kind of moved) {
    assert.is(staffEvent(happened(kind, { zone: 'button' }), BUTTON), undefined, kind);
    assert.ok(staffEvent(happened(kind, { zone: 'window' }), BUTTON), `${kind} of another zone`);
  }
});

test('what people do to a silent button is theirs to read', () => {
  assert.equal(rowsOf([happened('walk-test-zone', { zone: 'button' }), happened('isolated', { zone: 'button' })]), [
    '1 walk-test-zone',
    '2 isolated',
  ]);
});

test('counts over everything, and numbers of messages, are left out', () => {
  const report = happened('test-report', { detail: { zones: 17, notSeen: 1 } });
  assert.equal(staffEvent(report, NO_ZONES), happened('test-report'));
  const refused = happened('acknowledgement-refused', { detail: { lane: 'alarm', seq: 41 } });
  assert.equal(staffEvent(refused, NO_ZONES), happened('acknowledgement-refused'));
  const kept = happened('clock-set', { detail: { oldMs: 1 } });
  assert.equal(staffEvent(kept, NO_ZONES), kept);
});

test.run();
