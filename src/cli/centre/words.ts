/** What the receiver says beside the events themselves, in French and English. */
import type { CentreStoreFailure } from '../../drivers/centre-store/store.ts';
import type { DownReason, TlsProblem } from '../../ports/link.ts';
import type { EventClass } from '../../protocol/classes.ts';
import type { SilenceReason } from '../../protocol/receiver.ts';
import type { AsideReason } from './events.ts';
import type { Language } from './kindWords.ts';

export type CentreWords = {
  readonly classes: Readonly<Record<EventClass, string>>;
  readonly centre: string;
  readonly site: string;
  readonly connected: string;
  readonly certificateNotYetValid: string;
  readonly disconnected: (reason: string, seconds: number) => string;
  readonly down: Readonly<Record<Exclude<DownReason['kind'], 'tls' | 'timeout'>, string>>;
  readonly timeouts: Readonly<Record<'connecting' | 'keepalive', string>>;
  readonly tls: Readonly<Record<TlsProblem, string>>;
  readonly subscriptionRefused: (filter: string) => string;
  readonly online: (version: string, boot: number) => string;
  readonly offline: Readonly<Record<'lost' | 'stopped', string>>;
  readonly silent: Readonly<Record<SilenceReason, string>>;
  readonly silentPending: string;
  readonly heardAgain: (duration: string) => string;
  readonly massLoss: (count: number, names: string) => string;
  readonly massLossOver: string;
  readonly gap: Readonly<Record<'missing' | 'lost', (lane: string, numbers: string) => string>>;
  readonly gapFilled: (lane: string, upTo: number) => string;
  readonly conflict: (lane: string, seq: number) => string;
  readonly newEpoch: (previous: string) => string;
  readonly putAside: (count: number, reason: string) => string;
  readonly asides: Readonly<Record<AsideReason, string>>;
  readonly acknowledgementRefused: string;
  readonly storageFailed: (reason: string) => string;
  readonly storageRestored: string;
  readonly storage: Readonly<Record<CentreStoreFailure, string>>;
  readonly lanes: Readonly<Record<'alarm' | 'event', string>>;
  readonly exercise: string;
  readonly unconfirmed: string;
  readonly notDurable: string;
  readonly unsynchronised: string;
  /** The event came much later than it happened. */
  readonly happened: (when: string) => string;
  readonly area: string;
  readonly zone: string;
  readonly door: string;
  readonly user: string;
  readonly operator: string;
  /** Before the reason of a refusal. */
  readonly colon: string;
  readonly summary: (sites: number, silent: number, connected: boolean) => string;
  readonly waiting: (broker: string) => string;
  readonly damaged: (lines: number) => string;
};

