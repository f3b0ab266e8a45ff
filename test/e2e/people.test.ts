// deadline: 240s
/**
 * People managed from the command line, with the program as it is started: a drawn code disarms and opens, a revoked one is
 * refused at once and for good, kill -9 leaves both person and code or neither, and no code is ever found anywhere.
 * `VIGIE_PEOPLE_KILLS` says how many kills (4), `VIGIE_SEED` repeats a run.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askControl } from '../../src/drivers/control/client.ts';
import type { ControlReply, Fields } from '../../src/ports/control.ts';
import { runProgram } from '../cli/program.ts';
import type { Ended } from '../cli/program.ts';
import { killLeftovers, reachBoard, sleep, startReady, temporaryFolder, until } from '../support/controllerProcess.ts';
import type { ControllerProcess } from '../support/controllerProcess.ts';
import { startedBroker } from '../support/guardedSite.ts';
import { LAMP, OWNER_CODE, peopleSite, STRIKE } from '../support/peopleSite.ts';
import { seeded } from '../support/seeded.ts';
import type { SimClient } from '../support/simClient.ts';

const SEED = Number(process.env['VIGIE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const test = suite('e2e: people');
const folder = temporaryFolder();
const closing: (() => Promise<void>)[] = [];
test.after(async () => {
  await killLeftovers();
  for (const close of closing) await close();
  folder.remove();
});

type Place = { readonly config: string; readonly data: string; readonly socket: string };

const placeFor = (name: string): Place => {
  const config = join(folder.path, `${name}.yaml`);
  writeFileSync(config, peopleSite(name));
  return { config, data: join(folder.path, `${name}.data`), socket: join(folder.path, `${name}.sock`) };
};

type Running = { readonly controller: ControllerProcess; readonly board: SimClient };

const started = async (place: Place, broker = 'mqtt://127.0.0.1:1'): Promise<Running> => {
  const controller = await startReady({ ...place, broker, args: ['--log', 'debug'] });
  const board = await reachBoard(controller, place.socket, LAMP);
  if (!board) throw new Error(controller.log());
  return { controller, board };
};

const stopped = async ({ controller, board }: Running, signal: NodeJS.Signals): Promise<void> => {
  board.close();
  await controller.kill(signal);
};

const people = ({ data }: Place, ...args: readonly string[]): Promise<Ended> => runProgram(['people', '--data', data, ...args]);

const codeIn = ({ out, err }: Ended): string => {
  const [, code] = /code ([0-9]{4,8})/.exec(out) ?? [];
  if (code === undefined) throw new Error(`no code in: ${out}${err}`);
  return code;
};

// ---- at the keypad

const levelOf = async (board: SimClient, line: string): Promise<number | undefined> => (await board.ask({ get: line })).level;
const key = (board: SimClient, keypad: string, text: string) => board.ask({ keys: keypad, text });

const arm = async (board: SimClient): Promise<void> => {
  await key(board, 'hall', `1**${OWNER_CODE}#`);
  await until('armed', async () => (await levelOf(board, LAMP)) === 1);
};

const saysUnknown = async (board: SimClient, keypad: string): Promise<boolean> =>
  ((await board.ask({ show: keypad })).text ?? []).join(' ').includes('non reconnu');

/** Until the output stands as it should, or the screen says that nobody has this code; what it said before counts no more. */
const tried = async (board: SimClient, keypad: string, code: string, line: string, level: 0 | 1): Promise<boolean> => {
  let isStale = await saysUnknown(board, keypad);
  await key(board, keypad, `${code}#`);
  const answer = await until(`an answer to ${code} at ${keypad}`, async () => {
    if ((await levelOf(board, line)) === level) return 'done';
    const isUnknown = await saysUnknown(board, keypad);
    isStale &&= isUnknown;
    return isUnknown && !isStale && 'refused';
  });
  return answer === 'done';
};

const disarms = (board: SimClient, code: string): Promise<boolean> => tried(board, 'hall', code, LAMP, 0);
const opensDoor = (board: SimClient, code: string): Promise<boolean> => tried(board, 'street', code, STRIKE, 1);

const doorShut = (board: SimClient): Promise<unknown> => until('locked again', async () => (await levelOf(board, STRIKE)) === 0);

// ---- what is kept

const filesIn = (path: string): readonly string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => filesIn(join(path, name)))
    : statSync(path).isFile()
      ? [path]
      : [];

/** A number of these digits by itself, not within a longer one or a hash. */
const standsIn = (text: string, code: string): boolean => new RegExp(`(?<![0-9a-f.])${code}(?![0-9a-f])`).test(text);

const hearing = async (broker: string): Promise<{ readonly heard: () => string; readonly close: () => Promise<void> }> => {
  const client = await mqtt.connectAsync(broker, { protocolVersion: 5 });
  let text = '';
  client.on('message', (topic, payload) => {
    text += `${topic} ${payload.toString()}\n`;
  });
  await client.subscribeAsync('#');
  return { heard: () => text, close: () => client.endAsync(true) };
};

