/** The desk between operators and the core: what is fresh, whose it is, and what comes of it; in virtual time, over real keys. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event, EventFacts, EventKind } from '../../src/core/event.ts';
import type { Input } from '../../src/core/input.ts';
import { initialState } from '../../src/core/initial.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Durable, Release, State } from '../../src/core/state.ts';
import { MINUTE, monotonic, SECOND, wall } from '../../src/core/time.ts';
import { ed25519 } from '../../src/drivers/signatures/ed25519.ts';
import type { SigningKey } from '../../src/drivers/signatures/ed25519.ts';
import type { CommandMessage } from '../../src/protocol/commands.ts';
import type { Signatures } from '../../src/ports/signatures.ts';
import { closedDesk, makeRemoteDesk } from '../../src/runtime/remoteDesk.ts';
import type { Answered } from '../../src/runtime/remoteDesk.ts';
import { signedUnlock, testKey } from '../support/operators.ts';
import type { Wish } from '../support/operators.ts';
import { doorConfig, practiceConfig } from '../support/site.ts';

const test = suite('remote desk');

const SITE = 'cabinet';
const site = siteOf(
  practiceConfig({ site: SITE, doors: [doorConfig('entree', 'cour', undefined), doorConfig('cour', 'cour', undefined)] }),
);
const keys = { paul: testKey(1), lea: testKey(2), stranger: testKey(3) };

type Bench = {
  now: number;
  state: State;
  readonly inputs: Input[];
  readonly answers: Answered[];
  readonly desk: ReturnType<typeof makeRemoteDesk>;
};

const bench = (signatures: Signatures = ed25519): Bench => {
  let drawn = 0;
  const made: Omit<Bench, 'desk'> = {
    now: 1_000,
    state: initialState(site, monotonic(0)),
    inputs: [],
    answers: [],
  };
  const desk = makeRemoteDesk({
    site,
    publicKeys: new Map([
      ['paul', keys.paul.publicKey],
      ['lea', keys.lea.publicKey],
    ]),
    signatures,
    randomBytes: (count) => new Uint8Array(count).fill((drawn += 1)),
    state: () => made.state,
    submit: (input) => void made.inputs.push(input),
    now: () => monotonic(made.now),
    answer: (answered) => void made.answers.push(answered),
  });
  return Object.assign(made, { desk });
};

const RELEASE: Release = {
  cause: 'remote',
  since: monotonic(0),
  user: undefined,
  operator: 'paul',
  keypad: undefined,
  command: 'c1',
  extended: false,
  opened: false,
  egress: false,
};

/** What the core makes of its locks when it grants, and when it takes back. */
const setReleased = (world: Bench, release: Release | undefined): void => {
  const { volatile } = world.state;
  world.state = { ...world.state, volatile: { ...volatile, locks: volatile.locks.map((lock) => ({ ...lock, release })) } };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const change = (world: Bench, durable: Partial<Durable>): void => {
  world.state = { ...world.state, durable: { ...world.state.durable, ...durable } };
};

const said = ({ answer }: Answered): string => {
  if (!answer.ok) return answer.reason;
  return 'stage' in answer ? `${answer.stage}${answer.final ? ' final' : ''}` : `challenge for ${answer.expiresInMs}`;
};

const answered = (world: Bench, id: string): readonly string[] => world.answers.filter(({ command }) => command === id).map(said);

const challengeFor = (world: Bench, operator: string, id = `ask-${world.answers.length}`): string => {
  world.desk.onCommand('challenge', { v: 1, id, operator });
  const last = world.answers.at(-1)?.answer;
  return last?.ok && 'challenge' in last ? last.challenge : '';
};

const send = async (world: Bench, command: CommandMessage): Promise<readonly string[]> => {
  world.desk.onCommand('unlock', command);
  await turn();
  return answered(world, command.id);
};

/** What reached the core as a command that is to open something. */
const unlocks = (world: Bench): readonly string[] =>
  world.inputs.flatMap((input) => (input.kind === 'remote-unlock' ? [`${input.command} ${input.operator} ${input.door}`] : []));

const wish = (challenge: string, other: Partial<Wish> = {}): Wish => ({
  site: SITE,
  operator: 'paul',
  id: 'c1',
  challenge,
  door: 'entree',
  ...other,
});

const happened = (kind: EventKind, facts: EventFacts): Event => ({
  kind,
  at: wall(0),
  atQuality: 'synchronised',
  mono: monotonic(0),
  exercise: false,
  ...facts,
});

// ---- the good one

test('a command over a fresh challenge reaches the core, once, with what was signed', async () => {
  const world = bench();
  const challenge = challengeFor(world, 'paul');
  assert.is(challenge.length, 64);
  assert.equal(answered(world, 'ask-0'), ['challenge for 15000']);
  await send(world, signedUnlock(keys.paul, wish(challenge)));
  assert.equal(unlocks(world), ['c1 paul entree']);
  assert.is(world.inputs.length, 1);
  assert.equal(answered(world, 'c1'), [], 'nothing is promised before the core has spoken');
});

const STORIES: Readonly<
  Record<string, { readonly events: readonly [EventKind, EventFacts][]; readonly told: readonly string[] }>
> = {
  'opened and closed': {
    events: [
      ['access-granted', {}],
      ['access-used', {}],
      ['access-ended', { detail: { result: 'closed' } }],
    ],
    told: ['released', 'opened', 'closed final'],
  },
  'left open': {
    events: [
      ['access-granted', {}],
      ['access-used', {}],
      ['access-ended', { detail: { result: 'held' } }],
      ['access-ended', { detail: { result: 'closed' } }],
    ],
    told: ['released', 'opened', 'held final'],
  },
  'never opened': {
    events: [
      ['access-granted', {}],
      ['access-not-used', {}],
      ['access-ended', { detail: { result: 'not-opened' } }],
    ],
    told: ['released', 'not-opened final'],
  },
  'bolt stuck': {
    events: [
      ['access-granted', {}],
      ['access-not-used', { cause: 'unlock-failed' }],
      ['access-ended', { detail: { result: 'unlock-failed' } }],
    ],
    told: ['released', 'unlock-failed final'],
  },
  'released for somebody else': {
    events: [
      ['access-granted', {}],
      ['access-ended', { detail: { result: 'superseded' } }],
    ],
    told: ['released', 'superseded final'],
  },
  refused: { events: [['access-refused', { reason: 'area-armed' }]], told: ['area-armed'] },
};

for (const [name, { events, told }] of Object.entries(STORIES)) {
  test(`${name}: told as the core tells it, and only to the command it belongs to`, async () => {
    const world = bench();
    await send(world, signedUnlock(keys.paul, wish(challengeFor(world, 'paul'))));
    setReleased(world, RELEASE);
    for (const [kind, facts] of events) {
      world.desk.onCommitted([
        happened(kind, { ...facts, command: 'another', door: 'entree' }),
        happened(kind, { ...facts, door: 'entree' }),
        happened(kind, { ...facts, command: 'c1', door: 'entree' }),
      ]);
    }
    assert.equal(answered(world, 'c1'), told);
    assert.is(world.answers.filter(({ isTold }) => isTold).length, told.length, 'the journal has each of them');
  });
}

test('granted, and taken back before the lock moved: nothing was released', async () => {
  const world = bench();
  await send(world, signedUnlock(keys.paul, wish(challengeFor(world, 'paul'))));
  setReleased(world, undefined);
  world.desk.onCommitted([happened('access-granted', { command: 'c1' })]);
  world.desk.onCommitted([happened('access-ended', { command: 'c1', detail: { result: 'storage-failed' } })]);
  assert.equal(answered(world, 'c1'), ['storage-failed']);
});

// ---- refused: nothing of it reaches the core as an unlock

type Refused = {
  readonly reason: string;
  readonly make: (world: Bench) => CommandMessage | Promise<CommandMessage>;
};

const signed = (key: SigningKey, given: Wish, other: Partial<CommandMessage> = {}): CommandMessage => ({
  ...signedUnlock(key, given),
  ...other,
});

const REFUSED: Readonly<Record<string, Refused>> = {
  'by the key of somebody else': {
    reason: 'bad-signature',
    make: (world) => signed(keys.stranger, wish(challengeFor(world, 'paul'))),
  },
  'for another door than was signed': {
    reason: 'bad-signature',
    make: (world) => signed(keys.paul, wish(challengeFor(world, 'paul')), { door: 'pharmacie' }),
  },
  'for another site than was signed': {
    reason: 'bad-signature',
    make: (world) => signed(keys.paul, wish(challengeFor(world, 'paul'), { site: 'officine' })),
  },
  'that says it is for another site': {
    reason: 'wrong-site',
    make: (world) => signed(keys.paul, wish(challengeFor(world, 'paul'), { site: 'officine' }), { site: 'officine' }),
  },
  'under another id than was signed': {
    reason: 'bad-signature',
    make: (world) => signed(keys.paul, wish(challengeFor(world, 'paul'), { id: 'c0' }), { id: 'c1' }),
  },
  'by an operator whom the site does not know': {
    reason: 'unknown-operator',
    make: (world) => signed(keys.stranger, wish(challengeFor(world, 'paul'), { operator: 'eve' })),
  },
  'in the name of another, with one’s own key and one’s own challenge': {
    reason: 'other-operators-challenge',
    make: (world) => signed(keys.lea, wish(challengeFor(world, 'lea'))),
  },
  'over a challenge that was never given': {
    reason: 'unknown-challenge',
    make: () => signed(keys.paul, wish('f'.repeat(64))),
  },
  'over a challenge of the process before': {
    reason: 'unknown-challenge',
    make: () => signed(keys.paul, wish(challengeFor(bench(), 'paul'))),
  },
  'over a challenge that another command used': {
    reason: 'challenge-used',
    make: async (world) => {
      const challenge = challengeFor(world, 'paul');
      await send(world, signed(keys.paul, wish(challenge, { id: 'first' })));
      world.inputs.length = 0;
      return signed(keys.paul, wish(challenge));
    },
  },
  'over a challenge that a wrong signature used': {
    reason: 'challenge-used',
    make: async (world) => {
      const challenge = challengeFor(world, 'paul');
      await send(world, signed(keys.stranger, wish(challenge, { id: 'first' })));
      return signed(keys.paul, wish(challenge));
    },
  },
  'more than 15 s after the challenge': {
    reason: 'challenge-expired',
    make: (world) => {
      const challenge = challengeFor(world, 'paul');
      world.now += 15 * SECOND + 1;
      return signed(keys.paul, wish(challenge));
    },
  },
  'long after the challenge': {
    reason: 'unknown-challenge',
    make: (world) => {
      const challenge = challengeFor(world, 'paul');
      world.now += 6 * MINUTE;
      return signed(keys.paul, wish(challenge));
    },
  },
  'by an operator revoked since the challenge': {
    reason: 'revoked',
    make: (world) => {
      const challenge = challengeFor(world, 'paul');
      change(world, { people: { ...world.state.durable.people, revokedOperators: ['paul'] } });
      return signed(keys.paul, wish(challenge));
    },
  },
  'while wrong tries have locked all ways out': {
    reason: 'locked-out',
    make: (world) => {
      const challenge = challengeFor(world, 'paul');
      const shared = { failures: [], lockedUntil: monotonic(world.now + 90_000), locked: true };
      change(world, { people: { ...world.state.durable.people, shared } });
      return signed(keys.paul, wish(challenge));
    },
  },
  'while nothing can be stored': {
    reason: 'storage-failed',
    make: (world) => {
      const challenge = challengeFor(world, 'paul');
      change(world, { conditions: [{ condition: 'storage-failed', subject: '', since: wall(0) }] });
      return signed(keys.paul, wish(challenge));
    },
  },
  'without a signature at all': {
    reason: 'invalid',
    make: (world) => ({ v: 1, id: 'c1', operator: 'paul', door: 'entree', challenge: challengeFor(world, 'paul') }),
  },
};

for (const [name, { reason, make }] of Object.entries(REFUSED)) {
  test(`a command ${name}: ${reason}`, async () => {
    const world = bench();
    const command = await make(world);
    assert.equal(await send(world, command), [reason]);
    assert.equal(unlocks(world), []);
    assert.ok(world.answers.every(({ isTold }) => !isTold));
  });
}

test('at 15 s a challenge is still good', async () => {
  const world = bench();
  const challenge = challengeFor(world, 'paul');
  world.now += 15 * SECOND;
  await send(world, signed(keys.paul, wish(challenge)));
  assert.equal(unlocks(world), ['c1 paul entree']);
});

test('a refusal for the operator spares the challenge; so does another operator who names it', async () => {
  const world = bench();
  const challenge = challengeFor(world, 'paul');
  assert.equal(await send(world, signed(keys.lea, wish(challenge, { operator: 'lea', id: 'c0' }))), [
    'other-operators-challenge',
  ]);
  await send(world, signed(keys.paul, wish(challenge)));
  assert.equal(unlocks(world), ['c1 paul entree']);
});

// ---- two at once

test('two commands over one challenge, the second while the first is being proved: one goes on', async () => {
  const waiting: (() => void)[] = [];
  const slow: Signatures = {
    verify: (...given) => new Promise((resolve) => waiting.push(() => resolve(ed25519.verify(...given)))),
  };
  const world = bench(slow);
  const challenge = challengeFor(world, 'paul');
  world.desk.onCommand('unlock', signed(keys.paul, wish(challenge)));
  world.desk.onCommand('unlock', signed(keys.paul, wish(challenge, { id: 'c2', door: 'cour' })));
  await turn();
  for (const go of waiting) go();
  await turn();
  assert.equal(unlocks(world), ['c1 paul entree']);
  assert.equal(answered(world, 'c2'), ['challenge-used']);
});

test('an operator revoked while the signature is being proved is refused', async () => {
  const waiting: (() => void)[] = [];
  const world = bench({ verify: () => new Promise((resolve) => waiting.push(() => resolve(true))) });
  world.desk.onCommand('unlock', signed(keys.paul, wish(challengeFor(world, 'paul'))));
  change(world, { people: { ...world.state.durable.people, revokedOperators: ['paul'] } });
  for (const go of waiting) go();
  await turn();
  assert.equal(answered(world, 'c1'), ['revoked']);
  assert.equal(unlocks(world), []);
});

test('two challenges, one door: both are the core’s to judge', async () => {
  const world = bench();
  const [one, other] = [challengeFor(world, 'paul'), challengeFor(world, 'lea')];
  await send(world, signed(keys.paul, wish(one)));
  await send(world, signed(keys.lea, wish(other, { operator: 'lea', id: 'c2' })));
  assert.equal(unlocks(world), ['c1 paul entree', 'c2 lea entree']);
  setReleased(world, RELEASE);
  world.desk.onCommitted([
    happened('access-granted', { command: 'c1' }),
    happened('access-refused', { command: 'c2', reason: 'interlock-busy' }),
  ]);
  assert.equal([answered(world, 'c1'), answered(world, 'c2')], [['released'], ['interlock-busy']]);
});

// ---- wrong signatures are wrong codes

test('the core counts each wrong signature as a wrong code of its operator, and nothing else as one', async () => {
  const world = bench();
  for (const id of ['c1', 'c2']) await send(world, signed(keys.stranger, wish(challengeFor(world, 'paul'), { id })));
  await send(world, signed(keys.paul, wish('f'.repeat(64), { id: 'c3' })));
  const verdicts = world.inputs.flatMap((input) => (input.kind === 'verdict' ? [input] : []));
  assert.is(verdicts.length, 2);
  assert.equal(
    world.inputs.map(({ kind }) => kind),
    ['attempt', 'verdict', 'attempt', 'verdict'],
  );
  for (const { way, credential, by, request } of verdicts) {
    assert.equal({ way, by, request }, { way: { kind: 'remote', operator: 'paul' }, by: 'code', request: { verb: 'code' } });
    assert.is(credential, undefined);
  }
  const attempts = world.inputs.flatMap((input) => ('attempt' in input ? [input.attempt] : []));
  assert.equal(attempts, [-1, -1, -2, -2], 'never a number that a keypad uses');
});

// ---- challenges

test('an operator may have four unused challenges, all of them thirty-two; the first stay good', async () => {
  const world = bench();
  const first = challengeFor(world, 'paul', 'a0');
  for (const id of ['a1', 'a2', 'a3', 'a4', 'a5']) challengeFor(world, 'paul', id);
  assert.equal(answered(world, 'a3'), ['challenge for 15000']);
  assert.equal([answered(world, 'a4'), answered(world, 'a5')], [['rate-limited'], ['rate-limited']]);
  assert.equal(answered(world, challengeFor(world, 'lea', 'b0') && 'b0'), ['challenge for 15000']);
  await send(world, signed(keys.paul, wish(first)));
  assert.equal(unlocks(world), ['c1 paul entree']);
  challengeFor(world, 'paul', 'a6');
  assert.equal(answered(world, 'a6'), ['challenge for 15000'], 'one used makes room for one');
  world.now += 16 * SECOND;
  for (const id of ['d0', 'd1', 'd2', 'd3']) challengeFor(world, 'paul', id);
  assert.equal(answered(world, 'd3'), ['challenge for 15000'], 'and so does time');
});

test('no challenge for whom no command would be heard', () => {
  const world = bench();
  challengeFor(world, 'eve', 'unknown');
  change(world, { people: { ...world.state.durable.people, revokedOperators: ['paul'] } });
  challengeFor(world, 'paul', 'revoked');
  change(world, { conditions: [{ condition: 'storage-failed', subject: '', since: wall(0) }] });
  challengeFor(world, 'lea', 'degraded');
  assert.equal(
    ['unknown', 'revoked', 'degraded'].map((id) => answered(world, id)),
    [['unknown-operator'], ['revoked'], ['storage-failed']],
  );
});

test('a bare controller opens nothing from afar, and says so', () => {
  const answers: Answered[] = [];
  const desk = closedDesk((answer) => void answers.push(answer));
  desk.onCommand('challenge', { v: 1, id: 'c1', operator: 'paul' });
  desk.onCommitted([happened('access-granted', { command: 'c1' })]);
  assert.equal(answers.map(said), ['not-supported']);
});

test.run();
