// deadline: 60s
/** People changed while the controller runs: who gets in when, what the disk has, and what nobody ever sees. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { siteOf } from '../../src/core/site.ts';
import { createMemoryDisk, cutPower } from '../../src/drivers/store-memory/memoryDisk.ts';
import type { MemoryDisk } from '../../src/drivers/store-memory/memoryDisk.ts';
import { fakeSecrets } from '../../src/drivers/secrets/fake.ts';
import { CONTROL_REPLY_BYTES } from '../../src/ports/control.ts';
import type { ControlReply, Fields } from '../../src/ports/control.ts';
import type { KnownCredential, SecretKind, Secrets } from '../../src/ports/secrets.ts';
import { bareMachine } from '../../src/runtime/bare.ts';
import { CREDENTIALS_PART } from '../../src/runtime/people/credentials.ts';
import { breathe, holdDisk, startRig } from '../support/controllerRig.ts';
import type { Rig } from '../support/controllerRig.ts';
import { areaConfig, practiceConfig, userConfig } from '../support/site.ts';

const test = suite('runtime: people');

const config = practiceConfig({ areas: [areaConfig('cabinet', { exitEnd: 'immediate', quietMs: 0 })] });
const site = siteOf({
  ...config,
  users: [...config.users, userConfig('paul')],
  operators: [{ id: 'astreinte', name: 'Astreinte', doors: [], hours: undefined, perHour: 6 }],
});

const CODES = { doc: '246813', claire: '135792', paul: '975310' };
const SALT = 'test-salt-of-people';

type Bench = {
  readonly rig: Rig;
  readonly ask: (request: Fields) => Promise<ControlReply>;
  /** How many digests were made. */
  readonly hashes: () => number;
  /** What the keypad outside answers to `1*CODE#`, which arms, or to a code alone. */
  readonly isArmed: () => boolean;
  readonly key: (text: string) => Promise<void>;
};

const digestNow = async (kind: SecretKind, text: string): Promise<string> => {
  const result = await fakeSecrets(SALT).digest(kind, text);
  if (!result.ok) throw new Error(result.reason);
  return result.digest;
};

const siteCredentials = async (): Promise<readonly KnownCredential[]> =>
  Promise.all(
    Object.entries(CODES).map(async ([user, code]): Promise<KnownCredential> => ({
      user,
      kind: 'code',
      meaning: 'normal',
      digest: await digestNow('code', code),
    })),
  );

let seed = 1;

const bench = async (disk: MemoryDisk = createMemoryDisk()): Promise<Bench> => {
  let hashed = 0;
  const fake = fakeSecrets(SALT, (seed += 1));
  const secrets: Secrets = {
    ...fake,
    digest: (kind, text) => {
      hashed += 1;
      return fake.digest(kind, text);
    },
  };
  const rig = await startRig({ site, disk, secrets, credentials: await siteCredentials() });
  await breathe();
  return {
    rig,
    ask: (request) => rig.controller.ask(request, { gone: new AbortController().signal }),
    hashes: () => hashed,
    isArmed: () => rig.controller.state().durable.areas[0]?.arming.state === 'armed',
    key: async (text) => {
      rig.board.hand.keys('entree', text);
      await breathe(10);
    },
  };
};

const LEA = { id: 'lea', name: 'Léa Martin', role: 'staff', areas: ['cabinet'] };

type Drawn = { readonly id: string; readonly codes: Readonly<Record<string, string>> };

const isDrawn = (value: unknown): value is readonly Drawn[] => Array.isArray(value);

/** The codes of an answer, by id. */
const drawn = (reply: ControlReply): ReadonlyMap<string, Readonly<Record<string, string>>> => {
  const people = reply['people'];
  if (!reply.ok || !isDrawn(people)) throw new Error(JSON.stringify(reply));
  return new Map(people.map(({ id, codes }) => [id, codes]));
};
const codeOf = (reply: ControlReply, id = 'lea'): string => drawn(reply).get(id)?.['normal'] ?? '';

const reasonOf = (reply: ControlReply): string => (reply.ok ? 'ok' : reply.reason);

/** Arms with Claire's code, and tells whether `code` disarms. */
const opens = async ({ key, isArmed }: Bench, code: string): Promise<boolean> => {
  await key(`1**${CODES.claire}#`);
  assert.ok(isArmed(), 'armed first');
  await key(`${code}#`);
  const did = !isArmed();
  if (!did) await key(`${CODES.claire}#`);
  return did;
};

