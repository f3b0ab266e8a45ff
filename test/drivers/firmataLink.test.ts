/** The life of the link to a board, in virtual time: each phase by what may happen in it. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLOSED_LINK, LINK_TIMES, nextDeadline, stepLink } from '../../src/drivers/firmata/link.ts';
import type { Heard, LinkEffect, LinkInput, LinkState } from '../../src/drivers/firmata/link.ts';

/** A link, its clock, and what it asked for since it was looked at last. */
const linkInTime = () => {
  let state: LinkState = CLOSED_LINK;
  let now = 0;
  let effects: LinkEffect[] = [];
  const put = (input: LinkInput): void => {
    const step = stepLink(state, input, now);
    ({ state } = step);
    effects.push(...step.effects);
  };
  const hear = (heard: Heard, generation = state.generation): void => put({ kind: 'heard', generation, heard });
  const pass = (ms: number, meanwhile: () => void = () => {}): void => {
    const until = now + ms;
    for (let due = nextDeadline(state); due !== undefined && due <= until; due = nextDeadline(state)) {
      now = Math.max(now, due);
      put({ kind: 'tick' });
      meanwhile();
    }
    now = until;
  };
  const took = (): string[] => {
    const words = effects.map((effect) => (effect.kind === 'say' ? `say ${effect.what}` : effect.kind));
    effects = [];
    return words;
  };
  return { put, hear, pass, took, phase: () => state.phase.name, state: () => state, now: () => now };
};

type InTime = ReturnType<typeof linkInTime>;

const until = (phase: 'opening' | 'handshaking' | 'arming' | 'up' | 'doubtful'): InTime => {
  const link = linkInTime();
  link.put({ kind: 'start' });
  if (phase === 'opening') return link;
  link.hear({ kind: 'opened' });
  if (phase === 'handshaking') return link;
  link.hear({ kind: 'ready' });
  if (phase === 'arming') return link;
  link.hear({ kind: 'armed' });
  if (phase === 'doubtful') link.pass(LINK_TIMES.silentMs);
  return link;
};
const fresh: typeof until = (phase) => {
  const link = until(phase);
  link.took();
  return link;
};

const life = suite('link: from closed to up');

life('a board that answers is up in four steps, and each is done once', () => {
  const link = until('up');
  assert.equal(link.took(), ['open', 'ask', 'arm', 'restore', 'say up']);
  assert.is(link.phase(), 'up');
});

life('while it answers, it is asked every 250 ms and nothing else happens', () => {
  const link = fresh('up');
  link.pass(2_500, () => link.hear({ kind: 'alive' }));
  assert.equal(new Set(link.took()), new Set(['beat']));
  assert.is(link.phase(), 'up');
});

life('a board that boots is asked again who it is', () => {
  const link = fresh('handshaking');
  link.pass(2_000);
  assert.equal(link.took(), ['ask', 'ask', 'ask', 'ask']);
  link.hear({ kind: 'ready' });
  assert.equal(link.took(), ['arm']);
});

life('while it is armed the board is kept from thinking that we are gone', () => {
  const link = fresh('arming');
  link.pass(600);
  assert.equal(link.took(), ['beat', 'beat']);
});

life('a stopped link opens nothing any more', () => {
  const link = fresh('up');
  link.put({ kind: 'stop' });
  assert.equal(link.took(), ['close']);
  link.pass(60_000);
  assert.equal(link.took(), []);
});
life.run();

const trouble = suite('link: what can go wrong');

type Row = readonly [
  name: string,
  phase: Parameters<typeof until>[0],
  happens: (link: InTime) => void,
  effects: readonly string[],
  phaseAfter: string,
];

