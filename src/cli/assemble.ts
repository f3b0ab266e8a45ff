/** Puts a controller together from a site's file and this machine's drivers. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Input } from '../core/input.ts';
import { siteOf } from '../core/site.ts';
import { windowsOf } from '../calendar/windows.ts';
import type { MqttConfig, SiteFile } from '../config/siteFile.ts';
import { mqttLink } from '../drivers/mqtt/link.ts';
import { readPepper } from '../drivers/secrets/pepper.ts';
import { openSecrets } from '../drivers/secrets/secrets.ts';
import { ed25519 } from '../drivers/signatures/ed25519.ts';
import { openStore } from '../drivers/store/openStore.ts';
import { zoneOffset } from '../drivers/zones/zones.ts';
import { pathDefaults } from '../paths/mqtt/types.ts';
import type { Will } from '../paths/mqtt/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Keypads, LineRequest, Lines } from '../ports/lines.ts';
import { LINK_DEFAULTS } from '../ports/link.ts';
import type { ConnectOptions, TlsOptions } from '../ports/link.ts';
import type { Log } from '../ports/log.ts';
import type { OpenRefusal, Restored, Store } from '../ports/store.ts';
import { bareMachine } from '../runtime/bare.ts';
import type { ControlVerb } from '../runtime/controlDesk.ts';
import { startController } from '../runtime/controller.ts';
import type { Controller, PathOptions } from '../runtime/controller.ts';
import type { Stepped } from '../runtime/engine.ts';
import { fullMachine } from '../runtime/machine.ts';
import type { PulseOptions } from '../runtime/pulse.ts';
import { peopleRulesOf } from './people/rules.ts';
import { packageVersion } from './version.ts';

/** The site's file that is to run, and why that is not the one that was given. */
export type Chosen = { readonly file: SiteFile; readonly rejected: string | undefined };

export type Assembly = {
  /** Decides by what the data folder holds: a new config is taken only when every area is disarmed and quiet. */
  readonly choose: (restored: Restored) => Chosen;
  readonly dataFolder: string;
  /** In place of the config's broker. */
  readonly brokerUrl: string | undefined;
  readonly board: (file: SiteFile, restored: Restored) => Promise<BoardResult>;
  readonly clock: Clock;
  readonly language: 'fr' | 'en';
  readonly log: Log;
  readonly onFatal: (reason: string) => void;
  readonly onStepped?: (stepped: Stepped) => void;
  /** The core has failed too often: only the bare machine runs. */
  readonly isBare?: boolean;
  /** For measurements: what a slow card does. */
  readonly commitDelayMs?: number;
  /** Quota of the database; the disk's size by default. */
  readonly maxDatabaseBytes?: number;
  readonly pulse?: PulseOptions;
};

export type Board = {
  readonly lines: Lines;
  readonly keypads: Keypads;
  /** What can be asked of the board's drivers over the control socket. */
  readonly verbs: readonly ControlVerb[];
};
export type BoardResult = { readonly ok: true; readonly board: Board } | { readonly ok: false; readonly reason: string };

export type Assembled =
  | {
      readonly ok: true;
      readonly controller: Controller;
      readonly restored: Restored;
      readonly goneMs: number | undefined;
      readonly file: SiteFile;
    }
  | { readonly ok: false; readonly reason: string };

const REFUSALS: Readonly<Record<OpenRefusal, string>> = {
  locked: 'another process runs on this data folder: stop it first, or choose another folder',
  'newer-data': 'a later version of Vigie wrote this data folder: install that version again, or choose another folder',
  'not-a-folder': 'the data folder is not a folder, or cannot be reached',
  'read-only': 'the data folder cannot be read even by way of a copy: the file system is read-only',
  'disk-full': 'the disk is full, and the data folder cannot be read even by way of a copy: free some room',
  io: 'the data folder cannot be read: the disk fails',
};

/** Opens the data folder; what to tell the person where that is refused. */
export const openData = async (
  folder: string,
  commitDelayMs = 0,
  maxDatabaseBytes?: number,
): Promise<
  { readonly ok: true; readonly store: Store; readonly restored: Restored } | { readonly ok: false; readonly reason: string }
> => {
  const quota = maxDatabaseBytes === undefined ? {} : { maxDatabaseBytes };
  const opened = await openStore({ folder, randomBytes: (count) => randomBytes(count), commitDelayMs, ...quota });
  return opened.ok ? opened : { ok: false, reason: `${folder}: ${REFUSALS[opened.reason]}` };
};

export const assemble = async (assembly: Assembly): Promise<Assembled> => {
  const opened = await openData(assembly.dataFolder, assembly.commitDelayMs, assembly.maxDatabaseBytes);
  if (!opened.ok) return opened;
  const result = await assembleOn(assembly, opened);
  if (!result.ok) await opened.store.close();
  return result;
};

