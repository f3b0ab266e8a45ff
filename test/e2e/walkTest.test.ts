/** A walk test as an installer does it: the controller runs, `vigie walk-test` looks from beside, and a report comes of it. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killPrograms, runProgram, startProgram } from '../cli/program.ts';
import { killLeftovers, startReady, temporaryFolder, until } from '../support/controllerProcess.ts';
import { connectSim } from '../support/simClient.ts';

const test = suite('e2e: walk test');
const folder = temporaryFolder();
test.after(async () => {
  killPrograms();
  await killLeftovers();
  folder.remove();
});

const config = join(folder.path, 'site.yaml');
copyFileSync('config/cabinet.yaml', config);
const data = join(folder.path, 'data');
const socket = join(folder.path, 'board');
const page = join(folder.path, 'report.html');
/** An installer's or owner's code; the demo's owner. */
const TOGGLE = '7*4815#';

test('watched from its start to its end, and the page is written when it has ended', async () => {
  const controller = await startReady({ config, data, socket, args: ['--broker', 'mqtt://127.0.0.1:1'] });
  const board = await connectSim(socket);
  const watching = startProgram('walk-test', data, '--watch', '--html', page);
  await watching.until(/Aucun essai des détecteurs/);
  assert.not.ok(existsSync(page), 'nothing is reported before the end');

  await board.ask({ keys: 'entrance', text: TOGGLE });
  await watching.until(/Essai commencé le .* par Dr Durand\. Essai en cours, encore (60 min 00|59 min \d\d) s\./);
  await board.ask({ set: 'GPIO24', level: 1 });
  await watching.until(/Fenêtre sur cour \(5\) {2}1 détecteur essayé sur 18/);

  await board.ask({ keys: 'entrance', text: TOGGLE });
  await watching.until(/Essai terminé le .* \(au clavier\)/);
  const { code } = await watching.ended;
  assert.is(code, 0);
  const html = readFileSync(page, 'utf8');
  assert.match(html, /<tr><td class="number">5<\/td><td>Fenêtre sur cour<\/td>/);
  assert.match(html, /<tr class="untested"><td class="number">1<\/td>/);
  assert.is((await controller.kill('SIGTERM')).code, 0, 'the controller has not minded');
  board.close();
});

test('while it runs, JSON tells what each line says; interrupted, it ends with 0', async () => {
  const controller = await startReady({ config, data, socket, args: ['--broker', 'mqtt://127.0.0.1:1'] });
  const board = await connectSim(socket);
  await board.ask({ keys: 'entrance', text: TOGGLE });
  await until('the test', async () =>
    (await board.ask({ show: 'entrance' })).text?.some((line) => line.includes('Fin : 7*CODE#')),
  );
  await board.ask({ set: 'GPIO22', level: 1 });
  const watching = startProgram('walk-test', data, '--watch', '--json');
  await until('the delivery door, active and tested', () => {
    const lines = watching.out().split('\n').slice(0, -1);
    return lines.some((line) => /"id":"delivery-door"[^}]*"status":"tested"[^}]*"signal":"active"/.test(line));
  });
  assert.not.match(watching.out(), /"id":"panic-button"[^}]*"signal"/);
  watching.signal('SIGINT');
  assert.is((await watching.ended).code, 0);

  await controller.kill('SIGKILL');
  const later = await runProgram(['walk-test', data, '--json']);
  assert.is(later.code, 0);
  assert.match(later.out, /"id":"delivery-door"[^}]*"status":"tested"/);
  assert.not.match(later.out, '"signal"', 'nobody hears the lines of a controller that is gone');
  board.close();
});

test('a folder that is none, a file that is none, and a command line at fault: 2', async () => {
  const none = await runProgram(['walk-test', join(folder.path, 'none'), '--config', config]);
  assert.is(none.code, 2);
  assert.match(none.err, 'ni un dossier de données');
  const fileless = await runProgram(['walk-test', data, '--config', join(folder.path, 'none.yaml')]);
  assert.is(fileless.code, 2);
  assert.match(fileless.err, '--config');
  for (const args of [[], [data, data], [data, '--json', '--text'], [data, '--lang', 'de'], [data, '--htlm', 'x']]) {
    const { code, err } = await runProgram(['walk-test', ...args]);
    assert.is(code, 2, args.join(' '));
    assert.match(err, 'Usage: vigie walk-test');
  }
});

test('a page that cannot be written: 1, and why', async () => {
  const { code, err } = await runProgram(['walk-test', data, '--html', join(folder.path, 'none', 'report.html')]);
  assert.is(code, 1);
  assert.match(err, 'ENOENT');
});

test.run();
