/** A site under test from outside: its process, its board's socket, a broker and a centre. One area, set at once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import type { Broker } from '../../src/drivers/broker/broker.ts';
import { reachBoard, startReady, until } from './controllerProcess.ts';
import type { ControllerProcess, Ready, RunOptions } from './controllerProcess.ts';
import { KILL_AREAS, KILL_CODE, killSite } from './killSite.ts';
import type { SimClient } from './simClient.ts';
import { startTestCentre } from './testCentre.ts';
import type { TestCentre, Told } from './testCentre.ts';

export const SITE = 'guarded';
const AREA = 'instant';
const instant = KILL_AREAS.find(({ id }) => id === AREA) ?? { siren: '', window: '', lamp: '', door: '', id: '' };
export const { siren: SIREN, window: WINDOW, lamp: LAMP } = instant;

export const startedBroker = async (port = 0): Promise<Broker> => {
  const started = await startBroker({ port, host: '127.0.0.1' });
  if (started.kind === 'failed') throw new Error(started.reason);
  return started.broker;
};

export type Ground = {
  readonly config: string;
  readonly data: string;
  readonly socket: string;
  /** Its URL. */
  readonly broker: string;
  readonly centre: TestCentre;
  readonly close: () => Promise<void>;
};

/** `name`: of the files; each test its own. `data`: elsewhere than in the folder, on a disk that can fail. */
export const ground = (
  folder: string,
  name: string,
  broker: string,
  centre: TestCentre,
  data = join(folder, `${name}.data`),
): Ground => {
  const config = join(folder, `${name}.yaml`);
  writeFileSync(config, killSite(SITE));
  return { config, data, broker, centre, socket: join(folder, `${name}.sock`), close: () => centre.close() };
};

/** With a broker of its own. */
export const prepare = async (folder: string, name: string, data?: string): Promise<Ground> => {
  const broker = await startedBroker();
  const centre = await startTestCentre(broker.url);
  return {
    ...ground(folder, name, broker.url, centre, data),
    close: async () => {
      await centre.close();
      await broker.close();
    },
  };
};

export type Guarded = {
  readonly controller: ControllerProcess;
  readonly is: Ready & { readonly bare?: true };
  readonly board: SimClient;
};

export const guard = async ({ config, data, socket, broker }: Ground, options: Partial<RunOptions> = {}): Promise<Guarded> => {
  const controller = await startReady({ config, data, socket, broker, ...options });
  const board = await reachBoard(controller, socket, SIREN);
  if (!board) throw new Error(controller.log());
  return { controller, is: controller.is, board };
};

export const levelOf = async ({ board }: Guarded, line: string): Promise<number | undefined> =>
  (await board.ask({ get: line })).level;

/** Sets the area; resolves when its lamp is lit. */
export const arm = async (guarded: Guarded): Promise<void> => {
  await guarded.board.ask({ keys: AREA, text: `1**${KILL_CODE}#` });
  await until('the lamp', async () => (await levelOf(guarded, LAMP)) === 1);
};

export const disarm = async (guarded: Guarded): Promise<void> => {
  await guarded.board.ask({ keys: AREA, text: `${KILL_CODE}#` });
  await until('no lamp', async () => (await levelOf(guarded, LAMP)) === 0);
};

/** Opens the window of the set area: the siren must sound at once. Resolves with how long it took, milliseconds. */
export const breakIn = async (guarded: Guarded): Promise<number> => {
  const startedAt = performance.now();
  await guarded.board.ask({ set: WINDOW, level: 1 });
  await until('the siren', async () => (await levelOf(guarded, SIREN)) === 1, 5_000);
  await guarded.board.ask({ set: WINDOW, level: 0 });
  return performance.now() - startedAt;
};

export const told = ({ centre }: Ground, kind: string): readonly Told[] =>
  centre.arrived(SITE).filter((one) => one.kind === kind);

/** Waits until the centre has heard `count` of a kind; resolves with them. */
export const heard = (ground: Ground, kind: string, count = 1, patienceMs = 20_000): Promise<readonly Told[]> =>
  until(
    `${count} ${kind} at the centre`,
    () => (told(ground, kind).length >= count ? told(ground, kind) : undefined),
    patienceMs,
  );

export const die = async ({ controller, board }: Guarded): Promise<void> => {
  board.close();
  await controller.kill('SIGKILL');
};

export const stop = async ({ controller, board }: Guarded): Promise<void> => {
  board.close();
  const ended = await controller.kill('SIGTERM');
  if (ended.code !== 0) throw new Error(`stopped with ${JSON.stringify(ended)}: ${controller.log()}`);
};