const french: CentreWords = {
  classes: {
    intrusion: 'INTRUSION',
    holdup: 'AGRESSION',
    tamper: 'SABOTAGE',
    door: 'PORTE',
    technical: 'TECHNIQUE',
    fire: 'INCENDIE',
    opening: 'OUVERTURE',
    system: 'SYSTÈME',
    access: 'accès',
    inhibit: 'zones',
    test: 'essai',
    fault: 'défaut',
  },
  centre: 'centre',
  site: 'site',
  connected: 'Relié au serveur, à l’écoute des sites.',
  certificateNotYetValid: 'Certificat du serveur pas encore valable : accepté, l’heure n’est pas connue.',
  disconnected: (reason, seconds) => `Plus de liaison avec le serveur : ${reason}. Nouvel essai dans ${seconds} s.`,
  down: {
    'bad-url': 'adresse incorrecte (mqtt://hôte:port ou mqtts://hôte:port)',
    unreachable: 'il ne répond pas',
    refused: 'il refuse l’accès',
    'taken-over': 'un autre centre porte le même nom',
    disconnected: 'il a mis fin à la liaison',
    closed: 'la liaison a été coupée',
    'packet-too-large': 'message trop grand',
    'protocol-error': 'ce n’est pas un serveur MQTT 5',
    destroyed: 'liaison fermée d’ici',
  },
  timeouts: { connecting: 'pas de réponse à temps', keepalive: 'la liaison est morte' },
  tls: {
    'unknown-authority': 'son certificat vient d’une autorité inconnue',
    'wrong-name': 'son certificat porte un autre nom',
    'wrong-use': 'son certificat n’est pas celui d’un serveur',
    expired: 'son certificat est périmé',
    'not-yet-valid': 'son certificat n’est pas encore valable (vérifiez l’heure)',
    revoked: 'son certificat est révoqué',
    'client-certificate': 'il n’accepte pas notre certificat',
    'bad-credentials': 'notre certificat ou notre clé est illisible',
    handshake: 'chiffrement impossible',
  },
  subscriptionRefused: (filter) => `Le serveur interdit d’écouter ${filter} : donnez ce droit au centre.`,
  online: (version, boot) => `En ligne (version ${version}, démarrage ${boot}).`,
  offline: { lost: 'Hors ligne, liaison perdue.', stopped: 'Arrêté par quelqu’un sur place.' },
  silent: {
    'heartbeat-missed': 'MUET : plus de signe de vie.',
    'connection-lost': 'MUET : liaison perdue et non rétablie.',
    'pending-expired': 'MUET PENDANT UNE ENTRÉE OU UNE ALARME RETENUE : à traiter comme une alarme.',
    stopped: 'MUET : la centrale a été arrêtée.',
  },
  silentPending: 'Une entrée ou une alarme retenue était en cours.',
  heardAgain: (duration) => `De nouveau entendu, après ${duration} de silence.`,
  massLoss: (count, names) => `${count} sites perdus à la fois, panne de réseau probable : ${names}.`,
  massLossOver: 'Fin de la perte de plusieurs sites.',
  gap: {
    missing: (lane, numbers) => `Il manque ${lane} ${numbers}.`,
    lost: (lane, numbers) => `Perdus ici, ${lane} ${numbers} : le site les avait transmis, il ne les enverra plus.`,
  },
  gapFilled: (lane, upTo) => `Complet de nouveau, ${lane} jusqu’à ${upTo}.`,
  conflict: (lane, seq) => `CONFLIT : deux contenus pour ${lane} ${seq}, les deux sont gardés.`,
  newEpoch: (previous) => `Nouvelle numérotation (avant : ${previous}) : données du site refaites ou revenues en arrière.`,
  putAside: (count, reason) => `${count} message${count > 1 ? 's' : ''} écarté${count > 1 ? 's' : ''} : ${reason}.`,
  asides: {
    'too-large': 'trop grand',
    'not-utf8': 'pas du texte',
    'not-json': 'pas du JSON',
    invalid: 'ne suit pas le contrat',
    'unknown-topic': 'sujet inconnu',
    'topic-mismatch': 'le contenu contredit le sujet',
  },
  acknowledgementRefused: 'Le serveur refuse nos acquittements : donnez ce droit au centre.',
  storageFailed: (reason) => `ENREGISTREMENT EN PANNE : ${reason}. Rien n’est acquitté, les sites renverront.`,
  storageRestored: 'Enregistrement rétabli.',
  storage: {
    locked: 'un autre centre utilise ce dossier',
    'not-a-folder': 'ce n’est pas un dossier',
    'read-only': 'écriture impossible',
    'disk-full': 'disque plein',
    io: 'erreur du disque',
  },
  lanes: { alarm: 'alarme', event: 'événement' },
  exercise: 'EXERCICE',
  unconfirmed: 'non confirmée',
  notDurable: 'non enregistré sur place',
  unsynchronised: 'heure du site incertaine',
  happened: (when) => `survenu le ${when}`,
  area: 'secteur',
  zone: 'zone',
  door: 'porte',
  user: 'par',
  operator: 'par l’opérateur',
  colon: ' : ',
  summary: (sites, silent, connected) =>
    `${sites} site${sites > 1 ? 's' : ''}, ${silent} muet${silent > 1 ? 's' : ''}${connected ? '' : ', SANS LIAISON'}`,
  waiting: (broker) => `Centre de réception, serveur ${broker}. Ctrl-C pour arrêter.`,
  damaged: (lines) => `${lines} ligne${lines > 1 ? 's' : ''} illisible${lines > 1 ? 's' : ''} dans les enregistrements.`,
};

