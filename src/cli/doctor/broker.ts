/**
 * The way to the centre: the broker, both certificates, and what the broker lets this site do. The doctor connects under a
 * client id of its own, subscribes, and publishes nothing: neither an alarm nor anything that might be taken for one.
 */
import type { DownReason, FilterResult, TlsProblem } from '../../ports/link.ts';
import { DAY } from '../../core/time.ts';
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type SecretFile = {
  readonly role: 'ca' | 'cert' | 'key' | 'password';
  readonly path: string;
  readonly isReadable: boolean;
  readonly isOpenToOthers: boolean;
};

/** `not-a-certificate`: the file is there and holds none. */
export type OwnCertificate =
  | { readonly kind: 'read'; readonly notAfterMs: number; readonly isKeyItsOwn: boolean }
  | { readonly kind: 'not-a-certificate' };

export type BrokerTry = {
  /** `up`, or why not. */
  readonly end:
    | { readonly kind: 'up'; readonly isClockDoubted: boolean }
    | { readonly kind: 'down'; readonly reason: DownReason };
  /** Undefined: the connection ended before the broker answered. */
  readonly filters: readonly FilterResult[] | undefined;
  /** What the centre's retained status says; undefined: nothing came. */
  readonly centre: 'online' | 'offline' | undefined;
};

export type BrokerFacts = {
  /** Undefined: no site's file. */
  readonly url: string | undefined;
  readonly isSiteKnown: boolean;
  readonly user: string;
  readonly nowMs: number;
  readonly files: readonly SecretFile[];
  readonly own: OwnCertificate | undefined;
  readonly brokerNotAfterMs: number | undefined;
  /** Undefined: whoever runs the doctor may not read what it takes. */
  readonly tried: BrokerTry | undefined;
};

const said = saidOf('broker');

// ---- the connection

type Pair = readonly [string, string];

const TLS: Readonly<Record<TlsProblem, Pair>> = {
  'unknown-authority': [
    'its certificate comes from an authority that the site does not trust: see mqtt.tls.ca',
    'son certificat vient d’une autorité inconnue du site : voyez mqtt.tls.ca',
  ],
  'wrong-name': [
    'its certificate is for another name than the one in mqtt.broker',
    'son certificat porte un autre nom que celui de mqtt.broker',
  ],
  'wrong-use': ['its certificate is not a server’s', 'son certificat n’est pas celui d’un serveur'],
  expired: ['its certificate has expired: the centre must renew it', 'son certificat est périmé : le centre doit le renouveler'],
  'not-yet-valid': [
    'its certificate is not valid yet: is the clock right?',
    'son certificat n’est pas encore valable : l’heure est-elle juste ?',
  ],
  revoked: ['its certificate was revoked', 'son certificat est révoqué'],
  'client-certificate': [
    'it does not accept this site’s certificate, or wants one: see mqtt.tls.cert and key',
    'il n’accepte pas le certificat du site, ou en veut un : voyez mqtt.tls.cert et key',
  ],
  'bad-credentials': [
    'a file of mqtt.tls is no PEM, or key and certificate do not belong together',
    'un fichier de mqtt.tls n’est pas du PEM, ou la clé n’est pas celle du certificat',
  ],
  handshake: ['TLS could not be agreed: is it the TLS port?', 'TLS n’a pas abouti : est-ce bien le port TLS ?'],
};

const BAD_CLIENT_ID = 0x85;
const BAD_USER = 0x86;
const NOT_AUTHORISED = 0x87;

const hex = (code: number): string => `0x${code.toString(16)}`;

const refusal = (code: number): Pair => {
  if (code === BAD_USER)
    return [
      'user name or password is wrong: see mqtt.username and passwordFile',
      'nom ou mot de passe faux : voyez mqtt.username et passwordFile',
    ];
  if (code === NOT_AUTHORISED)
    return ['this site is not authorised (0x87): ask the centre', 'ce site n’est pas autorisé (0x87) : demandez au centre'];
  return [`the broker says ${hex(code)}: ask the centre`, `le serveur répond ${hex(code)} : demandez au centre`];
};

