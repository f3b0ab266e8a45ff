/** What `vigie operator unlock` says, in French and English: what happened, and where it did not, what to do. */
import type { Language } from '../centre/kindWords.ts';
import type { UnlockStage } from '../../protocol/commands.ts';

export type OperatorWords = {
  readonly connected: string;
  readonly challenge: (seconds: number) => string;
  readonly sent: string;
  readonly connectionLost: string;
  readonly stages: Readonly<Record<UnlockStage, string>>;
  readonly refused: (why: string) => string;
  /** By the reason that the site gives; a newer site may give others. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly noAnswer: string;
  readonly noAnswerSent: string;
  readonly noAnswerAfter: (stage: string) => string;
  readonly noConnection: (why: string) => string;
  readonly notAllowed: Readonly<Record<'write' | 'hear', string>>;
  readonly siteAway: string;
};

const french: OperatorWords = {
  connected: 'Relié au serveur.',
  challenge: (seconds) => `Défi reçu du site, valable ${seconds} s.`,
  sent: 'Commande signée, envoyée.',
  connectionLost: 'Liaison perdue, la commande est partie ; reprise de la liaison…',
  stages: {
    released: 'Serrure libérée.',
    opened: 'Porte ouverte.',
    closed: 'Porte refermée et verrouillée.',
    held: 'PORTE RESTÉE OUVERTE : prévenez le site.',
    'not-opened': 'Personne n’a ouvert ; serrure reverrouillée.',
    'unlock-failed': 'LA SERRURE N’A PAS OBÉI : prévenez le site.',
    superseded: 'Quelqu’un d’autre a ouvert la même porte entre-temps ; la suite est la sienne.',
  },
  refused: (why) => `Refusé : ${why}`,
  reasons: {
    retained: 'le serveur a gardé la commande (retain). Envoyez sans retain.',
    'too-large': 'message trop grand.',
    invalid: 'le site ne comprend pas la commande. Versions différentes ?',
    'unknown-verb': 'le site ne connaît pas cette commande. Versions différentes ?',
    unsigned: 'la commande n’est pas signée.',
    'rate-limited': 'trop de commandes. Attendez une minute.',
    'not-supported': 'ce site ne s’ouvre pas à distance.',
    'unknown-operator': 'le site ne connaît pas cet opérateur. L’installateur doit l’ajouter sous operators.',
    revoked: 'cet opérateur est révoqué. Voyez le titulaire.',
    'wrong-site': 'la commande est signée pour un autre site.',
    'unknown-challenge': 'le site ne connaît pas ce défi, ou il a redémarré. Recommencez.',
    'challenge-used': 'ce défi a déjà servi. Recommencez.',
    'challenge-expired': 'la réponse est venue plus de 15 s après le défi. Recommencez.',
    'other-operators-challenge': 'ce défi est celui d’un autre opérateur. Recommencez.',
    'bad-signature': 'la signature ne correspond pas à la clé publique du site. Vérifiez --key et --door.',
    'locked-out': 'trop d’essais faux, toutes voies confondues. Attendez 90 secondes.',
    'storage-failed': 'l’enregistrement du site est en panne : rien ne s’ouvre à distance. Appelez l’installateur.',
    'out-of-hours': 'hors des heures de cet opérateur. Voyez le titulaire.',
    'clock-not-set': 'le site n’a pas l’heure : les heures de l’opérateur ne peuvent être vérifiées.',
    'not-your-door': 'cet opérateur n’a pas cette porte. Voyez le titulaire.',
    'no-such-door': 'le site n’a pas de porte de ce nom. Vérifiez --door.',
    'no-lock': 'cette porte n’a pas de serrure commandée.',
    'not-remote': 'cette porte ne s’ouvre pas à distance.',
    'area-armed': 'le secteur est en service. Quelqu’un doit d’abord le mettre hors service sur place.',
    'door-blocked': 'la porte est bloquée. Voyez le titulaire.',
    'door-locked-down': 'la porte est confinée. Voyez le titulaire.',
    'interlock-busy': 'l’autre porte du sas n’est pas fermée et verrouillée. Attendez, puis recommencez.',
    'too-many-unlocks': 'cet opérateur a ouvert autant de fois que permis dans l’heure.',
  },
  noAnswer: 'Pas de réponse du site. Rien n’a été ouvert. Est-il en ligne ? Vérifiez --site.',
  noAnswerSent: 'Pas de réponse du site à la commande : on ne sait pas si la serrure a été libérée. Appelez le site.',
  noAnswerAfter: (stage) => `Le site n’a pas dit la suite. Dernier état connu : ${stage} Appelez le site.`,
  noConnection: (why) => `Pas de liaison avec le serveur : ${why}. Rien n’a été ouvert.`,
  notAllowed: {
    write: 'Le serveur interdit d’écrire à ce site : donnez ce droit à l’opérateur (command/+).',
    hear: 'Le serveur interdit d’entendre les réponses de ce site : donnez ce droit à l’opérateur (reply/+).',
  },
  siteAway: 'Le site n’est pas relié au serveur. Rien n’a été ouvert.',
};

const english: OperatorWords = {
  connected: 'Connected to the broker.',
  challenge: (seconds) => `Challenge received from the site, good for ${seconds} s.`,
  sent: 'Command signed and sent.',
  connectionLost: 'Connection lost, the command is gone; connecting again…',
  stages: {
    released: 'Lock released.',
    opened: 'Door opened.',
    closed: 'Door closed and locked again.',
    held: 'DOOR LEFT OPEN: tell the site.',
    'not-opened': 'Nobody opened; locked again.',
    'unlock-failed': 'THE LOCK DID NOT OBEY: tell the site.',
    superseded: 'Somebody else released the same door meanwhile; what follows is theirs.',
  },
  refused: (why) => `Refused: ${why}`,
  reasons: {
    retained: 'the broker kept the command (retain). Send it without retain.',
    'too-large': 'message too large.',
    invalid: 'the site does not understand the command. Different versions?',
    'unknown-verb': 'the site does not know this command. Different versions?',
    unsigned: 'the command is not signed.',
    'rate-limited': 'too many commands. Wait a minute.',
    'not-supported': 'this site does not open from afar.',
    'unknown-operator': 'the site does not know this operator. The installer must add them under operators.',
    revoked: 'this operator is revoked. Ask the owner.',
    'wrong-site': 'the command is signed for another site.',
    'unknown-challenge': 'the site does not know this challenge, or has restarted. Try again.',
    'challenge-used': 'this challenge was used before. Try again.',
    'challenge-expired': 'the answer came more than 15 s after the challenge. Try again.',
    'other-operators-challenge': 'this challenge is another operator’s. Try again.',
    'bad-signature': 'the signature does not fit the public key at the site. Check --key and --door.',
    'locked-out': 'too many wrong tries, over all ways together. Wait 90 seconds.',
    'storage-failed': 'recording at the site has failed: nothing opens from afar. Call the installer.',
    'out-of-hours': 'outside this operator’s hours. Ask the owner.',
    'clock-not-set': 'the site does not know the time: the operator’s hours cannot be checked.',
    'not-your-door': 'this operator does not have this door. Ask the owner.',
    'no-such-door': 'the site has no door of that name. Check --door.',
    'no-lock': 'this door has no lock that can be worked.',
    'not-remote': 'this door does not open from afar.',
    'area-armed': 'the area is armed. Somebody must disarm it on site first.',
    'door-blocked': 'the door is blocked. Ask the owner.',
    'door-locked-down': 'the door is locked down. Ask the owner.',
    'interlock-busy': 'the other door of the airlock is not closed and locked. Wait, then try again.',
    'too-many-unlocks': 'this operator has opened as often as is allowed within the hour.',
  },
  noAnswer: 'No answer from the site. Nothing was opened. Is it on line? Check --site.',
  noAnswerSent: 'No answer from the site to the command: it is not known whether the lock was released. Call the site.',
  noAnswerAfter: (stage) => `The site did not say what came of it. Last known: ${stage} Call the site.`,
  noConnection: (why) => `No connection to the broker: ${why}. Nothing was opened.`,
  notAllowed: {
    write: 'The broker does not allow writing to this site: give the operator that right (command/+).',
    hear: 'The broker does not allow hearing the answers of this site: give the operator that right (reply/+).',
  },
  siteAway: 'The site is not connected to the broker. Nothing was opened.',
};

export const operatorWords: Readonly<Record<Language, OperatorWords>> = { fr: french, en: english };