const english: CentreWords = {
  classes: {
    intrusion: 'INTRUSION',
    holdup: 'HOLD-UP',
    tamper: 'TAMPER',
    door: 'DOOR',
    technical: 'TECHNICAL',
    fire: 'FIRE',
    opening: 'OPENING',
    system: 'SYSTEM',
    access: 'access',
    inhibit: 'zones',
    test: 'test',
    fault: 'fault',
  },
  centre: 'centre',
  site: 'site',
  connected: 'Connected to the broker, listening to the sites.',
  certificateNotYetValid: 'The broker’s certificate is not yet valid: accepted, the time is not known.',
  disconnected: (reason, seconds) => `No connection to the broker: ${reason}. Next try in ${seconds} s.`,
  down: {
    'bad-url': 'wrong address (mqtt://host:port or mqtts://host:port)',
    unreachable: 'it does not answer',
    refused: 'it refuses access',
    'taken-over': 'another centre has the same name',
    disconnected: 'it ended the connection',
    closed: 'the connection was cut',
    'packet-too-large': 'message too large',
    'protocol-error': 'it is not an MQTT 5 broker',
    destroyed: 'closed from here',
  },
  timeouts: { connecting: 'no answer in time', keepalive: 'the connection is dead' },
  tls: {
    'unknown-authority': 'its certificate comes from an unknown authority',
    'wrong-name': 'its certificate carries another name',
    'wrong-use': 'its certificate is not a server’s',
    expired: 'its certificate has expired',
    'not-yet-valid': 'its certificate is not yet valid (check the time)',
    revoked: 'its certificate is revoked',
    'client-certificate': 'it does not accept our certificate',
    'bad-credentials': 'our certificate or key cannot be read',
    handshake: 'no encryption possible',
  },
  subscriptionRefused: (filter) => `The broker forbids listening to ${filter}: give the centre this right.`,
  online: (version, boot) => `Online (version ${version}, start ${boot}).`,
  offline: { lost: 'Offline, connection lost.', stopped: 'Stopped by somebody on site.' },
  silent: {
    'heartbeat-missed': 'SILENT: no sign of life.',
    'connection-lost': 'SILENT: connection lost and not made again.',
    'pending-expired': 'SILENT DURING AN ENTRY OR A HELD ALARM: treat as an alarm.',
    stopped: 'SILENT: the controller was stopped.',
  },
  silentPending: 'An entry or a held alarm was running.',
  heardAgain: (duration) => `Heard again, after ${duration} of silence.`,
  massLoss: (count, names) => `${count} sites lost at once, probably the network: ${names}.`,
  massLossOver: 'The loss of many sites is over.',
  gap: {
    missing: (lane, numbers) => `Missing: ${lane} ${numbers}.`,
    lost: (lane, numbers) => `Lost here, ${lane} ${numbers}: the site had delivered them and will not send them again.`,
  },
  gapFilled: (lane, upTo) => `Complete again, ${lane} up to ${upTo}.`,
  conflict: (lane, seq) => `CONFLICT: two contents for ${lane} ${seq}, both are kept.`,
  newEpoch: (previous) => `New numbering (before: ${previous}): the site’s data were made anew or rolled back.`,
  putAside: (count, reason) => `${count} message${count === 1 ? '' : 's'} put aside: ${reason}.`,
  asides: {
    'too-large': 'too large',
    'not-utf8': 'not text',
    'not-json': 'not JSON',
    invalid: 'not by the contract',
    'unknown-topic': 'unknown topic',
    'topic-mismatch': 'contents and topic disagree',
  },
  acknowledgementRefused: 'The broker refuses our acknowledgements: give the centre this right.',
  storageFailed: (reason) => `STORAGE FAILED: ${reason}. Nothing is acknowledged, the sites will send again.`,
  storageRestored: 'Storage restored.',
  storage: {
    locked: 'another centre uses this folder',
    'not-a-folder': 'this is not a folder',
    'read-only': 'it cannot be written',
    'disk-full': 'the disk is full',
    io: 'disk error',
  },
  lanes: { alarm: 'alarm', event: 'event' },
  exercise: 'EXERCISE',
  unconfirmed: 'unconfirmed',
  notDurable: 'not stored on site',
  unsynchronised: 'the site’s clock is uncertain',
  happened: (when) => `happened on ${when}`,
  area: 'area',
  zone: 'zone',
  door: 'door',
  user: 'by',
  operator: 'by operator',
  colon: ': ',
  summary: (sites, silent, connected) =>
    `${sites} site${sites === 1 ? '' : 's'}, ${silent} silent${connected ? '' : ', NOT CONNECTED'}`,
  waiting: (broker) => `Receiving centre, broker ${broker}. Ctrl-C to stop.`,
  damaged: (lines) => `${lines} unreadable line${lines === 1 ? '' : 's'} in the records.`,
};

export const centreWords: Readonly<Record<Language, CentreWords>> = { fr: french, en: english };
