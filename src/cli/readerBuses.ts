/** The buses of OSDP readers that a site's file asks for, with what is known of their readers in the data folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SiteFile } from '../config/siteFile.ts';
import { lockedKeys, openKeyFile } from '../drivers/osdp/keyFile.ts';
import type { ReaderKeys } from '../drivers/osdp/keyFile.ts';
import { osdpBus } from '../drivers/osdp/osdpBus.ts';
import type { InstallOutcome, OsdpBus } from '../drivers/osdp/osdpBus.ts';
import { readPepper } from '../drivers/secrets/pepper.ts';
import { createOpenSerial } from '../drivers/serial/serial.ts';
import { machineTimers } from '../drivers/sim/timers.ts';
import type { Log } from '../ports/log.ts';
import type { OpenSerial } from '../ports/serialLine.ts';

/** In the data folder. */
export const READER_KEYS_FILE = 'reader-keys';
const MACHINE_ID_FILE = '/etc/machine-id';

/** Opens the install window of a keypad, for `ms`. */
export type InstallReader = (keypad: string, ms: number) => Promise<InstallOutcome>;

/** A machine without an id has none in its key either. */
const machineId = async (): Promise<string> => {
  try {
    return (await readFile(MACHINE_ID_FILE, 'utf8')).trim();
  } catch {
    return '';
  }
};

/** What is known of a site's readers. */
export const readerKeysOf = async ({ security }: SiteFile, dataFolder: string): Promise<ReaderKeys> => {
  const { pepperFile } = security;
  const pepper = pepperFile === undefined ? undefined : await readPepper(pepperFile);
  if (pepper?.ok === false) return lockedKeys('no-pepper');
  const path = join(dataFolder, READER_KEYS_FILE);
  return openKeyFile({ path, pepper: pepper?.pepper, machineId: await machineId() });
};

export type ReaderBusesOptions = {
  readonly dataFolder: string;
  readonly log: Log;
  /** In place of real serial ports. */
  readonly openSerial?: OpenSerial;
};

export const openReaderBuses = async (file: SiteFile, options: ReaderBusesOptions): Promise<readonly OsdpBus[]> => {
  const used = file.buses.filter(({ id }) => file.readers.some(({ bus }) => bus === id));
  if (used.length === 0) return [];
  const { dataFolder, log, openSerial = createOpenSerial() } = options;
  const keys = await readerKeysOf(file, dataFolder);
  return used.map((bus) => {
    const readers = file.readers.filter((reader) => reader.bus === bus.id);
    return osdpBus({ ...bus, readers, openSerial, keys, timers: machineTimers, log });
  });
};

export const installerOf =
  (buses: readonly OsdpBus[]): InstallReader =>
  async (keypad, ms) =>
    buses.find(({ hasKeypad }) => hasKeypad(keypad))?.openInstallWindow(keypad, ms) ?? { ok: false, reason: 'unknown-reader' };
