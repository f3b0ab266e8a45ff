/** Lines: each exists, is used once, can do what is asked of it, and all together are not too many. */
import type { Power, Use } from '../boardShapes.ts';
import type { Draft } from '../draft.ts';
import { fault, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { Sentence } from '../scalars.ts';
import type { Bias } from '../siteFile.ts';
import { meant } from '../suggest.ts';
import type { Found, Wiring } from '../wiring.ts';
import { asksOf, called, isOnBoard, isOnStation, nameOf } from './lineAsk.ts';
import type { Ask, OnBoard } from './lineAsk.ts';
import { checkToldUse, checkUse, WORD } from './lineUse.ts';
import { duplicates } from './references.ts';

const twice = (asks: readonly Ask[]): Finding[] =>
  duplicates(asks, nameOf).map(({ item, first }) => {
    const owner = first.path.slice(0, 2).join('.');
    const name = isOnBoard(item) ? called(item) : item.text;
    return fault(
      item.path,
      'duplicate-line',
      `${name} is used by ${owner} already. Use another line.`,
      `${name} sert déjà à ${owner}. Prenez une autre ligne.`,
    );
  });

// ---- names that mean no line

const POWER: Readonly<Record<Power, Sentence>> = {
  '3.3 V': { en: 'the 3.3 V supply', fr: 'l’alimentation 3,3 V' },
  '5 V': { en: 'the 5 V supply', fr: 'l’alimentation 5 V' },
  ground: { en: 'ground', fr: 'la masse' },
};

const powerPin = ({ text, path }: Ask, power: Power): Finding =>
  fault(
    path,
    'power-pin',
    `${text} is ${POWER[power].en}, not a line. Use a pin with a GPIO.`,
    `${text} est ${POWER[power].fr}, pas une ligne. Prenez une broche GPIO.`,
  );

const unknownLine = ({ text, path }: Ask, model: string, known: readonly string[]): Finding => {
  const hint = meant(text, known);
  return fault(
    path,
    'unknown-line',
    `${model} has no line \`${text}\`.${hint.en}`,
    `${model} n’a pas de ligne « ${text} ».${hint.fr}`,
  );
};

const unknownExpander = ({ text, path }: Ask, id: string, known: readonly string[]): Finding => {
  const hint = meant(id, known);
  return fault(
    path,
    'unknown-expander',
    `\`${text}\` would be of \`${id}\`, which is under neither \`expanders\` nor \`stations\`.${hint.en}`,
    `« ${text} » serait de « ${id} », qui n’est ni sous « expanders » ni sous « stations ».${hint.fr}`,
  );
};

type NotTold = Extract<Found, { readonly kind: 'not-told' }>;

/** What somebody would look for at every make, and this one does not tell. */
const notTold = ({ text, path }: Ask, { station, make, known }: NotTold): Finding => {
  const hint = meant(text, known);
  if (make === 'doorbird' && text === `${station}.open`)
    return fault(
      path,
      'station-does-not-tell',
      'A DoorBird tells nobody when its door is opened. Wire its relay to an input, as a dry contact: docs/stations.md.',
      'Un DoorBird ne dit à personne que sa porte est ouverte. Reliez son relais à une entrée : docs/stations.md.',
    );
  return fault(
    path,
    'unknown-line',
    `A station of the kind ${make} has no line \`${text}\`.${hint.en}`,
    `Une platine « ${make} » n’a pas de ligne « ${text} ».${hint.fr}`,
  );
};

const unknownReaderLine = ({ text, path }: Ask, known: readonly string[]): Finding => {
  const hint = meant(text, known);
  return fault(
    path,
    'unknown-line',
    `A reader has no line \`${text}\`, only tamper, power, in0 to in7 and out0 to out7.${hint.en}`,
    `Un lecteur n’a pas de ligne « ${text} », seulement tamper, power, in0 à in7 et out0 à out7.${hint.fr}`,
  );
};

const notOnReader = ({ text, path, use }: Ask, is: Use): Finding =>
  fault(
    path,
    use === 'analog' ? 'line-not-analog' : use === 'output' ? 'line-not-an-output' : 'line-not-an-input',
    `${text} of a reader is ${WORD[is].en}, not ${WORD[use].en}. Use another line.`,
    `${text} d’un lecteur est ${WORD[is].fr}, pas ${WORD[use].fr}. Prenez une autre ligne.`,
  );

/** What a reader reports is a level already: it has no pull to choose. */
const onReader = (ask: Ask, is: Use): Finding[] => {
  if (ask.use !== is) return [notOnReader(ask, is)];
  if (!ask.isBiasWritten) return [];
  return [
    fault(
      [...ask.path.slice(0, 2), 'bias'],
      'bias-on-reader',
      'A line of a reader has no bias. Take `bias` out.',
      'Une ligne d’un lecteur n’a pas de tirage. Retirez « bias ».',
    ),
  ];
};

const noLine = (ask: Ask, wiring: Wiring): Finding[] => {
  const { text, path, found } = ask;
  switch (found.kind) {
    case 'line':
    case 'station':
    case 'untold':
      return [];
    case 'not-told':
      return [notTold(ask, found)];
    case 'reader':
      return onReader(ask, found.use);
    case 'no-reader-line':
      return [unknownReaderLine(ask, found.known)];
    case 'power':
      return [powerPin(ask, found.power)];
    case 'no-pin':
      return [
        fault(
          path,
          'unknown-line',
          `The header has no ${text}: its pins are pin-1 to pin-${found.pins}. Correct the number.`,
          `Le connecteur n’a pas de ${text} : ses broches vont de pin-1 à pin-${found.pins}. Corrigez le numéro.`,
        ),
      ];
    case 'no-line':
      return [unknownLine(ask, found.model, found.known)];
    case 'no-expander':
      return [unknownExpander(ask, found.id, [...wiring.expanders.keys(), ...wiring.stations.keys()])];
  }
};

// ---- all together

const PULL_WORD: Readonly<Record<Bias, string>> = { 'pull-up': 'pu', 'pull-down': 'pd', none: 'pn' };

/** onoff has no way to switch a pull; what the line has at boot, or for good, it keeps. */
const withoutPulls = (draft: Draft, asks: readonly OnBoard[]): Finding[] => {
  if (draft.board.access !== 'onoff') return [];
  const wanting = asks.filter(
    ({ use, bias, found }) =>
      use === 'input' && found.expander === undefined && bias !== (found.line.fixedPull ?? found.line.atBoot),
  );
  const settings = (['pull-up', 'pull-down', 'none'] as const).flatMap((bias) => {
    const numbers = wanting.filter((ask) => ask.bias === bias).map(({ found }) => found.line.number);
    return numbers.length === 0 ? [] : [`gpio=${numbers.join(',')}=${PULL_WORD[bias]}`];
  });
  if (settings.length === 0) return [];
  const list = settings.join(' ');
  return [
    warning(
      ['board', 'access'],
      'onoff-without-pulls',
      `onoff cannot switch the pulls of inputs. Add ${list} to config.txt, or write \`access: auto\`.`,
      `onoff ne règle pas les tirages des entrées. Ajoutez ${list} à config.txt, ou mettez « access: auto ».`,
    ),
  ];
};

const tooMany = (asks: readonly OnBoard[]): Finding[] => {
  const outputs = asks.filter(({ use }) => use === 'output');
  return [...new Set(outputs.map(({ found }) => found.expander))].flatMap((expander) => {
    const own = outputs.filter(({ found }) => found.expander === expander);
    const extra = own[own[0]?.found.on.limits.outputs ?? own.length];
    if (!extra) return [];
    const { model, limits } = extra.found.on;
    return [
      fault(
        extra.path,
        'too-many-outputs',
        `${model} drives ${limits.outputs} outputs at most (${limits.totalMilliamps} mA). Put this one on another board.`,
        `${model} commande ${limits.outputs} sorties au plus (${limits.totalMilliamps} mA). Mettez celle-ci ailleurs.`,
      ),
    ];
  });
};

export const checkLines = (draft: Draft, wiring: Wiring): Finding[] => {
  const asks = asksOf(draft, wiring);
  const onBoards = asks.filter(isOnBoard);
  return [
    ...twice(asks),
    ...asks.flatMap((ask) => noLine(ask, wiring)),
    ...onBoards.flatMap((ask) => checkUse(ask, draft, wiring)),
    ...asks.filter(isOnStation).flatMap(checkToldUse),
    ...withoutPulls(draft, onBoards),
    ...tooMany(onBoards),
  ];
};
