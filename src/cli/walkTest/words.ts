/** The walk test and its report in words: French and English. */
import type { ZoneType } from '../../core/config.ts';
import type { Cause } from '../../core/event.ts';
import type { Signal } from '../../core/state.ts';
import type { Language } from '../journal/words.ts';
import type { ZoneStatus } from './report.ts';

export type WalkWords = {
  readonly types: Readonly<Record<ZoneType, string>>;
  readonly signals: Readonly<Record<Signal, string>>;
  readonly statuses: Readonly<Record<ZoneStatus, string>>;
  readonly title: string;
  readonly noTest: string;
  readonly running: (left: string) => string;
  readonly runningUnknown: string;
  readonly ended: (at: string, cause: string) => string;
  readonly causes: Readonly<Partial<Record<Cause, string>>>;
  readonly started: (at: string, by: string | undefined) => string;
  readonly howTo: string;
  readonly counted: (tested: number, all: number) => string;
  readonly complete: string;
  readonly missing: string;
  readonly missingFirst: string;
  readonly testedNow: string;
  readonly more: (count: number) => string;
  readonly leftOut: string;
  readonly nothingLeftOut: string;
  readonly isolated: string;
  readonly inhibited: string;
  readonly shortPulses: (count: number) => string;
  readonly otherMeans: string;
  readonly otherConfig: string;
  readonly columns: {
    readonly number: string;
    readonly zone: string;
    readonly type: string;
    readonly area: string;
    readonly testedAt: string;
    readonly result: string;
    readonly remarks: string;
  };
  readonly facts: {
    readonly site: string;
    readonly siteId: string;
    readonly test: string;
    readonly by: string;
    readonly madeAt: string;
    readonly version: string;
    readonly config: string;
    readonly journal: string;
    readonly head: string;
  };
  readonly journalSound: (records: number) => string;
  readonly journalBroken: (number: number) => string;
  readonly from: (start: string, end: string) => string;
  readonly within: (day: string, start: string, end: string) => string;
  readonly goesOn: string;
  readonly observations: string;
  readonly installer: string;
  readonly customer: string;
  readonly signature: readonly string[];
  readonly declaration: string;
  readonly written: (path: string) => string;
  readonly needsConfig: string;
};

