/** Login to an HTTP server: the examples of the standards, and headers that are none. */
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { authorization, base64, readChallenges, strongest } from '../../../src/protocol/stations/httpAuth.ts';
import type { Challenge, Hash } from '../../../src/protocol/stations/httpAuth.ts';

const test = suite('HTTP authentication');

const hash: Hash = (algorithm, text) =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest('hex');

// RFC 7616, 3.9.1.
const RFC = {
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
};
const HEADER = (algorithm: string): string =>
  `Digest realm="${RFC.realm}", qop="auth, auth-int", algorithm=${algorithm}, nonce="${RFC.nonce}", opaque="${RFC.opaque}"`;
const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };
const USE = {
  method: 'GET',
  uri: '/dir/index.html',
  count: 1,
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};
const responseOf = (challenge: Challenge, use = USE, who = MUFASA): string =>
  /response="([0-9a-f]+)"/.exec(authorization(challenge, who, use, hash))?.[1] ?? '';

const md5 = (text: string): string => hash('MD5', text);
const sha256 = (text: string): string => hash('SHA-256', text);

const only = (header: string): Challenge => {
  const [challenge, ...rest] = readChallenges(header);
  assert.is(rest.length, 0);
  if (!challenge) throw new Error(`no challenge in ${header}`);
  return challenge;
};

test('RFC 7616: MD5 and SHA-256', () => {
  assert.is(responseOf(only(HEADER('MD5'))), '8ca523f5e9506fed4657c9700eebdbec');
  assert.is(responseOf(only(HEADER('SHA-256'))), '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
});

test('RFC 7616: the whole header', () => {
  assert.is(
    authorization(only(HEADER('MD5')), MUFASA, USE, hash),
    `Digest username="Mufasa", realm="${RFC.realm}", nonce="${RFC.nonce}", uri="/dir/index.html", algorithm=MD5, qop=auth, ` +
      `nc=00000001, cnonce="${USE.clientNonce}", response="8ca523f5e9506fed4657c9700eebdbec", opaque="${RFC.opaque}"`,
  );
});

test('RFC 2617, 3.5, and RFC 2069 without qop', () => {
  const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';
  const header = `Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="${nonce}"`;
  const use = { ...USE, clientNonce: '0a4f113b' };
  const who = { username: 'Mufasa', password: 'Circle Of Life' };
  assert.is(responseOf(only(header), use, who), '6629fae49393a05397450978507c4ef1');
  const old = only(`Digest realm="testrealm@host.com", nonce="${nonce}"`);
  const expected = md5(`${md5('Mufasa:testrealm@host.com:Circle Of Life')}:${nonce}:${md5('GET:/dir/index.html')}`);
  assert.is(responseOf(old, use, who), expected);
  assert.not(authorization(old, who, use, hash).includes('nc='));
});

test('-sess ties the secret to the nonces', () => {
  const first = sha256(`${sha256('Mufasa:r:Circle of Life')}:n:c`);
  const expected = sha256(`${first}:n:0000001f:c:auth:${sha256('GET:/x')}`);
  const challenge = only('digest realm=r, nonce=n, qop=auth, algorithm="sha-256-sess"');
  assert.is(responseOf(challenge, { method: 'GET', uri: '/x', count: 31, clientNonce: 'c' }), expected);
});

test('RFC 7617: Basic, with a colon in the password and letters of UTF-8', () => {
  const basic = only('Basic realm="foo", charset="UTF-8"');
  const header = (username: string, password: string): string => authorization(basic, { username, password }, USE, hash);
  assert.is(header('Aladdin', 'open sesame'), 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  assert.is(header('test', '123£'), 'Basic dGVzdDoxMjPCow==');
  assert.is(header('a', 'b:c'), `Basic ${Buffer.from('a:b:c').toString('base64')}`);
});

test('base64 of every length is that of Node', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length * 11) & 255);
    assert.is(base64(bytes), Buffer.from(bytes).toString('base64'));
  }
});

test('quotes in names are escaped, and read back', () => {
  const challenge = only('Digest realm="HTTP \\"API\\", front", nonce="a\\\\b"');
  assert.is(challenge.realm, 'HTTP "API", front');
  assert.match(authorization(challenge, { username: 'a"b', password: '' }, USE, hash), /username="a\\"b", realm="HTTP \\"API\\"/);
});

const READ: readonly (readonly [header: string, expected: string])[] = [
  ['Basic realm="a", Digest realm="b", nonce="n", algorithm=MD5', 'basic a, digest b'],
  ['Digest nonce="n" , realm="b",, Basic realm=c', 'digest b, basic c'],
  ['Negotiate, Basic realm="a"', 'basic a'],
  ['Digest realm="b", nonce="n", algorithm=SHA-512-256', ''],
  ['Digest realm="b", nonce="n", qop="auth-int"', ''],
  ['Digest realm="b"', ''],
  ['Digest nonce="n"', ''],
  ['Basic', ''],
  ['', ''],
  [', ,', ''],
  ['Basic realm="never ends', ''],
  ['="x", Basic realm="a"', ''],
  [`Basic realm="${'x'.repeat(5_000)}"`, ''],
];
for (const [header, expected] of READ) {
  test(`${header.slice(0, 60)}: ${expected || 'none'}`, () => {
    const read = readChallenges(header).map(({ scheme, realm }) => `${scheme} ${realm}`);
    assert.is(read.join(', '), expected);
  });
}

test('the strongest is answered; a password in clear only where nobody can listen', () => {
  const all = readChallenges(`Basic realm="a", ${HEADER('MD5')}, ${HEADER('SHA-256')}`);
  const chosen = strongest(all, false);
  assert.is(chosen?.scheme === 'digest' && chosen.algorithm, 'SHA-256');
  assert.is(strongest(readChallenges('Basic realm="a"'), false), undefined);
  assert.is(strongest(readChallenges('Basic realm="a"'), true)?.scheme, 'basic');
  assert.is(strongest([], true), undefined);
});
test.run();
