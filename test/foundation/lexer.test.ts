/** The tokens of a source: what is code, and what only looks like it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bracketPairs, tokensOf } from '../../scripts/tidy/lexer.ts';

const read = (source: string): string[] => tokensOf(source).map(({ kind, text }) => `${kind} ${text}`);
const wordsOf = (source: string): string[] => read(source).filter((token) => token.startsWith('word '));

const test = suite('tokens');

const NOT_CODE: readonly (readonly [string, string])[] = [
  ['a line comment', '// hidden'],
  ['a block comment', '/* hidden\n * hidden */'],
  ['a string', "'hidden'"],
  ['a string with an escaped quote', String.raw`'it\'s hidden'`],
  ['a string with a comment in it', '"// hidden"'],
  ['a template', '`hidden $ {hidden}`'],
  ['a regex', '/hidden/g'],
  ['a regex with a quote and a slash in a class', "/[/'hidden]/"],
];

for (const [name, source] of NOT_CODE) {
  test(`${name} holds no word`, () => assert.equal(wordsOf(`seen = ${source}\n;after`), ['word seen', 'word after']));
}

test('what a template computes is code, and the template goes on after it', () => {
  const source = '`hidden ${outer({ key: `${inner} hidden` })} hidden`; after';
  assert.equal(wordsOf(source), ['word outer', 'word key', 'word inner', 'word after']);
});

test('a division is no regex', () => {
  assert.equal(wordsOf('a / b / c; (d) / e / f'), ['word a', 'word b', 'word c', 'word d', 'word e', 'word f']);
});

test('lines count through comments, templates and blank lines', () => {
  const lines = tokensOf('a\n\n/* \n */ b `\n` c').map(({ line }) => line);
  assert.equal(lines, [1, 3, 4, 4, 5]);
});

test('each bracket knows the one that closes it, also inside a template', () => {
  const tokens = tokensOf('f(`${a[0]}`)');
  const pairs = [...bracketPairs(tokens)].map(([open, close]) => `${tokens[open]?.text}${tokens[close]?.text}`);
  assert.equal(pairs.toSorted(), ['()', '[]', '{}']);
});

test.run();