const ROWS: readonly Row[] = [
  [
    'no port',
    'opening',
    (link) => link.hear({ kind: 'open-failed', reason: 'port-missing' }),
    ['close', 'say port-missing'],
    'closed',
  ],
  [
    'no permission',
    'opening',
    (link) => link.hear({ kind: 'open-failed', reason: 'no-permission' }),
    ['close', 'say no-permission'],
    'closed',
  ],
  ['a port that never opens', 'opening', (link) => link.pass(LINK_TIMES.openMs), ['close', 'say cannot-open'], 'closed'],
  ['unplugged', 'up', (link) => link.hear({ kind: 'closed' }), ['lose', 'close', 'say unplugged'], 'closed'],
  ['unplugged while armed', 'arming', (link) => link.hear({ kind: 'closed' }), ['close', 'say unplugged'], 'closed'],
  ['unplugged in doubt', 'doubtful', (link) => link.hear({ kind: 'closed' }), ['close', 'say unplugged'], 'closed'],
  ['wrong pins', 'handshaking', (link) => link.hear({ kind: 'unfit' }), ['close', 'say pins-missing'], 'closed'],
  ['restarted', 'up', (link) => link.hear({ kind: 'unset', reason: 'restarted' }), ['lose', 'say restarted', 'arm'], 'arming'],
  [
    'put at rest by its watchdog',
    'up',
    (link) => link.hear({ kind: 'unset', reason: 'put-at-rest' }),
    ['lose', 'say put-at-rest', 'arm'],
    'arming',
  ],
  [
    'restarted while it was armed',
    'arming',
    (link) => link.hear({ kind: 'unset', reason: 'restarted' }),
    ['say restarted', 'arm'],
    'arming',
  ],
  [
    'back after a reset',
    'doubtful',
    (link) => link.hear({ kind: 'unset', reason: 'restarted' }),
    ['say restarted', 'arm'],
    'arming',
  ],
  ['back after a hang', 'doubtful', (link) => link.hear({ kind: 'alive' }), ['arm'], 'arming'],
  [
    'writes that never end',
    'up',
    (link) => link.hear({ kind: 'writes-pile-up' }),
    ['lose', 'close', 'say writes-pile-up'],
    'closed',
  ],
  ['an answer while it is up', 'up', (link) => link.hear({ kind: 'alive' }), [], 'up'],
  ['bytes while it is up', 'up', (link) => link.hear({ kind: 'bytes' }), [], 'up'],
  ['armed twice', 'up', (link) => link.hear({ kind: 'armed' }), [], 'up'],
  ['ready twice', 'up', (link) => link.hear({ kind: 'ready' }), [], 'up'],
  [
    'a firmware report in the handshake',
    'handshaking',
    (link) => link.hear({ kind: 'unset', reason: 'restarted' }),
    [],
    'handshaking',
  ],
  ['started twice', 'up', (link) => link.put({ kind: 'start' }), [], 'up'],
];
for (const [name, phase, happens, effects, phaseAfter] of ROWS) {
  trouble(`${phase}: ${name} → ${phaseAfter}`, () => {
    const link = fresh(phase);
    happens(link);
    assert.equal(link.took(), effects);
    assert.is(link.phase(), phaseAfter);
  });
}

trouble('a board that answers nothing is lost after a second, doubted for four more, and then opened anew', () => {
  const link = fresh('up');
  link.pass(LINK_TIMES.silentMs - 1);
  assert.not(link.took().includes('lose'));
  link.pass(1);
  assert.equal(link.took(), ['lose', 'say no-answer', 'beat']);
  link.pass(LINK_TIMES.doubtMs);
  assert.equal(
    link.took().filter((effect) => effect !== 'beat'),
    ['close'],
  );
  link.pass(LINK_TIMES.retryMinMs);
  assert.equal(link.took(), ['open']);
});

trouble('unasked reports keep nobody alive: only the answer to a beat does', () => {
  const link = fresh('up');
  link.pass(LINK_TIMES.silentMs, () => link.hear({ kind: 'bytes' }));
  assert.is(link.phase(), 'doubtful');
});