const kinds = ({ rig }: Bench): readonly string[] => rig.committed.map(({ kind }) => kind);
const onDisk = ({ rig }: Bench, key: string): string => rig.disk.image?.parts.get(key) ?? '';

// ---- adding and revoking

test('a person is added: the drawn code serves, and after a restart too; nobody else’s does anything new', async () => {
  const first = await bench();
  assert.not.ok(await opens(first, '482915'), 'a code of nobody');
  const reply = await first.ask({ ask: 'people-add', people: [LEA], by: 'claire' });
  const code = codeOf(reply);
  assert.match(code, /^[0-9]{6}$/, 'six digits: there is a reader outside');
  assert.ok(await opens(first, code));
  const added = first.rig.committed.find(({ kind }) => kind === 'person-added');
  assert.equal([added?.user, added?.detail], ['lea', { by: 'claire' }]);
  await first.rig.controller.stop();

  const again = await bench(first.rig.disk);
  assert.ok(await opens(again, code));
  assert.ok(await opens(again, CODES.paul), 'the site’s file goes on');
  await again.rig.controller.stop();
});

test('revoked: refused at once and after a restart, whether from the site’s file or not; the digests are gone', async () => {
  const first = await bench();
  const code = codeOf(await first.ask({ ask: 'people-add', people: [LEA] }));
  for (const id of ['lea', 'paul']) assert.ok((await first.ask({ ask: 'people-revoke', id })).ok);
  for (const gone of [code, CODES.paul]) assert.not.ok(await opens(first, gone));
  assert.is(reasonOf(await first.ask({ ask: 'people-revoke', id: 'paul' })), 'already-revoked');
  assert.is(reasonOf(await first.ask({ ask: 'people-revoke', id: 'nobody' })), 'no-such-person');
  assert.not.match(onDisk(first, CREDENTIALS_PART), await digestNow('code', code));
  await first.rig.controller.stop();

  const again = await bench(first.rig.disk);
  for (const gone of [code, CODES.paul]) assert.not.ok(await opens(again, gone));
  assert.ok(await opens(again, CODES.doc));
  await again.rig.controller.stop();
});

test('a code serves once it is on disk, a revocation before', async () => {
  const b = await bench();
  const release = holdDisk(b.rig.disk);
  const adding = b.ask({ ask: 'people-add', people: [LEA] });
  let answered = false;
  void adding.then(() => (answered = true));
  await breathe(30);
  assert.not.ok(answered, 'no code is told before the disk has it');
  release();
  const code = codeOf(await adding);
  assert.ok(await opens(b, code));

  await b.key(`1**${CODES.claire}#`);
  const releaseAgain = holdDisk(b.rig.disk);
  const revoking = b.ask({ ask: 'people-revoke', id: 'lea' });
  await breathe(10);
  await b.key(`${code}#`);
  assert.ok(b.isArmed(), 'refused while the disk is still at it');
  releaseAgain();
  assert.ok((await revoking).ok);
  await b.rig.controller.stop();
});

test('a new code takes the place of the old one, also of the site’s file; a duress code stands beside it', async () => {
  const b = await bench();
  const code = codeOf(await b.ask({ ask: 'people-new-code', id: 'paul' }), 'paul');
  assert.not.ok(await opens(b, CODES.paul));
  assert.ok(await opens(b, code));
  const duress = drawn(await b.ask({ ask: 'people-new-code', id: 'paul', duress: true })).get('paul');
  assert.equal(Object.keys(duress ?? {}), ['duress']);
  assert.ok(await opens(b, code), 'the usual one goes on');
  assert.not.ok(kinds(b).includes('duress'));
  assert.ok(await opens(b, duress?.['duress'] ?? ''));
  assert.ok(kinds(b).includes('duress'));
  await b.rig.controller.stop();
});

test('changed: other areas and limits at once, the code stays', async () => {
  const b = await bench();
  const code = codeOf(await b.ask({ ask: 'people-add', people: [{ ...LEA, extended: true }] }));
  assert.ok((await b.ask({ ask: 'people-change', person: { id: 'lea', until: '2020-01-01' } })).ok);
  assert.not.ok(await opens(b, code), 'expired');
  assert.ok((await b.ask({ ask: 'people-change', person: { id: 'lea', until: '' } })).ok);
  assert.ok(await opens(b, code));
  const lea = b.rig.controller.state().durable.people.roster.find(({ id }) => id === 'lea');
  assert.equal([lea?.extendedTimes, lea?.validUntil, lea?.name], [true, undefined, 'Léa Martin']);
  await b.rig.controller.stop();
});