const french: WalkWords = {
  types: {
    'entry-exit': 'entrée-sortie',
    follower: 'sur le trajet d’entrée',
    instant: 'immédiate',
    interior: 'intérieure',
    tamper: 'autosurveillance',
    '24h': '24 h/24',
    'holdup-silent': 'agression, appel silencieux',
    'holdup-audible': 'agression, sirène',
    'exit-guard': 'issue secondaire',
    latch: 'fond de gâche',
    technical: 'technique',
    keyswitch: 'contact à clé',
    'push-to-set': 'bouton de mise en service',
    'exit-request': 'demande de sortie',
    'door-request': 'demande d’ouverture',
    'door-permit': 'poignée ou clé',
    bell: 'sonnette',
    bolt: 'contact de pêne',
    'green-box': 'déclencheur vert',
    'fire-sense': 'contact incendie',
    mains: 'présence secteur',
    'battery-low': 'batterie basse',
    'charger-fault': 'défaut du chargeur',
    'siren-fault': 'défaut de sirène',
  },
  signals: {
    normal: 'au repos',
    active: 'activé',
    tamper: 'autosurveillance',
    masked: 'masqué',
    fault: 'en défaut',
    unknown: 'inconnu',
  },
  statuses: {
    tested: 'essayé',
    waiting: 'à essayer',
    'not-tested': 'non essayé',
    earlier: 'hors de cet essai',
    never: 'jamais essayé',
    'by-other-means': 'à vérifier à part',
  },
  title: 'Procès-verbal d’essai des détecteurs',
  noTest: 'Aucun essai des détecteurs dans le journal.',
  running: (left) => `Essai en cours, encore ${left}.`,
  runningUnknown: 'Essai en cours, mais la centrale ne répond pas : le temps restant n’est pas connu.',
  ended: (at, cause) => `Essai terminé le ${at}${cause === '' ? '' : ` (${cause})`}.`,
  causes: {
    user: 'au clavier',
    'time-out': 'au bout d’une heure',
    arming: 'par une mise en service',
    restart: 'par un redémarrage',
  },
  started: (at, by) => `Essai commencé le ${at}${by === undefined ? '' : ` par ${by}`}.`,
  howTo: 'Un essai commence et finit au clavier : 7*CODE#. Il dure une heure au plus, et le centre en est averti.',
  counted: (tested, all) => `${tested} détecteur${tested > 1 ? 's' : ''} essayé${tested > 1 ? 's' : ''} sur ${all}`,
  complete: 'Tous les détecteurs ont été essayés.',
  missing: 'Détecteurs non essayés',
  missingFirst: 'Reste à essayer',
  testedNow: 'Essayés',
  more: (count) => `… et ${count} de plus`,
  leftOut: 'Zones laissées de côté',
  nothingLeftOut: 'Aucune zone n’est isolée ni inhibée.',
  isolated: 'ISOLÉE',
  inhibited: 'inhibée',
  shortPulses: (count) => `${count} impulsion${count > 1 ? 's' : ''} trop courte${count > 1 ? 's' : ''}`,
  otherMeans: [
    'Boutons d’agression, contacts à clé, incendie et surveillance d’alimentation',
    'ne sont pas couverts par l’essai en marchant : ils se vérifient séparément.',
  ].join(' '),
  otherConfig: 'Attention : le fichier du site donné n’est pas celui avec lequel ce dossier a été écrit.',
  columns: {
    number: 'N°',
    zone: 'Détecteur',
    type: 'Type',
    area: 'Secteur',
    testedAt: 'Essayé le',
    result: 'Résultat',
    remarks: 'Remarques',
  },
  facts: {
    site: 'Site',
    siteId: 'Identifiant',
    test: 'Essai',
    by: 'Lancé par',
    madeAt: 'Établi le',
    version: 'Centrale',
    config: 'Fichier du site',
    journal: 'Journal',
    head: 'Tête de chaîne',
  },
  journalSound: (records) => `intact, ${records} enregistrements vérifiés`,
  journalBroken: (number) => `NON INTACT à partir de l’enregistrement n° ${number}`,
  from: (start, end) => `du ${start} au ${end}`,
  within: (day, start, end) => `le ${day}, de ${start} à ${end}`,
  goesOn: 'Il est encore en cours.',
  observations: 'Observations',
  installer: 'L’installateur',
  customer: 'Le client',
  signature: ['Nom', 'Société ou qualité', 'Date', 'Signature'],
  declaration: [
    'Chaque détecteur marqué « essayé » a été activé sur place pendant l’essai, et la centrale l’a inscrit à son journal.',
    'La tête de chaîne permet de vérifier que ce journal n’a pas été modifié depuis.',
  ].join(' '),
  written: (path) => `${path} : procès-verbal écrit.`,
  needsConfig: 'Le fichier du site est nécessaire : ajoutez --config FICHIER.',
};

