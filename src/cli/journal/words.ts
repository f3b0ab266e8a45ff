/** The journal in words, for whoever reads it: French and English. */
import type { ArmMode, Config } from '../../core/config.ts';
import type { Event } from '../../core/event.ts';
import type { ChainFault } from '../../ports/store.ts';
import { kindWords } from '../centre/kindWords.ts';
import { printable } from '../centre/view.ts';
import type { OpenFault, Verdict } from './reader.ts';

export type Language = 'fr' | 'en';

export type JournalWords = {
  readonly modes: Readonly<Record<ArmMode, string>>;
  readonly area: string;
  readonly exercise: string;
  readonly uncertainTime: string;
  readonly purged: string;
  readonly unknown: string;
  readonly empty: string;
  readonly live: string;
  readonly faults: Readonly<Record<OpenFault, string>>;
  readonly sound: (verdict: Extract<Verdict, { kind: 'sound' }>) => string;
  readonly gap: (from: number, to: number) => string;
  readonly broken: Readonly<Record<ChainFault | 'unreadable', (number: number) => string>>;
  readonly staffNeedsConfig: string;
};

const french: JournalWords = {
  modes: { full: 'total', partial: 'périmètre', night: 'nuit' },
  area: 'secteur',
  exercise: 'EXERCICE',
  uncertainTime: 'heure incertaine',
  purged: '(contenu effacé à la fin de sa durée de conservation ; sa place dans la chaîne reste vérifiée)',
  unknown: '(illisible)',
  empty: 'Le journal est vide.',
  live: 'Une centrale veille sur ce dossier : voici le journal tel qu’il est à cet instant.',
  faults: {
    'nothing-there': 'ni un dossier de données, ni un export de journal. Donnez le dossier de --data.',
    damaged: 'la base est abîmée. La centrale la répare à son prochain démarrage et garde l’original dans damaged/.',
    'newer-data': 'écrit par une version plus récente de Vigie : installez-la pour le lire.',
    'disk-full': 'le disque est plein, rien ne peut être copié pour lecture : faites de la place.',
    'read-only': 'rien ne peut être copié pour lecture : le dossier temporaire est en lecture seule.',
    corrupt: 'la base est abîmée.',
    io: 'la lecture a échoué. Vérifiez les droits du dossier et l’état du disque.',
    busy: 'un autre programme tient la base. Réessayez.',
    closed: 'la lecture a été interrompue. Réessayez.',
  },
  sound: ({ records, purged, head }) =>
    `Intact : ${records} enregistrements, chaîne vérifiée jusqu’à ${head.slice(0, 16)}…` +
    (purged === 0 ? '' : ` Contenu effacé à la fin de sa durée de conservation : ${purged}.`),
  gap: (from, to) => `Perdus par une panne et déclarés : n° ${from} à ${to}.`,
  broken: {
    altered: (number) => `MODIFIÉ : l’enregistrement n° ${number} n’est plus ce qui a été écrit.`,
    missing: (number) => `MANQUANT : l’enregistrement n° ${number} a disparu.`,
    unlinked: (number) => `ROMPU : l’enregistrement n° ${number} ne suit pas celui qui le précède.`,
    truncated: (number) => `TRONQUÉ : tout ce qui suivait le n° ${number} a disparu.`,
    unreadable: (number) => `ILLISIBLE à partir du n° ${number}.`,
  },
  staffNeedsConfig: '--staff a besoin du fichier du site (il dit ce qui est discret) : ajoutez --config FICHIER',
};

const english: JournalWords = {
  modes: { full: 'full', partial: 'perimeter', night: 'night' },
  area: 'area',
  exercise: 'EXERCISE',
  uncertainTime: 'time uncertain',
  purged: '(contents removed at the end of their retention; their place in the chain is still verified)',
  unknown: '(unreadable)',
  empty: 'The journal is empty.',
  live: 'A controller runs on this folder: this is the journal as it is at this instant.',
  faults: {
    'nothing-there': 'neither a data folder nor an exported journal. Give the folder of --data.',
    damaged: 'the database is damaged. The controller repairs it at its next start and keeps the original in damaged/.',
    'newer-data': 'written by a later version of Vigie: install that one to read it.',
    'disk-full': 'the disk is full, nothing can be copied for reading: free some room.',
    'read-only': 'nothing can be copied for reading: the temporary folder is read-only.',
    corrupt: 'the database is damaged.',
    io: 'it could not be read. Check the permissions of the folder and the disk.',
    busy: 'another program holds the database. Try again.',
    closed: 'reading was interrupted. Try again.',
  },
  sound: ({ records, purged, head }) =>
    `Sound: ${records} records, chain verified up to ${head.slice(0, 16)}…` +
    (purged === 0 ? '' : ` Contents removed at the end of their retention: ${purged}.`),
  gap: (from, to) => `Lost to damage and declared: numbers ${from} to ${to}.`,
  broken: {
    altered: (number) => `ALTERED: record ${number} is not what was written.`,
    missing: (number) => `MISSING: record ${number} is gone.`,
    unlinked: (number) => `BROKEN: record ${number} does not follow from the one before it.`,
    truncated: (number) => `TRUNCATED: everything after record ${number} is gone.`,
    unreadable: (number) => `UNREADABLE from record ${number} on.`,
  },
  staffNeedsConfig: '--staff needs the site’s file (it says what is covert): add --config FILE',
};

export const journalWords: Readonly<Record<Language, JournalWords>> = { fr: french, en: english };

// ---- one event

const named = (list: readonly { readonly id: string; readonly name: string }[] | undefined, id: string): string =>
  list?.find((entry) => entry.id === id)?.name ?? id;

const zoneNamed = (config: Config | undefined, id: string): string => {
  const zone = config?.zones.find((each) => each.id === id);
  return zone ? `${zone.name} (${zone.number})` : id;
};

const factsOf = (words: JournalWords, config: Config | undefined, event: Event): readonly string[] => [
  ...(event.area === undefined ? [] : [`${words.area} ${named(config?.areas, event.area)}`]),
  ...(event.mode === undefined ? [] : [words.modes[event.mode]]),
  ...(event.zone === undefined ? [] : [zoneNamed(config, event.zone)]),
  ...(event.door === undefined ? [] : [named(config?.doors, event.door)]),
  ...(event.output === undefined ? [] : [named(config?.outputs, event.output)]),
  ...(event.user === undefined ? [] : [named(config?.users, event.user)]),
  ...(event.keypad === undefined ? [] : [named(config?.keypads, event.keypad)]),
  ...(event.zones ?? []).map((zone) => zoneNamed(config, zone)),
];

/** `Intrusion – secteur Cabinet, Fenêtre sur cour (5)`; names where the site's file is known, else ids. */
export const sayEvent = (language: Language, config: Config | undefined, event: Event): string => {
  const words = journalWords[language];
  const known: Readonly<Record<string, string>> = kindWords[language];
  const facts = factsOf(words, config, event).join(', ');
  const exercise = event.exercise ? `[${words.exercise}] ` : '';
  const doubt = event.atQuality === 'unsynchronised' ? ` (${words.uncertainTime})` : '';
  return printable(`${exercise}${known[event.kind] ?? event.kind}${facts === '' ? '' : ` – ${facts}`}${doubt}`);
};

/** Day and time where the site is. */
export const sayTime = (language: Language, config: Config | undefined, at: number): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'medium',
    ...(config && { timeZone: config.timezone }),
  }).format(at);
