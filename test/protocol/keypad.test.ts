import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Request } from '../../src/core/input.ts';
import { after, monotonic } from '../../src/core/time.ts';
import { KEY_PAUSE_MS, KEYPAD_PROBLEMS, NO_KEYS, expireKeys, pressKeys } from '../../src/protocol/keypad.ts';
import type { KeypadEntry, KeypadProblem, Pressed } from '../../src/protocol/keypad.ts';

const NOW = monotonic(5_000_000);
const CODE = '2580';

const type = (text: string): Pressed => pressKeys(NO_KEYS, text, NOW);
const ask = (request: Request): readonly KeypadEntry[] => [{ code: CODE, request }];
const arm = (change: Partial<Extract<Request, { verb: 'arm' }>> = {}): readonly KeypadEntry[] =>
  ask({ verb: 'arm', mode: 'full', areas: [], override: false, inhibit: [], ...change });

const grammar = suite('what staff type');

const ENTRIES: readonly (readonly [keys: string, entries: readonly KeypadEntry[]])[] = [
  ['2580#', ask({ verb: 'code' })],
  ['12345678#', [{ code: '12345678', request: { verb: 'code' } }]],
  ['0*2580#', ask({ verb: 'disarm', areas: [] })],
  ['1*2580#', arm()],
  ['2*2580#', arm({ mode: 'partial' })],
  ['3*2580#', arm({ mode: 'night' })],
  ['1**2580#', arm({ override: true })],
  ['3**2580#', arm({ mode: 'night', override: true })],
  ['1*12*2580#', arm({ inhibit: [12] })],
  ['1*12*14*2580#', arm({ inhibit: [12, 14] })],
  ['1*12*12*012*2580#', arm({ inhibit: [12] })],
  ['1**12*14*2580#', arm({ override: true, inhibit: [12, 14] })],
  ['1*999*2580#', arm({ inhibit: [999] })],
  ['4*2580#', ask({ verb: 'silence' })],
  ['5*2580#', ask({ verb: 'confirm-normal' })],
  ['6*2580#', ask({ verb: 'acknowledge' })],
  ['7*2580#', ask({ verb: 'walk-test' })],
  ['8*2580#', ask({ verb: 'exercise' })],
  ['9*2580#', ask({ verb: 'allow-installer' })],
  ['10*2*2580#', ask({ verb: 'tick', item: 2 })],
  ['20*2580#', ask({ verb: 'postpone' })],
  ['41*12*2580#', ask({ verb: 'isolate', zone: 12, on: true })],
  ['42*12*2580#', ask({ verb: 'isolate', zone: 12, on: false })],
  ['60*2580#', ask({ verb: 'reset-tamper' })],
  ['70*2580#', ask({ verb: 'on-test' })],
  ['1#', [{ choice: 1 }]],
  ['12#', [{ choice: 12 }]],
  ['0#', [{ choice: 0 }]],
  ['2580#2#', [...ask({ verb: 'code' }), { choice: 2 }]],
  ['1*25*#2580#', ask({ verb: 'code' })],
  [' 1*2580#\r\n', arm()],
];

for (const [keys, entries] of ENTRIES) {
  grammar(`${JSON.stringify(keys)} is taken`, () => {
    assert.equal(type(keys), { state: NO_KEYS, entries, problems: [] });
  });
}

const NONSENSE: readonly (readonly [keys: string, problem: KeypadProblem])[] = [
  ['123#', 'code-length'],
  ['123456789#', 'code-length'],
  ['1*123#', 'code-length'],
  ['1*123456789#', 'code-length'],
  ['*2580#', 'unknown-verb'],
  ['**2580#', 'unknown-verb'],
  ['11*2580#', 'unknown-verb'],
  ['99*2580#', 'unknown-verb'],
  ['01*2580#', 'unknown-verb'],
  ['2580*2580#', 'unknown-verb'],
  ['1***2580#', 'zone-number'],
  ['1*0*2580#', 'zone-number'],
  ['1*1000*2580#', 'zone-number'],
  ['1*12**2580#', 'zone-number'],
  ['1*2580*2580#', 'zone-number'],
  ['0*1*2580#', 'too-many-fields'],
  ['5**2580#', 'too-many-fields'],
  ['10*2580#', 'item-number'],
  ['10**2580#', 'item-number'],
  ['10*1*2*2580#', 'too-many-fields'],
  ['41*2580#', 'zone-number'],
  ['42*0*2580#', 'zone-number'],
  ['A2580#', 'unknown-key'],
  ['25A80#', 'unknown-key'],
  ['２５８０#', 'unknown-key'],
  ['1'.repeat(33) + '#', 'too-long'],
  ['1'.repeat(40) + '*2580#', 'too-long'],
];

