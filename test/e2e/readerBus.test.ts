// deadline: 120s
/** A practice with a reader on a bus, whole: a new reader is installed at the command line, and a badge opens the door. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killLeftovers, startProcess, temporaryFolder, until } from '../support/controllerProcess.ts';
import { connectSim } from '../support/simClient.ts';
import { killPrograms, runProgram } from '../cli/program.ts';
import { emulatedReader } from '../support/osdp/emulatedReader.ts';
import { findPtyBus } from '../support/osdp/findPtyBus.ts';

const COVER = 'number: 90, name: Capot du lecteur, area: cabinet, type: tamper, contact: normally-open';

/** The practice of the examples, with its street keypad on a bus and a reader's cover that is watched. */
const siteOn = (port: string): string =>
  readFileSync('config/cabinet.yaml', 'utf8')
    .replace('board:\n', `buses:\n  rs485: { port: ${port}, baud: 115200 }\n\nboard:\n`)
    .replace('    name: Clavier de la rue\n', '    name: Clavier de la rue\n    reader: { kind: osdp, bus: rs485, address: 1 }\n')
    .replace('zones:\n', `zones:\n  street-cover: { ${COVER}, input: street.tamper }\n`);

const found = await findPtyBus();
const test = suite('e2e: reader bus');
const folder = temporaryFolder();
const STRIKE = 'R2';

if (typeof found === 'string') {
  process.stderr.write(`NOT TESTED, a reader on a real port: no pseudo-terminal here (${found})\n`);
  test('nothing, since there is no pseudo-terminal here', () => assert.type(found, 'string'));
} else {
  test('installed, then a badge opens, a stranger does not, and the lifted cover is told', async () => {
    const reader = emulatedReader({ address: 1 });
    const wire = found(join(folder.path, 'port'), [reader]);
    const [config, data, socket] = [join(folder.path, 'site.yaml'), join(folder.path, 'data'), join(folder.path, 'board.sock')];
    writeFileSync(config, siteOn(wire.path));
    const controller = startProcess({ config, data, socket, broker: 'mqtt://127.0.0.1:1' });
    try {
      assert.ok(await controller.ready, controller.log());
      const board = await connectSim(socket);
      const strike = async (): Promise<number | undefined> => (await board.ask({ get: STRIKE })).level;
      const wrong = await runProgram(['reader', 'install', 'nobody', '--data', data, '--lang', 'en']);
      assert.is(wrong.code, 2, wrong.err);
      assert.match(wrong.err, 'No OSDP reader of that name');
      const installed = await runProgram(['reader', 'install', 'street', '--data', data, '--lang', 'en']);
      assert.is(installed.code, 0, installed.err);
      assert.match(installed.out, /^street: installed \(8e0600-/);
      assert.ok(reader.isSecure());

      const journalled = async (kind: string): Promise<boolean> =>
        (await runProgram(['journal', data, 'tail', '--json'])).out.includes(`"kind":"${kind}"`);
      reader.present(26, 'ffffffc0');
      await until('the stranger’s refusal', () => journalled('code-refused'));
      assert.is(await strike(), 0);
      reader.present(26, '80981cc1');
      await until('the strike', async () => (await strike()) === 1, 10_000);

      reader.setTamper(true);
      await until('the tamper alarm', () => journalled('tamper'));
      board.close();
    } finally {
      await controller.kill('SIGTERM');
      wire.close();
    }
  });
}

test.after.each(async () => {
  killPrograms();
  await killLeftovers();
});
test.after(() => folder.remove());
test.run();
