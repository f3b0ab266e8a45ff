/**
 * The whole product on a real kernel: `vigie run` with a site's file, lines that move in the kernel, a broker, and a centre that
 * acknowledges. One life of a site for each way to the lines; each test goes on where the last one ended.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import type { Broker } from '../../src/drivers/broker/broker.ts';
import type { Level } from '../../src/ports/lines.ts';
import {
  killLeftovers,
  machineMs,
  sleep,
  startProcess,
  startReady,
  temporaryFolder,
  until,
} from '../support/controllerProcess.ts';
import type { ControllerProcess } from '../support/controllerProcess.ts';
import { baseOf, drivenLevels, startTrace } from '../support/gpioTrace.ts';
import {
  CODE,
  DOOR,
  GLASS,
  KEY,
  KEYPAD,
  LAMP,
  SIREN,
  SITE,
  SLOW,
  SLOW_DEBOUNCE_MS,
  WINDOW,
  productSite,
} from '../support/productSite.ts';
import type { Access } from '../support/productSite.ts';
import { headerChip, makeSimChip } from '../support/simChip.ts';
import { connectSim } from '../support/simClient.ts';
import { startTestCentre } from '../support/testCentre.ts';
import type { TestCentre, Told } from '../support/testCentre.ts';

/** A process that starts on an emulated processor. */
const PATIENCE_MS = 60_000;
const QUIET_MS = 800;
const PULSE_MS = 10;

/** Waits without letting anything else of this process run: short times that are kept. */
const block = (ms: number): void => {
  const end = machineMs() + ms;
  while (machineMs() < end);
};

type Product = { readonly broker: Broker; readonly centre: TestCentre; controller: ControllerProcess };

const startCentre = async (): Promise<Omit<Product, 'controller'>> => {
  const started = await startBroker({ port: 0, host: '127.0.0.1' });
  if (started.kind === 'failed') throw new Error(started.reason);
  return { broker: started.broker, centre: await startTestCentre(started.broker.url) };
};

