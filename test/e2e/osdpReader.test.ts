// deadline: 90s
/**
 * The whole product with a reader on a bus: `vigie run` on the real serial driver, the reader emulated on a pseudo-terminal, with
 * a key that this controller knows. Armed over the lost path to the centre and disarmed with a code on it, torn off, unplugged.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readerKeysOf } from '../../src/cli/readerBuses.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import { eventually } from '../support/avr/eventually.ts';
import { startProcess, temporaryFolder } from '../support/controllerProcess.ts';
import { readLeft } from '../support/dataFolder.ts';
import { emulatedReader } from '../support/osdp/emulatedReader.ts';
import type { EmulatedReader } from '../support/osdp/emulatedReader.ts';
import type { PtyBus } from '../support/osdp/ptyBus.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);
const COLOUR = { off: 0, red: 1, green: 2, amber: 3, blue: 4 } as const;

const siteText = (port: string, pepper: string): string => `version: 1
site: reader
name: Reader
security: { salt: demo-minimal-0001, pepperFile: ${pepper} }
mqtt: { broker: "mqtt://127.0.0.1:1" }
buses:
  rs485: { port: ${port}, baud: 115200 }
areas:
  shop: { name: Shop, exit: immediate, quiet: 0s }
zones:
  window: { number: 1, name: Window, area: shop, type: instant, input: GPIO17 }
  box: { number: 2, name: Box, area: shop, type: tamper, input: entrance.tamper }
keypads:
  entrance: { name: Entrance, areas: [shop], place: outside, reader: { kind: osdp, bus: rs485, address: 4 } }
users:
  martin: { name: Mme Martin, role: owner, code: CODE }
`;

/** The colour it was told last. */
const lightOf = ({ heard }: EmulatedReader): number | undefined => heard.findLast(({ code }) => code === 0x69)?.data[12];
const wasLit = ({ heard }: EmulatedReader, colour: number): boolean =>
  heard.some(({ code, data }) => code === 0x69 && data[12] === colour);

/** The person sees at once what became of it. */
const typed = async (reader: EmulatedReader, keys: string, colour: number): Promise<void> => {
  reader.heard.splice(0);
  reader.press(keys);
  await eventually(`colour ${colour} after ${keys.length} keys`, () => wasLit(reader, colour));
};

const LOOK_EVERY_MS = 100;

/** Looks into a copy of the journal, not too often. */
const journalled = async (data: string, kind: string): Promise<void> => {
  let lookAtMs = 0;
  await eventually(`${kind}: journalled`, () => {
    if (performance.now() < lookAtMs) return false;
    lookAtMs = performance.now() + LOOK_EVERY_MS;
    return readLeft(data)?.entries.some(({ event }) => event.kind === kind) ?? false;
  });
};

const load = (text: string) => {
  const loaded = loadSite(text, siteTools);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.site;
};

const test = suite('a reader on a bus, in the whole product');

const story = async (ptyBus: (link: string, readers: readonly EmulatedReader[]) => PtyBus): Promise<void> => {
  const folder = temporaryFolder();
  const [port, pepper, config, data] = ['port', 'pepper', 'site.yaml', 'data'].map((name) => join(folder.path, name));
  if (port === undefined || pepper === undefined || config === undefined || data === undefined) return assert.unreachable();
  writeFileSync(pepper, 'sixteen bytes of pepper', { mode: 0o600 });
  mkdirSync(data);
  const { openSecrets } = await import('../../src/drivers/secrets/secrets.ts');
  const secrets = openSecrets({ salt: 'demo-minimal-0001', pepper: new TextEncoder().encode('sixteen bytes of pepper') });
  const digested = await secrets.digest('code', '2580');
  await secrets.close();
  const text = siteText(port, pepper).replace('CODE', digested.ok ? digested.digest : '');
  writeFileSync(config, text);
  const keys = await readerKeysOf(load(text), data);
  assert.ok(await keys.keep('entrance', { identity: undefined, key: KEY }));
  const reader = emulatedReader({ address: 4, key: KEY });
  const wire = ptyBus(port, [reader]);
  const controller = startProcess({ config, data });
  try {
    const ready = await controller.ready;
    assert.ok(ready, controller.log());
    await eventually('ready: blue, in the secure channel', () => reader.isSecure() && lightOf(reader) === COLOUR.blue);
    await typed(reader, '1**2580#', COLOUR.green);
    await typed(reader, '1111#', COLOUR.red);
    reader.setTamper(true);
    await journalled(data, 'tamper');
    await typed(reader, '2580#', COLOUR.green);
    assert.is(
      readLeft(data)?.entries.some(({ event }) => event.kind === 'zone-fault'),
      false,
      'none at the start',
    );
    wire.unplug();
    await journalled(data, 'zone-fault');
    assert.is(reader.refused.macs + reader.refused.sequences, 0);
    for (const secret of ['2580', '1111', Buffer.from(KEY).toString('hex')]) assert.is(controller.log().includes(secret), false);
  } finally {
    await controller.kill('SIGTERM');
    wire.close();
    folder.remove();
  }
};

/** Neither koffi nor a pseudo-terminal is everywhere. */
const found = await import('../support/osdp/ptyBus.ts').catch((error: unknown) => String(error));
if (typeof found === 'string') {
  process.stderr.write(`NOT TESTED, a reader in the whole product: no pseudo-terminal here (${found})\n`);
  test('nothing, since there is no pseudo-terminal here', () => assert.type(found, 'string'));
} else test('armed, refused, disarmed, torn off', async () => story(found.ptyBus));
test.run();
