import { createHash } from 'node:crypto';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import {
  CHAIN_START,
  type ChainPlace,
  type ChainRecord,
  chainPlaceAtStart,
  exportLine,
  fromHex,
  linkFault,
  nextHead,
  parseLine,
  recordHash,
  toHex,
} from '../../src/protocol/chain.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const chainOf = (bodies: readonly (readonly [string, boolean])[]): readonly ChainRecord[] => {
  let head = CHAIN_START;
  return bodies.map(([body, access], index) => {
    const salt = new Uint8Array(16).fill(index + 1);
    const hash = recordHash(sha256, salt, body);
    head = nextHead(sha256, head, access, hash);
    return { number: index + 1, access, salt: toHex(salt), body, recordHash: toHex(hash), head: toHex(head) };
  });
};

const CHAIN = chainOf([
  ['{"kind":"armed"}', false],
  ['{"kind":"badge","user":"é"}', true],
  ['{"kind":"intrusion"}', false],
]);

const firstFault = (records: readonly ChainRecord[]): readonly [number, string] | undefined => {
  let place: ChainPlace = chainPlaceAtStart;
  for (const record of records) {
    const fault = linkFault(sha256, place, record);
    if (fault) return [record.number, fault];
    place = record;
  }
  return undefined;
};

const changed = (index: number, change: Partial<ChainRecord>): readonly ChainRecord[] =>
  CHAIN.map((record, at) => (at === index ? { ...record, ...change } : record));

const test = suite('hash chain');

test('the first head can be computed by hand', () => {
  const salt = Buffer.alloc(16, 1);
  const record = createHash('sha256').update(salt).update('{"kind":"armed"}').digest();
  const head = createHash('sha256')
    .update(Buffer.alloc(32))
    .update(Buffer.from([0]))
    .update(record)
    .digest('hex');
  assert.is(CHAIN[0]?.recordHash, record.toString('hex'));
  assert.is(CHAIN[0]?.head, head);
});

const TABLE: readonly (readonly [string, readonly ChainRecord[], readonly [number, string] | undefined])[] = [
  ['as written', CHAIN, undefined],
  ['an access record purged', changed(1, { salt: undefined, body: undefined }), undefined],
  ['any other record purged', changed(2, { salt: undefined, body: undefined }), [3, 'altered']],
  [
    'any other record passed off as an access record',
    changed(2, { access: true, salt: undefined, body: undefined }),
    [3, 'unlinked'],
  ],
  ['half purged', changed(1, { salt: undefined }), [2, 'altered']],
  ['body changed', changed(0, { body: '{"kind":"disarmed"}' }), [1, 'altered']],
  ['salt changed', changed(0, { salt: '00'.repeat(16) }), [1, 'altered']],
  ['salt moved into the body', changed(0, { salt: '01'.repeat(15), body: '\u0001{"kind":"armed"}' }), [1, 'altered']],
  ['record removed', CHAIN.filter((_, index) => index !== 1), [3, 'missing']],
  ['head changed', changed(1, { head: 'ff'.repeat(32) }), [2, 'unlinked']],
  [
    'hash and head changed together',
    changed(1, { salt: undefined, body: undefined, recordHash: '11'.repeat(32) }),
    [2, 'unlinked'],
  ],
];

for (const [name, records, expected] of TABLE) {
  test(`${name}: ${expected ? expected.join(' ') : 'no fault'}`, () => assert.equal(firstFault(records), expected));
}

test('past an unknown head the chain is checked from the next record on', () => {
  const [, second, third] = CHAIN;
  assert.ok(second && third);
  assert.is(linkFault(sha256, { number: 1, head: undefined }, second), undefined);
  assert.is(linkFault(sha256, second, { ...third, head: second.head }), 'unlinked');
});

test('an exported line reads back, purged or not', () => {
  for (const record of [...CHAIN, ...changed(1, { salt: undefined, body: undefined })]) {
    assert.not.match(exportLine(record), /\n/);
    assert.equal(parseLine(exportLine(record)), record);
  }
});

test('what is no exported line is refused', () => {
  const line = exportLine(CHAIN[0] as ChainRecord);
  for (const bad of ['', '{', 'null', '[]', '7', line.slice(1), line.replace('1', '1.5'), line.replace('false', '0')]) {
    assert.is(parseLine(bad), undefined, bad);
  }
});

test('hex takes pairs of digits only', () => {
  assert.equal(fromHex('00fF'), Uint8Array.of(0, 255));
  for (const bad of ['0', '0g', ' 00', '0x00']) assert.is(fromHex(bad), undefined, bad);
});

test.run();