for (const [keys, problem] of NONSENSE) {
  grammar(`${JSON.stringify(keys)} is refused: ${problem}; nothing is sent`, () => {
    assert.equal(type(keys), { state: NO_KEYS, entries: [], problems: [problem] });
  });
}

grammar('nothing typed, or forgotten with *#: neither entry nor problem', () => {
  for (const keys of ['', '#', '##', '*#', '2580*#', '1*2580*#', 'A*#', '1'.repeat(60) + '*#']) {
    assert.equal(type(keys), { state: NO_KEYS, entries: [], problems: [] }, keys);
  }
});

grammar('after a refused entry the next one is taken', () => {
  assert.equal(type('A#2580#').entries, ask({ verb: 'code' }));
  assert.equal(type('1'.repeat(50) + '#2580#').entries, ask({ verb: 'code' }));
});

grammar('the tail of an entry that was too long never becomes an entry of its own', () => {
  const { entries } = type('7'.repeat(32) + '2580#');
  assert.equal(entries, []);
});

grammar('keys may come one by one', () => {
  let state = NO_KEYS;
  const entries: KeypadEntry[] = [];
  for (const [index, key] of '1*12*2580#'.split('').entries()) {
    const pressed = pressKeys(state, key, after(NOW, index * 19_000));
    state = pressed.state;
    entries.push(...pressed.entries);
  }
  assert.equal(entries, arm({ inhibit: [12] }));
  assert.equal(state, NO_KEYS);
});

grammar('a pause of 20 s forgets what was typed; a shorter one does not', () => {
  const { state } = pressKeys(NO_KEYS, '25', NOW);
  assert.equal(pressKeys(state, '80#', after(NOW, KEY_PAUSE_MS - 1)).entries, ask({ verb: 'code' }));
  assert.equal(pressKeys(state, '80#', after(NOW, KEY_PAUSE_MS)).entries, [{ choice: 80 }]);
  assert.is(expireKeys(state, after(NOW, KEY_PAUSE_MS - 1)), state);
  assert.is(expireKeys(state, after(NOW, KEY_PAUSE_MS)), NO_KEYS);
});

grammar('every entry on the keypad sheet is taken, and says the same in both languages', () => {
  const sheet = readFileSync(new URL('../../../docs/keypad.md', import.meta.url), 'utf8');
  const [fr = [], en = []] = sheet.split('\n---\n').map((page) => page.match(/`[^`]*#`/g) ?? []);
  assert.ok(fr.length >= 20);
  assert.equal(en, fr);
  for (const entry of fr) {
    const keys = entry.slice(1, -1).replace('CODE', CODE);
    const { entries, problems } = type(keys);
    assert.equal(problems, [], entry);
    if (keys !== '#' && keys !== '*#') assert.is(entries.length, 1, entry);
  }
});

grammar('every problem has its sentence in both languages, without the code', () => {
  for (const [problem, { fr, en }] of Object.entries(KEYPAD_PROBLEMS)) {
    assert.ok(fr.length > 10 && en.length > 10, problem);
    assert.not.equal(fr, en);
  }
});

grammar.run();

const fuzz = suite('any keys at all');

const keys = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789*#'.split('')), maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'0123456789**##A \n'.split('')), maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

fuzz('never throws, stays bounded, and is empty after #', () => {
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 6 }), (texts) => {
      let state = NO_KEYS;
      for (const text of texts) {
        state = pressKeys(state, text, NOW).state;
        assert.ok(state.buffer.length <= 32);
        assert.ok(/^[0-9*]*$/.test(state.buffer));
      }
      assert.equal(pressKeys(state, '#', NOW).state, NO_KEYS);
    }),
    { numRuns: 2_000 },
  );
});

fuzz('cut anywhere, the same keys say the same', () => {
  fc.assert(
    fc.property(keys, fc.nat(60), (text, at) => {
      const cut = Math.min(at, text.length);
      const whole = type(text);
      const first = type(text.slice(0, cut));
      const second = pressKeys(first.state, text.slice(cut), NOW);
      assert.equal([...first.entries, ...second.entries], whole.entries);
      assert.equal([...first.problems, ...second.problems], whole.problems);
      assert.equal(second.state, whole.state);
    }),
    { numRuns: 2_000 },
  );
});

fuzz('what becomes an entry is well formed, and a code leaves no trace in the state', () => {
  fc.assert(
    fc.property(keys, (text) => {
      const { state, entries } = type(text.endsWith('#') ? text : `${text}#`);
      assert.equal(state, NO_KEYS);
      for (const entry of entries) {
        if ('choice' in entry) assert.ok(Number.isInteger(entry.choice) && entry.choice >= 0 && entry.choice <= 99);
        else assert.ok(/^[0-9]{4,8}$/.test(entry.code));
      }
    }),
    { numRuns: 2_000 },
  );
});

fuzz.run();
