/** The header in words: a drawing of its two rows, and a line for each pin that moved. Pure. */
import type { Power } from '../../config/boardShapes.ts';
import { printable } from '../centre/view.ts';
import type { Language } from '../journal/words.ts';
import type { ExpanderLine, HeaderPin, LinePin, Use } from './header.ts';
import type { PinState } from './reader.ts';

export type PinWords = {
  readonly power: Readonly<Record<Power, string>>;
  readonly active: string;
  readonly rest: string;
  readonly output: string;
  readonly someone: string;
  readonly pin: string;
  readonly legend: string;
  readonly free: string;
  readonly held: (count: number) => string;
  readonly expander: string;
  readonly identify: string;
  readonly nothingToMove: string;
  readonly simulated: string;
  readonly noKoffi: string;
};

const french: PinWords = {
  power: { '3.3 V': '3,3 V', '5 V': '5 V', ground: 'masse' },
  active: 'ACTIF',
  rest: 'repos',
  output: 'sortie',
  someone: 'occupée',
  pin: 'broche',
  legend: 'Les sorties ne sont pas lues : demander leur niveau relâcherait leur relais.',
  free: 'libre',
  held: (count) =>
    `Une Vigie en marche tient ${count} de ces lignes : suivez-les par vigie walk-test --watch, ou arrêtez le service.`,
  expander: 'Lignes des extensions (non lues ici : ouvrir leur port remettrait la carte à zéro)',
  identify: 'Ouvrez une porte, passez devant un détecteur : la ligne qui bouge s’affiche. Fin : Ctrl-C.',
  nothingToMove: 'Aucune ligne ne peut être lue : il n’y a rien à voir bouger.',
  simulated:
    'La carte de ce site est simulée (driver: sim) : elle n’a pas de broches. Indiquez board.model pour une vraie carte.',
  noKoffi: 'Le paquet koffi manque : lancez npm ci --include=optional sur cette machine.',
};

const english: PinWords = {
  power: { '3.3 V': '3.3 V', '5 V': '5 V', ground: 'ground' },
  active: 'ACTIVE',
  rest: 'rest',
  output: 'output',
  someone: 'busy',
  pin: 'pin',
  legend: 'Outputs are not read: asking for their level would let go of their relay.',
  free: 'free',
  held: (count) =>
    `A running Vigie holds ${count} of these lines: follow them with vigie walk-test --watch, or stop the service.`,
  expander: 'Lines of the expanders (not read here: opening their port would reset the board)',
  identify: 'Open a door, walk past a detector: the line that moves is shown. End: Ctrl-C.',
  nothingToMove: 'No line can be read: there is nothing to see moving.',
  simulated: 'This site’s board is simulated (driver: sim): it has no header. Name a board.model for a real one.',
  noKoffi: 'The package koffi is missing: run npm ci --include=optional on this machine.',
};

export const pinWords: Readonly<Record<Language, PinWords>> = { fr: french, en: english };

const OURS = 'vigie';

export const useText = (use: Use | undefined): string => {
  if (!use) return '';
  return printable(use.kind === 'zone' ? `${use.name} (${use.number})` : use.name);
};

/** `1 ACTIF`, `0`, `sortie`, `vigie`. */
export const stateText = (language: Language, pin: HeaderPin, state: PinState): string => {
  const words = pinWords[language];
  switch (state.kind) {
    case 'level': {
      const activeLevel = pin.kind === 'line' && pin.use?.kind === 'zone' ? pin.use.activeLevel : undefined;
      if (activeLevel === undefined) return String(state.level);
      return `${state.level} ${state.level === activeLevel ? words.active : words.rest}`;
    }
    case 'output':
      return words.output;
    case 'held':
      return state.holder === '' ? words.someone : printable(state.holder);
    case 'reserved':
      return pin.kind === 'line' ? (pin.reservedBy ?? '') : '';
    case 'power':
      return '';
    case 'unreadable':
      return state.error;
  }
};

// ---- two rows, as on the board

const USE_COLUMNS = 18;
const STATE_COLUMNS = 9;
const NAME_COLUMNS = 6;

const fitted = (text: string, columns: number): string => (text.length > columns ? `${text.slice(0, columns - 1)}…` : text);

/** The number of a zone is what is typed on a keypad: the name gives way to it. */
const fittedUse = (use: Use | undefined): string => {
  if (use?.kind !== 'zone') return fitted(useText(use), USE_COLUMNS);
  const number = ` (${use.number})`;
  return `${fitted(printable(use.name), USE_COLUMNS - number.length)}${number}`;
};

type Cell = { readonly use: string; readonly state: string; readonly name: string; readonly pin: string };

const cellOf = (language: Language, pin: HeaderPin, state: PinState): Cell => ({
  use: pin.kind === 'line' ? fittedUse(pin.use) : '',
  state: fitted(stateText(language, pin, state), STATE_COLUMNS),
  name: pin.kind === 'line' ? pin.line : pinWords[language].power[pin.power],
  pin: String(pin.pin).padStart(2),
});

const leftText = ({ use, state, name, pin }: Cell): string =>
  `${use.padStart(USE_COLUMNS)} ${state.padStart(STATE_COLUMNS)} ${name.padStart(NAME_COLUMNS)} ${pin}`;
const rightText = ({ use, state, name, pin }: Cell): string =>
  `${pin} ${name.padEnd(NAME_COLUMNS)} ${state.padEnd(STATE_COLUMNS)} ${use}`.trimEnd();

/** A row for two pins: odd ones left, even ones right, pin 1 on top. */
export const headerLines = (language: Language, pins: readonly HeaderPin[], states: readonly PinState[]): readonly string[] => {
  const cells = pins.map((pin, index) => cellOf(language, pin, states[index] ?? { kind: 'power' }));
  const odd = cells.filter((_cell, index) => index % 2 === 0);
  return odd.map((left, index) => {
    const right = cells[index * 2 + 1];
    return `${leftText(left)} |${right ? ` ${rightText(right)}` : ''}`;
  });
};

const holdsOurs = (state: PinState): boolean => state.kind === 'held' && state.holder === OURS;

/** What has to be said below the drawing. */
export const noteLines = (
  language: Language,
  states: readonly PinState[],
  expanders: readonly ExpanderLine[],
): readonly string[] => {
  const words = pinWords[language];
  const held = states.filter(holdsOurs).length;
  return [
    words.legend,
    ...(held === 0 ? [] : [words.held(held)]),
    ...(expanders.length === 0 ? [] : [`${words.expander} :`]),
    ...expanders.map(({ line, use }) => `  ${line.padEnd(STATE_COLUMNS)} ${useText(use)}`),
  ];
};

/** `GPIO17 (broche 11) : 0 → 1 ACTIF  Porte d’entrée (1)`. */
export const movedLine = (language: Language, pin: LinePin, from: PinState, to: PinState): string => {
  const words = pinWords[language];
  const name = pin.use ? useText(pin.use) : words.free;
  const before = from.kind === 'level' ? String(from.level) : stateText(language, pin, from);
  return `${pin.line} (${words.pin} ${pin.pin}) : ${before} → ${stateText(language, pin, to)}  ${name}`;
};
