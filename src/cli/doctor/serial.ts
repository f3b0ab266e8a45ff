/** The serial ports of the expanders: whether each is there, may be used, and is named by what does not change. */
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type PortSeen = {
  readonly expander: string;
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

const missing = ({ expander, port }: PortSeen, { names }: SerialFacts): Finding => {
  const there = names.length === 0 ? '–' : names.map((name) => `${BY_ID}${name}`).join(', ');
  return said.fault(
    'port-missing',
    `${expander}: ${port} is not there. Plug it in, or correct expanders.${expander}.port. Here are: ${there}.`,
    `${expander} : ${port} n’est pas là. Branchez-le, ou corrigez expanders.${expander}.port. Il y a ici : ${there}.`,
  );
};

const nameFinding = ({ expander, port, byId }: PortSeen): Finding => {
  if (port.startsWith('/dev/serial/')) return said.ok('port', `${expander}: ${port}.`, `${expander} : ${port}.`);
  const better = byId === undefined ? '/dev/serial/by-id/…' : `${BY_ID}${byId}`;
  return said.warn(
    'port-name-moves',
    `${expander}: ${port} may be another device after the next start. Write ${better}.`,
    `${expander} : ${port} peut désigner un autre appareil au prochain démarrage. Écrivez ${better}.`,
  );
};

const portFindings = (facts: SerialFacts, port: PortSeen): readonly Finding[] => {
  if (!port.isThere) return [missing(port, facts)];
  if (port.mayUse) return [nameFinding(port)];
  const { user } = facts;
  const { expander, group = 'dialout' } = port;
  return [
    nameFinding(port),
    said.fault(
      'no-permission',
      `${expander}: ${user} may not use ${port.port}: sudo usermod -aG ${group} ${user}, then start the service again.`,
      `${expander} : ${user} ne peut pas utiliser ${port.port} : sudo usermod -aG ${group} ${user}, puis redémarrez le service.`,
    ),
  ];
};

export const judgeSerial = (facts: SerialFacts): readonly Finding[] =>
  facts.ports.length === 0
    ? [said.skipped('no-expanders', 'This site has no expanders.', 'Ce site n’a pas d’extension.')]
    : facts.ports.flatMap((port) => portFindings(facts, port));
