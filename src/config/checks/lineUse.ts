/** Whether a line can do what is asked of it: free, able, pulled as wanted, and quiet until Vigie runs. */
import type { BoardLine } from '../board.ts';
import type { NeverFree, Use } from '../boardShapes.ts';
import type { Draft } from '../draft.ts';
import { fault, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { Sentence } from '../scalars.ts';
import type { Wiring } from '../wiring.ts';
import { called } from './lineAsk.ts';
import type { OnBoard, OnStation } from './lineAsk.ts';

// ---- lines that are not free

const NEVER: Readonly<Record<NeverFree, Sentence>> = {
  'hat-memory': { en: 'reads the memory of a HAT at each start', fr: 'lit la mémoire d’une carte HAT à chaque démarrage' },
  'usb-serial': { en: 'carries the serial link to this machine', fr: 'porte la liaison série vers cette machine' },
};

const neverFree = (ask: OnBoard): Finding[] => {
  const { never } = ask.found.line;
  if (never === undefined) return [];
  return [
    fault(
      ask.path,
      'line-never-free',
      `${called(ask)} ${NEVER[never].en} and is never free. Use another line.`,
      `${called(ask)} ${NEVER[never].fr} et n’est jamais libre. Prenez une autre ligne.`,
    ),
  ];
};

const reserved = (ask: OnBoard, draft: Draft): Finding[] => {
  const { reservedBy } = ask.found.line;
  if (reservedBy === undefined || !draft.board.inUse?.includes(reservedBy)) return [];
  return [
    fault(
      ask.path,
      'line-reserved',
      `${called(ask)} is taken by ${reservedBy}, as \`board.inUse\` says. Use another line, or take ${reservedBy} out.`,
      `${called(ask)} est prise par ${reservedBy}, d’après « board.inUse ». Prenez une autre ligne, ou retirez ${reservedBy}.`,
    ),
  ];
};

// ---- what a line can do

const analogOf = ({ found }: OnBoard): string => {
  const names = [...found.on.lines.values()].filter(({ can }) => can.includes('analog')).map(({ name }) => name);
  return names.map((name) => `${found.expander}.${name}`).join(', ');
};

const notAnalog = (ask: OnBoard, wiring: Wiring): Finding => {
  const [expander = 'cellar'] = wiring.expanders.keys();
  if (ask.found.on.kind === 'gpio')
    return fault(
      ask.path,
      'board-without-analog',
      `${ask.found.on.model} has no analog inputs. Put loops and measurements on an expander, such as ${expander}.A0.`,
      `${ask.found.on.model} n’a pas d’entrée analogique. Mettez boucles et mesures sur une extension, comme ${expander}.A0.`,
    );
  return fault(
    ask.path,
    'line-not-analog',
    `${called(ask)} cannot measure. Use one of: ${analogOf(ask)}.`,
    `${called(ask)} ne peut pas mesurer. Prenez une de : ${analogOf(ask)}.`,
  );
};

export const WORD: Readonly<Record<Use, Sentence>> = {
  input: { en: 'an input', fr: 'une entrée' },
  output: { en: 'an output', fr: 'une sortie' },
  analog: { en: 'an analog input', fr: 'une entrée analogique' },
};

const cannot = (ask: OnBoard, wiring: Wiring): Finding[] => {
  const { can } = ask.found.line;
  if (can.includes(ask.use)) return [];
  if (ask.use === 'analog') return [notAnalog(ask, wiring)];
  const [is, isFr] = [can.map((use) => WORD[use].en).join(', '), can.map((use) => WORD[use].fr).join(', ')];
  return [
    fault(
      ask.path,
      ask.use === 'output' ? 'line-not-an-output' : 'line-not-an-input',
      `${called(ask)} can only be ${is}, not ${WORD[ask.use].en}. Use another line.`,
      `${called(ask)} ne peut être que ${isFr}, pas ${WORD[ask.use].fr}. Prenez une autre ligne.`,
    ),
  ];
};

const noBias = (ask: OnBoard): Finding[] => {
  const { pulls, fixedPull } = ask.found.line;
  if (ask.use !== 'input' || ask.bias === undefined || pulls.includes(ask.bias)) return [];
  const path = ask.isBiasWritten ? [...ask.path.slice(0, 2), 'bias'] : ask.path;
  if (fixedPull !== undefined)
    return [
      fault(
        path,
        'bias-fixed',
        `${called(ask)} has a ${fixedPull} resistor on the board for good. Write \`bias: ${fixedPull}\`, or use another line.`,
        `${called(ask)} a une résistance « ${fixedPull} » à demeure. Mettez « bias: ${fixedPull} », ou prenez une autre ligne.`,
      ),
    ];
  const list = pulls.join(', ');
  return [
    fault(
      path,
      'bias-not-possible',
      `${called(ask)} has no ${ask.bias}, only: ${list}. Write one of these, or use another line.`,
      `${called(ask)} n’a pas de ${ask.bias}, seulement : ${list}. Mettez l’un d’eux, ou prenez une autre ligne.`,
    ),
  ];
};

const wrongLevel = (ask: OnBoard): Finding[] => {
  const { active } = ask.found.line;
  if (ask.use !== 'output' || active === undefined || ask.active === undefined || ask.active === active) return [];
  return [
    fault(
      [...ask.path.slice(0, 2), 'active'],
      'active-contradicts-hat',
      `What is wired to ${called(ask)} comes on with a ${active} level. Write \`active: ${active}\`, or take the setting out.`,
      `Ce qui est relié à ${called(ask)} s’active au niveau ${active}. Mettez « active: ${active} », ou retirez le réglage.`,
    ),
  ];
};

// ---- what a line does before Vigie runs

const bootLevel = ({ atBoot }: BoardLine): 'high' | 'low' | undefined =>
  atBoot === 'pull-up' ? 'high' : atBoot === 'pull-down' ? 'low' : undefined;

const movesAtBoot = (ask: OnBoard): Finding =>
  warning(
    ask.path,
    'output-moves-at-boot',
    `${called(ask)} moves by itself at each start: what it switches may come on for a moment. Use another line.`,
    `${called(ask)} bouge seule à chaque démarrage : ce qu’elle commande peut s’activer un instant. Prenez une autre ligne.`,
  );

/** `gpio=…` of the Pi's config.txt drives a line seconds before Linux does. */
const onAtBoot = (ask: OnBoard, level: 'high' | 'low'): Finding => {
  const { line } = ask.found;
  const [up, upFr] = level === 'high' ? ['up', 'haut'] : ['down', 'bas'];
  const setting = `gpio=${line.number}=op,${level === 'high' ? 'dl' : 'dh'}`;
  return warning(
    ask.path,
    'output-on-at-boot',
    `${called(ask)} is pulled ${up} until Vigie runs: this may be on. Use another line, or add ${setting} to config.txt.`,
    `${called(ask)} est tirée en ${upFr} au démarrage : elle peut s’activer. Changez-en, ou ajoutez ${setting} à config.txt.`,
  );
};

const atBoot = (ask: OnBoard): Finding[] => {
  const { line } = ask.found;
  if (ask.use !== 'output') return [];
  if (line.atBoot === 'moves') return [movesAtBoot(ask)];
  const level = bootLevel(line);
  return level === (line.active ?? ask.active ?? 'high') ? [onAtBoot(ask, level)] : [];
};

/** The first of what stands in the way; what comes after it would follow from it. */
export const checkUse = (ask: OnBoard, draft: Draft, wiring: Wiring): Finding[] => {
  for (const found of [neverFree(ask), reserved(ask, draft), cannot(ask, wiring)]) if (found.length > 0) return found;
  return [...noBias(ask), ...wrongLevel(ask), ...atBoot(ask)];
};

// ---- lines of door stations

/** A station tells and takes no orders; what it tells has no voltage and no contact. */
export const checkToldUse = ({ text, path, use, isBiasWritten, found }: OnStation): Finding[] => {
  if (use === 'output')
    return [
      fault(
        path,
        'line-not-an-output',
        `${text} is what a door station tells. Vigie works the lock itself: wire it to a line of a board.`,
        `${text} est ce que dit une platine. Vigie commande la gâche elle-même : reliez-la à une ligne de carte.`,
      ),
    ];
  if (use === 'analog')
    return [
      fault(
        path,
        'line-not-analog',
        `${text} cannot measure: it is what a door station tells. Take \`loop\` or \`measure\` out.`,
        `${text} ne peut pas mesurer : c’est ce que dit une platine. Retirez « loop » ou « measure ».`,
      ),
    ];
  if (!isBiasWritten) return [];
  return [
    fault(
      [...path.slice(0, 2), 'bias'],
      'told-without-bias',
      `${found.station} is on the network: its lines have no pull. Take \`bias\` out.`,
      `${found.station} est sur le réseau : ses lignes n’ont pas de tirage. Retirez « bias ».`,
    ),
  ];
};