export const productStories = (access: Access): void => {
  const test = suite(`vigie run, ${access}`);
  let hasFailed = false;
  /** The next part of the life of the site: it means nothing where the part before failed. */
  const then = (name: string, act: () => Promise<void>): void => {
    test(name, async () => {
      assert.not(hasFailed, 'what came before failed');
      hasFailed = true;
      await act();
      hasFailed = false;
    });
  };
  const chip = headerChip();
  const folder = temporaryFolder();
  const config = join(folder.path, 'site.yaml');
  const socket = join(folder.path, 'sim.sock');
  let living: Product | undefined;

  const product = (): Product => {
    if (!living) throw new Error('it never started');
    return living;
  };
  const told = (kind: string, zone?: string): readonly Told[] =>
    product()
      .centre.arrived(SITE)
      .filter((one) => one.kind === kind && (zone === undefined || one.zone === zone));
  /** Resolves when the centre has one more of this kind than before `act`. */
  const hears = async (kind: string, zone: string | undefined, act: () => unknown): Promise<Told> => {
    const before = told(kind, zone).length;
    await act();
    return until(`${kind} ${zone ?? ''}`, () => told(kind, zone)[before], PATIENCE_MS);
  };
  const isAt = (offset: number, level: Level): Promise<boolean> =>
    until(`line ${offset} at ${level}`, () => chip.levelOf(offset) === level, PATIENCE_MS);
  const type = async (text: string): Promise<void> => {
    const keypad = await connectSim(socket);
    assert.equal(await keypad.ask({ keys: KEYPAD, text }), { ok: true });
    keypad.close();
  };
  const turnKey = async (): Promise<void> => {
    chip.pull(KEY, 1);
    await sleep(QUIET_MS / 4);
    chip.pull(KEY, 0);
  };
  /** A key cannot pass over the memory of the alarm before; a code can. */
  const arm = (): Promise<Told> => hears('armed', undefined, () => type(`1**${CODE}#`));
  const disarm = async (): Promise<void> => {
    for (const contact of [WINDOW, GLASS, SLOW]) chip.pull(contact, 0);
    await sleep(QUIET_MS + SLOW_DEBOUNCE_MS);
    await hears('disarmed', undefined, () => type(`0*${CODE}#`));
    await isAt(SIREN, 0);
  };
  /** The controller's loop stands still meanwhile. */
  const whileStopped = async (act: () => Promise<void>): Promise<void> => {
    process.kill(product().controller.pid, 'SIGSTOP');
    await sleep(50);
    await act();
    process.kill(product().controller.pid, 'SIGCONT');
  };
  const options = (broker: string, data: string) => ({ config, data: join(folder.path, data), broker, socket });

  test.before(() => {
    writeFileSync(config, productSite(access));
    for (const offset of [WINDOW, GLASS, SLOW, KEY, DOOR, LAMP, SIREN]) chip.pull(offset, 0);
  });
  test.after(async () => {
    await killLeftovers();
    await living?.centre.close();
    await living?.broker.close();
    folder.remove();
  });

  then('two chips with the label of the board: refused at the first start, both are named, no line is touched', async () => {
    const twin = makeSimChip(chip.label);
    const refused = startProcess(options('mqtt://127.0.0.1:1', 'refused'));
    try {
      assert.is(await refused.ready, undefined);
      assert.is((await refused.ended).code, 3);
      assert.is(new Set(refused.log().match(/gpiochip\d+/g)).size, 2, refused.log());
      assert.equal([SIREN, LAMP].map(chip.levelOf), [0, 0]);
    } finally {
      twin.remove();
    }
  });

  then('a key switch arms, and turned back it does not disarm', async () => {
    const centre = await startCentre();
    living = { ...centre, controller: await startReady(options(centre.broker.url, 'data')) };
    await sleep(QUIET_MS);
    const armed = await hears('armed', undefined, turnKey);
    assert.is(armed.area, 'shop');
    await isAt(LAMP, 1);
    await sleep(QUIET_MS);
    assert.equal([chip.levelOf(LAMP), chip.levelOf(SIREN), told('disarmed').length], [1, 0, 0]);
  });

  then('a pulse shorter than the debounce is no alarm', async () => {
    chip.pull(SLOW, 1);
    await sleep(SLOW_DEBOUNCE_MS / 10);
    chip.pull(SLOW, 0);
    await sleep(QUIET_MS + SLOW_DEBOUNCE_MS);
    assert.equal([chip.levelOf(SIREN), told('intrusion').length], [0, 0]);
  });

  const endsUnheard = async (): Promise<void> => {
    chip.pull(SLOW, 1);
    await sleep(SLOW_DEBOUNCE_MS / 4);
    await whileStopped(async () => {
      chip.pull(SLOW, 0);
      await sleep(SLOW_DEBOUNCE_MS * 1.5);
    });
    await sleep(QUIET_MS);
    assert.equal([chip.levelOf(SIREN), told('intrusion').length], [0, 0]);
  };
  // By sysfs an edge has the time at which it is read: too late, and the pulse is taken for a longer one.
  if (access === 'character-device')
    then('a pulse that ends unheard while the loop stands still, within the debounce, is no alarm', endsUnheard);

  then('a contact that opens, bouncing, is one alarm: at the siren and at the centre', async () => {
    const alarm = await hears('intrusion', 'slow', async () => {
      for (const level of [1, 0, 1, 0, 1, 0, 1] as const) {
        chip.pull(SLOW, level);
        await sleep(SLOW_DEBOUNCE_MS / 50);
      }
    });
    assert.equal([alarm.lane, alarm.area], ['alarm', 'shop']);
    await isAt(SIREN, 1);
    await sleep(QUIET_MS);
    assert.equal([told('intrusion').length, told('zone-fault').length], [1, 0]);
    await disarm();
    assert.is(chip.levelOf(LAMP), 0);
  });

  then('a pulse of 10 ms while the loop stands still is not lost', async () => {
    await arm();
    await hears('intrusion', 'glass', () =>
      whileStopped(async () => {
        chip.pull(GLASS, 1);
        block(PULSE_MS);
        chip.pull(GLASS, 0);
        await sleep(100);
        assert.is(chip.levelOf(SIREN), 0);
      }),
    );
    await isAt(SIREN, 1);
    await disarm();
  });

  then('chatter of more than a second is a fault, and no event for each edge', async () => {
    const opened = told('intrusion').length;
    await hears('zone-fault', 'door', async () => {
      const end = machineMs() + 2_500;
      for (let level: Level = 1; machineMs() < end; level = level === 1 ? 0 : 1) {
        chip.pull(DOOR, level);
        await sleep(5);
      }
      chip.pull(DOOR, 0);
    });
    await until('the fault to end', () => told('zone-fault-restored', 'door')[0], PATIENCE_MS);
    assert.equal([told('zone-fault', 'door').length, told('intrusion').length], [1, opened]);
  });

  then('killed with the siren on: no other level once the restart began, and what opened meanwhile is told', async () => {
    await arm();
    await hears('intrusion', 'window', () => chip.pull(WINDOW, 1));
    await isAt(SIREN, 1);
    // Kernels of the Pi keep a released output at its level; this chip turns it back to its pull.
    for (const output of [SIREN, LAMP]) chip.pull(output, 1);
    const base = baseOf(chip.label);
    const starts = told('restarted').length;
    startTrace();
    await product().controller.kill('SIGKILL');
    chip.pull(GLASS, 1);
    const seen = new Set<string>();
    const sampler = setInterval(() => seen.add(`siren ${chip.levelOf(SIREN)}`).add(`lamp ${chip.levelOf(LAMP)}`), 1);
    await hears('intrusion', 'glass', async () => {
      product().controller = await startReady(options(product().broker.url, 'data'));
    });
    await sleep(QUIET_MS);
    clearInterval(sampler);
    assert.equal([...seen].toSorted(), ['lamp 1', 'siren 1']);
    for (const output of [SIREN, LAMP]) {
      const driven = drivenLevels(base + output);
      assert.ok(
        driven.every((level) => level === 1),
        `line ${output} was driven ${driven.join(' ')}`,
      );
    }
    assert.is(told('restarted').length, starts + 1);
    for (const output of [SIREN, LAMP]) chip.pull(output, 0);
    assert.equal([SIREN, LAMP].map(chip.levelOf), [1, 1], 'held by the new process, not by a pull');
    await disarm();
  });

  then('a chip that goes away: faults, tamper while armed, and all back by itself when the chip is', async () => {
    await arm();
    await hears('zone-fault', 'window', () => chip.setLive(false));
    await until('fault of the other zone', () => told('zone-fault', 'glass')[0], PATIENCE_MS);
    assert.is(told('tamper').length, 0, 'a short absence is no tamper');
    await until('tamper', () => told('tamper')[0], PATIENCE_MS);
    assert.is(told('disarmed').length, 3);
    await hears('zone-fault-restored', 'window', () => chip.setLive(true));
    await isAt(LAMP, 1);
    await isAt(SIREN, 1);
    await hears('intrusion', 'window', () => chip.pull(WINDOW, 1));
    await disarm();
    assert.is(chip.levelOf(LAMP), 0);
  });

  then('asked to end, it ends well; the centre has everything once and in order', async () => {
    const ended = await product().controller.kill('SIGTERM');
    assert.is(ended.code, 0, product().controller.log());
    assert.equal([product().centre.outOfOrder, product().centre.conflicts], [[], []]);
  });

  test.run();
};
