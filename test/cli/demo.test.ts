/** The demo as a script drives it, end to end: real processes, a real broker, real acknowledgements. */
// deadline: 400s
// alone
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killPrograms, runProgram, startProgram } from './program.ts';

const test = suite('vigie demo');

const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
const site = join(folder, 'site');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The controllers that the demo started, by the log of each. */
const controllerPid = (): number => {
  const own = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = own.find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`--data\0${site}\0`);
    } catch {
      return false;
    }
  });
  return Number(found ?? 0);
};

const occupy = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer().unref();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

test('a night: armed, broken into, cut off, killed, and nothing is lost', async () => {
  const taken = await occupy(21_883);
  const demo = startProgram('demo', '--fast', '--data', folder, '--port', '21883');
  await demo.until(/Le port 21883 est pris : le serveur MQTT écoute sur le 21884/);
  await demo.until(/Relié au serveur/);

  demo.type('clavier 1*2580#');
  await demo.until(/Mise en service refusée .* ✓ acquitté/, /Mise en service impossible/);
  demo.type('clavier 1**2580#');
  demo.type('sors');
  await demo.until(/OUVERTURE · Mise en service – secteur cabinet, par martin .* ✓ acquitté/);

  demo.type('ouvre fenêtre cour');
  await demo.until(
    /Sirène intérieure : EN MARCHE/,
    /INTRUSION · Intrusion – secteur cabinet, zone yard-window .* alarme n° 1 ✓ acquitté/,
  );

  const live = await runProgram(['journal', site, 'tail', '--count', '1']);
  assert.is(live.code, 0, live.err);
  assert.match(live.err, /Une centrale veille sur ce dossier/);

  demo.type('coupe réseau');
  await demo.until(/Plus de liaison avec le serveur/);
  demo.type('panique');
  demo.type('tue');
  await demo.until(/Sirène intérieure : arrêt/);
  await demo.until(/La centrale veille de nouveau/, /Sirène intérieure : EN MARCHE/, /clavier {3}Cabinet : En service/);

  demo.type('rétablis réseau');
  await demo.until(/AGRESSION, appel silencieux .* alarme n° 2 ✓ acquitté/, /Redémarrage .* ✓ acquitté/);

  demo.type('2580#');
  await demo.until(/Mise hors service .* ✓ acquitté/);
  demo.type('fenestron');
  await demo.until(/« fenestron » \? Tapez aide/);
  const pid = controllerPid();
  assert.ok(pid > 0);
  demo.type('quitte');
  const { code, out, err } = await demo.ended;
  taken.close();
  assert.is(code, 0, err);
  assert.match(out, /Fin : tout est arrêté/);
  assert.not.ok(out.includes('\u001b'), 'no escape codes on a pipe');
  assert.not.match(out, /CONFLIT|Perdu/, 'nothing was lost');
  assert.not.ok(isAlive(pid));
});

test('what it leaves is a sound journal, in words and for staff', async () => {
  const [verified, all, staff] = await Promise.all([
    runProgram(['journal', site, 'verify']),
    runProgram(['journal', site]),
    runProgram(['journal', site, '--staff']),
  ]);
  assert.is(verified.code, 0, verified.err);
  assert.match(verified.out, /^Intact : \d+ enregistrements/);
  assert.match(all.out, /Intrusion – secteur Cabinet, Fenêtre sur cour \(5\)/);
  assert.match(all.out, /AGRESSION, appel silencieux/);
  assert.match(staff.out, /Intrusion/);
  assert.not.match(staff.out, /AGRESSION|agression/);
  const numbers = staff.out
    .trimEnd()
    .split('\n')
    .map((line) => Number.parseInt(line, 10));
  assert.equal(
    numbers,
    numbers.map((_, index) => index + 1),
    'staff see no gap',
  );
});

test('its recordings replay identically, and a changed one is found out at its step', async () => {
  const same = await runProgram(['replay', site]);
  assert.is(same.code, 0, same.out + same.err);
  assert.match(same.out, /000001\.jsonl \(start 1, version [\d.]+\): identical, \d{2,} steps/);
  assert.match(same.out, /000002\.jsonl \(start 2, .*\): identical/);

  const path = join(site, 'recorder', '000001.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('"events":["intrusion"]'));
  assert.ok(at > 0);
  writeFileSync(path, lines.with(at, (lines[at] ?? '').replace('"intrusion"', '"tamper"')).join('\n'));
  const other = await runProgram(['replay', path]);
  assert.is(other.code, 1);
  assert.match(other.out, /DIFFERS after \d+ identical steps: step \d+, .* input reading|DIFFERS after .* input tick/);
  assert.match(other.out, /recorded tamper; replayed intrusion/);
});

test('a script ends with its input, in English too, and leaves nothing behind', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('vigie-demo-'));
  const script = 'open coffre\nclose coffre\ntear 15\nstate\nwait 1';
  const { code, out, err } = await runProgram(['demo', '--fast', '--lang', 'en', '--port', '21890'], script);
  assert.is(code, 0, err);
  assert.match(out, /24 h alarm .*zone safe .* ✓ acknowledged/, 'a script has hands no faster than a person');
  assert.match(out, /Coffret de la centrale: cable torn\./);
  assert.match(out, /Detector fault – area cabinet, zone box-tamper .* ✓ acknowledged/);
  assert.match(out, /Not at rest: Coffret de la centrale \(15\) – cable torn/);
  assert.match(out, /Done: everything has stopped\./);
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('vigie-demo-'));
  assert.equal(
    after.filter((name) => !before.includes(name) && existsSync(join(tmpdir(), name, 'board.sock'))),
    [],
  );
});

test('interrupted, it ends cleanly; killed, its controller ends with it', async () => {
  const polite = startProgram('demo', '--data', folder, '--port', '21891');
  await polite.until(/Relié au serveur/);
  polite.signal('SIGINT');
  assert.is((await polite.ended).code, 0);

  const killed = startProgram('demo', '--data', folder, '--port', '21892');
  killed.type('état');
  await killed.until(/centrale ✓/);
  const pid = controllerPid();
  assert.ok(pid > 0);
  killed.signal('SIGKILL');
  await killed.ended;
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.not.ok(isAlive(pid), 'no orphan');
});

test('a wrong command line is told, and starts nothing', async () => {
  const wrong = [['--port', 'x'], ['--lang', 'de'], ['--quick'], ['here']];
  for (const { code, err } of await Promise.all(wrong.map((args) => runProgram(['demo', ...args])))) {
    assert.is(code, 2);
    assert.match(err, /^vigie demo: .*\nUsage: vigie demo/);
  }
});

test.after.each(killPrograms);

test.after(() => rmSync(folder, { recursive: true, force: true }));

test.run();
