/** What `vigie people` says: French and English. Every refusal says what to do. */
import type { Meaning } from '../../core/config.ts';
import type { AskFailure, ControlFault } from '../../ports/control.ts';
import type { DraftFault, PeopleReason } from '../../ports/people.ts';
import { BADGES_MAX, PEOPLE_MAX, SITE_PEOPLE_MAX } from '../../ports/people.ts';
import type { Language, TableFault } from './columns.ts';

/** `known`: what there is instead, as a list. */
type Say = (value: string, known: string) => string;

export type PeopleWords = {
  readonly failures: Readonly<Record<AskFailure, string>>;
  readonly faults: Readonly<Record<ControlFault, string>>;
  readonly reasons: Readonly<Record<Exclude<PeopleReason, 'draft'>, Say>>;
  readonly drafts: Readonly<Record<DraftFault, Say>>;
  readonly table: Readonly<Record<TableFault, Say>>;
  /** Where in a list a fault is. */
  readonly place: (row: number, column: string) => string;
  readonly nothingTaken: (faults: number) => string;
  readonly soundList: (people: number) => string;
  readonly codes: Readonly<Record<Meaning, string>>;
  readonly onlyOnce: string;
  readonly incomplete: string;
  readonly added: (name: string) => string;
  readonly changed: (id: string) => string;
  readonly badgeAdded: (id: string) => string;
  readonly showBadge: (keypad: string) => string;
  readonly revoked: (id: string) => string;
  readonly operatorRevoked: (id: string) => string;
  readonly nobody: string;
  readonly columns: Readonly<Record<'id' | 'name' | 'role' | 'areas' | 'doors' | 'limits' | 'holds', string>>;
  readonly limits: Readonly<Record<'from' | 'until' | 'oneShot' | 'extended', string>>;
  readonly code: string;
  readonly noCode: string;
  readonly badges: (count: number) => string;
  readonly operator: string;
  readonly operatorGone: string;
};

const instead = (known: string, word: string): string => (known === '' ? '' : ` ${word} ${known}.`);