const downText = (reason: DownReason): Pair => {
  switch (reason.kind) {
    case 'bad-url':
      return ['mqtt.broker is no mqtt:// or mqtts:// address', 'mqtt.broker n’est pas une adresse mqtt:// ou mqtts://'];
    case 'unreachable':
      return [
        `nobody answers there (${reason.code}): check name, port, network and firewall`,
        `personne ne répond (${reason.code}) : vérifiez nom, port, réseau et pare-feu`,
      ];
    case 'tls':
      return TLS[reason.problem];
    case 'refused':
      return refusal(reason.code);
    case 'timeout':
      return ['it did not answer in time: a firewall?', 'pas de réponse à temps : un pare-feu ?'];
    case 'protocol-error':
      return ['what answers does not speak MQTT 5', 'ce qui répond ne parle pas MQTT 5'];
    case 'packet-too-large':
    case 'taken-over':
    case 'disconnected':
    case 'closed':
    case 'destroyed':
      return ['the connection was ended by the other side', 'la connexion a été coupée par l’autre côté'];
  }
};

const linkFinding = (url: string, { end }: BrokerTry): Finding => {
  if (end.kind === 'up')
    return end.isClockDoubted
      ? said.warn(
          'connected-clock-doubted',
          `${url} answers; its certificate is not valid yet by this clock, which is not set.`,
          `${url} répond ; d’après l’heure d’ici, qui n’est pas réglée, son certificat n’est pas encore valable.`,
        )
      : said.ok('connected', `${url} answers and accepts the connection.`, `${url} répond et accepte la connexion.`);
  const { reason } = end;
  if (reason.kind === 'refused' && reason.code === BAD_CLIENT_ID)
    return said.warn(
      'client-id-refused',
      `${url} refuses the doctor’s own client id: the broker allows this site’s alone, and cannot be looked at further.`,
      `${url} refuse l’identifiant de doctor : le serveur n’admet que celui du site, on ne peut en voir plus.`,
    );
  const [message, messageFr] = downText(reason);
  return said.fault(`down-${reason.kind}`, `${url}: ${message}.`, `${url} : ${messageFr}.`);
};

// ---- what it lets us do

const filterFindings = ({ end, filters }: BrokerTry): readonly Finding[] => {
  if (end.kind !== 'up') return [];
  if (!filters)
    return [
      said.warn(
        'subscription-unanswered',
        'The broker did not answer the subscription: look again, or ask the centre.',
        'Le serveur n’a pas répondu à l’abonnement : réessayez, ou demandez au centre.',
      ),
    ];
  const refused = filters.filter(({ kind }) => kind === 'refused').map(({ filter }) => filter);
  if (refused.length > 0)
    return [
      said.fault(
        'subscription-refused',
        `The broker does not let this site hear ${refused.join(', ')}: without it no acknowledgement comes. Ask the centre.`,
        `Le serveur interdit à ce site d’écouter ${refused.join(', ')} : sans cela, aucun acquittement. Demandez au centre.`,
      ),
    ];
  return [
    said.ok(
      'subscriptions',
      'The broker lets this site hear acknowledgements and commands.',
      'Le serveur laisse ce site entendre acquittements et commandes.',
    ),
    said.skipped(
      'publishing-not-tried',
      'Publishing was not tried: the centre would hear it. A walk test shows that it works.',
      'L’envoi n’a pas été essayé : le centre l’entendrait. Un essai des détecteurs le montre.',
    ),
  ];
};

const centreFindings = ({ end, centre }: BrokerTry): readonly Finding[] => {
  if (end.kind !== 'up') return [];
  if (centre === 'online')
    return [said.ok('centre-online', 'The monitoring centre is listening.', 'Le centre de télésurveillance est à l’écoute.')];
  return [
    said.warn(
      'centre-not-listening',
      'The broker answers and the centre is not listening there: alarms wait until it is. Call the centre.',
      'Le serveur répond, mais le centre n’y est pas à l’écoute : les alarmes attendent. Appelez le centre.',
    ),
  ];
};

// ---- files and certificates

