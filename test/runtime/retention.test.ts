/** When the journal forgets who came and went. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf } from '../../src/protocol/eventCodes.ts';
import { EVENT_KINDS } from '../../src/core/event.ts';
import type { EventKind } from '../../src/core/event.ts';
import { DAY } from '../../src/core/time.ts';
import { watchRetention } from '../../src/runtime/watch.ts';

const test = suite('runtime: retention');

const NOW = Date.parse('2026-11-28T12:00:00Z');

const purgedBefore = (isSynchronised: boolean, retentionMs: number): readonly number[] => {
  const asked: number[] = [];
  const clock = { machineMs: () => 0, wallMs: () => NOW, isSynchronised: () => isSynchronised, bootId: 'b' };
  const store = {
    purgeAccess: async (before: number) => {
      asked.push(before);
      return { ok: true, value: 0 } as const;
    },
  };
  watchRetention(clock, store, retentionMs).look();
  return asked;
};

test('what is older than the site keeps it is purged, and nothing by a clock that may be wrong', () => {
  assert.equal(purgedBefore(true, 90 * DAY), [NOW - 90 * DAY]);
  assert.equal(purgedBefore(true, 7 * DAY), [NOW - 7 * DAY]);
  assert.equal(purgedBefore(false, 90 * DAY), []);
});

const PASSING: readonly EventKind[] = [
  'armed',
  'disarmed',
  'access-granted',
  'access-refused',
  'access-used',
  'code-refused',
  'anti-passback',
];

test('movements of people are such records; alarms and rights given or taken are not', () => {
  for (const kind of PASSING) assert.ok(codeOf(kind).access, kind);
  const kept = EVENT_KINDS.filter(
    (kind) => codeOf(kind).lane === 'alarm' || kind.startsWith('person-') || kind === 'operator-revoked',
  );
  for (const kind of kept) assert.not.ok(codeOf(kind).access, kind);
});

test.run();