test('a person comes, works, and is gone; no code is found in any file, message or log', async () => {
  const place = placeFor('story');
  const broker = await startedBroker();
  const ears = await hearing(broker.url);
  closing.push(ears.close, broker.close);
  const first = await started(place, broker.url);
  const { board } = first;

  const adding = await people(place, 'add', 'lea', '--name', 'Léa Martin', '--role', 'personnel', '--duress');
  assert.is(adding.code, 0, adding.err);
  const lea = codeIn(adding);
  const [, duress = ''] = /contrainte ([0-9]+)/.exec(adding.out) ?? [];
  await arm(board);
  assert.ok(await disarms(board, lea));
  assert.ok(await opensDoor(board, lea));
  await doorShut(board);

  const list = join(folder.path, 'people.csv');
  writeFileSync(list, '\u{feff}id;nom;role;au\nzoe;Zoé;menage;2030-02-30\nLea!;;staff;\n');
  const faulty = await people(place, 'import', list);
  assert.is(faulty.code, 2);
  for (const fault of [/ligne 2, au .*2030-02-30/, /ligne 3, id .*Lea!/, /ligne 3, nom .*manque/, /3 fautes/]) {
    assert.match(faulty.err, fault);
  }
  assert.is(faulty.out, '');
  assert.not.match((await people(place, 'list')).out, 'zoe');

  writeFileSync(list, 'id,name,role\nzoe,"Zoé, dite ""Zo""",staff\nmax,Max,staff\n');
  const imported = await people(place, 'import', list);
  assert.is(imported.code, 0, imported.err);
  assert.match(imported.out, /^id(entifiant)?,/);
  const [, zoe = ''] = /^zoe,"Zoé, dite ""Zo""",([0-9]{6}),,$/m.exec(imported.out) ?? [];
  await arm(board);
  assert.ok(await disarms(board, zoe));

  assert.is((await people(place, 'revoke', 'zoe')).code, 0);
  await arm(board);
  assert.not.ok(await disarms(board, zoe), 'refused at once');
  assert.ok(await disarms(board, duress), 'looks like any other');
  await until('the centre’s side has heard', () => ears.heard().includes('"duress"'));
  await stopped(first, 'SIGTERM');

  assert.is((await people(place, 'list')).code, 3, 'not running');
  const second = await started(place, broker.url);
  await arm(second.board);
  assert.not.ok(await disarms(second.board, zoe), 'still revoked');
  assert.ok(await disarms(second.board, lea));
  await stopped(second, 'SIGTERM');

  const who = await runProgram(['journal', place.data, '--staff', '--user', 'lea']);
  assert.match(who.out, /Léa Martin/);
  assert.not.match(who.out, /Zoé|zoe|Petit/);

  const kept = filesIn(place.data).map((path) => [path, readFileSync(path, 'latin1')] as const);
  assert.ok(kept.length > 4);
  const said = [
    ['log', first.controller.log() + second.controller.log()],
    ['messages', ears.heard()],
  ] as const;
  assert.match(ears.heard(), 'disarmed');
  for (const code of [lea, duress, zoe]) {
    assert.match(code, /^[0-9]{6}$/);
    for (const [where, text] of [...kept, ...said]) assert.not.ok(standsIn(text, code), `${code} in ${where}`);
  }
});

// ---- kill -9

const reasonless = (reply: ControlReply): ControlReply => {
  assert.ok(reply.ok, JSON.stringify(reply));
  return reply;
};

const ask = async ({ data }: Place, request: Fields): Promise<ControlReply | undefined> => {
  const asked = await askControl(data, request, 30_000);
  return asked.ok ? asked.reply : undefined;
};

type Listed = { readonly id: string; readonly has: { readonly normal: boolean } };
const isListed = (value: unknown): value is readonly Listed[] => Array.isArray(value);

const listed = async (place: Place): Promise<readonly Listed[]> => {
  const reply = await until('the list', () => ask(place, { ask: 'people-list' }));
  const found = reasonless(reply)['people'];
  return isListed(found) ? found : [];
};

const KILLS = Number(process.env['VIGIE_PEOPLE_KILLS'] ?? 4);

test(`kill -9 around a change, ${KILLS} times: both or neither, and what was answered is there; seed ${SEED}`, async () => {
  const place = placeFor('kill');
  const random = seeded(SEED);
  let answered: { readonly id: string; readonly isGone: boolean } | undefined;
  let count = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const running = await started(place);
    const now = await listed(place);
    const roster = now.filter(({ id }) => id.startsWith('p-'));
    assert.ok(
      roster.every(({ has }) => has.normal),
      `a person without a code: ${JSON.stringify(roster)}`,
    );
    if (answered)
      assert.is(
        now.some(({ id }) => id === answered?.id),
        !answered.isGone,
        JSON.stringify(answered),
      );
    const leaves = kill % 3 === 2 && roster[0] ? roster[0].id : undefined;
    const id = leaves ?? `p-${kill}`;
    const request = leaves ? { ask: 'people-revoke', id } : { ask: 'people-add', people: [{ id, name: id, role: 'staff' }] };
    const asking = ask(place, request);
    // Half of them right after the answer, half somewhere in it: a code takes some tens of milliseconds.
    if (random() < 0.5) await asking;
    else await sleep(random() * 120);
    await stopped(running, 'SIGKILL');
    answered = (await asking)?.ok === true ? { id, isGone: leaves !== undefined } : undefined;
    count += answered ? 1 : 0;
  }
  const last = await started(place);
  if (answered)
    assert.is(
      (await listed(place)).some(({ id }) => id === answered?.id),
      !answered.isGone,
    );
  await stopped(last, 'SIGTERM');
  process.stdout.write(`kills: ${KILLS}, answered before: ${count}\n`);
});

test.run();
