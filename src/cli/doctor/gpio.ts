/**
 * The pins: whether the board's chip is there, whether the controller's user may use it, and who holds which line.
 * Sources: `gpiodetect` and `gpioinfo` tell the same; the kernel's character device needs Linux 5.10.
 */
import type { SiteFile } from '../../config/siteFile.ts';
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type ChipSeen = {
  readonly path: string;
  /** Undefined: it could not be asked. */
  readonly label: string | undefined;
  readonly mayUse: boolean;
  /** Name of the file's group. */
  readonly group: string | undefined;
};

/** A line of the site. `holder`: what its holder calls itself, '' without a name; undefined: free, or not known. */
export type LineSeen = { readonly line: string; readonly holder: string | undefined };

export type GpioFacts = {
  readonly board: SiteFile['board'];
  /** `6.12.47+rpt-rpi-v8` */
  readonly kernel: string;
  readonly user: string;
  readonly chips: readonly ChipSeen[];
  readonly lines: readonly LineSeen[];
};

type GpioBoard = Extract<SiteFile['board'], { readonly driver: 'gpio' }>;

const said = saidOf('gpio');
const OLDEST_KERNEL = [5, 10] as const;
/** What Vigie calls itself to the kernel. */
const OURS = 'vigie';

const isOldKernel = (release: string): boolean => {
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  return major < OLDEST_KERNEL[0] || (major === OLDEST_KERNEL[0] && minor < OLDEST_KERNEL[1]);
};

const kernelFinding = ({ kernel }: GpioFacts, { access }: GpioBoard): Finding => {
  if (!isOldKernel(kernel)) return said.ok('kernel', `Linux ${kernel}.`, `Linux ${kernel}.`);
  if (access === 'onoff')
    return said.warn(
      'kernel-old',
      `Linux ${kernel} is old, and serves for access: onoff alone.`,
      `Linux ${kernel} est ancien, et ne sert que pour access: onoff.`,
    );
  return said.fault(
    'kernel-too-old',
    `Linux ${kernel} has no character device of version 2: install Linux 5.10 or later.`,
    `Linux ${kernel} n’a pas l’interface de version 2 : installez Linux 5.10 ou plus récent.`,
  );
};

const pathsOf = (chips: readonly ChipSeen[]): string =>
  chips.map(({ path, label }) => `${path}${label === undefined ? '' : ` (${label})`}`).join(', ');

const missingChip = ({ chips }: GpioFacts, { chipLabel, model }: GpioBoard): Finding => {
  if (chips.length === 0)
    return said.fault(
      'no-chips',
      'This machine has no /dev/gpiochip*: it is no board with pins, or the kernel lacks their driver.',
      'Cette machine n’a pas de /dev/gpiochip* : ce n’est pas une carte à broches, ou le noyau n’a pas leur pilote.',
    );
  if (chips.every(({ label }) => label === undefined))
    return said.skipped(
      'chips-not-asked',
      `The chips ${pathsOf(chips)} could not be asked for their names: run the doctor with sudo, or see the package koffi.`,
      `Les puces ${pathsOf(chips)} n’ont pu être interrogées : lancez doctor avec sudo, ou voyez le paquet koffi.`,
    );
  return said.fault(
    'chip-not-found',
    `No chip is labelled ${chipLabel}, as a ${model} has; here are ${pathsOf(chips)}. Correct board.model.`,
    `Aucune puce ne s’appelle ${chipLabel}, comme sur ${model} ; voici ${pathsOf(chips)}. Corrigez board.model.`,
  );
};

const chipFindings = (facts: GpioFacts, board: GpioBoard): readonly Finding[] => {
  const matching = facts.chips.filter(({ label }) => label === board.chipLabel);
  const [chip] = matching;
  if (!chip) return [missingChip(facts, board)];
  if (matching.length > 1)
    return [
      said.fault(
        'chip-ambiguous',
        `Several chips are labelled ${board.chipLabel}: ${pathsOf(matching)}. Vigie takes none of them.`,
        `Plusieurs puces s’appellent ${board.chipLabel} : ${pathsOf(matching)}. Vigie n’en prend aucune.`,
      ),
    ];
  const found = said.ok(
    'chip',
    `${board.chipLabel} is ${chip.path}, as a ${board.model} has.`,
    `${board.chipLabel} est ${chip.path}, comme sur ${board.model}.`,
  );
  return [found, permissionFinding(facts, chip)];
};

const permissionFinding = ({ user }: GpioFacts, { path, mayUse, group = 'gpio' }: ChipSeen): Finding =>
  mayUse
    ? said.ok('permission', `${user} may use ${path}.`, `${user} peut utiliser ${path}.`)
    : said.fault(
        'no-permission',
        `${user} may not use ${path}: sudo usermod -aG ${group} ${user}, then start the service again.`,
        `${user} ne peut pas utiliser ${path} : sudo usermod -aG ${group} ${user}, puis redémarrez le service.`,
      );

const lineFindings = ({ lines }: GpioFacts): readonly Finding[] => {
  const held = lines.filter(({ holder }) => holder !== undefined && holder !== OURS);
  const ours = lines.filter(({ holder }) => holder === OURS);
  if (held.length > 0)
    return held.map(({ line, holder = '' }) => {
      const who = holder === '' ? ['somebody without a name', 'quelqu’un sans nom'] : [holder, holder];
      return said.fault(
        'line-busy',
        `${line} is held by ${who[0]}: stop that, or choose another line.`,
        `${line} est tenue par ${who[1]} : arrêtez-le, ou choisissez une autre ligne.`,
      );
    });
  if (lines.length === 0) return [];
  if (ours.length > 0)
    return [
      said.ok(
        'lines-ours',
        `A running Vigie holds ${ours.length} of the site’s ${lines.length} lines, nobody else any.`,
        `Une Vigie en marche tient ${ours.length} des ${lines.length} lignes du site, personne d’autre.`,
      ),
    ];
  return [said.ok('lines-free', `The site’s ${lines.length} lines are free.`, `Les ${lines.length} lignes du site sont libres.`)];
};

/** `onoff` leaves a line to whoever exported it: sysfs is one of the holders that it expects. */
const expected = (facts: GpioFacts, { access }: GpioBoard): GpioFacts =>
  access === 'onoff'
    ? { ...facts, lines: facts.lines.map((line) => (line.holder === 'sysfs' ? { ...line, holder: OURS } : line)) }
    : facts;

export const judgeGpio = (facts: GpioFacts): readonly Finding[] => {
  const { board } = facts;
  if (board.driver === 'sim')
    return [
      said.warn(
        'simulated',
        'The site’s file says driver: sim: nothing real is watched. Name the board’s model before it goes on site.',
        'Le fichier du site dit driver: sim : rien de réel n’est surveillé. Indiquez le modèle de la carte avant la pose.',
      ),
    ];
  return [kernelFinding(facts, board), ...chipFindings(facts, board), ...lineFindings(expected(facts, board))];
};