test('who comes back under an old id has new codes, and the old ones stay dead', async () => {
  const b = await bench();
  await b.ask({ ask: 'people-revoke', id: 'paul' });
  const code = codeOf(await b.ask({ ask: 'people-add', people: [{ ...LEA, id: 'paul' }] }), 'paul');
  assert.ok(await opens(b, code));
  assert.not.ok(await opens(b, CODES.paul));
  await b.rig.controller.stop();
});

// ---- badges

const showBadge = ({ rig }: Bench, hex: string): void => void rig.board.hand.badge('armoire', { bits: hex.length * 4, hex });

test('the next badge at a reader becomes somebody’s and does nothing else; the one after is judged as ever', async () => {
  const b = await bench();
  await b.ask({ ask: 'people-add', people: [LEA] });
  const learning = b.ask({ ask: 'people-learn-badge', id: 'lea', keypad: 'armoire' });
  await breathe(10);
  assert.is(reasonOf(await b.ask({ ask: 'people-learn-badge', id: 'lea', keypad: 'armoire' })), 'keypad-busy');
  showBadge(b, 'a1b2c3d4');
  assert.ok((await learning).ok);
  assert.not.ok(kinds(b).includes('code-refused'), 'it was learnt, not judged');
  const before = b.hashes();
  showBadge(b, 'A1B2C3D4');
  await breathe(10);
  assert.is(b.hashes(), before + 1);
  const refusal = b.rig.committed.findLast(({ kind }) => kind === 'code-refused' || kind === 'access-refused');
  assert.ok(refusal === undefined || refusal.user === 'lea', 'known as hers');
  const second = b.ask({ ask: 'people-learn-badge', id: 'paul', keypad: 'armoire' });
  await breathe(10);
  showBadge(b, 'a1b2c3d4');
  assert.is(reasonOf(await second), 'badge-taken');
  await b.rig.controller.stop();
});

test('whoever waited for a badge and left waits no more; the badge of one who is revoked may be another’s', async () => {
  const b = await bench();
  await b.ask({ ask: 'people-add', people: [{ ...LEA, badges: ['A1B2C3D4'] }] });
  const leaving = new AbortController();
  const learning = b.rig.controller.ask({ ask: 'people-learn-badge', id: 'paul', keypad: 'armoire' }, { gone: leaving.signal });
  await breathe(10);
  leaving.abort();
  assert.is(reasonOf(await learning), 'no-badge');
  assert.is(reasonOf(await b.ask({ ask: 'people-add-badge', id: 'paul', badge: 'a1b2c3d4' })), 'badge-taken');
  await b.ask({ ask: 'people-revoke', id: 'lea' });
  assert.ok((await b.ask({ ask: 'people-add-badge', id: 'paul', badge: 'a1b2c3d4' })).ok);
  assert.is(reasonOf(await b.ask({ ask: 'people-add-badge', id: 'paul', badge: 'XYZ' })), 'bad-badge');
  await b.rig.controller.stop();
});

// ---- nobody is left out, nobody is taken by half

const DRAFTS: readonly (readonly [string, Fields, readonly string[]])[] = [
  ['nothing said', { id: '' }, ['id missing', 'name missing', 'role missing']],
  ['a blank name', { ...LEA, name: '  ' }, ['name missing']],
  ['an id that is none', { ...LEA, id: 'Léa M' }, ['id bad-id']],
  ['an id that is taken', { ...LEA, id: 'claire' }, ['id id-taken']],
  ['a name with a line break', { ...LEA, name: 'a\nb' }, ['name bad-name']],
  ['no such role', { ...LEA, role: 'boss' }, ['role no-such-role']],
  ['no such area', { ...LEA, areas: ['cave'] }, ['areas no-such-area']],
  ['no area at all', { ...LEA, areas: [] }, ['areas no-area']],
  ['no such door', { ...LEA, doors: ['cour', 'coffre'] }, ['doors no-such-door']],
  ['no such schedule', { ...LEA, hours: 'nuit' }, ['hours no-such-schedule']],
  ['no such day', { ...LEA, from: 'soon' }, ['from bad-date']],
  ['last day before the first', { ...LEA, from: '2027-02-02', until: '2027-02-01' }, ['until until-before-from']],
  ['badges that are none', { ...LEA, badges: ['A1', 'A1B2'] }, ['badges bad-badge']],
  ['nine badges', { ...LEA, badges: Array.from({ length: 9 }, (_, index) => `AAAA0${index}`) }, ['badges too-many-badges']],
];

