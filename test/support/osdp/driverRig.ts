/** The driver of a reader bus in virtual time, with emulated readers on its wire. */
import { memoryKeys } from '../../../src/drivers/osdp/keyFile.ts';
import type { ReaderKeys } from '../../../src/drivers/osdp/keyFile.ts';
import { osdpBus } from '../../../src/drivers/osdp/osdpBus.ts';
import type { OsdpBus, OsdpReader } from '../../../src/drivers/osdp/osdpBus.ts';
import { fakeWire } from '../../../src/drivers/serial/fake.ts';
import type { FakeWire } from '../../../src/drivers/serial/fake.ts';
import type { Reading } from '../../../src/core/input.ts';
import type { Badge, KeypadListener, LineRequest, LinesListener, LineTrouble } from '../../../src/ports/lines.ts';
import { seeded } from '../seeded.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import type { VirtualTimers } from '../virtualTimers.ts';
import { putOnWire } from './busRig.ts';
import type { OnBus } from './busRig.ts';
import { emulatedReader } from './emulatedReader.ts';
import type { ReaderTraits } from './emulatedReader.ts';

export const BUS_PATH = '/dev/bus';

export type DriverEars = {
  readonly badges: (Badge & { readonly keypad: string })[];
  readonly keys: string[];
  readonly presences: (readonly [string, boolean])[];
  readonly readings: (readonly [string, Reading])[];
  readonly troubles: (readonly [string, LineTrouble | undefined])[];
  readonly keypadListener: KeypadListener;
  readonly linesListener: LinesListener;
};

export const driverEars = (): DriverEars => {
  const badges: DriverEars['badges'] = [];
  const keys: string[] = [];
  const presences: DriverEars['presences'] = [];
  const readings: DriverEars['readings'] = [];
  const troubles: DriverEars['troubles'] = [];
  return {
    badges,
    keys,
    presences,
    readings,
    troubles,
    keypadListener: {
      onKeys: (keypad, text) => void keys.push(`${keypad} ${text}`),
      onBadge: (keypad, badge) => void badges.push({ keypad, ...badge }),
      onPresence: (keypad, isPresent) => void presences.push([keypad, isPresent]),
    },
    linesListener: {
      onReading: (line, reading) => void readings.push([line, reading]),
      onOutputTrouble: (line, trouble) => void troubles.push([line, trouble]),
    },
  };
};

export type DriverRig = {
  readonly timers: VirtualTimers;
  readonly wire: FakeWire;
  readonly bus: OsdpBus;
  readonly ears: DriverEars;
  readonly said: string[];
  readonly put: (traits: Partial<ReaderTraits>) => OnBus;
  /** Time, and whatever promises it brings about. */
  readonly pass: (ms: number) => Promise<void>;
  readonly open: (requests?: readonly LineRequest[]) => Promise<void>;
};

const STEP_MS = 250;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const driverRig = (readers: readonly OsdpReader[], keys: ReaderKeys = memoryKeys(), patienceMs = 0): DriverRig => {
  const timers = createVirtualTimers();
  const wire = fakeWire({ timers, path: BUS_PATH, random: seeded(5) });
  const said: string[] = [];
  const bus = osdpBus({
    id: 'rs485',
    port: BUS_PATH,
    baudRate: 9_600,
    readers,
    openSerial: wire.openSerial,
    keys,
    timers,
    patienceMs,
    log: (level, message, facts) => void said.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`),
  });
  const ears = driverEars();
  const pass = async (ms: number): Promise<void> => {
    await settle();
    for (let left = ms; left > 0; left -= STEP_MS) {
      timers.advance(Math.min(STEP_MS, left));
      await settle();
    }
  };
  return {
    timers,
    wire,
    bus,
    ears,
    said,
    pass,
    put: (traits) => putOnWire(wire, timers, emulatedReader(traits)),
    open: async (requests = []) => {
      const opened = await bus.lines.open(requests, ears.linesListener);
      if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
      await bus.keypads.open(
        readers.map(({ keypad }) => keypad),
        ears.keypadListener,
      );
      await pass(2_000);
    },
  };
};
