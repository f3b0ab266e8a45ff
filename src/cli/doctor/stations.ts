/** The door stations: whether each answers, and what to do where one does not. */
import type { Probed } from '../../drivers/stations/probe.ts';
import type { Failure } from '../../drivers/stations/transport.ts';
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type SecretSeen = {
  readonly path: string;
  /** By the user of the service. */
  readonly isReadable: boolean;
  /** By whoever runs the doctor. */
  readonly isReadHere: boolean;
  readonly isOpenToOthers: boolean;
};

export type StationSeen = {
  readonly id: string;
  readonly kind: string;
  readonly url: string;
  readonly password: SecretSeen;
  readonly certificate: SecretSeen | undefined;
  readonly tried: Probed;
};

export type StationFacts = { readonly user: string; readonly stations: readonly StationSeen[] };

const said = saidOf('stations');

/** What is wrong and what to do, in English and in French. */
const WORDS: Readonly<Record<Failure, readonly [string, string]>> = {
  unreachable: [
    'nobody is there: look at its supply and its cable, and correct `url`',
    'personne à cette adresse : voyez son alimentation et son câble, corrigez « url »',
  ],
  timeout: [
    'it does not answer in time: take its supply away for 10 s, and look at the network',
    'elle ne répond pas à temps : coupez son alimentation 10 s, et voyez le réseau',
  ],
  closed: ['it ended the connection: try again in a minute', 'elle a coupé la liaison : réessayez dans une minute'],
  certificate: [
    'its certificate is not the one in `certificate`, or there is none: fetch it and compare it with its page (docs/stations.md)',
    'son certificat n’est pas celui de « certificate », ou celui-ci manque : récupérez-le et comparez (docs/stations.md)',
  ],
  'wrong-password': [
    'it refuses user name or password: correct `username` and the password file',
    'elle refuse le nom ou le mot de passe : corrigez « username » et le fichier du mot de passe',
  ],
  'password-in-clear': [
    'it wants the password in clear: write https:// in `url`, or switch it to Digest',
    'elle veut le mot de passe en clair : mettez https:// dans « url », ou passez-la en Digest',
  ],
  forbidden: [
    'its user may not do this: switch the service on and give the user its privileges (docs/stations.md)',
    'son utilisateur n’en a pas le droit : activez le service et donnez-lui ses privilèges (docs/stations.md)',
  ],
  busy: ['it has no place for one more reader: end the others', 'elle n’a plus de place : arrêtez d’autres lecteurs'],
  garbled: [
    'what answers is no station of this kind: correct `kind` and `url`',
    'ce qui répond n’est pas une telle platine : corrigez « kind » et « url »',
  ],
  'too-large': [
    'it answers more than it ever should: correct `kind` and `url`',
    'elle répond plus qu’elle ne devrait : corrigez « kind » et « url »',
  ],
  'no-password': [
    'the first line of its password file is empty: write the password there',
    'la première ligne du fichier de son mot de passe est vide : écrivez-y le mot de passe',
  ],
  'no-certificate': [
    'the file of its certificate holds none in PEM: fetch it anew (docs/stations.md)',
    'le fichier de son certificat n’en contient pas en PEM : récupérez-le (docs/stations.md)',
  ],
  'subscription-lost': ['it was just restarted: try again', 'elle vient de redémarrer : réessayez'],
  'too-late': ['the network is too slow: look at it', 'le réseau est trop lent : examinez-le'],
};

const answerFinding = ({ id, kind, url, tried }: StationSeen): Finding => {
  if (tried.ok) {
    const what = tried.what === '' ? kind : tried.what;
    return said.ok('answers', `${id}: ${what} answers at ${url}.`, `${id} : ${what} répond à ${url}.`);
  }
  const [message, messageFr] = WORDS[tried.failure];
  const detail = tried.detail === '' ? '' : ` (${tried.detail})`;
  return said.fault(tried.failure, `${id}, ${url}: ${message}${detail}.`, `${id}, ${url} : ${messageFr}${detail}.`);
};

const filesOf = ({ password, certificate }: StationSeen): readonly SecretSeen[] =>
  certificate ? [password, certificate] : [password];

const unreadable = (user: string, { id }: StationSeen, { path }: SecretSeen): Finding =>
  said.fault(
    'file-unreadable',
    `${id}: ${user} cannot read ${path}: check its place and its owner.`,
    `${id} : ${user} ne peut pas lire ${path} : vérifiez sa place et son propriétaire.`,
  );

const notTried = ({ id }: StationSeen, { path }: SecretSeen): Finding =>
  said.skipped(
    'not-tried',
    `${id} was not tried: whoever runs the doctor cannot read ${path}. Run it with sudo.`,
    `${id} n’a pas été essayée : qui lance doctor ne peut pas lire ${path}. Lancez-le avec sudo.`,
  );

/** One finding, unless everybody may read its password as well. */
const stationFinding = (user: string, station: StationSeen): Finding => {
  const files = filesOf(station);
  const closed = files.find(({ isReadable }) => !isReadable);
  if (closed) return unreadable(user, station, closed);
  const unread = files.find(({ isReadHere }) => !isReadHere);
  return unread ? notTried(station, unread) : answerFinding(station);
};

const openFindings = ({ id, password: { path, isOpenToOthers } }: StationSeen): readonly Finding[] =>
  isOpenToOthers
    ? [
        said.warn(
          'password-open',
          `${id}: everybody on this machine may read ${path}: chmod 600 ${path}.`,
          `${id} : tout utilisateur de la machine peut lire ${path} : chmod 600 ${path}.`,
        ),
      ]
    : [];

export const judgeStations = ({ user, stations }: StationFacts): readonly Finding[] =>
  stations.length === 0
    ? [said.skipped('no-stations', 'This site has no door stations.', 'Ce site n’a pas de platine.')]
    : stations.flatMap((station) => [stationFinding(user, station), ...openFindings(station)]);
