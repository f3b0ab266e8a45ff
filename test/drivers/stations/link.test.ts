/** Sessions one after another: found, lost, tried again, and what an old one has to say. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeLink, RETRY_MAX_MS, RETRY_MIN_MS, SUPERVISION_MS } from '../../../src/drivers/stations/link.ts';
import type { Link } from '../../../src/drivers/stations/link.ts';
import type { SessionListener } from '../../../src/drivers/stations/session.ts';
import { failed } from '../../../src/drivers/stations/transport.ts';
import type { Failure } from '../../../src/drivers/stations/transport.ts';
import { createVirtualTimers } from '../../support/virtualTimers.ts';
import type { VirtualTimers } from '../../support/virtualTimers.ts';

type Begun = { readonly listener: SessionListener; isClosed: boolean; readonly atMs: number };
type Rig = { readonly timers: VirtualTimers; readonly begun: Begun[]; readonly told: string[]; readonly link: Link };

/** `answer`: what each session does as soon as it begins. */
const rig = (answer: (listener: SessionListener) => void = () => {}): Rig => {
  const timers = createVirtualTimers();
  const begun: Begun[] = [];
  const told: string[] = [];
  const link = makeLink({
    timers,
    start: (listener) => {
      const session: Begun = { listener, isClosed: false, atMs: timers.now() };
      begun.push(session);
      answer(listener);
      return {
        close: () => {
          session.isClosed = true;
        },
      };
    },
    listener: {
      onFound: () => void told.push('found'),
      onLost: () => void told.push('lost'),
      onEvent: ({ kind }) => void told.push(kind),
      onRemark: ({ kind }) => void told.push(kind),
      onFailed: ({ failure }) => void told.push(failure),
    },
  });
  return { timers, begun, told, link };
};

const test = suite('stations: link');

test('tried again after a time that doubles, for ever', () => {
  const { timers, begun, link } = rig((listener) => listener.onFailed(failed('unreachable')));
  timers.advance(300_000);
  const waits = begun.map(({ atMs }, index) => atMs - (begun[index - 1]?.atMs ?? 0)).slice(1);
  assert.equal(waits.slice(0, 8), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  assert.ok(waits.every((wait) => wait >= RETRY_MIN_MS && wait <= RETRY_MAX_MS));
  link.close();
  timers.advance(300_000);
  assert.is(begun.length, waits.length + 1, 'and not after it was closed');
  assert.is(timers.pending(), 0);
});

for (const failure of ['wrong-password', 'password-in-clear', 'forbidden', 'certificate'] as const satisfies readonly Failure[]) {
  test(`${failure}: seldom from the first time on`, () => {
    const { timers, begun } = rig((listener) => listener.onFailed(failed(failure)));
    timers.advance(RETRY_MAX_MS - 1);
    assert.is(begun.length, 1);
    timers.advance(1);
    assert.is(begun.length, 2);
  });
}

test('a process that stood still: lost, and the session that still stands is ended with what waits in it', () => {
  const { timers, begun, told } = rig();
  begun[0]?.listener.onUp();
  timers.advance(SUPERVISION_MS);
  assert.equal(told, ['found', 'lost']);
  assert.ok(begun[0]?.isClosed);
  begun[0]?.listener.onEvent({ kind: 'open' });
  begun[0]?.listener.onHeard();
  begun[0]?.listener.onFailed(failed('closed'));
  assert.equal(told, ['found', 'lost'], 'an old session has nothing to say');
  timers.advance(RETRY_MIN_MS);
  assert.is(begun.length, 2);
  begun[1]?.listener.onUp();
  begun[1]?.listener.onEvent({ kind: 'ring' });
  assert.equal(told, ['found', 'lost', 'found', 'ring']);
});

test('one session that is still being made when the station is lost goes on', () => {
  const { timers, begun, told, link } = rig();
  begun[0]?.listener.onUp();
  timers.advance(4_000);
  begun[0]?.listener.onFailed(failed('timeout'));
  timers.advance(SUPERVISION_MS);
  assert.equal(told, ['found', 'timeout', 'lost']);
  assert.is(begun.length, 2);
  assert.not(begun[1]?.isClosed);
  begun[1]?.listener.onUp();
  assert.ok(link.isFound());
});

test('signs of life keep it found; those before it is up do not', () => {
  const { timers, begun, told } = rig();
  begun[0]?.listener.onHeard();
  assert.equal(told, []);
  begun[0]?.listener.onUp();
  for (let times = 0; times < 10; times += 1) {
    timers.advance(SUPERVISION_MS - 1);
    begun[0]?.listener.onHeard();
  }
  assert.equal(told, ['found']);
  timers.advance(SUPERVISION_MS);
  assert.equal(told, ['found', 'lost']);
});
test.run();
