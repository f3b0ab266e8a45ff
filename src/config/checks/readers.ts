/** Buses and the readers on them: each bus is there and used, each address is one reader’s, nobody outside is read in plain. */
import type { Draft } from '../draft.ts';
import { fault, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { KeypadDraft } from '../shapes.ts';
import { unstablePort } from './boards.ts';
import { duplicates, reference } from './references.ts';

type Keypad = Partial<KeypadDraft>;
type OnBus = { readonly id: string; readonly bus: string; readonly address: number };

const onBus = ({ reader }: Keypad) => (reader?.kind === 'osdp' ? reader : undefined);

const onBuses = (draft: Draft): readonly OnBus[] =>
  [...draft.keypads].flatMap(([id, keypad]) => {
    const reader = onBus(keypad);
    return reader === undefined ? [] : [{ id, bus: reader.bus, address: reader.address }];
  });

const sameAddress = (draft: Draft): Finding[] =>
  duplicates(onBuses(draft), ({ bus, address }) => `${bus} ${address}`).map(({ item: { id, bus, address }, first }) =>
    fault(
      ['keypads', id, 'reader', 'address'],
      'duplicate-address',
      `\`${first.id}\` has address ${address} on \`${bus}\` already. Give each reader of a bus its own.`,
      `« ${first.id} » a déjà l’adresse ${address} sur « ${bus} ». Donnez à chaque lecteur d’un bus la sienne.`,
    ),
  );

// ---- buses

const PATHS = (
  draft: Draft,
): readonly { readonly section: 'expanders' | 'buses'; readonly id: string; readonly port: string | undefined }[] => [
  ...[...draft.expanders].map(([id, { port }]) => ({ section: 'expanders', id, port }) as const),
  ...[...draft.buses].map(([id, { port }]) => ({ section: 'buses', id, port }) as const),
];

/** Two expanders on one port are told where boards are checked. */
const samePort = (draft: Draft): Finding[] =>
  duplicates(PATHS(draft), ({ port }) => port).flatMap(({ item: { section, id, port }, first }) => {
    if (section === 'expanders') return [];
    return [
      fault(
        ['buses', id, 'port'],
        'duplicate-port',
        `\`${first.id}\` is on ${port} already. Give each bus its own port.`,
        `« ${first.id} » est déjà sur ${port}. Donnez à chaque bus son propre port.`,
      ),
    ];
  });

/** A reader that cannot be read may be on it: no warning that would go away by itself. */
const isUsed = ({ keypads }: Draft, bus: string): boolean =>
  [...keypads.values()].some((keypad) => 'reader' in keypad && (keypad.reader === undefined || onBus(keypad)?.bus === bus));

const unusedBus = (draft: Draft, id: string): Finding[] =>
  isUsed(draft, id)
    ? []
    : [
        warning(
          ['buses', id],
          'bus-unused',
          'No keypad is on this bus. Take it out, or give a keypad its `reader`.',
          'Aucun clavier n’est sur ce bus. Retirez-le, ou donnez à un clavier son « reader ».',
        ),
      ];

// ---- readers

const plainOutside = (id: string, keypad: Keypad): Finding[] =>
  onBus(keypad)?.secure !== 'plain' || keypad.place !== 'outside'
    ? []
    : [
        warning(
          ['keypads', id, 'reader', 'secure'],
          'plain-reader-outside',
          'Whoever opens this reader outside can read every card and code. Write `secure: required`.',
          'Qui ouvre ce lecteur dehors peut lire chaque badge et chaque code. Mettez « secure: required ».',
        ),
      ];

const sameId = (draft: Draft, id: string, keypad: Keypad): Finding[] =>
  onBus(keypad) === undefined || !draft.expanders.has(id)
    ? []
    : [
        fault(
          ['keypads', id, 'reader'],
          'reader-named-as-expander',
          `An expander is called \`${id}\` too, so \`${id}.…\` means two things. Rename one of them.`,
          `Une extension s’appelle aussi « ${id} » : « ${id}.… » désigne deux choses. Renommez l’une des deux.`,
        ),
      ];

/** A line that cannot be read may be one of it. */
const isWatched = ({ zones }: Draft, id: string): boolean =>
  [...zones.values()].some(({ input }) => input === undefined || input.startsWith(`${id}.`));

const unwatched = (draft: Draft, id: string, keypad: Keypad): Finding[] =>
  onBus(keypad) === undefined || isWatched(draft, id)
    ? []
    : [
        warning(
          ['keypads', id, 'reader'],
          'reader-unwatched',
          `No zone is on ${id}.tamper: nobody is told that this reader’s cover was lifted. Add one.`,
          `Aucune entrée n’est sur ${id}.tamper : personne n’apprend que le capot du lecteur a été ouvert. Ajoutez-en une.`,
        ),
      ];

const readerFindings = (draft: Draft, id: string, keypad: Keypad): Finding[] => [
  ...reference(draft, 'buses', onBus(keypad)?.bus, ['keypads', id, 'reader', 'bus']),
  ...plainOutside(id, keypad),
  ...sameId(draft, id, keypad),
  ...unwatched(draft, id, keypad),
];

/** Without a pepper the file of reader keys opens on this machine without anything else. */
const withoutPepper = (draft: Draft): Finding[] => {
  const { security } = draft.top;
  const first = [...draft.keypads].find(([, keypad]) => onBus(keypad)?.secure === 'required');
  if (first === undefined || security === undefined || security.pepperFile !== undefined) return [];
  return [
    warning(
      ['keypads', first[0], 'reader'],
      'reader-keys-without-pepper',
      'Reader keys are kept without a pepper: a copy of the card opens them. Write `security.pepperFile`.',
      'Les clés des lecteurs sont gardées sans poivre : une copie de la carte les ouvre. Mettez « security.pepperFile ».',
    ),
  ];
};

export const checkReaders = (draft: Draft): Finding[] => [
  ...[...draft.keypads].flatMap(([id, keypad]) => readerFindings(draft, id, keypad)),
  ...[...draft.buses].flatMap(([id, { port }]) => [...unstablePort(['buses', id, 'port'], port), ...unusedBus(draft, id)]),
  ...sameAddress(draft),
  ...samePort(draft),
  ...withoutPepper(draft),
];
