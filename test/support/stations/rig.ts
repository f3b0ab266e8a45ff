/** One emulated station in virtual time, its lines opened, and what the runtime would hear of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stationLines } from '../../../src/drivers/stations/lines.ts';
import type { StationSettings } from '../../../src/drivers/stations/settings.ts';
import type { Reading } from '../../../src/core/input.ts';
import type { Lines } from '../../../src/ports/lines.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import type { VirtualTimers } from '../virtualTimers.ts';
import { emulatedDoorBird } from './doorBird.ts';
import type { DoorBird } from './doorBird.ts';
import { PASSWORD, USERNAME } from './station.ts';
import { emulatedTwoN } from './twoN.ts';
import type { TwoN } from './twoN.ts';
import { virtualNetwork } from './virtualTransport.ts';
import type { Network } from './virtualTransport.ts';

export type Logged = { readonly level: string; readonly message: string; readonly facts: Readonly<Record<string, unknown>> };

export type Rig<S> = {
  readonly timers: VirtualTimers;
  readonly station: S;
  readonly network: Network;
  readonly lines: Lines;
  readonly logged: Logged[];
  /** `1234 front.ring 1`, since this was asked last. */
  readonly heard: () => readonly string[];
  readonly password: (text: string) => void;
};

const folder = mkdtempSync(join(tmpdir(), 'vigie-stations-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const passwordFile = (text = PASSWORD): string => {
  const path = join(folder, `password-${Math.random().toString(36).slice(2)}`);
  writeFileSync(path, `${text}\n`);
  return path;
};

export const TWO_N = {
  kind: '2n',
  id: 'front',
  url: 'https://192.0.2.20',
  username: USERNAME,
  certificate: undefined,
  ringOn: 'key',
  keys: undefined,
  switch: 1,
  openedBy: ['dtmf', 'idt'],
} as const;

export const DOORBIRD = {
  kind: 'doorbird',
  id: 'front',
  url: 'https://192.0.2.21',
  username: USERNAME,
  certificate: undefined,
} as const;

export const shown = (reading: Reading): string => (reading.kind === 'level' ? String(reading.level) : reading.kind);

const rigOf = async <S extends TwoN | DoorBird>(
  make: (timers: VirtualTimers) => S,
  settings: (file: string) => StationSettings,
  lineNames: readonly string[],
  before: (rig: Pick<Rig<S>, 'station' | 'network'>) => void,
): Promise<Rig<S>> => {
  const timers = createVirtualTimers();
  const station = make(timers);
  const network = virtualNetwork(station, timers);
  before({ station, network });
  const file = passwordFile();
  const logged: Logged[] = [];
  const heard: string[] = [];
  const lines = stationLines({
    station: settings(file),
    timers,
    log: (level, message, facts = {}) => void logged.push({ level, message, facts }),
    makeTransport: network.make,
  });
  const opened = lines.open(
    lineNames.map((line) => ({ direction: 'input', line, bias: 'none' })),
    {
      onReading: (line, reading, atMs) => void heard.push(`${Math.round(atMs)} ${line} ${shown(reading)}`),
      onOutputTrouble: (line, trouble) => void heard.push(`${line} ${trouble}`),
    },
  );
  timers.advance(6_000);
  const answer = await opened;
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return {
    timers,
    station,
    network,
    lines,
    logged,
    heard: () => heard.splice(0),
    password: (text) => writeFileSync(file, `${text}\n`),
  };
};

export type TwoNSettings = Extract<StationSettings, { readonly kind: '2n' }>;

type Options<S> = {
  readonly lines?: readonly string[];
  readonly settings?: S extends TwoN ? Partial<TwoNSettings> : Partial<Extract<StationSettings, { readonly kind: 'doorbird' }>>;
  /** Done before the lines are opened. */
  readonly before?: (rig: Pick<Rig<S>, 'station' | 'network'>) => void;
};

/** Opened, and 6 s later. */
export const twoNRig = ({ lines, settings, before = () => {} }: Options<TwoN> = {}): Promise<Rig<TwoN>> =>
  rigOf(
    (timers) => emulatedTwoN({ timers }),
    (file) => ({ ...TWO_N, passwordFile: file, ...settings }),
    lines ?? ['front.ring', 'front.open', 'front.tamper'],
    before,
  );

export const doorBirdRig = ({ lines, settings, before = () => {} }: Options<DoorBird> = {}): Promise<Rig<DoorBird>> =>
  rigOf(
    (timers) => emulatedDoorBird({ timers }),
    (file) => ({ ...DOORBIRD, passwordFile: file, ...settings }),
    lines ?? ['front.ring'],
    before,
  );
