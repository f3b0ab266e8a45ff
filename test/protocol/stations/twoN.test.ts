/** The answers of a 2N station, and which of its events count. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LAG_MAX_MS, newWatch, SPAN_MAX_MS, watchAnswer } from '../../../src/protocol/stations/freshness.ts';
import { readEvents, readSubscription, readTwoNInfo } from '../../../src/protocol/stations/twoN.ts';
import type { TwoNEvent } from '../../../src/protocol/stations/twoN.ts';

const answers = suite('2N: answers');

const shown = (answer: ReturnType<typeof readSubscription>): string =>
  answer.ok ? String(answer.value) : answer.reason === 'refused' ? `${answer.code} ${answer.parameter}` : answer.reason;

const SUBSCRIPTIONS: readonly (readonly [text: string, expected: string])[] = [
  ['{ "success" : true, "result" : { "id" : 2121013117 } }', '2121013117'],
  ['{"success":true,"result":{"id":4294967295}}', '4294967295'],
  ['{"success":true,"result":{"id":4294967296}}', 'garbled'],
  ['{"success":true,"result":{"id":-1}}', 'garbled'],
  ['{"success":true,"result":{"id":1.5}}', 'garbled'],
  ['{"success":true,"result":{"id":"7"}}', 'garbled'],
  ['{"success":true}', 'garbled'],
  ['{"success":"true","result":{"id":1}}', 'garbled'],
  ['{"result":{"id":1}}', 'garbled'],
  ['{"success":false,"error":{"code":12,"param":"id","description":"invalid parameter value"}}', '12 id'],
  ['{"success":false,"error":{"code":9}}', '9 undefined'],
  ['{"success":false}', 'garbled'],
  ['{"success":false,"error":{"code":"12"}}', 'garbled'],
  ['[]', 'garbled'],
  ['null', 'garbled'],
  ['', 'garbled'],
  ['{"success":true,', 'garbled'],
];
for (const [text, expected] of SUBSCRIPTIONS) {
  answers(`${text || 'nothing'}: ${expected}`, () => assert.is(shown(readSubscription(text)), expected));
}

answers('events: those that are none are left out, the others count', () => {
  const events = [
    { id: 1, tzShift: 0, utcTime: 1_437_987_102, upTime: 8, event: 'KeyPressed', params: { key: '%1' } },
    { id: 2, event: 'KeyPressed' },
    { id: '3', event: 'KeyPressed' },
    { id: 4 },
    7,
    null,
    { id: 5, upTime: -3, event: 'X', params: [] },
  ];
  const read = readEvents(JSON.stringify({ success: true, result: { events } }));
  assert.equal(read, {
    ok: true,
    value: [
      { id: 1, upTimeS: 8, utcTimeS: 1_437_987_102, name: 'KeyPressed', parameters: { key: '%1' } },
      { id: 2, upTimeS: undefined, utcTimeS: undefined, name: 'KeyPressed', parameters: {} },
      { id: 5, upTimeS: undefined, utcTimeS: undefined, name: 'X', parameters: {} },
    ],
  });
  assert.not(readEvents('{"success":true,"result":{"events":{}}}').ok);
});

answers('what it is', () => {
  const text = '{"success":true,"result":{"variant":"2N IP Verso","swVersion":"2.40.0","serialNumber":"54-1"}}';
  assert.equal(readTwoNInfo(text), { ok: true, value: '2N IP Verso 2.40.0' });
  assert.not(readTwoNInfo('{"success":true,"result":{}}').ok);
  assert.not(readTwoNInfo('{"BHA":{}}').ok);
});
answers.run();

// ---- which count

const freshness = suite('2N: which events count');

const event = (id: number, upTimeS: number | undefined): TwoNEvent => ({
  id,
  upTimeS,
  utcTimeS: 1_700_000_000 + (upTimeS ?? 0),
  name: 'KeyPressed',
  parameters: {},
});
const ids = (events: readonly TwoNEvent[]): string => events.map(({ id }) => id).join(' ');

freshness('each once, by rising ids', () => {
  const first = watchAnswer(newWatch(0), [event(4, 10), event(5, 10), event(5, 10), event(3, 9)], 100, 200);
  assert.is(ids(first.fresh), '4 5');
  assert.is(first.repeated, 2);
  const second = watchAnswer(first.watch, [event(5, 10), event(6, 11)], 300, 1_200);
  assert.is(ids(second.fresh), '6');
  assert.is(second.repeated, 1);
});

freshness('once over subscriptions too; a station that began to count again is heard', () => {
  const first = watchAnswer(newWatch(0), [event(8, 10), event(9, 11)], 100, 200);
  const anew = newWatch(60_000, first.watch.marks);
  const repeated = watchAnswer(anew, [event(9, 11)], 60_100, 60_200);
  assert.is(repeated.repeated, 1);
  assert.is(ids(repeated.fresh), '');
  const restarted = watchAnswer(anew, [event(1, 40), event(2, 41)], 60_100, 60_200);
  assert.is(ids(restarted.fresh), '1 2');
});

freshness('the marks that are kept have an end', () => {
  let watch = newWatch(0);
  for (let id = 1; id <= 1_000; id += 1) watch = watchAnswer(watch, [event(id, id)], 0, 0).watch;
  assert.ok(watch.marks.length <= 256);
});

freshness('the station’s own clock is compared with itself: what it is wrong by is nothing to us', () => {
  for (const wrong of [0, 1_000_000, 4_000_000_000]) {
    const first = watchAnswer(newWatch(1_000), [event(1, wrong)], 1_500, 2_000);
    assert.is(ids(first.fresh), '1');
    const late = watchAnswer(first.watch, [event(2, wrong + 1)], 2_500, 2_000 + 1_000 + LAG_MAX_MS + 1);
    assert.is(ids(late.stale), '2');
    const onTime = watchAnswer(first.watch, [event(2, wrong + 1)], 2_500, 2_000 + 1_000 + LAG_MAX_MS);
    assert.is(ids(onTime.fresh), '2');
  }
});

freshness('in one answer the old are told from the new', () => {
  const watched = watchAnswer(newWatch(0), [event(1, 3), event(2, 9), event(3, 10)], 9_000, 9_500);
  assert.is(ids(watched.stale), '1');
  assert.is(ids(watched.fresh), '2 3');
});

freshness('an answer that covers too long a span proves nothing, with or without a clock', () => {
  for (const upTimeS of [5, undefined]) {
    const at = watchAnswer(newWatch(0), [event(1, upTimeS)], 5_000, SPAN_MAX_MS);
    assert.is(ids(at.fresh), '1');
    const over = watchAnswer(newWatch(0), [event(1, upTimeS)], 5_000, SPAN_MAX_MS + 1);
    assert.is(ids(over.stale), '1');
  }
  const quiet = watchAnswer(newWatch(0), [], 5_000, 8_000);
  assert.is(ids(watchAnswer(quiet.watch, [event(1, 9)], 8_000, 11_000).fresh), '1', 'the span begins with the question before');
});
freshness.run();
