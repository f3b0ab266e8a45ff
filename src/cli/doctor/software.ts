/** Node, and the packages that are only needed for some hardware. */
import type { SiteFile } from '../../config/siteFile.ts';
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export const OPTIONAL_PACKAGES = ['koffi', 'serialport', 'johnny-five', 'firmata-io', 'onoff'] as const;
export type OptionalPackage = (typeof OPTIONAL_PACKAGES)[number];
/** `does-not-load`: it is there, and its compiled part is not, or not for this machine. */
export type PackageState = 'loads' | 'missing' | 'does-not-load';

export type SoftwareFacts = {
  /** `20.20.2`. */
  readonly node: string;
  readonly packages: Readonly<Record<OptionalPackage, PackageState>>;
  readonly needed: ReadonlySet<OptionalPackage>;
};

/** What this site's hardware is reached by. Without a site's file nothing is known to be needed. */
export const neededPackages = (file: SiteFile | undefined): ReadonlySet<OptionalPackage> => {
  const needed = new Set<OptionalPackage>();
  if (file?.board.driver === 'gpio') needed.add(file.board.access === 'onoff' ? 'onoff' : 'koffi');
  if (file && file.expanders.length > 0)
    for (const name of ['serialport', 'johnny-five', 'firmata-io'] as const) needed.add(name);
  if (file && file.buses.length > 0) needed.add('serialport');
  for (const { kind } of file?.portReaders ?? []) needed.add(kind === 'keyboard' ? 'koffi' : 'serialport');
  return needed;
};

const said = saidOf('software');
const OLDEST_NODE = 20;

const nodeFinding = ({ node }: SoftwareFacts): Finding => {
  const major = Number.parseInt(node, 10);
  if (major < OLDEST_NODE)
    return said.fault(
      'node-too-old',
      `Node ${node} is too old: install Node ${OLDEST_NODE} or later.`,
      `Node ${node} est trop ancien : installez Node ${OLDEST_NODE} ou plus récent.`,
    );
  if (major % 2 === 1)
    return said.warn(
      'node-short-lived',
      `Node ${node} is a version of a few months: install an even one, such as 24.`,
      `Node ${node} est une version de quelques mois : installez une version paire, par exemple 24.`,
    );
  return said.ok('node', `Node ${node}.`, `Node ${node}.`);
};

const REPAIR: Readonly<Record<'missing' | 'does-not-load', (name: string) => readonly [string, string]>> = {
  missing: (name) => [
    `The package ${name} is not installed: run npm ci --include=optional.`,
    `Le paquet ${name} n’est pas installé : lancez npm ci --include=optional.`,
  ],
  'does-not-load': (name) =>
    name === 'onoff'
      ? [
          'onoff’s compiled part is missing: run npm run build:onoff, or use access: character-device, which needs none.',
          'La partie compilée d’onoff manque : lancez npm run build:onoff, ou mettez access: character-device, qui s’en passe.',
        ]
      : [
          `The package ${name} does not load on this machine: run npm ci --include=optional on this machine itself.`,
          `Le paquet ${name} ne se charge pas sur cette machine : lancez npm ci --include=optional sur cette machine même.`,
        ],
};

const packageFinding = ({ packages, needed }: SoftwareFacts, name: OptionalPackage): Finding => {
  const state = packages[name];
  if (state === 'loads') return said.ok(`${name}-loads`, `The package ${name} loads.`, `Le paquet ${name} se charge.`);
  const [message, messageFr] = REPAIR[state](name);
  if (needed.has(name)) return said.fault(`${name}-${state}`, message, messageFr);
  return said.skipped(
    `${name}-not-needed`,
    `The package ${name} does not load, and this site does not need it.`,
    `Le paquet ${name} ne se charge pas, et ce site n’en a pas besoin.`,
  );
};

export const judgeSoftware = (facts: SoftwareFacts): readonly Finding[] => [
  nodeFinding(facts),
  ...OPTIONAL_PACKAGES.map((name) => packageFinding(facts, name)),
];
