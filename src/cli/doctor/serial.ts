/** The serial ports of expanders and reader buses: whether each is there, may be used, and is named by what does not change. */
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type PortSeen = {
  readonly id: string;
  /** Where the site's file names it: `expanders.cellar.port`. */
  readonly setting: string;
  /** As the site's file has it. */
  readonly port: string;
  readonly isThere: boolean;
  readonly mayUse: boolean;
  readonly group: string | undefined;
  /** Where there is a name under /dev/serial/by-id that leads to the same device. */
  readonly byId: string | undefined;
};

export type SerialFacts = {
  readonly user: string;
  readonly ports: readonly PortSeen[];
  /** Names under /dev/serial/by-id. */
  readonly names: readonly string[];
};

const said = saidOf('serial');
const BY_ID = '/dev/serial/by-id/';

const missing = ({ id, setting, port }: PortSeen, { names }: SerialFacts): Finding => {
  const there = names.length === 0 ? '–' : names.map((name) => `${BY_ID}${name}`).join(', ');
  return said.fault(
    'port-missing',
    `${id}: ${port} is not there. Plug it in, or correct ${setting}. Here are: ${there}.`,
    `${id} : ${port} n’est pas là. Branchez-le, ou corrigez ${setting}. Il y a ici : ${there}.`,
  );
};

const nameFinding = ({ id, port, byId }: PortSeen): Finding => {
  if (port.startsWith('/dev/serial/')) return said.ok('port', `${id}: ${port}.`, `${id} : ${port}.`);
  const better = byId === undefined ? '/dev/serial/by-id/…' : `${BY_ID}${byId}`;
  return said.warn(
    'port-name-moves',
    `${id}: ${port} may be another device after the next start. Write ${better}.`,
    `${id} : ${port} peut désigner un autre appareil au prochain démarrage. Écrivez ${better}.`,
  );
};

const portFindings = (facts: SerialFacts, port: PortSeen): readonly Finding[] => {
  if (!port.isThere) return [missing(port, facts)];
  if (port.mayUse) return [nameFinding(port)];
  const { user } = facts;
  const { id, group = 'dialout' } = port;
  return [
    nameFinding(port),
    said.fault(
      'no-permission',
      `${id}: ${user} may not use ${port.port}: sudo usermod -aG ${group} ${user}, then start the service again.`,
      `${id} : ${user} ne peut pas utiliser ${port.port} : sudo usermod -aG ${group} ${user}, puis redémarrez le service.`,
    ),
  ];
};

export const judgeSerial = (facts: SerialFacts): readonly Finding[] =>
  facts.ports.length === 0
    ? [said.skipped('no-expanders', 'This site has no expanders and no buses.', 'Ce site n’a ni extension ni bus.')]
    : facts.ports.flatMap((port) => portFindings(facts, port));