const french: PeopleWords = {
  failures: {
    'not-running':
      'aucune centrale ne tourne sur ce dossier. Démarrez-la (systemctl start vigie, ou vigie run), puis recommencez.',
    'not-allowed': 'vous n’avez pas le droit de lui parler. Recommencez avec l’utilisateur qui la fait tourner (sudo -u vigie).',
    'no-folder': 'ce dossier n’existe pas. Donnez après --data celui de la centrale.',
    'no-answer': 'la centrale n’a pas répondu. Regardez avec « list » ce qui a été fait avant de recommencer.',
  },
  faults: {
    'not-json': 'la centrale n’a pas compris la demande : sa version est-elle celle de cette commande ?',
    'not-a-request': 'la centrale n’a pas compris la demande : sa version est-elle celle de cette commande ?',
    'unknown-request': 'la centrale ne connaît pas cette demande : installez la même version des deux côtés et redémarrez-la.',
    'line-too-long': 'la liste est trop longue : importez-la en plusieurs fois.',
    bare: 'la centrale tourne en mode réduit après deux pannes : attendez dix minutes, ou lisez « journalctl -u vigie ».',
    'internal-fault':
      'la centrale a échoué sur cette demande ; rien n’est changé. Son journal (journalctl -u vigie) dit pourquoi.',
  },
  reasons: {
    'bad-request': () => 'la centrale n’a pas compris la demande : sa version est-elle celle de cette commande ?',
    'no-such-person': (value, known) => `personne n’a l’identifiant « ${value} ».${instead(known, 'Il y a :')}`,
    'no-such-operator': (value, known) =>
      `aucun opérateur n’a l’identifiant « ${value} ».${instead(known, 'Il y a :') || ' Le fichier du site n’en a pas.'}`,
    'no-such-keypad': (value, known) => `aucun clavier ni lecteur ne s’appelle « ${value} ».${instead(known, 'Il y a :')}`,
    'already-revoked': (value) => `« ${value} » est déjà révoqué : ses codes et badges n’ouvrent plus rien.`,
    'last-owner': (value) => `« ${value} » est le dernier titulaire : ajoutez d’abord un autre titulaire, puis recommencez.`,
    'no-badge': () => 'aucun badge n’a été présenté à temps. Recommencez et présentez-le dans la minute.',
    'badge-taken': () => 'ce badge est déjà celui de quelqu’un. Prenez-en un autre, ou révoquez d’abord cette personne.',
    'bad-badge': (value) => `« ${value} » n’est pas un numéro de badge : 4 à 32 chiffres hexadécimaux (0-9, A-F).`,
    'too-many-badges': () => `une personne a au plus ${BADGES_MAX} badges.`,
    'too-many-people': () => `au plus ${PEOPLE_MAX} personnes à la fois : coupez la liste.`,
    full: () => `un site a au plus ${SITE_PEOPLE_MAX} personnes. Révoquez d’abord qui ne vient plus.`,
    'keypad-busy': () => 'un autre badge est déjà attendu à ce lecteur. Recommencez dans une minute.',
    'storage-failed': () =>
      'le disque n’accepte rien, et un changement serait perdu à la prochaine coupure : rien n’est changé. Réparez-le ' +
      'd’abord (vigie doctor). Une révocation demandée à cet instant vaut jusqu’au prochain démarrage : refaites-la ensuite.',
    secrets: () => 'aucun code n’a pu être calculé : trop d’essais attendent. Recommencez dans une minute.',
    'no-pepper': () =>
      'pepperFile n’a pas pu être lu au démarrage : un code donné maintenant ne servirait pas. Rendez-le lisible, redémarrez.',
    exhausted: () => 'aucun code libre de cette longueur n’a été trouvé. Révoquez qui ne vient plus, puis recommencez.',
    'not-taken': () => 'la centrale n’a pas pris ce changement ; rien n’est changé.',
    overloaded: () => 'trop de demandes attendent. Recommencez dans une minute.',
  },
  drafts: {
    missing: () => 'manque. Remplissez-le.',
    'bad-id': (value) =>
      `« ${value} » ne va pas. Mettez 1 à 40 minuscules sans accent, chiffres ou tirets, et d’abord une lettre ou un chiffre.`,
    'id-taken': (value) => `« ${value} » est déjà pris. Choisissez-en un autre, ou changez cette personne avec « change ».`,
    'id-twice': (value) => `« ${value} » est deux fois dans la liste. Donnez à chacun le sien.`,
    'bad-name': () => 'ne va pas. Mettez 1 à 60 caractères.',
    'no-such-role': (value) =>
      `« ${value} » n’est pas un rôle. Mettez titulaire, personnel, menage, livraison, installateur ou gardien.`,
    'no-such-area': (value, known) => `« ${value} » n’est pas un secteur du site.${instead(known, 'Il y a :')}`,
    'no-area': (_value, known) => `il en faut au moins un.${instead(known, 'Il y a :')}`,
    'no-such-door': (value, known) =>
      `« ${value} » n’est pas une porte du site.${instead(known, 'Il y a :') || ' Le fichier du site n’en a pas.'}`,
    'no-such-schedule': (value, known) =>
      `« ${value} » n’est pas un horaire du site.${instead(known, 'Il y a :') || ' Ajoutez-le au fichier du site (schedules).'}`,
    'bad-date': (value) => `« ${value} » n’est pas une date. Mettez par exemple 2026-12-01.`,
    'until-before-from': (value) => `« ${value} » est avant le premier jour. Corrigez l’un des deux.`,
    'bad-badge': (value) => `« ${value} » n’est pas un numéro de badge : 4 à 32 chiffres hexadécimaux (0-9, A-F).`,
    'badge-taken': (value) => `« ${value} » est déjà le badge de quelqu’un.`,
    'badge-twice': (value) => `« ${value} » est deux fois dans la liste. Un badge est à une seule personne.`,
    'too-many-badges': (value) => `${value} badges : une personne en a au plus ${BADGES_MAX}.`,
    'last-owner': (value) => `« ${value} » est le dernier titulaire et doit le rester. Ajoutez d’abord un autre titulaire.`,
  },
  table: {
    'not-utf8': () => 'le fichier n’est pas en UTF-8. Enregistrez-le comme « CSV UTF-8 ».',
    'unclosed-quote': () => 'un guillemet n’est pas fermé. Ajoutez celui qui manque.',
    'text-after-quote': () => 'du texte suit un guillemet fermant. Doublez les guillemets qui sont dans le texte.',
    empty: () => 'la liste est vide. Il faut une ligne de titres, puis une ligne par personne.',
    'no-such-column': (_value, known) => `cette colonne n’existe pas. Il y a : ${known}.`,
    'column-twice': () => 'cette colonne est deux fois là. Gardez-en une.',
    'column-missing': () => 'cette colonne manque. Ajoutez-la.',
    'too-many-cells': (value) => `« ${value} » n’est sous aucun titre. Mettez entre guillemets ce qui contient le séparateur.`,
    'bad-flag': (value) => `« ${value} » : mettez oui ou non.`,
  },
  place: (row, column) => (column === '' ? `ligne ${row}` : `ligne ${row}, ${column}`),
  nothingTaken: (faults) => `${faults === 1 ? 'Une faute' : `${faults} fautes`} : personne n’a été ajouté.`,
  soundList: (people) =>
    `Liste correcte : ${people} ${people === 1 ? 'personne' : 'personnes'}. Rien n’a été changé (--dry-run).`,
  codes: { normal: 'code', duress: 'code sous contrainte', 'not-normal': 'code « anormal »' },
  onlyOnce: 'Remettez chaque code à la personne elle-même : il n’est montré qu’ici, une seule fois, et n’est écrit nulle part.',
  incomplete: 'Le disque a refusé la suite : seuls ceux-ci ont été ajoutés. Réparez-le, puis recommencez pour les autres.',
  added: (name) => `Ajouté : ${name}`,
  changed: (id) => `Changé : ${id}.`,
  badgeAdded: (id) => `Badge ajouté : ${id}.`,
  showBadge: (keypad) => `Présentez le badge à « ${keypad} » dans la minute…`,
  revoked: (id) => `Révoqué : ${id}. Ses codes et badges n’ouvrent plus rien, dès maintenant.`,
  operatorRevoked: (id) => `Révoqué : l’opérateur ${id}. Il ne peut plus rien ouvrir à distance, dès maintenant.`,
  nobody: 'Personne.',
  columns: { id: 'IDENTIFIANT', name: 'NOM', role: 'ROLE', areas: 'SECTEURS', doors: 'PORTES', limits: 'LIMITES', holds: 'A' },
  limits: { from: 'du', until: 'au', oneShot: 'une fois', extended: 'temps long' },
  code: 'code',
  noCode: 'aucun code',
  badges: (count) => (count === 1 ? '1 badge' : `${count} badges`),
  operator: 'opérateur à distance',
  operatorGone: 'révoqué',
};

