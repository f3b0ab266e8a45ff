import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { demoCodesInUse } from '../../src/cli/demoCodes.ts';
import { fakeSecrets } from '../../src/drivers/secrets/fake.ts';
import { credentialLookup } from '../../src/ports/secrets.ts';
import type { KnownCredential, SecretKind } from '../../src/ports/secrets.ts';

const demo = suite('demo codes under another salt');
const secrets = fakeSecrets('a-salt-of-our-own');

const known = async (user: string, kind: SecretKind, text: string): Promise<KnownCredential> => {
  const result = await secrets.digest(kind, text);
  if (!result.ok) throw new Error(result.reason);
  return { user, kind, meaning: 'normal', digest: result.digest };
};

demo('are found, each person once', async () => {
  const list = [await known('ann', 'code', '2580'), await known('ann', 'badge', '80981CC0'), await known('bob', 'code', '9041')];
  assert.equal(await demoCodesInUse(secrets, credentialLookup(list)), ['ann']);
});

demo('a badge number used as a code is no demo code', async () => {
  assert.equal(await demoCodesInUse(secrets, credentialLookup([await known('ann', 'badge', '2580')])), []);
});
demo.run();