type Problem = { readonly index: number; readonly field: string; readonly fault: string };
const isProblems = (value: unknown): value is readonly Problem[] => Array.isArray(value);

const problemsOf = (reply: ControlReply): readonly Problem[] => {
  const problems = reply['problems'];
  return isProblems(problems) ? problems : [];
};

test('every fault of every person at once, and then nobody is taken', async () => {
  const b = await bench();
  for (const [name, draft, wanted] of DRAFTS) {
    const reply = await b.ask({ ask: 'people-add', people: [draft] });
    assert.is(reasonOf(reply), 'draft', name);
    assert.equal(
      problemsOf(reply).map(({ field, fault }) => `${field} ${fault}`),
      wanted,
      name,
    );
  }
  const twice = await b.ask({
    ask: 'people-add',
    people: [LEA, { ...LEA, badges: ['AABB'] }, { ...LEA, id: 'zoe', badges: ['aabb'] }],
  });
  assert.equal(
    problemsOf(twice).map(({ index, fault }) => `${index} ${fault}`),
    ['1 id-twice', '2 badge-twice'],
  );
  for (const rubbish of [
    {},
    { people: [] },
    { people: [{}] },
    { people: [{ ...LEA, code: '1234' }] },
    { people: [{ ...LEA, name: 7 }] },
  ]) {
    assert.is(reasonOf(await b.ask({ ask: 'people-add', ...rubbish })), 'bad-request');
  }
  const dry = await b.ask({ ask: 'people-add', people: [LEA], dryRun: true });
  assert.equal([dry.ok, dry['count'], dry['people']], [true, 1, undefined]);
  assert.equal(b.rig.controller.state().durable.people.roster, []);
  assert.is(onDisk(b, CREDENTIALS_PART), '');
  await b.rig.controller.stop();
});

test('the last owner stays one, until there is another', async () => {
  const b = await bench();
  assert.is(reasonOf(await b.ask({ ask: 'people-revoke', id: 'doc' })), 'last-owner');
  for (const change of [{ role: 'staff' }, { until: '2020-01-01' }, { from: '2099-01-01' }]) {
    const reply = await b.ask({ ask: 'people-change', person: { id: 'doc', ...change } });
    assert.equal(
      problemsOf(reply).map(({ fault }) => fault),
      ['last-owner'],
      JSON.stringify(change),
    );
  }
  await b.ask({ ask: 'people-add', people: [{ ...LEA, role: 'owner' }] });
  assert.ok((await b.ask({ ask: 'people-revoke', id: 'doc' })).ok);
  assert.is(reasonOf(await b.ask({ ask: 'people-revoke', id: 'lea' })), 'last-owner');
  await b.rig.controller.stop();
});

test('an operator is revoked once, and one who is none is said to be none', async () => {
  const b = await bench();
  assert.is(reasonOf(await b.ask({ ask: 'operator-revoke', id: 'lea' })), 'no-such-operator');
  assert.ok((await b.ask({ ask: 'operator-revoke', id: 'astreinte' })).ok);
  assert.is(reasonOf(await b.ask({ ask: 'operator-revoke', id: 'astreinte' })), 'already-revoked');
  assert.ok(kinds(b).includes('operator-revoked'));
  await b.rig.controller.stop();
});

test('many people at once: all there after a restart, no two codes alike, six digits; not more than a site takes', async () => {
  const b = await bench();
  const people = Array.from({ length: 40 }, (_, index) => ({ ...LEA, id: `p${index}`, duress: true }));
  const codes = [...drawn(await b.ask({ ask: 'people-add', people })).values()].flatMap((set) => Object.values(set));
  assert.is(codes.length, 80);
  assert.is(new Set(codes).size, 80);
  assert.ok(codes.every((code) => code.length === 6));
  const many = Array.from({ length: 200 }, (_, index) => ({ ...LEA, id: `q${index}` }));
  assert.is(reasonOf(await b.ask({ ask: 'people-add', people: [...many, LEA] })), 'too-many-people');
  assert.ok((await b.ask({ ask: 'people-add', people: many })).ok);
  const more = many.map(({ id, ...rest }) => ({ ...rest, id: `r${id}` }));
  assert.ok((await b.ask({ ask: 'people-add', people: more })).ok);
  assert.is(
    reasonOf(await b.ask({ ask: 'people-add', people: many.slice(0, 60).map((one) => ({ ...one, id: `s${one.id}` })) })),
    'full',
  );
  assert.ok(JSON.stringify(await b.ask({ ask: 'people-list' })).length < CONTROL_REPLY_BYTES);
  await b.rig.controller.stop();
  const again = await bench(b.rig.disk);
  assert.is(again.rig.controller.state().durable.people.roster.length, 440);
  assert.ok(await opens(again, codes[78] ?? ''));
  await again.rig.controller.stop();
});

