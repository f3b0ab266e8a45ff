/** Serial ports and input devices of a site: whether each is there, may be used, and is named by what does not change. */
import type { SiteFile } from '../../config/siteFile.ts';
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type PortKind = 'serial' | 'input';

/** A port as the site's file has it. */
export type PortAsked = {
  /** What it is called in the site's file: the id of its expander, bus or keypad. */
  readonly id: string;
  /** Where it stands there. */
  readonly setting: string;
  readonly kind: PortKind;
  readonly port: string;
};

export type PortSeen = PortAsked & {
  readonly isThere: boolean;
  readonly mayUse: boolean;
  readonly group: string | undefined;
  /** Where there is a lasting name that leads to the same device. */
  readonly byId: string | undefined;
};

export type SerialFacts = {
  readonly user: string;
  readonly ports: readonly PortSeen[];
  /** Lasting names there are. */
  readonly names: Readonly<Record<PortKind, readonly string[]>>;
};

/** Where the lasting names are. */
export const BY_ID: Readonly<Record<PortKind, string>> = { serial: '/dev/serial/by-id', input: '/dev/input/by-id' };
const GROUPS: Readonly<Record<PortKind, string>> = { serial: 'dialout', input: 'input' };
/** The kernel numbers these as they are found. */
const MOVES = /^\/dev\/(tty(USB|ACM)|input\/event)[0-9]+$/;

const said = saidOf('serial');

// ---- what a site asks for

const ofReader = (reader: SiteFile['portReaders'][number]): PortAsked => {
  const setting = `keypads.${reader.keypad}.reader`;
  return reader.kind === 'keyboard'
    ? { id: reader.keypad, setting: `${setting}.device`, kind: 'input', port: reader.device }
    : { id: reader.keypad, setting: `${setting}.port`, kind: 'serial', port: reader.port };
};

/** Each port once: two Wiegand readers share one. */
export const portsAsked = ({ expanders, buses, portReaders }: SiteFile): readonly PortAsked[] => {
  const boards = expanders.map(({ id, port }): PortAsked => ({ id, setting: `expanders.${id}.port`, kind: 'serial', port }));
  const lines = buses.map(({ id, port }): PortAsked => ({ id, setting: `buses.${id}.port`, kind: 'serial', port }));
  const asked = [...boards, ...lines, ...portReaders.map(ofReader)];
  return asked.filter(({ port }, at) => asked.findIndex((other) => other.port === port) === at);
};

// ---- what is there

const missing = ({ id, setting, kind, port }: PortSeen, { names }: SerialFacts): Finding => {
  const there = names[kind].length === 0 ? '–' : names[kind].map((name) => `${BY_ID[kind]}/${name}`).join(', ');
  return said.fault(
    'port-missing',
    `${id}: ${port} is not there. Plug it in, or correct ${setting}. Here are: ${there}.`,
    `${id} : ${port} n’est pas là. Branchez-le, ou corrigez ${setting}. Il y a ici : ${there}.`,
  );
};

const nameFinding = ({ id, kind, port, byId }: PortSeen): Finding => {
  if (!MOVES.test(port)) return said.ok('port', `${id}: ${port}.`, `${id} : ${port}.`);
  const better = `${BY_ID[kind]}/${byId ?? '…'}`;
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
  const { id, kind, group = GROUPS[kind] } = port;
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
    ? [said.skipped('no-ports', 'This site has no expander and no reader.', 'Ce site n’a ni extension ni lecteur.')]
    : facts.ports.flatMap((port) => portFindings(facts, port));
