/** `vigie people`: its command line, its lists, and what it says where no controller answers. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { people } from '../../src/cli/people.ts';
import { wantedOf } from '../../src/cli/people/args.ts';
import { cellsOf, headers, readTable } from '../../src/cli/people/columns.ts';
import { csvLine, readCsv } from '../../src/cli/people/csv.ts';
import { codesTable, tableText } from '../../src/cli/people/show.ts';
import { peopleWords } from '../../src/cli/people/words.ts';
import type { PersonView } from '../../src/ports/people.ts';
import { temporaryFolder } from '../support/controllerProcess.ts';
import { fakeIo } from './support.ts';

const test = suite('vigie people');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

// ---- command line

const LINES: readonly (readonly [string, string | RegExp])[] = [
  ['list', /--data is needed/],
  ['--data d', /nothing: it does list, add/],
  ['--data d open', /open: it does/],
  ['--data d list lea', /list takes no word/],
  ['--data d add', /add takes 1 word/],
  ['--data d add-badge lea', /add-badge takes 2 word/],
  ['--data d learn-badge lea', /--keypad is needed/],
  ['--data d list --badge AABB', /list takes no --badge/],
  ['--data d change lea --duress', /change takes no --duress/],
  ['--data d change lea --badge AABB', /change takes no --badge/],
  ['--data d list --lang de', /--lang takes fr or en/],
  ['--data d list --secret', /unknown option --secret/],
  ['--data d list', '{"kind":"list","isJson":false}'],
  ['--data d revoke lea', '{"kind":"revoke","id":"lea"}'],
  ['--data d new-code lea --duress', '{"kind":"new-code","id":"lea","duress":true,"notNormal":false}'],
  ['--data d learn-badge lea --keypad hall', '{"kind":"learn-badge","id":"lea","keypad":"hall"}'],
  ['--data d import f.csv --dry-run', '{"kind":"import","path":"f.csv","isDryRun":true}'],
  [
    '--data d add lea --role Ménage --areas a,b --badge AABB --badge CCDD,EEFF --one-shot',
    '{"kind":"add","person":{"id":"lea","role":"cleaner","areas":["a","b"],"badges":["AABB","CCDD","EEFF"],"oneShot":true}}',
  ],
  [
    '--data d change lea --hours - --doors - --no-one-shot --no-extended',
    '{"kind":"change","person":{"id":"lea","hours":"","doors":[],"oneShot":false,"extended":false}}',
  ],
];

for (const [line, wanted] of LINES) {
  test(`people ${line}`, () => {
    const found = wantedOf(line.split(' '));
    if (typeof wanted === 'string') assert.is(typeof found === 'string' ? found : JSON.stringify(found.action), wanted);
    else assert.match(typeof found === 'string' ? found : JSON.stringify(found), wanted);
  });
}

test('no controller, no folder, no file: said with what to do, and each its own exit code', async () => {
  const folder = temporaryFolder();
  const run = async (...args: readonly string[]) => {
    const io = fakeIo({ 'empty.csv': '' });
    return { code: await people(['--data', folder.path, ...args], io), ...io.written };
  };
  const idle = await run('list');
  assert.is(idle.code, 3);
  assert.match(idle.err, /aucune centrale ne tourne.*Démarrez-la/);
  assert.match((await run('list', '--lang', 'en')).err, /no controller runs on this folder. Start it/);
  assert.is((await run('import', 'nowhere.csv')).code, 2);
  const empty = await run('import', 'empty.csv');
  assert.is(empty.code, 2);
  assert.match(empty.err, /ligne 1 : la liste est vide/);
  const io = fakeIo({});
  assert.is(await people(['--data', `${folder.path}/none`, 'list'], io), 2);
  assert.match(io.written.err, /ce dossier n’existe pas/);
  folder.remove();
});

// ---- lists

const CSV: readonly (readonly [string, string, unknown])[] = [
  [
    'commas',
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'semicolons, CR LF, no last line end',
    'a;b\r\n1;2,5',
    [
      ['a', 'b'],
      ['1', '2,5'],
    ],
  ],
  ['a byte order mark', '\u{feff}a,b\n', [['a', 'b']]],
  [
    'quotes, doubled ones, a separator and a line end within',
    'a,b\n"x, ""y""\nz",2\n',
    [
      ['a', 'b'],
      ['x, "y"\nz', '2'],
    ],
  ],
  [
    'empty quotes and empty cells',
    '"",b\n,\n1,',
    [
      ['', 'b'],
      ['1', ''],
    ],
  ],
  ['blank rows', 'a\n\n \nb\n', [['a'], ['b']]],
  ['a quote within a cell', 'a\nb "c" d\n', [['a'], ['b "c" d']]],
  ['a quote that is not closed', 'a\n1\n"x\n', 'unclosed-quote 3'],
  ['text after a closing quote', 'a\n"x"y\n', 'text-after-quote 2'],
];

for (const [name, text, wanted] of CSV) {
  test(`a list with ${name}`, () => {
    const read = readCsv(bytes(text));
    assert.equal(read.ok ? read.rows.map(({ cells }) => cells) : `${read.fault} ${read.row}`, wanted);
  });
}

test('a list that is not UTF-8 is none', () => {
  const read = readCsv(Uint8Array.of(0x4c, 0xe9, 0x61));
  assert.ok(!read.ok && read.fault === 'not-utf8');
});

const problemsOf = (text: string): readonly string[] =>
  readTable(bytes(text)).problems.map(({ row, column, fault }) => `${row} ${column} ${fault}`);

test('headers in either language, however written; roles and yes in either too', () => {
  const table = readTable(bytes('Identifiant;Nom;Rôle;Secteurs;Une fois;Badges\nlea;Léa;Propriétaire;a b;OUI;AABB ccdd\n'));
  assert.equal(table.problems, []);
  assert.equal(table.people, [
    { row: 2, draft: { id: 'lea', name: 'Léa', role: 'owner', areas: ['a', 'b'], oneShot: true, badges: ['AABB', 'ccdd'] } },
  ]);
  assert.is(table.headerOf('role'), 'Rôle');
});

test('what is wrong with a list is said of all of it', () => {
  assert.equal(problemsOf('id,nom,role,couleur,name\n'), ['1  empty']);
  assert.equal(problemsOf('id,nom,couleur,name\nlea,Léa,bleu,x\n'), [
    '1 couleur no-such-column',
    '1 name column-twice',
    '1 role column-missing',
  ]);
  assert.equal(problemsOf('id,name,role,duress\n\na,b,staff,peut-être\nc,d,staff,no,e\n'), [
    '3 duress bad-flag',
    '4 5 too-many-cells',
  ]);
});

const LEA: PersonView = {
  id: 'lea',
  name: 'Léa "Lou" Martin; dite L',
  role: 'staff',
  areas: ['a', 'b'],
  doors: [],
  hours: 'jour',
  from: '2026-01-01',
  until: '',
  oneShot: false,
  extended: true,
  has: { normal: true, duress: true, 'not-normal': false },
  badges: 2,
  source: 'running',
};

for (const language of ['fr', 'en'] as const) {
  test(`what is exported is imported again: ${language}`, () => {
    const separator = language === 'fr' ? ';' : ',';
    const text = [headers(language), cellsOf(LEA, language)].map((cells) => csvLine(separator, cells)).join('');
    const { people: listed, problems } = readTable(bytes(text));
    assert.equal(problems, []);
    const { has: _has, badges: _badges, source: _source, doors: _doors, until: _until, ...facts } = LEA;
    assert.equal(listed[0]?.draft, { ...facts, duress: true, notNormal: false });
  });
}

test('a list for a terminal, and codes to hand out', () => {
  const text = tableText(
    'fr',
    [LEA, { ...LEA, id: 'x', name: 'e\u001b[31mvil', badges: 0 }],
    [{ id: 'op', name: 'Astreinte', isRevoked: true }],
  );
  assert.match(
    text,
    /lea +Léa "Lou" Martin; dite L +personnel +a b +jour, du 2026-01-01, temps long +code, code sous contrainte, 2 badges\n/,
  );
  assert.not.match(text, '\u001b');
  assert.match(text, /opérateur à distance : op \(Astreinte\), révoqué\n/);
  assert.is(
    codesTable('fr', ';', [{ id: 'lea', name: 'Léa; L', codes: { normal: '123456', duress: '654321' } }]),
    'identifiant;nom;code;contrainte;anormal\nlea;"Léa; L";123456;654321;\n',
  );
});

test('both languages say something of everything, and no sentence is left empty', () => {
  for (const words of [peopleWords.fr, peopleWords.en]) {
    for (const say of [words.reasons, words.drafts, words.table].flatMap((table) => Object.values(table))) {
      const text = say('X', 'a, b');
      assert.ok(text.length > 10 && /[.?]$/.test(text), text);
      assert.not.match(text, /undefined/);
    }
  }
});

test.run();
