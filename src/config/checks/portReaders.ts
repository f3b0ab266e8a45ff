/**
 * Readers with a port or device of their own: no two on one but the two of a Wiegand board, none on what is an expander's or a
 * bus's, none that may be another device after a restart; and what can be copied.
 */
import type { Draft } from '../draft.ts';
import { fault, warning } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import type { PortReaderDraft } from '../portReaderShapes.ts';
import type { KeypadDraft } from '../shapes.ts';
import { unstablePort } from './boards.ts';
import { duplicates } from './references.ts';

type PortKind = PortReaderDraft['kind'];
type ReaderKind = NonNullable<KeypadDraft['reader']>['kind'];
type Placed = { readonly keypad: string; readonly reader: PortReaderDraft };

const readersIn = (draft: Draft): readonly Placed[] =>
  [...draft.keypads].flatMap(([keypad, { reader }]) =>
    reader === undefined || reader.kind === 'osdp' ? [] : [{ keypad, reader }],
  );

const portOf = (reader: PortReaderDraft): string => (reader.kind === 'keyboard' ? reader.device : reader.port);
const portKey = ({ kind }: PortReaderDraft): string => (kind === 'keyboard' ? 'device' : 'port');
const pathTo = ({ keypad }: Placed, key: string): Path => ['keypads', keypad, 'reader', key];

// ---- one port, one device

const KIND_NAMES: Readonly<Record<PortKind, string>> = {
  wiegand: 'Wiegand',
  rdm6300: 'RDM6300',
  pn532: 'PN532',
  keyboard: 'USB',
};

const otherKind = (placed: Placed, first: Placed): Finding =>
  fault(
    pathTo(placed, portKey(placed.reader)),
    'port-of-another-kind',
    `\`${first.keypad}\` is on ${portOf(placed.reader)} as a reader of another kind (${KIND_NAMES[first.reader.kind]}). ` +
      'One port has one kind: correct a port or a kind.',
    `« ${first.keypad} » est sur ${portOf(placed.reader)} comme lecteur d’un autre type (${KIND_NAMES[first.reader.kind]}). ` +
      'Un port n’a qu’un type : corrigez un port ou un type.',
  );

const sameInput = (placed: Placed, first: Placed, input: number): Finding =>
  fault(
    pathTo(placed, 'input'),
    'duplicate-input',
    `\`${first.keypad}\` is on input ${input} of this board already. Use input ${input === 1 ? 2 : 1}, or another board.`,
    `« ${first.keypad} » est déjà sur l’entrée ${input} de cette carte. Prenez l’entrée ${input === 1 ? 2 : 1}, ou une autre.`,
  );

const samePort = (placed: Placed, first: Placed): Finding =>
  fault(
    pathTo(placed, portKey(placed.reader)),
    'duplicate-port',
    `\`${first.keypad}\` is on ${portOf(placed.reader)} already. Give each reader its own.`,
    `« ${first.keypad} » est déjà sur ${portOf(placed.reader)}. Donnez à chaque lecteur le sien.`,
  );

/** `first` has the same port. */
const clash = (placed: Placed, first: Placed, readers: readonly Placed[]): Finding[] => {
  const { reader } = placed;
  if (reader.kind !== first.reader.kind) return [otherKind(placed, first)];
  if (reader.kind !== 'wiegand') return [samePort(placed, first)];
  const twin = readers.find(
    (other) => other.reader.kind === 'wiegand' && other.reader.port === reader.port && other.reader.input === reader.input,
  );
  return twin === undefined || twin === placed ? [] : [sameInput(placed, twin, reader.input)];
};

const clashes = (readers: readonly Placed[]): Finding[] =>
  duplicates(readers, ({ reader }) => portOf(reader)).flatMap(({ item, first }) => clash(item, first, readers));

type Taken = { readonly id: string; readonly port: string | undefined; readonly what: string; readonly whatFr: string };

const takenPorts = ({ expanders, buses }: Draft): readonly Taken[] => [
  ...[...expanders].map(([id, { port }]) => ({ id, port, what: 'The expander', whatFr: 'L’extension' })),
  ...[...buses].map(([id, { port }]) => ({ id, port, what: 'The bus', whatFr: 'Le bus' })),
];

const onTakenPort = (draft: Draft, placed: Placed): Finding[] => {
  const port = portOf(placed.reader);
  const taken = takenPorts(draft).find((other) => other.port === port);
  if (taken === undefined) return [];
  return [
    fault(
      pathTo(placed, portKey(placed.reader)),
      'port-taken',
      `${taken.what} \`${taken.id}\` is on ${port}. Give the reader its own port.`,
      `${taken.whatFr} « ${taken.id} » est sur ${port}. Donnez au lecteur son propre port.`,
    ),
  ];
};

/** The kernel numbers these as they are found, so that two devices may change places at a restart. */
const NUMBERED_DEVICE = /^\/dev\/input\/event[0-9]+$/;

const unstable = (placed: Placed): Finding[] => {
  const path = pathTo(placed, portKey(placed.reader));
  const port = portOf(placed.reader);
  if (!NUMBERED_DEVICE.test(port)) return unstablePort(path, port);
  return [
    warning(
      path,
      'port-not-stable',
      `${port} may be another device after a restart. Write its link in /dev/input/by-id/.`,
      `${port} peut désigner un autre appareil au redémarrage. Mettez son lien dans /dev/input/by-id/.`,
    ),
  ];
};

// ---- what can be copied

/** For a place where a badge is enough and something is guarded; `path`: of the setting that says so. */
export const copiableAlone = (path: Path, kind: ReaderKind): Finding[] =>
  kind === 'osdp'
    ? []
    : [
        warning(
          path,
          'badge-can-be-copied',
          `A card number read by ${KIND_NAMES[kind]} can be copied by whoever comes near the card. Ask for badge and code here.`,
          `Un numéro de badge lu en ${KIND_NAMES[kind]} se copie en approchant le badge. Demandez ici badge et code.`,
        ),
      ];

export const checkPortReaders = (draft: Draft): Finding[] => {
  const readers = readersIn(draft);
  return [...clashes(readers), ...readers.flatMap((placed) => [...onTakenPort(draft, placed), ...unstable(placed)])];
};