// ---- the disk

test('power fails before the disk has it: neither person nor code; after: both', async () => {
  const first = await bench();
  holdDisk(first.rig.disk);
  void first.ask({ ask: 'people-add', people: [LEA] });
  await breathe(20);
  cutPower(first.rig.disk);
  void first.rig.controller.stop();
  const second = await bench(first.rig.disk);
  assert.equal(second.rig.controller.state().durable.people.roster, []);
  assert.is(onDisk(second, CREDENTIALS_PART), '');
  const code = codeOf(await second.ask({ ask: 'people-add', people: [LEA] }));
  cutPower(second.rig.disk);
  void second.rig.controller.stop();
  const third = await bench(second.rig.disk);
  assert.ok(await opens(third, code));
  await third.rig.controller.stop();
});

for (const failure of ['disk-full', 'io'] as const) {
  test(`a disk that is ${failure}: the change is refused, undone, and stays undone; once it works the same is done`, async () => {
    const b = await bench();
    b.rig.disk.failure = failure;
    assert.is(reasonOf(await b.ask({ ask: 'people-add', people: [LEA] })), 'storage-failed');
    assert.is(reasonOf(await b.ask({ ask: 'people-new-code', id: 'paul' })), 'storage-failed', 'degraded by now');
    assert.is(reasonOf(await b.ask({ ask: 'people-revoke', id: 'paul' })), 'storage-failed');
    assert.ok(await opens(b, CODES.paul), 'nothing was changed');
    const views = await b.ask({ ask: 'people-list' });
    assert.not.match(JSON.stringify(views), '"lea"');
    b.rig.disk.failure = undefined;
    await breathe(5_500);
    assert.ok(kinds(b).includes('storage-restored'));
    assert.ok(await opens(b, codeOf(await b.ask({ ask: 'people-add', people: [LEA] }))));
    await b.rig.controller.stop();
    const again = await bench(b.rig.disk);
    assert.is(again.rig.controller.state().durable.people.roster.length, 1);
    await again.rig.controller.stop();
  });
}

test('codes that cannot be read any more: said loudly, people of the site’s file go on, the others need new ones', async () => {
  const first = await bench();
  const code = codeOf(await first.ask({ ask: 'people-add', people: [LEA] }));
  await first.rig.controller.stop();
  const { image } = first.rig.disk;
  if (image) image.parts = new Map([...image.parts, [CREDENTIALS_PART, '{"form":1,"held":{"lea":"?"}}']]);
  const again = await bench(first.rig.disk);
  assert.ok(again.rig.logged.some((line) => line.startsWith('error') && line.includes('cannot be read')));
  assert.not.ok(await opens(again, code));
  assert.ok(await opens(again, CODES.paul));
  assert.ok(await opens(again, codeOf(await again.ask({ ask: 'people-new-code', id: 'lea' }))));
  await again.rig.controller.stop();
});

test('the state of people lost to damage: who was revoked stays so by the journal; who came back is there', async () => {
  const first = await bench();
  await first.ask({ ask: 'people-revoke', id: 'paul' });
  await first.ask({ ask: 'people-revoke', id: 'claire' });
  await first.ask({ ask: 'people-add', people: [{ ...LEA, id: 'claire' }] });
  await first.ask({ ask: 'operator-revoke', id: 'astreinte' });
  await first.rig.controller.stop();
  const { image } = first.rig.disk;
  if (!image) throw new Error('no disk');
  image.parts = new Map([...image.parts].filter(([part]) => part !== 'people' && part !== CREDENTIALS_PART));
  image.whole = false;
  const again = await bench(first.rig.disk);
  assert.not.ok(await opens(again, CODES.paul));
  assert.ok(await opens(again, CODES.claire));
  assert.equal(again.rig.controller.state().durable.people.revokedOperators, ['astreinte']);
  await again.rig.controller.stop();
  const third = await bench(again.rig.disk);
  assert.not.ok(await opens(third, CODES.paul));
  await third.rig.controller.stop();
});