const english: WalkWords = {
  types: {
    'entry-exit': 'entry-exit',
    follower: 'on the entry route',
    instant: 'instant',
    interior: 'interior',
    tamper: 'tamper',
    '24h': '24 h',
    'holdup-silent': 'hold-up, silent',
    'holdup-audible': 'hold-up, audible',
    'exit-guard': 'secondary exit',
    latch: 'strike contact',
    technical: 'technical',
    keyswitch: 'key switch',
    'push-to-set': 'push to set',
    'exit-request': 'request to exit',
    'door-request': 'request to open',
    'door-permit': 'handle or key',
    bell: 'bell',
    bolt: 'bolt contact',
    'green-box': 'emergency release',
    'fire-sense': 'fire contact',
    mains: 'mains present',
    'battery-low': 'battery low',
    'charger-fault': 'charger fault',
    'siren-fault': 'siren fault',
  },
  signals: { normal: 'at rest', active: 'active', tamper: 'tamper', masked: 'masked', fault: 'fault', unknown: 'unknown' },
  statuses: {
    tested: 'tested',
    waiting: 'to be tested',
    'not-tested': 'not tested',
    earlier: 'not in this test',
    never: 'never tested',
    'by-other-means': 'checked apart',
  },
  title: 'Walk test report',
  noTest: 'There is no walk test in the journal.',
  running: (left) => `Walk test running, ${left} left.`,
  runningUnknown: 'Walk test running, but the controller does not answer: the time left is not known.',
  ended: (at, cause) => `Walk test ended on ${at}${cause === '' ? '' : ` (${cause})`}.`,
  causes: { user: 'at a keypad', 'time-out': 'after an hour', arming: 'by arming', restart: 'by a restart' },
  started: (at, by) => `Walk test started on ${at}${by === undefined ? '' : ` by ${by}`}.`,
  howTo: 'A walk test starts and ends at a keypad: 7*CODE#. It lasts an hour at most, and the centre is told.',
  counted: (tested, all) => `${tested} of ${all} detectors tested`,
  complete: 'All detectors were tested.',
  missing: 'Detectors not tested',
  missingFirst: 'Still to be tested',
  testedNow: 'Tested',
  more: (count) => `… and ${count} more`,
  leftOut: 'Zones left out',
  nothingLeftOut: 'No zone is isolated or inhibited.',
  isolated: 'ISOLATED',
  inhibited: 'inhibited',
  shortPulses: (count) => `${count} pulse${count > 1 ? 's' : ''} too short`,
  otherMeans: [
    'Hold-up buttons, key switches, fire contacts and the supervision of the supply',
    'are not part of a walk test: they are checked separately.',
  ].join(' '),
  otherConfig: 'Beware: this folder was written with another site’s file than the one given.',
  columns: {
    number: 'No.',
    zone: 'Detector',
    type: 'Type',
    area: 'Area',
    testedAt: 'Tested on',
    result: 'Result',
    remarks: 'Remarks',
  },
  facts: {
    site: 'Site',
    siteId: 'Identifier',
    test: 'Test',
    by: 'Started by',
    madeAt: 'Made on',
    version: 'Controller',
    config: 'Site’s file',
    journal: 'Journal',
    head: 'Chain head',
  },
  journalSound: (records) => `sound, ${records} records verified`,
  journalBroken: (number) => `NOT SOUND from record ${number} on`,
  from: (start, end) => `from ${start} to ${end}`,
  within: (day, start, end) => `on ${day}, from ${start} to ${end}`,
  goesOn: 'It is still running.',
  observations: 'Remarks',
  installer: 'The installer',
  customer: 'The customer',
  signature: ['Name', 'Company or function', 'Date', 'Signature'],
  declaration: [
    'Each detector marked “tested” was set off on site during the test, and the controller wrote it into its journal.',
    'The chain head allows to verify that this journal was not changed since.',
  ].join(' '),
  written: (path) => `${path}: report written.`,
  needsConfig: 'The site’s file is needed: add --config FILE.',
};

export const walkWords: Readonly<Record<Language, WalkWords>> = { fr: french, en: english };

export const minutesText = (ms: number): string => {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
};

type Style = Intl.DateTimeFormatOptions;

const formatted = (language: Language, timezone: string, at: number, style: Style): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { ...style, timeZone: timezone }).format(at);

/** Day and time where the site is, to the second. */
export const whenText = (language: Language, timezone: string, at: number): string =>
  formatted(language, timezone, at, { dateStyle: 'short', timeStyle: 'medium' });

export const timeText = (language: Language, timezone: string, at: number): string =>
  formatted(language, timezone, at, { timeStyle: 'medium' });

/** The same for a sentence: `28 novembre 2026 à 14:02`. */
export const longWhenText = (language: Language, timezone: string, at: number): string =>
  formatted(language, timezone, at, { dateStyle: 'long', timeStyle: 'short' });

/** `le 28 novembre 2026, de 14:02 à 14:40`, with both days where they differ. */
export const spanText = (language: Language, timezone: string, from: number, to: number): string => {
  const words = walkWords[language];
  const day = (at: number): string => formatted(language, timezone, at, { dateStyle: 'long' });
  const time = (at: number): string => formatted(language, timezone, at, { timeStyle: 'short' });
  if (day(from) === day(to)) return words.within(day(from), time(from), time(to));
  return words.from(longWhenText(language, timezone, from), longWhenText(language, timezone, to));
};
