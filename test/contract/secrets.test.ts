/** What every way of making digests must do: the fake, and scrypt in its worker thread. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fakeSecrets } from '../../src/drivers/secrets/fake.ts';
import { QUEUE_MAX, openSecrets } from '../../src/drivers/secrets/secrets.ts';
import { credentialLookup, normalBadge } from '../../src/ports/secrets.ts';
import type { Digest, DigestResult, SecretKind, Secrets } from '../../src/ports/secrets.ts';

const SALT = 'a-salt-for-tests';

const MAKERS: readonly (readonly [name: string, open: (salt: string) => Secrets])[] = [
  ['fake', (salt) => fakeSecrets(salt)],
  ['scrypt', (salt) => openSecrets({ salt, pepper: undefined })],
];

const digestBy = async (secrets: Secrets, kind: SecretKind, text: string): Promise<Digest> => {
  const result = await secrets.digest(kind, text);
  if (!result.ok) throw new Error(result.reason);
  return result.digest;
};

const once = async (salt: string, open: (salt: string) => Secrets, kind: SecretKind, text: string): Promise<Digest> => {
  const secrets = open(salt);
  const digest = await digestBy(secrets, kind, text);
  await secrets.close();
  return digest;
};

for (const [name, open] of MAKERS) {
  const contract = suite(`secrets: ${name}`);

  contract('the same code with the same salt gives the same digest, also after a restart', async () => {
    const digest = await once(SALT, open, 'code', '2580');
    assert.match(digest, /^v1-[0-9a-f]{32}$/);
    assert.is(await once(SALT, open, 'code', '2580'), digest);
  });

  contract('another code, another salt, or a badge of the same digits gives another', async () => {
    const digests = [
      await once(SALT, open, 'code', '2580'),
      await once(SALT, open, 'code', '2581'),
      await once(SALT, open, 'code', '02580'),
      await once(`${SALT}x`, open, 'code', '2580'),
      await once(SALT, open, 'badge', '2580'),
    ];
    assert.is(new Set(digests).size, digests.length);
  });

  contract('tries are answered in order', async () => {
    const secrets = open(SALT);
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3].map(async (place) => {
        await secrets.digest('code', `000${place}`);
        order.push(place);
      }),
    );
    assert.equal(order, [1, 2, 3]);
    await secrets.close();
  });

  contract(`beyond ${QUEUE_MAX} that wait: busy at once, and nobody’s place is taken`, async () => {
    const secrets = open(SALT);
    const tries = Array.from({ length: QUEUE_MAX + 4 }, (_, place) => secrets.digest('code', String(1_000 + place)));
    const results: DigestResult[] = await Promise.all(tries);
    assert.ok(results.slice(0, QUEUE_MAX).every(({ ok }) => ok));
    assert.equal(
      results.slice(QUEUE_MAX),
      Array.from({ length: 4 }, () => ({ ok: false, reason: 'busy' })),
    );
    assert.ok((await secrets.digest('code', '2580')).ok);
    await secrets.close();
  });

  contract('closed: stopped, and what waits is answered too', async () => {
    const secrets = open(SALT);
    const waiting = [secrets.digest('code', '1111'), secrets.digest('code', '2222')];
    await secrets.close();
    const late = await secrets.digest('code', '3333');
    assert.equal(late, { ok: false, reason: 'stopped' });
    for (const result of await Promise.all(waiting)) assert.ok(result.ok || result.reason === 'stopped');
    await secrets.close();
  });

  contract('a drawn code has the digits asked for, its own digest, and is free', async () => {
    const secrets = open(SALT);
    const taken = new Set<Digest>();
    for (const digits of [4, 6, 8]) {
      const drawn = await secrets.draw(taken, digits);
      if (!drawn.ok) throw new Error(drawn.reason);
      assert.match(drawn.code, new RegExp(`^[0-9]{${digits}}$`));
      assert.is(await digestBy(secrets, 'code', drawn.code), drawn.digest);
      assert.not(taken.has(drawn.digest));
      taken.add(drawn.digest);
    }
    await secrets.close();
  });

  contract('where every code is taken, it says so and ends', async () => {
    const secrets = open(SALT);
    const all = { has: () => true } as unknown as ReadonlySet<Digest>;
    assert.equal(await secrets.draw(all, 4), { ok: false, reason: 'exhausted' });
    await secrets.close();
  });
  contract.run();
}

const FRAIL_WORKER = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ text }) => {
  if (text === 'die') throw new Error('died');
  parentPort.postMessage('v1-' + text);
});`;

const worker = suite('secrets: the worker thread');

worker('one that dies fails its try and no other', async () => {
  const dies = new URL(`data:text/javascript,${encodeURIComponent(FRAIL_WORKER)}`);
  const secrets = openSecrets({ salt: SALT, pepper: undefined, workerUrl: dies });
  const results = await Promise.all(['one', 'die', 'two'].map(async (text) => secrets.digest('code', text)));
  assert.equal(results, [
    { ok: true, digest: 'v1-one' },
    { ok: false, reason: 'worker-failed' },
    { ok: true, digest: 'v1-two' },
  ]);
  await secrets.close();
});

worker('the pepper counts', async () => {
  const peppered = (byte: number): Secrets => openSecrets({ salt: SALT, pepper: new Uint8Array(32).fill(byte) });
  const digests = [
    await once(SALT, () => peppered(1), 'code', '2580'),
    await once(SALT, () => peppered(2), 'code', '2580'),
    await once(SALT, () => openSecrets({ salt: SALT, pepper: undefined }), 'code', '2580'),
  ];
  assert.is(new Set(digests).size, 3);
});

worker('the main loop goes on while it digests', async () => {
  const secrets = openSecrets({ salt: SALT, pepper: undefined });
  await secrets.digest('code', '0000');
  let turns = 0;
  let ready = false;
  const turn = (): void => {
    turns += 1;
    if (!ready) setImmediate(turn);
  };
  setImmediate(turn);
  await secrets.digest('code', '2580');
  ready = true;
  // One scrypt takes tens of milliseconds, one turn of an idle loop some microseconds: blocked, it would be one or two turns.
  assert.ok(turns > 20, `${turns} turns`);
  await secrets.close();
});
worker.run();

const people = suite('whose digest it is');

people('its owner’s, or nobody’s', () => {
  const look = credentialLookup([
    { user: 'ann', kind: 'code', meaning: 'normal', digest: 'v1-a' },
    { user: 'ann', kind: 'code', meaning: 'duress', digest: 'v1-b' },
    { user: 'bob', kind: 'badge', meaning: 'normal', digest: 'v1-c' },
  ]);
  assert.equal(look('v1-a'), { user: 'ann', meaning: 'normal', by: 'code' });
  assert.equal(look('v1-b'), { user: 'ann', meaning: 'duress', by: 'code' });
  assert.equal(look('v1-c'), { user: 'bob', meaning: 'normal', by: 'badge' });
  assert.is(look('v1-d'), undefined);
  assert.is(look('__proto__'), undefined);
});

people('a badge is the same in small letters', () => assert.is(normalBadge('80981cc0'), '80981CC0'));
people.run();

const seen = suite('secrets: badges seen before');

seen('a badge that was here before does not wait behind a code; another, and the same digits as a code, do', async () => {
  const secrets = openSecrets({ salt: SALT, pepper: undefined });
  const first = await digestBy(secrets, 'badge', '80981CC0');
  const order: string[] = [];
  const noted = async (kind: SecretKind, text: string): Promise<Digest> => {
    const digest = await digestBy(secrets, kind, text);
    order.push(`${kind} ${text}`);
    return digest;
  };
  const [, other, asCode, again] = await Promise.all([
    noted('code', '2580'),
    noted('badge', '80981CC1'),
    noted('code', '80981CC0'),
    noted('badge', '80981CC0'),
  ]);
  assert.is(again, first);
  assert.is(new Set([first, other, asCode]).size, 3);
  assert.equal(order, ['badge 80981CC0', 'code 2580', 'badge 80981CC1', 'code 80981CC0']);
  await secrets.close();
  assert.equal(await secrets.digest('badge', '80981CC0'), { ok: false, reason: 'stopped' });
});

seen.run();
