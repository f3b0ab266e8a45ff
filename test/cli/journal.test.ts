/** `vigie journal` on folders that the real store wrote, whole, altered, cut and held by somebody. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { journal } from '../../src/cli/journal.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { openStore } from '../../src/drivers/store/openStore.ts';
import type { JournalEntry, Part } from '../../src/ports/store.ts';
import { fakeIo } from './support.ts';

const test = suite('vigie journal');

const CABINET = readFileSync('config/cabinet.yaml', 'utf8');
const AT = wall(Date.parse('2026-03-02T22:15:04Z'));

const eventOf = (kind: EventKind, facts: Partial<Event> = {}): Event => ({
  kind,
  at: AT,
  atQuality: 'synchronised',
  mono: monotonic(0),
  exercise: false,
  ...facts,
});

const HAPPENED: readonly Event[] = [
  eventOf('armed', { area: 'cabinet', mode: 'full', user: 'martin' }),
  eventOf('holdup-silent', { area: 'cabinet', zone: 'panic-button' }),
  eventOf('intrusion', { area: 'cabinet', zone: 'yard-window' }),
  eventOf('disarmed', { area: 'cabinet', user: 'durand' }),
];

const entryOf = (event: Event): JournalEntry => ({ body: JSON.stringify(event), at: event.at, access: event.user !== undefined });

const folders: string[] = [];

const makeFolder = async (events: readonly Event[] = HAPPENED, parts: readonly Part[] = []): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  folders.push(folder);
  const opened = await openStore({ folder, randomBytes: (count) => randomBytes(count) });
  if (!opened.ok) throw new Error(opened.reason);
  const result = await opened.store.commit({ entries: events.map(entryOf), parts, whole: true, recorded: [] });
  await opened.store.close();
  assert.ok(result.ok);
  return folder;
};

type Ended = { readonly status: number; readonly out: string; readonly err: string };

const run = async (folder: string, ...args: readonly string[]): Promise<Ended> => {
  const io = fakeIo({ [join(folder, 'accepted.yaml')]: CABINET });
  const status = await journal([folder, ...args], io);
  return { status, ...io.written };
};

/** As somebody with the file and SQLite would, in a process of its own. */
const alter = (folder: string, sql: string): void => {
  const program = `import Database from 'libsql'; new Database(process.argv[1]).exec(process.argv[2]);`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', program, '--', join(folder, 'store.db'), sql],
    { encoding: 'utf8' },
  );
  assert.is(status, 0, stderr);
};

test('every event in words, with the names of the site and its own time', async () => {
  const { status, out } = await run(await makeFolder());
  assert.is(status, 0);
  assert.is(
    out,
    [
      '     1  02/03/2026 23:15:04  Mise en service – secteur Cabinet, total, Mme Martin, secrétaire',
      '     2  02/03/2026 23:15:04  AGRESSION, appel silencieux – secteur Cabinet, Bouton d’agression (13)',
      '     3  02/03/2026 23:15:04  Intrusion – secteur Cabinet, Fenêtre sur cour (5)',
      '     4  02/03/2026 23:15:04  Mise hors service – secteur Cabinet, Dr Durand',
      '',
    ].join('\n'),
  );
});

test('in English, from a number on, the last ones, and for machines', async () => {
  const folder = await makeFolder();
  assert.match(
    (await run(folder, '--lang', 'en', '--from', '3')).out,
    /^ {5}3 {2}02\/03\/2026, 23:15:04 {2}Intrusion – area Cabinet/,
  );
  assert.match((await run(folder, 'tail', '--count', '1')).out, /^ {5}4 .*\n$/);
  const rows = (await run(folder, '--json', '--count', '2')).out.trimEnd().split('\n');
  assert.equal(
    rows.map((row): unknown => JSON.parse(row)),
    [
      { number: 1, event: HAPPENED[0] },
      { number: 2, event: HAPPENED[1] },
    ],
  );
});

test('staff read nothing covert, and their rows have no gap', async () => {
  const { status, out } = await run(await makeFolder(), '--staff');
  assert.is(status, 0);
  assert.not.match(out, /AGRESSION|agression/);
  assert.equal(out.match(/^ +\d+/gm), ['     1', '     2', '     3']);
});

test('who: rows about people alone, or about one of them; those added while running have their names', async () => {
  const happened = [...HAPPENED, eventOf('disarmed', { area: 'cabinet', user: 'lea' }), eventOf('code-refused', { keypad: 'x' })];
  const people = JSON.stringify({ roster: [{ id: 'lea', name: 'Léa Martin' }, { id: 7 }] });
  const folder = await makeFolder(happened, [{ key: 'people', json: people }]);
  const who = await run(folder, '--who', '--staff');
  assert.is(who.out.trimEnd().split('\n').length, 4, who.out);
  assert.not.match(who.out, /Intrusion|AGRESSION/);
  const lea = await run(folder, '--user', 'lea', '--staff');
  assert.match(lea.out, /^ +4 .*Mise hors service – secteur Cabinet, Léa Martin\n$/);
  assert.is((await run(folder, '--user', 'nobody')).out, '');
  assert.is((await run(folder, 'verify', '--who')).status, 2);
});