const fileFindings = ({ files, user }: BrokerFacts): readonly Finding[] =>
  files.flatMap(({ role, path, isReadable, isOpenToOthers }) => {
    if (!isReadable)
      return [
        said.fault(
          `${role}-unreadable`,
          `${user} cannot read ${path}: check its place and its owner.`,
          `${user} ne peut pas lire ${path} : vérifiez sa place et son propriétaire.`,
        ),
      ];
    const isSecret = role === 'key' || role === 'password';
    return isSecret && isOpenToOthers
      ? [
          said.warn(
            `${role}-open`,
            `Everybody on this machine may read ${path}: chmod 600 ${path}.`,
            `Tout utilisateur de la machine peut lire ${path} : chmod 600 ${path}.`,
          ),
        ]
      : [];
  });

const SOON_DAYS = 30;

const expiryFinding = (whose: 'own' | 'broker', notAfterMs: number, nowMs: number): Finding => {
  const days = Math.floor((notAfterMs - nowMs) / DAY);
  const day = new Date(notAfterMs).toISOString().slice(0, 10);
  const [name, nameFr] =
    whose === 'own'
      ? ['This site’s certificate', 'Le certificat du site']
      : ['The broker’s certificate', 'Le certificat du serveur'];
  if (days < 0)
    return said.fault(
      `${whose}-expired`,
      `${name} expired on ${day}: renew it.`,
      `${nameFr} a expiré le ${day} : renouvelez-le.`,
    );
  const left = [`${name} is valid until ${day}: ${days} days.`, `${nameFr} vaut jusqu’au ${day} : ${days} jours.`] as const;
  return days < SOON_DAYS
    ? said.warn(`${whose}-expires-soon`, `${left[0]} Renew it.`, `${left[1]} Renouvelez-le.`)
    : said.ok(`${whose}-valid`, left[0], left[1]);
};

const ownFindings = ({ own, nowMs }: BrokerFacts): readonly Finding[] => {
  if (!own) return [];
  if (own.kind === 'not-a-certificate')
    return [
      said.fault(
        'own-unreadable',
        'mqtt.tls.cert holds no certificate in PEM.',
        'mqtt.tls.cert ne contient pas de certificat PEM.',
      ),
    ];
  const expiry = expiryFinding('own', own.notAfterMs, nowMs);
  if (own.isKeyItsOwn) return [expiry];
  return [
    expiry,
    said.fault(
      'key-of-another',
      'mqtt.tls.key is not the key of mqtt.tls.cert: put the pair together again.',
      'mqtt.tls.key n’est pas la clé de mqtt.tls.cert : remettez la paire ensemble.',
    ),
  ];
};

const notTried: Finding = said.skipped(
  'not-tried',
  'The broker was not tried: a file of mqtt cannot be read by whoever runs the doctor. Run it with sudo.',
  'Le serveur n’a pas été essayé : qui lance doctor ne peut pas lire un fichier de mqtt. Lancez-le avec sudo.',
);

const secrecyFinding = (url: string): readonly Finding[] =>
  url.startsWith('mqtts:')
    ? []
    : [
        said.warn(
          'not-encrypted',
          'The way to the broker is not encrypted: whoever listens reads who comes and goes. Use mqtts://.',
          'La liaison n’est pas chiffrée : qui l’écoute lit les allées et venues. Prenez mqtts://.',
        ),
      ];

export const judgeBroker = (facts: BrokerFacts): readonly Finding[] => {
  const { url, tried, brokerNotAfterMs, nowMs } = facts;
  if (!facts.isSiteKnown)
    return [said.skipped('no-site', 'No site’s file, no broker.', 'Pas de fichier du site, pas de serveur.')];
  if (url === undefined)
    return [
      said.warn(
        'not-monitored',
        'There is no mqtt in the site’s file: alarms only sound here, no centre hears them.',
        'Il n’y a pas de mqtt dans le fichier du site : les alarmes ne sonnent qu’ici, aucun centre ne les entend.',
      ),
    ];
  return [
    ...fileFindings(facts),
    ...secrecyFinding(url),
    ...(tried ? [linkFinding(url, tried), ...filterFindings(tried), ...centreFindings(tried)] : [notTried]),
    ...ownFindings(facts),
    ...(brokerNotAfterMs === undefined ? [] : [expiryFinding('broker', brokerNotAfterMs, nowMs)]),
  ];
};
