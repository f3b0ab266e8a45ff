/** Mutated and made-up files: reading never throws, and gives a site or a fault with a place that is in the text. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageBoards } from '../../src/cli/siteTools.ts';
import { loadBoard } from '../../src/config/boards.ts';
import { loadSite } from '../../src/config/load.ts';
import { DOOR_SITE, PI_SITE, SITE, tools } from './support.ts';

const cabinet = readFileSync(fileURLToPath(new URL('../../../config/cabinet.yaml', import.meta.url)), 'utf8');

const holds = (text: string): void => {
  const result = loadSite(text, tools);
  const problems = result.ok ? result.warnings : result.problems;
  assert.is(
    result.ok,
    problems.every(({ severity }) => severity === 'warning'),
  );
  if (result.ok) assert.ok(result.site.core.areas.length > 0);
  const lines = text.split('\n');
  for (const { line, column, message, messageFr, code } of problems) {
    assert.ok(line >= 1 && line <= lines.length, `${code} at line ${line} of ${lines.length}`);
    assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, `${code} at column ${column}`);
    assert.ok(message !== '' && messageFr !== '' && !message.includes('undefined') && !message.includes('[object'), message);
  }
};

const WORDS = [
  'area',
  'main',
  'null',
  '~',
  '2580',
  '30s',
  '1e9',
  '.nan',
  '[]',
  '{}',
  '- ',
  ': ',
  '\n',
  '  ',
  '"',
  "'",
  '&a ',
  '*a',
  '!!map ',
  '<<: ',
  '#',
  '\t',
  '__proto__',
  'é',
  '\u0000',
  '-',
  '{',
  '}',
  '[',
  ']',
  '|',
  '? ',
];

type Edit = { readonly at: number; readonly cut: number; readonly put: string };
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })),
  }),
  { minLength: 1, maxLength: 6 },
);

const edited = (text: string, changes: readonly Edit[]): string =>
  changes.reduce((before, { at, cut, put }) => {
    const index = Math.floor(at * before.length);
    return before.slice(0, index) + put + before.slice(index + cut);
  }, text);

const fuzz = suite('bad files');

fuzz('a small site with up to six edits', () => {
  fc.assert(
    fc.property(edits, (changes) => holds(edited(SITE, changes))),
    { numRuns: 400 },
  );
});

fuzz('the practice with up to six edits', () => {
  fc.assert(
    fc.property(edits, (changes) => holds(edited(cabinet, changes))),
    { numRuns: 30 },
  );
});

fuzz('doors that lock with up to six edits, and with values of any kind in any place', () => {
  fc.assert(
    fc.property(edits, (changes) => holds(edited(DOOR_SITE, changes))),
    { numRuns: 60 },
  );
  const value = fc.oneof(fc.constantFrom(...WORDS), fc.json({ maxDepth: 3 }));
  fc.assert(
    fc.property(fc.nat(250), value, (place, put) => {
      let count = 0;
      holds(DOOR_SITE.replaceAll(/(?<=: )[^{},\n]+/g, (old) => (count++ === place ? put : old)));
    }),
    { numRuns: 150 },
  );
});

fuzz('a site on real boards with up to six edits', () => {
  fc.assert(
    fc.property(edits, (changes) => holds(edited(PI_SITE, changes))),
    { numRuns: 100 },
  );
});

fuzz('lines of real boards by names of any kind', () => {
  const name = fc.oneof(
    fc.stringMatching(/^(GPIO|pin-|RELAY|cellar\.[AD]|celar\.D|A)[0-9]{0,3}$/),
    fc.stringMatching(/^[A-Za-z0-9.:/-]{1,12}$/),
  );
  fc.assert(
    fc.property(fc.constantFrom('GPIO17', 'pin-13', 'cellar.A0', 'cellar.D4', 'GPIO10', 'cellar.D7'), name, (from, to) =>
      holds(PI_SITE.replace(from, () => to)),
    ),
    { numRuns: 100 },
  );
});

fuzz('board files with up to six edits: a board, or problems with their places', () => {
  const names = ['raspberry-pi-4', 'headers/raspberry-pi-40', 'arduino-uno-firmata', 'waveshare-relay-3'];
  fc.assert(
    fc.property(fc.constantFrom(...names), edits, (name, changes) => {
      const textOf = (asked: string) =>
        asked === name ? edited(packageBoards.text(name) ?? '', changes) : packageBoards.text(asked);
      const result = loadBoard(name.replace('headers/raspberry-pi-40', 'raspberry-pi-4'), { ...packageBoards, text: textOf });
      if (result.ok) return;
      assert.is(result.reason, 'faulty');
      if (result.reason === 'faulty') assert.ok(result.problems.length > 0 && result.problems.every(({ line }) => line >= 1));
    }),
    { numRuns: 150 },
  );
});

fuzz('lines taken out, doubled and exchanged', () => {
  const lines = SITE.split('\n');
  const pick = fc.array(fc.nat(lines.length - 1), { maxLength: lines.length });
  fc.assert(
    fc.property(pick, (order) => holds(order.map((index) => lines[index]).join('\n'))),
    { numRuns: 300 },
  );
});

fuzz('values of any kind in any place', () => {
  const value = fc.oneof(fc.constantFrom(...WORDS), fc.json({ maxDepth: 3 }));
  fc.assert(
    fc.property(fc.nat(60), value, (place, put) => {
      let count = 0;
      holds(SITE.replaceAll(/(?<=: )[^{},\n]+/g, (old) => (count++ === place ? put : old)));
    }),
    { numRuns: 250 },
  );
});

fuzz('any text at all', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), holds), { numRuns: 500 });
});
fuzz.run();
