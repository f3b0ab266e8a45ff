/** Door stations: each has a name and an address of its own, is used, and is spoken to so that nobody can stand in its place. */
import type { Draft } from '../draft.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { StationDraft } from '../stationShapes.ts';
import { duplicates } from './references.ts';

type Station = Partial<StationDraft>;

const PORT_MAX = 65_535;

const isEncrypted = ({ url }: Station): boolean => url === undefined || url.startsWith('https:');

const addressFindings = (id: string, { url }: Station): Finding[] => {
  const port = /:([0-9]+)\/?$/.exec(url ?? '')?.[1];
  if (port === undefined || (Number(port) > 0 && Number(port) <= PORT_MAX)) return [];
  return [
    fault(
      ['stations', id, 'url'],
      'no-such-port',
      `There is no port ${port}. Write one from 1 to ${PORT_MAX}, or none.`,
      `Il n’y a pas de port ${port}. Mettez-en un de 1 à ${PORT_MAX}, ou aucun.`,
    ),
  ];
};

const secrecyFindings = (id: string, station: Station): Finding[] => {
  if (isEncrypted(station)) return [];
  if (station.certificate !== undefined)
    return [
      faultAtKey(
        ['stations', id, 'certificate'],
        'certificate-without-https',
        'Over http:// no certificate is looked at. Write https:// in `url`.',
        'En http://, aucun certificat n’est vérifié. Mettez https:// dans « url ».',
      ),
    ];
  return [
    warning(
      ['stations', id, 'url'],
      'station-not-encrypted',
      'Over http:// whoever is on the network can ring, and ask for the door, in its place. Write https:// and `certificate`.',
      'En http://, qui est sur le réseau peut sonner et demander la porte à sa place. Mettez https:// et « certificate ».',
    ),
  ];
};

const nameFindings = (draft: Draft, id: string): Finding[] =>
  draft.expanders.has(id)
    ? [
        faultAtKey(
          ['stations', id],
          'station-named-as-expander',
          `\`${id}\` is an expander already, so that \`${id}.ring\` could be of either. Give the station another id.`,
          `« ${id} » est déjà une extension : « ${id}.ring » serait ambigu. Donnez un autre identifiant à la platine.`,
        ),
      ]
    : [];

/** A line that cannot be read may be one of it: no warning that would go away by itself. */
const isUsed = (draft: Draft, id: string): boolean =>
  [...draft.zones.values()].some(({ input }) => input === undefined || input.startsWith(`${id}.`));

const unused = (draft: Draft, id: string): Finding[] =>
  isUsed(draft, id)
    ? []
    : [
        warning(
          ['stations', id],
          'station-unused',
          `Nothing listens to this station. Take it out, or use a line of it, such as ${id}.ring.`,
          `Rien n’écoute cette platine. Retirez-la, ou servez-vous d’une de ses lignes, comme ${id}.ring.`,
        ),
      ];

/** A network fails for other reasons than a burglar's; its tamper switch is another matter. */
const loudFindings = (draft: Draft, id: string): Finding[] =>
  [...draft.zones].flatMap(([zone, { input, faultWhenArmed }]) =>
    (input === `${id}.ring` || input === `${id}.open`) && faultWhenArmed === 'alarm'
      ? [
          warning(
            ['zones', zone],
            'network-fault-alarms',
            `While armed, a network that fails for 10 s would sound the siren by this zone. Write \`faultWhenArmed: report\`.`,
            'Armé, une panne du réseau de 10 s ferait hurler la sirène par cette zone. Mettez « faultWhenArmed: report ».',
          ),
        ]
      : [],
  );

const plainUrl = ({ url }: Station): string | undefined => url?.replace(/\/$/, '').toLowerCase();

const twice = (draft: Draft): Finding[] =>
  duplicates([...draft.stations], ([, station]) => plainUrl(station)).map(({ item: [id, { url }], first: [other] }) =>
    fault(
      ['stations', id, 'url'],
      'duplicate-station',
      `\`${other}\` is at ${url} already. Give each station its own address.`,
      `« ${other} » est déjà à ${url}. Donnez à chaque platine sa propre adresse.`,
    ),
  );

export const checkStations = (draft: Draft): Finding[] => [
  ...[...draft.stations].flatMap(([id, station]) => [
    ...nameFindings(draft, id),
    ...addressFindings(id, station),
    ...secrecyFindings(id, station),
    ...unused(draft, id),
    ...loudFindings(draft, id),
  ]),
  ...twice(draft),
];
