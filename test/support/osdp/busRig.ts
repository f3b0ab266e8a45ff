/** A bus in virtual time: the protocol's own state machine at one end of a wire, emulated readers at the other. */
import { nodeAes } from '../../../src/drivers/osdp/aes.ts';
import { fakeWire } from '../../../src/drivers/serial/fake.ts';
import type { FakeWire, WireTap } from '../../../src/drivers/serial/fake.ts';
import type { SerialLine } from '../../../src/ports/serialLine.ts';
import { nextDeadline, startBus, stepBus } from '../../../src/protocol/osdp/bus.ts';
import type { BusInput, BusState } from '../../../src/protocol/osdp/bus.ts';
import { BUS_TIMES } from '../../../src/protocol/osdp/reader.ts';
import type { BusConfig, BusTell, Known, ReaderConfig } from '../../../src/protocol/osdp/reader.ts';
import { seeded } from '../seeded.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import type { VirtualTimers } from '../virtualTimers.ts';
import { emulatedReader } from './emulatedReader.ts';
import type { EmulatedReader, ReaderTraits } from './emulatedReader.ts';

const PATH = '/dev/bus';
/** A reader thinks before it answers. */
const THINKING_MS = 3;

export type OnBus = { readonly reader: EmulatedReader; readonly tap: WireTap };

/** Puts an emulated reader on a wire. `meddle` may change what it says, or say nothing in its place. */
export const putOnWire = (
  wire: FakeWire,
  timers: VirtualTimers,
  reader: EmulatedReader,
  meddle: (reply: Buffer) => Buffer | undefined = (reply) => reply,
): OnBus => {
  const tap = wire.tap((bytes, atMs) => {
    const reply = reader.receive(bytes, atMs);
    const said = reply && meddle(reply);
    if (said !== undefined) timers.later(THINKING_MS, () => tap.write(said));
  });
  return { reader, tap };
};

export type Told = BusTell & { readonly atMs: number };

export type BusRig = {
  readonly timers: VirtualTimers;
  readonly wire: FakeWire;
  readonly told: Told[];
  readonly state: () => BusState;
  readonly input: (input: BusInput) => void;
  readonly put: (traits: Partial<ReaderTraits>, meddle?: (reply: Buffer) => Buffer | undefined) => OnBus;
  /** What was told of that kind since the last time. */
  readonly take: <K extends BusTell['kind']>(kind: K) => Extract<Told, { readonly kind: K }>[];
  /** Every byte the controller sent. */
  readonly asked: Buffer[];
};

export type RigReader = Partial<ReaderConfig> & { readonly id: string; readonly known?: Partial<Known> };

export type RigOptions = {
  readonly readers: readonly RigReader[];
  readonly baudRate?: number;
  readonly seed?: number;
  /** Whether a new key can be kept. */
  readonly storesKeys?: boolean;
};

const configOf = (reader: RigReader, index: number): { config: ReaderConfig; known: Known } => ({
  config: {
    id: reader.id,
    address: reader.address ?? index,
    isSecure: reader.isSecure ?? false,
  },
  known: { identity: undefined, key: undefined, ...reader.known },
});

export const busRig = async (options: RigOptions): Promise<BusRig> => {
  const timers = createVirtualTimers();
  const random = seeded(options.seed ?? 1);
  const wire = fakeWire({ timers, path: PATH, random });
  const baudRate = options.baudRate ?? 9_600;
  const config: BusConfig = {
    aes: nodeAes,
    random: (bytes) => Uint8Array.from({ length: bytes }, () => Math.trunc(random() * 256)),
    baudRate,
    times: BUS_TIMES,
  };
  let state = startBus(options.readers.map(configOf), timers.now());
  let line: SerialLine | undefined;
  let cancel: (() => void) | undefined;
  const told: Told[] = [];
  const asked: Buffer[] = [];

  const answerStore = (tell: BusTell): void => {
    if (tell.kind !== 'store-key') return;
    const ok = options.storesKeys ?? true;
    timers.later(20, () => input({ kind: 'key-stored', reader: tell.reader, ok }));
  };
  const arm = (): void => {
    cancel?.();
    const due = nextDeadline(config, state);
    cancel = due === undefined ? undefined : timers.later(Math.max(0, due - timers.now()), () => input({ kind: 'tick' }));
  };
  const input = (given: BusInput): void => {
    const step = stepBus(config, state, given, timers.now());
    state = step.state;
    for (const bytes of step.sends) {
      // Without the mark before it.
      asked.push(Buffer.from(bytes.subarray(1)));
      line?.write(bytes);
    }
    for (const tell of step.tells) {
      told.push({ ...tell, atMs: timers.now() });
      answerStore(tell);
    }
    arm();
  };

  const connect = async (): Promise<void> => {
    const opening = await wire.openSerial(
      { path: PATH, baudRate },
      { onBytes: (bytes) => input({ kind: 'bytes', bytes }), onGone: () => input({ kind: 'port', isOpen: false }) },
    );
    if (!opening.ok) throw new Error(opening.detail);
    line = opening.line;
    input({ kind: 'port', isOpen: true });
  };
  await connect();

  const isOf =
    <K extends BusTell['kind']>(kind: K) =>
    (tell: Told): tell is Extract<Told, { readonly kind: K }> =>
      tell.kind === kind;

  return {
    timers,
    wire,
    told,
    asked,
    state: () => state,
    input,
    put: (traits, meddle) => putOnWire(wire, timers, emulatedReader(traits), meddle),
    take: (kind) => {
      const found = told.filter(isOf(kind));
      for (const tell of found) told.splice(told.indexOf(tell), 1);
      return found;
    },
  };
};