test('a bare run changes nobody’s codes: it answers that it can do nothing, and keeps what there is', async () => {
  const first = await bench();
  const code = codeOf(await first.ask({ ask: 'people-add', people: [LEA] }));
  await first.ask({ ask: 'people-revoke', id: 'paul' });
  await first.rig.controller.stop();
  const bare = await startRig({ site, disk: first.rig.disk, machine: bareMachine });
  await breathe(10);
  assert.is(reasonOf(await bare.controller.ask({ ask: 'people-list' }, { gone: new AbortController().signal })), 'bare');
  await bare.controller.stop();
  const again = await bench(first.rig.disk);
  assert.ok(await opens(again, code));
  assert.not.ok(await opens(again, CODES.paul));
  await again.rig.controller.stop();
});

test('without the pepper no code and no badge is given, for they would be nobody’s later; revoking goes on', async () => {
  const rig = await startRig({ site, secrets: fakeSecrets('another'), credentials: await siteCredentials(), canDigest: false });
  const ask = (request: Fields): Promise<ControlReply> => rig.controller.ask(request, { gone: new AbortController().signal });
  const giving = [
    { ask: 'people-add', people: [LEA] },
    { ask: 'people-new-code', id: 'paul' },
    { ask: 'people-add-badge', id: 'paul', badge: 'AABB' },
    { ask: 'people-learn-badge', id: 'paul', keypad: 'armoire' },
  ];
  for (const request of giving) assert.is(reasonOf(await ask(request)), 'no-pepper', request.ask);
  assert.ok((await ask({ ask: 'people-revoke', id: 'paul' })).ok);
  await rig.controller.stop();
});

// ---- what is seen of it

test('a try costs one hash, whoever’s it is: file, roster, revoked, nobody', async () => {
  const b = await bench();
  const lea = codeOf(await b.ask({ ask: 'people-add', people: [LEA, { ...LEA, id: 'zoe' }] }));
  const zoe = codeOf(await b.ask({ ask: 'people-new-code', id: 'zoe' }), 'zoe');
  await b.ask({ ask: 'people-revoke', id: 'zoe' });
  for (const code of [CODES.paul, lea, zoe, '777123']) {
    const before = b.hashes();
    await b.key(`${code}#`);
    assert.is(b.hashes(), before + 1, code);
  }
  await b.rig.controller.stop();
});

test('no code and no badge number in state, events, inputs kept for replay, journal, messages or log', async () => {
  const b = await bench();
  const set = drawn(
    await b.ask({ ask: 'people-add', people: [{ ...LEA, duress: true, notNormal: true, badges: ['C0FFEE42'] }] }),
  );
  const codes = Object.values(set.get('lea') ?? {});
  assert.is(codes.length, 3);
  for (const code of codes) await opens(b, code);
  const { image, recording } = b.rig.disk;
  assert.ok(recording.length > 5 && (image?.journal.length ?? 0) > 5, 'something was kept');
  const all = JSON.stringify([
    b.rig.controller.state(),
    b.rig.committed,
    b.rig.logged,
    recording,
    image?.journal,
    image?.outbox,
    [...(image?.parts ?? [])],
    await b.ask({ ask: 'people-list' }),
  ]);
  for (const secret of [...codes, 'C0FFEE42']) assert.not.match(all.toUpperCase(), secret);
  const digest = await digestNow('code', codes[0] ?? '');
  const { [CREDENTIALS_PART]: kept, ...others } = Object.fromEntries(image?.parts ?? []);
  assert.match(kept ?? '', digest);
  assert.not.match(
    JSON.stringify([others, recording, image?.journal, b.rig.logged]),
    digest,
    'and its digest in one place alone',
  );
  await b.rig.controller.stop();
});

test('what is no request is answered so, and the bare list says who there is without a digest', async () => {
  const b = await bench();
  assert.is(reasonOf(await b.ask({})), 'not-a-request');
  const unknown = await b.ask({ ask: 'open-sesame' });
  assert.is(reasonOf(unknown), 'unknown-request');
  assert.match(JSON.stringify(unknown), 'people-list');
  const list = JSON.stringify(await b.ask({ ask: 'people-list' }));
  assert.match(list, '"id":"paul"');
  assert.not.match(list, await digestNow('code', CODES.paul));
  await b.rig.controller.stop();
});

test.run();