trouble('a silent device and one that talks something else are told apart', () => {
  const silent = fresh('handshaking');
  silent.pass(LINK_TIMES.handshakeMs);
  assert.ok(silent.took().includes('say silent'));
  const strange = fresh('handshaking');
  strange.hear({ kind: 'bytes' });
  strange.pass(LINK_TIMES.handshakeMs);
  assert.ok(strange.took().includes('say not-firmata'));
});

trouble('a board that does not take its settings is opened anew', () => {
  const link = fresh('arming');
  link.pass(LINK_TIMES.armMs);
  assert.equal(link.took().slice(-2), ['close', 'say not-taking-orders']);
});

trouble('it is tried for ever, 250 ms to 2 s apart, and said once', () => {
  const link = fresh('opening');
  const opened: number[] = [];
  link.hear({ kind: 'open-failed', reason: 'port-missing' });
  link.pass(60_000, () => {
    opened.push(link.now());
    link.hear({ kind: 'open-failed', reason: 'port-missing' });
  });
  const gaps = opened.slice(1).map((at, index) => at - (opened[index] ?? 0));
  assert.is(opened[0], 250);
  assert.equal(gaps.slice(0, 3), [500, 1_000, 2_000]);
  assert.equal(new Set(gaps.slice(3)), new Set([2_000]));
  assert.is(link.took().filter((effect) => effect === 'say port-missing').length, 1);
});

trouble('each change of what is wrong is said, and that it is well again', () => {
  const link = fresh('up');
  link.hear({ kind: 'closed' });
  link.pass(250);
  link.hear({ kind: 'open-failed', reason: 'port-missing' });
  link.pass(500);
  for (const kind of ['opened', 'ready', 'armed'] as const) link.hear({ kind });
  assert.equal(
    link.took().filter((effect) => effect.startsWith('say')),
    ['say unplugged', 'say port-missing', 'say up'],
  );
});
trouble.run();

const late = suite('link: what comes from an earlier connection');

const HEARD: readonly Heard[] = [
  { kind: 'opened' },
  { kind: 'open-failed', reason: 'cannot-open' },
  { kind: 'closed' },
  { kind: 'bytes' },
  { kind: 'ready' },
  { kind: 'unfit' },
  { kind: 'armed' },
  { kind: 'alive' },
  { kind: 'unset', reason: 'restarted' },
  { kind: 'writes-pile-up' },
];
for (const heard of HEARD) {
  late(`${heard.kind} is ignored in every phase`, () => {
    for (const phase of ['opening', 'handshaking', 'arming', 'up', 'doubtful'] as const) {
      const link = fresh(phase);
      const before = link.state();
      link.hear(heard, before.generation - 1);
      assert.is(link.state(), before);
      assert.equal(link.took(), []);
    }
  });
}
late.run();

const always = suite('link: whatever happens');

const anyHeard = fc.constantFrom(...HEARD);
const anyAct = fc.oneof(
  anyHeard.map(
    (heard) =>
      (link: InTime): void =>
        link.hear(heard),
  ),
  fc.integer({ min: 0, max: 3_000 }).map(
    (ms) =>
      (link: InTime): void =>
        link.pass(ms),
  ),
);

always('lines are lost and restored in turn, one connection is open at a time, and it is never given up', () => {
  fc.assert(
    fc.property(fc.array(anyAct, { maxLength: 60 }), (acts) => {
      const link = linkInTime();
      link.put({ kind: 'start' });
      for (const act of acts) act(link);
      const effects = link.took();
      const lines = effects.filter((effect) => effect === 'lose' || effect === 'restore');
      assert.ok(lines.every((effect, index) => effect === (index % 2 === 0 ? 'restore' : 'lose')));
      const ports = effects.filter((effect) => effect === 'open' || effect === 'close');
      assert.ok(ports.every((effect, index) => effect === (index % 2 === 0 ? 'open' : 'close')));
      assert.is.not(nextDeadline(link.state()), undefined);
      assert.is(link.phase() === 'up', lines.length % 2 === 1);
    }),
    { numRuns: 2_000 },
  );
});
always.run();