const english: PeopleWords = {
  failures: {
    'not-running': 'no controller runs on this folder. Start it (systemctl start vigie, or vigie run), then try again.',
    'not-allowed': 'you may not speak to the controller. Try again as the user that runs it (sudo -u vigie).',
    'no-folder': 'there is no such folder. Give the controller’s own after --data.',
    'no-answer': 'the controller did not answer. Look with “list” what was done before you try again.',
  },
  faults: {
    'not-json': 'the controller did not understand: is its version that of this command?',
    'not-a-request': 'the controller did not understand: is its version that of this command?',
    'unknown-request': 'the controller does not know this request: install the same version on both sides and restart it.',
    'line-too-long': 'the list is too long: import it in several parts.',
    bare: 'the controller runs bare after two failures: wait ten minutes, or read its log (journalctl -u vigie).',
    'internal-fault': 'the controller failed at this request; nothing is changed. Its log (journalctl -u vigie) says why.',
  },
  reasons: {
    'bad-request': () => 'the controller did not understand: is its version that of this command?',
    'no-such-person': (value, known) => `nobody has the id “${value}”.${instead(known, 'There are:')}`,
    'no-such-operator': (value, known) =>
      `no operator has the id “${value}”.${instead(known, 'There are:') || ' The site’s file has none.'}`,
    'no-such-keypad': (value, known) => `no keypad or reader is called “${value}”.${instead(known, 'There are:')}`,
    'already-revoked': (value) => `“${value}” is revoked already: their codes and badges open nothing.`,
    'last-owner': (value) => `“${value}” is the last owner: add another owner first, then try again.`,
    'no-badge': () => 'no badge was shown in time. Try again and show it within the minute.',
    'badge-taken': () => 'this badge is somebody’s already. Take another, or revoke that person first.',
    'bad-badge': (value) => `“${value}” is no badge number: 4 to 32 hexadecimal digits (0-9, A-F).`,
    'too-many-badges': () => `a person has ${BADGES_MAX} badges at most.`,
    'too-many-people': () => `${PEOPLE_MAX} people at a time at most: cut the list.`,
    full: () => `a site has ${SITE_PEOPLE_MAX} people at most. Revoke first who comes no more.`,
    'keypad-busy': () => 'another badge is awaited at this reader. Try again in a minute.',
    'storage-failed': () =>
      'the disk takes nothing, and a change would be lost with the next power cut: nothing is changed. Mend the disk first ' +
      '(vigie doctor). A revocation asked at this very moment holds until the next start: ask it again then.',
    secrets: () => 'no code could be digested: too many tries wait. Try again in a minute.',
    'no-pepper': () =>
      'the file pepperFile could not be read at the start: a code given now would not serve. Make it readable and restart.',
    exhausted: () => 'no free code of this length was found. Revoke who comes no more, then try again.',
    'not-taken': () => 'the controller did not take this change; nothing is changed.',
    overloaded: () => 'too many requests wait. Try again in a minute.',
  },
  drafts: {
    missing: () => 'is missing. Fill it in.',
    'bad-id': (value) =>
      `“${value}” will not do. Use 1 to 40 small letters, digits and hyphens, beginning with a letter or digit.`,
    'id-taken': (value) => `“${value}” is taken. Choose another, or change this person with “change”.`,
    'id-twice': (value) => `“${value}” is in the list twice. Give each their own.`,
    'bad-name': () => 'will not do. Write 1 to 60 characters.',
    'no-such-role': (value, known) => `“${value}” is no role.${instead(known, 'There are:')}`,
    'no-such-area': (value, known) => `“${value}” is no area of the site.${instead(known, 'There are:')}`,
    'no-area': (_value, known) => `at least one is needed.${instead(known, 'There are:')}`,
    'no-such-door': (value, known) =>
      `“${value}” is no door of the site.${instead(known, 'There are:') || ' The site’s file has none.'}`,
    'no-such-schedule': (value, known) =>
      `“${value}” is no schedule of the site.${instead(known, 'There are:') || ' Add it to the site’s file (schedules).'}`,
    'bad-date': (value) => `“${value}” is no date. Write for example 2026-12-01.`,
    'until-before-from': (value) => `“${value}” is before the first day. Correct one of them.`,
    'bad-badge': (value) => `“${value}” is no badge number: 4 to 32 hexadecimal digits (0-9, A-F).`,
    'badge-taken': (value) => `“${value}” is somebody’s badge already.`,
    'badge-twice': (value) => `“${value}” is in the list twice. A badge is one person’s.`,
    'too-many-badges': (value) => `${value} badges: a person has ${BADGES_MAX} at most.`,
    'last-owner': (value) => `“${value}” is the last owner and has to stay one. Add another owner first.`,
  },
  table: {
    'not-utf8': () => 'the file is not UTF-8. Save it as “CSV UTF-8”.',
    'unclosed-quote': () => 'a quote is not closed. Add the one that is missing.',
    'text-after-quote': () => 'text follows a closing quote. Double the quotes that are in the text.',
    empty: () => 'the list is empty. It needs a row of titles, then a row for each person.',
    'no-such-column': (_value, known) => `there is no such column. There are: ${known}.`,
    'column-twice': () => 'this column is there twice. Keep one.',
    'column-missing': () => 'this column is missing. Add it.',
    'too-many-cells': (value) => `“${value}” is under no title. Put quotes round what holds the separator.`,
    'bad-flag': (value) => `“${value}”: write yes or no.`,
  },
  place: (row, column) => (column === '' ? `row ${row}` : `row ${row}, ${column}`),
  nothingTaken: (faults) => `${faults === 1 ? 'One fault' : `${faults} faults`}: nobody was added.`,
  soundList: (people) => `The list is sound: ${people} ${people === 1 ? 'person' : 'people'}. Nothing was changed (--dry-run).`,
  codes: { normal: 'code', duress: 'code under duress', 'not-normal': '“not normal” code' },
  onlyOnce: 'Hand each code to the person themselves: it is shown here, once, and written nowhere.',
  incomplete: 'The disk refused the rest: only these were added. Mend it, then try again for the others.',
  added: (name) => `Added: ${name}`,
  changed: (id) => `Changed: ${id}.`,
  badgeAdded: (id) => `Badge added: ${id}.`,
  showBadge: (keypad) => `Show the badge at “${keypad}” within the minute…`,
  revoked: (id) => `Revoked: ${id}. Their codes and badges open nothing, from now on.`,
  operatorRevoked: (id) => `Revoked: operator ${id}. They open nothing from afar, from now on.`,
  nobody: 'Nobody.',
  columns: { id: 'ID', name: 'NAME', role: 'ROLE', areas: 'AREAS', doors: 'DOORS', limits: 'LIMITS', holds: 'HAS' },
  limits: { from: 'from', until: 'until', oneShot: 'once', extended: 'longer times' },
  code: 'code',
  noCode: 'no code',
  badges: (count) => (count === 1 ? '1 badge' : `${count} badges`),
  operator: 'remote operator',
  operatorGone: 'revoked',
};

export const peopleWords: Readonly<Record<Language, PeopleWords>> = { fr: french, en: english };