test('verify says how many records were purged, in the folder and in an export, and that the rest is sound', async () => {
  const folder = await makeFolder();
  assert.not.match((await run(folder, 'verify')).out, /effacé/);
  const opened = await openStore({ folder, randomBytes: (count) => randomBytes(count) });
  if (!opened.ok) throw new Error(opened.reason);
  assert.equal(await opened.store.purgeAccess(wall(AT + 1)), { ok: true, value: 2 });
  await opened.store.close();
  const { status, out } = await run(folder, 'verify');
  assert.is(status, 0);
  assert.match(out, /^Intact : 4 enregistrements, .* Contenu effacé à la fin de sa durée de conservation : 2\.\n$/);
  assert.match((await run(folder, 'verify', '--lang', 'en')).out, /Contents removed at the end of their retention: 2\./);
  const exported = join(folder, 'export.jsonl');
  writeFileSync(exported, (await run(folder, 'export')).out);
  assert.not.match(readFileSync(exported, 'utf8'), /martin|durand/);
  const json: unknown = JSON.parse((await run(exported, 'verify', '--json')).out);
  assert.ok(typeof json === 'object' && json !== null && 'purged' in json && json.purged === 2);
});

test('staff’s view needs the site’s file: 2 without it, and nothing is shown', async () => {
  const folder = await makeFolder();
  const io = fakeIo({});
  assert.is(await journal([folder, '--staff'], io), 2);
  assert.is(io.written.out, '');
  assert.match(io.written.err, /--config/);
});

test('a whole chain: 0', async () => {
  const { status, out } = await run(await makeFolder(), 'verify');
  assert.is(status, 0);
  assert.match(out, /^Intact : 4 enregistrements, chaîne vérifiée jusqu’à [0-9a-f]{16}…\n$/);
});

const TAMPERED: readonly (readonly [what: string, sql: string, told: RegExp])[] = [
  ['a word changed', "UPDATE journal SET body = replace(body, 'yard-window', 'safe') WHERE number = 3", /^MODIFIÉ : .* n° 3 /],
  ['a record gone', 'DELETE FROM journal WHERE number = 2', /^MANQUANT : .* n° 2 /],
  ['the end gone', 'DELETE FROM journal WHERE number > 2', /^TRONQUÉ : .* n° 2 /],
  [
    'two put in each other’s place',
    [
      [2, -2],
      [3, 2],
      [-2, 3],
    ]
      .map(([from, to]) => `UPDATE journal SET number = ${to} WHERE number = ${from};`)
      .join(''),
    /^ROMPU : .* n° 2 /,
  ],
];

for (const [what, sql, told] of TAMPERED)
  test(`${what}: 1, and the first bad number`, async () => {
    const folder = await makeFolder();
    alter(folder, sql);
    const { status, out } = await run(folder, 'verify');
    assert.is(status, 1);
    assert.match(out, told);
    assert.match((await run(folder, 'verify', '--json')).out, /^\{"ok":false,"kind":"broken","fault":"\w+","number":[23]\}\n$/);
  });

test('an export verifies by itself, and an altered one does not', async () => {
  const folder = await makeFolder();
  const { out } = await run(folder, 'export');
  const path = join(folder, 'export.jsonl');
  writeFileSync(path, out);
  assert.is((await run(path, 'verify')).status, 0);
  writeFileSync(path, (await run(folder, 'export', '--from', '3')).out);
  assert.is((await run(path, 'verify')).status, 0, 'a later part too');
  writeFileSync(path, out.replace('yard-window', 'safe'));
  const altered = await run(path, 'verify');
  assert.is(altered.status, 1);
  assert.match(altered.out, /n° 3/);
});

test('reading changes nothing in the folder', async () => {
  const folder = await makeFolder();
  const shape = () =>
    readdirSync(folder)
      .filter((name) => name !== 'lock.db')
      .map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  const before = shape();
  await run(folder);
  await run(folder, 'verify');
  assert.equal(shape(), before);
});

test('nothing there, and a wrong command line: 2', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  folders.push(empty);
  assert.is((await run(empty)).status, 2);
  assert.is((await run(join(empty, 'nowhere'))).status, 2);
  for (const args of [['burn'], ['--from', '0'], ['--from', 'x'], ['--lang', 'de'], ['verify', '--staff'], ['--all']]) {
    const { status, err } = await run(empty, ...args);
    assert.is(status, 2, args.join(' '));
    assert.match(err, /Usage: vigie journal/);
  }
});

test('a later version’s folder is not read: 3', async () => {
  const folder = await makeFolder();
  alter(folder, 'PRAGMA user_version = 99');
  const { status, err } = await run(folder);
  assert.is(status, 3);
  assert.match(err, /version plus récente/);
});

test.after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test.run();
