/** Everything the doctor looks at, in the order in which it is told. */
import { createRequire } from 'node:module';
import type { Kernel } from '../../drivers/gpio-chardev/kernel.ts';
import type { Io } from '../io.ts';
import { judgeBroker } from './broker.ts';
import { judgeClock } from './clock.ts';
import { judgeDisk } from './disk.ts';
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { judgeGpio } from './gpio.ts';
import { lookAtClock, lookAtDisk, lookAtGpio, lookAtSerial, lookAtService, servicePerson } from './look.ts';
import { lookAtBroker } from './lookAtBroker.ts';
import { lookAtSite } from './lookAtSite.ts';
import { lookAtStations } from './lookAtStations.ts';
import type { Machine } from './machine.ts';
import { judgeSerial, portsAsked } from './serial.ts';
import { judgeService } from './service.ts';
import { judgeSite } from './site.ts';
import { judgeStations } from './stations.ts';
import { judgeSoftware, neededPackages } from './software.ts';
import type { OptionalPackage, PackageState, SoftwareFacts } from './software.ts';

export type Examined = {
  readonly config: string | undefined;
  readonly data: string | undefined;
  readonly io: Pick<Io, 'readFile'>;
  readonly machine: Machine;
  /** Undefined: koffi does not load. */
  readonly kernel: Kernel | undefined;
  /** `20.20.2` */
  readonly node: string;
  readonly stateOf: (name: OptionalPackage) => PackageState;
};

/** Loads it, as the driver would. */
export const packageState = (name: OptionalPackage): PackageState => {
  const require = createRequire(import.meta.url);
  try {
    require(name);
    return 'loads';
  } catch {
    return isInstalled(require, name) ? 'does-not-load' : 'missing';
  }
};

const isInstalled = (require: NodeJS.Require, name: string): boolean => {
  try {
    return require.resolve(name) !== '';
  } catch {
    return false;
  }
};

const packagesOf = (stateOf: Examined['stateOf']): SoftwareFacts['packages'] => ({
  koffi: stateOf('koffi'),
  serialport: stateOf('serialport'),
  'johnny-five': stateOf('johnny-five'),
  'firmata-io': stateOf('firmata-io'),
  onoff: stateOf('onoff'),
});

const noBoard: Finding = saidOf('gpio').skipped('no-site', 'No site’s file, no board.', 'Pas de fichier du site, pas de carte.');

export const examine = async ({ config, data, io, machine, kernel, node, stateOf }: Examined): Promise<readonly Finding[]> => {
  const { facts, file } = await lookAtSite(config, io);
  const person = servicePerson(machine);
  const clock = lookAtClock(machine, file?.core.timezone);
  return [
    ...judgeSoftware({ node, packages: packagesOf(stateOf), needed: neededPackages(file) }),
    ...judgeSite(facts),
    ...(file ? judgeGpio(lookAtGpio(machine, kernel, person, file.board)) : [noBoard]),
    ...judgeSerial(lookAtSerial(machine, person, file ? portsAsked(file) : [])),
    ...judgeStations(await lookAtStations(file?.stations ?? [], machine, person)),
    ...judgeClock(clock),
    ...judgeDisk(lookAtDisk(machine, person, data)),
    ...judgeBroker(await lookAtBroker(file, machine, person, clock.isSynchronised)),
    ...judgeService(lookAtService(machine)),
  ];
};