const assembleOn = async (assembly: Assembly, { store, restored }: { store: Store; restored: Restored }): Promise<Assembled> => {
  const { file, rejected } = assembly.choose(restored);
  const pepper = await pepperOf(file);
  // At the first start somebody is there to mend it. Later the site may be set and nobody there: it guards without codes.
  if (!pepper.ok && restored.found === 'fresh') return pepper;
  if (!pepper.ok) assembly.log('error', 'no code can be judged: the pepper cannot be read', { reason: pepper.reason });
  const path = pathOf(assembly, file, restored.boot);
  const made = await assembly.board(file, restored);
  if (!made.ok) return made;
  const secrets = openSecrets({ salt: file.security.salt, pepper: pepper.ok ? pepper.value : randomBytes(32) });
  const started = await startController({
    machine: assembly.isBare === true ? bareMachine : fullMachine,
    site: siteOf(file.core),
    version: packageVersion(),
    configHash: file.hash,
    language: assembly.language,
    store,
    restored,
    lines: made.board.lines,
    inputs: inputRequests(file),
    keypads: made.board.keypads,
    boardVerbs: made.board.verbs,
    secrets,
    credentials: file.credentials,
    peopleRules: peopleRulesOf(file, pepper.ok),
    accessRetentionMs: file.retention.accessMs,
    clock: assembly.clock,
    calendar: (from, to) => windowsOf(file.schedules, file.core.timezone, from, to, zoneOffset),
    path,
    remote: {
      publicKeys: new Map(file.operators.map(({ id, publicKey }) => [id, publicKey])),
      signatures: ed25519,
      randomBytes: (count) => randomBytes(count),
    },
    randomEpoch: () => randomBytes(8).toString('hex'),
    random: Math.random,
    digest: (text) => createHash('sha256').update(text).digest('hex').slice(0, 16),
    log: assembly.log,
    quarantine: (record) => quarantine(assembly.dataFolder, record),
    onFatal: assembly.onFatal,
    ...(assembly.onStepped && { onStepped: assembly.onStepped }),
    pulse: assembly.pulse,
  });
  if (!started.ok) {
    await secrets.close();
    return { ok: false, reason: started.problems.join('\n') };
  }
  started.controller.submit(configCondition(rejected ?? (pepper.ok ? undefined : 'pepper-unreadable')));
  return { ok: true, controller: started.controller, restored, goneMs: started.goneMs, file };
};

const configCondition = (rejected: string | undefined): Input => ({
  kind: 'condition',
  condition: 'config-rejected',
  subject: '',
  on: rejected !== undefined,
  ...(rejected !== undefined && { detail: { reason: rejected } }),
});

type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const pepperOf = async ({ security }: SiteFile): Promise<Found<Uint8Array | undefined>> => {
  if (security.pepperFile === undefined) return { ok: true, value: undefined };
  const read = await readPepper(security.pepperFile);
  return read.ok ? { ok: true, value: read.pepper } : { ok: false, reason: `${security.pepperFile}: ${read.reason}` };
};

const inputRequests = (file: SiteFile): readonly LineRequest[] =>
  file.inputs.map(({ line, kind, bias }) =>
    kind === 'analog' ? { direction: 'analog', line } : { direction: 'input', line, bias },
  );

/** Inputs that `step` could not take, kept for whoever mends it; the last few are enough. */
const quarantine = (dataFolder: string, record: string): void => {
  try {
    const folder = join(dataFolder, 'quarantine');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${Date.now() % 16}.json`), record);
  } catch {
    // The disk may be full or read-only: the alarm goes on, and the log has the error.
  }
};

// ---- the path to the centre

const pathOf = ({ brokerUrl, clock, log }: Assembly, file: SiteFile, boot: number): PathOptions | undefined => {
  const url = brokerUrl ?? file.mqtt?.broker;
  if (url === undefined) return undefined;
  const config = {
    ...pathDefaults,
    site: file.core.site,
    version: packageVersion(),
    boot,
    unsupervised: file.backupSupervised ? [] : ['backup'],
  };
  const options = (will: Will): ConnectOptions => {
    const credentials = readCredentials(file.mqtt, log);
    return connectOptions(file, { url, will, credentials, clockUnsynchronised: !clock.isSynchronised() });
  };
  return { config, makeLink: mqttLink, connectOptions: options };
};

type Credentials = { readonly password: string | undefined; readonly tls: TlsOptions | undefined };
type Connecting = {
  readonly url: string;
  readonly will: Will;
  readonly credentials: Credentials;
  readonly clockUnsynchronised: boolean;
};

const connectOptions = (
  { core, mqtt }: SiteFile,
  { url, will, credentials, clockUnsynchronised }: Connecting,
): ConnectOptions => ({
  ...LINK_DEFAULTS,
  url,
  clientId: mqtt?.clientId ?? core.site,
  keepaliveS: Math.round((mqtt?.keepaliveMs ?? LINK_DEFAULTS.keepaliveS * 1_000) / 1_000),
  will,
  ...(mqtt?.username !== undefined && { username: mqtt.username }),
  ...(credentials.password !== undefined && { password: credentials.password }),
  ...(credentials.tls && { tls: { ...credentials.tls, clockUnsynchronised } }),
});

/** Stands for a file that cannot be read: no key and no certificate, so that the link is refused rather than unsafe. */
const UNREADABLE = 'unreadable';

/** Read at each attempt: a renewed certificate needs no restart, and a missing one keeps nobody from guarding. */
const readCredentials = (mqtt: MqttConfig | undefined, log: Log): Credentials => {
  const text = (path: string | undefined): string | undefined => {
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch {
      log('error', 'cannot read a file of the path to the centre: check its place and its permissions', { path });
      return UNREADABLE;
    }
  };
  const [ca, certificate, key] = [text(mqtt?.tls?.ca), text(mqtt?.tls?.cert), text(mqtt?.tls?.key)];
  const password = text(mqtt?.passwordFile)?.split('\n', 1)[0];
  const tls = mqtt?.tls && {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
  };
  return { password, tls };
};
