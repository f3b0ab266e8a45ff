/** The reader bus on the real serial driver and a pseudo-terminal: from a new reader to a card, unplugged and back. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openKeyFile } from '../../src/drivers/osdp/keyFile.ts';
import { osdpBus } from '../../src/drivers/osdp/osdpBus.ts';
import type { OsdpBus } from '../../src/drivers/osdp/osdpBus.ts';
import { createOpenSerial } from '../../src/drivers/serial/serial.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import { eventually } from '../support/avr/eventually.ts';
import { driverEars } from '../support/osdp/driverRig.ts';
import { emulatedReader } from '../support/osdp/emulatedReader.ts';
import { findPtyBus } from '../support/osdp/findPtyBus.ts';
import { withFolder } from '../support/osdp/folder.ts';

const busOn = async (port: string, folder: string): Promise<OsdpBus> =>
  osdpBus({
    id: 'rs485',
    port,
    baudRate: 115_200,
    readers: [
      { keypad: 'entrance', address: 1, isSecure: true },
      { keypad: 'back', address: 2, isSecure: false },
    ],
    openSerial: createOpenSerial(),
    keys: await openKeyFile({ path: join(folder, 'reader-keys'), pepper: undefined, machineId: 'm' }),
    timers: machineTimers,
    log: () => undefined,
  });

const found = await findPtyBus();
const test = suite('reader bus on a pseudo-terminal');

if (typeof found === 'string') {
  process.stderr.write(`NOT TESTED, readers on a real port: no pseudo-terminal here (${found})\n`);
  test('nothing, since there is no pseudo-terminal here', () => assert.type(found, 'string'));
} else {
  test('installed, used, unplugged, plugged in again, and found with its key at the next start', async () =>
    withFolder(async (folder) => {
      const [entrance, back] = [emulatedReader({ address: 1 }), emulatedReader({ address: 2, serial: 2 })];
      const wire = found(join(folder, 'port'), [entrance, back]);
      const ears = driverEars();
      const present = (keypad: string): boolean | undefined => ears.presences.findLast(([id]) => id === keypad)?.[1];
      let bus = await busOn(wire.path, folder);
      try {
        assert.equal(await bus.lines.open([{ direction: 'input', line: 'entrance.tamper', bias: 'none' }], ears.linesListener), {
          ok: true,
        });
        await bus.keypads.open(['entrance', 'back'], ears.keypadListener);
        await eventually('the plain reader', () => present('back') === true);
        assert.equal(await bus.openInstallWindow('entrance', 30_000), { ok: true, identity: '8e0600-00000001' });
        assert.ok(entrance.isSecure() && !back.isSecure());
        entrance.present(26, '4c048b80');
        back.press('12#');
        await eventually('card and keys', () => ears.badges.length === 1 && ears.keys.length === 1);
        assert.equal([ears.badges, ears.keys], [[{ keypad: 'entrance', bits: 26, hex: '4C048B80' }], ['back 12#']]);
        await eventually('its tamper contact', () => bus.lines.read('entrance.tamper').kind === 'level');
        wire.unplug();
        await eventually('word of their absence', () => present('entrance') === false && present('back') === false);
        assert.equal(bus.lines.read('entrance.tamper'), { kind: 'lost' });
        wire.plug();
        await eventually('their return', () => present('entrance') === true && present('back') === true);
        await bus.keypads.close();
        await bus.lines.close();
        ears.presences.splice(0);
        bus = await busOn(wire.path, folder);
        await bus.keypads.open(['entrance', 'back'], ears.keypadListener);
        await eventually('the next start', () => present('entrance') === true);
        assert.ok(entrance.isSecure());
        assert.is(entrance.heard.filter(({ code }) => code === 0x75).length, 1, 'keyed once');
      } finally {
        await bus.keypads.close();
        await bus.lines.close();
        wire.close();
      }
    }));
}
test.run();
