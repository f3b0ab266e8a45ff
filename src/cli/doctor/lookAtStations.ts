/** Tries each door station as its driver would, once; the controller's own conversation with it goes on. */
import type { StationConfig } from '../../config/siteFile.ts';
import { machineTimers } from '../../drivers/sim/timers.ts';
import { probeStation } from '../../drivers/stations/probe.ts';
import type { Probed } from '../../drivers/stations/probe.ts';
import { readSecrets } from '../../drivers/stations/settings.ts';
import type { Machine } from './machine.ts';
import { isOpenToOthers, mayRead } from './person.ts';
import type { Person } from './person.ts';
import type { SecretSeen, StationFacts, StationSeen } from './stations.ts';

const tried = (station: StationConfig, machine: Machine): Promise<Probed> => {
  const secrets = readSecrets(station, machine.text);
  return secrets.ok ? probeStation(station, secrets, machineTimers) : Promise.resolve(secrets);
};

const fileSeen = (path: string, machine: Machine, person: Person): SecretSeen => {
  const file = machine.file(path);
  return {
    path,
    isReadable: file !== undefined && mayRead(person, file),
    isReadHere: machine.text(path) !== undefined,
    isOpenToOthers: file !== undefined && isOpenToOthers(file),
  };
};

const lookAt = async (station: StationConfig, machine: Machine, person: Person): Promise<StationSeen> => {
  const { id, kind, url, passwordFile, certificate } = station;
  return {
    id,
    kind,
    url,
    password: fileSeen(passwordFile, machine, person),
    certificate: certificate === undefined ? undefined : fileSeen(certificate, machine, person),
    tried: await tried(station, machine),
  };
};

export const lookAtStations = async (
  stations: readonly StationConfig[],
  machine: Machine,
  person: Person,
): Promise<StationFacts> => ({
  user: person.name,
  stations: await Promise.all(stations.map(async (station) => lookAt(station, machine, person))),
});
