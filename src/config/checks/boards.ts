/** The boards of a site: models that exist and serve where they are named, hats that fit, ports that are told apart. */
import type { Board, HatBoard } from '../board.ts';
import type { BoardResult, Boards } from '../boards.ts';
import type { Draft } from '../draft.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import type { Sentence } from '../scalars.ts';
import { nearest } from '../suggest.ts';
import { fits } from '../wiring.ts';
import { duplicates } from './references.ts';

type Kind = Board['kind'];

const kindOf = (model: string, boards: Boards): Kind | undefined => {
  const result = boards.load(model);
  return result.ok ? result.board.kind : undefined;
};

const unknownModel = (path: Path, model: string, kind: Kind, boards: Boards): Finding => {
  const known = boards.models().filter((each) => kindOf(each, boards) === kind);
  const guess = nearest(model, known);
  const list = known.join(', ');
  return fault(
    path,
    'unknown-board',
    `There is no board \`${model}\`.${guess === undefined ? '' : ` Did you mean \`${guess}\`?`} Known: ${list}.`,
    `Il n’y a pas de carte « ${model} ».${guess === undefined ? '' : ` Vouliez-vous dire « ${guess} » ?`} Connues : ${list}.`,
  );
};

const faultyFile = (path: Path, { file, problems }: Extract<BoardResult, { reason: 'faulty' }>): Finding => {
  const [first] = problems;
  const place = `boards/${file}.yaml:${first?.line ?? 1}:${first?.column ?? 1}`;
  return fault(
    path,
    'faulty-board-file',
    `The file of this board is at fault, at ${place}: ${first?.message ?? ''}`,
    `Le fichier de cette carte est fautif, en ${place} : ${first?.messageFr ?? ''}`,
  );
};

/** How a board of each kind is named in a site's file. */
const PLACE: Readonly<Record<Kind, Sentence>> = {
  gpio: { en: 'Write it as `model` of `board`.', fr: 'Mettez-la comme « model » de « board ».' },
  hat: { en: 'Write it as `hat` of `board`.', fr: 'Mettez-la comme « hat » de « board ».' },
  firmata: { en: 'Write it under `expanders`, with its port.', fr: 'Mettez-la sous « expanders », avec son port.' },
  sim: { en: 'Write `board: { driver: sim }`.', fr: 'Mettez « board: { driver: sim } ».' },
};

const modelFindings = (path: Path, model: string | undefined, kind: Kind, boards: Boards): Finding[] => {
  if (model === undefined) return [];
  const result = boards.load(model);
  if (!result.ok) return [result.reason === 'unknown' ? unknownModel(path, model, kind, boards) : faultyFile(path, result)];
  if (result.board.kind === kind) return [];
  const place = PLACE[result.board.kind];
  return [
    fault(
      path,
      'board-wrong-kind',
      `\`${model}\` is not for here. ${place.en}`,
      `« ${model} » n’a pas sa place ici. ${place.fr}`,
    ),
  ];
};

// ---- the board

const withoutModel = ({ board }: Draft): Finding[] => {
  const written = [
    ...('hat' in board ? ['hat'] : []),
    ...(board.inUse !== undefined && board.inUse.length > 0 ? ['inUse'] : []),
    ...(board.access !== undefined && board.access !== 'auto' ? ['access'] : []),
  ];
  return written.map((key) =>
    faultAtKey(
      ['board', key],
      'board-without-model',
      `\`${key}\` belongs to a board with a \`model\`. Add one, such as raspberry-pi-4, or take \`${key}\` out.`,
      `« ${key} » demande une carte avec « model ». Ajoutez-le, par exemple raspberry-pi-4, ou retirez « ${key} ».`,
    ),
  );
};

const otherHat = (path: Path, hat: HatBoard, model: string): Finding => {
  const list = hat.fits.join(', ');
  return fault(
    path,
    'hat-does-not-fit',
    `\`${hat.model}\` does not fit on ${model}, but on: ${list}. Correct one of them.`,
    `« ${hat.model} » ne va pas sur ${model}, mais sur : ${list}. Corrigez l’un des deux.`,
  );
};

const strayHat = (path: Path, hat: string, model: string): Finding =>
  fault(
    path,
    'hat-with-stray-lines',
    `boards/${hat}.yaml names a line that ${model} has not, or gives one line the name of another. Correct its lines.`,
    `boards/${hat}.yaml nomme une ligne que ${model} n’a pas, ou donne à une ligne le nom d’une autre. Corrigez ses lignes.`,
  );

const hatFindings = ({ board }: Draft, boards: Boards): Finding[] => {
  const path = ['board', 'hat'];
  const found = modelFindings(path, board.hat, 'hat', boards);
  if (found.length > 0 || board.hat === undefined || board.model === undefined) return found;
  const [hat, below] = [boards.load(board.hat), boards.load(board.model)];
  if (!hat.ok || hat.board.kind !== 'hat' || !below.ok || below.board.kind !== 'gpio') return [];
  if (fits(hat.board, below.board)) return [];
  return [hat.board.fits.includes(board.model) ? strayHat(path, board.hat, board.model) : otherHat(path, hat.board, board.model)];
};

const boardFindings = (draft: Draft, boards: Boards): Finding[] => {
  const { board } = draft;
  if (!('model' in board)) return withoutModel(draft);
  const findings = [...modelFindings(['board', 'model'], board.model, 'gpio', boards), ...hatFindings(draft, boards)];
  if (board.driver === undefined) return findings;
  return [
    ...findings,
    faultAtKey(
      ['board', 'driver'],
      'simulated-and-real',
      'The board is simulated or it is a model, not both. Take `driver` or `model` out.',
      'La carte est simulée ou elle est un modèle, pas les deux. Retirez « driver » ou « model ».',
    ),
  ];
};

// ---- expanders

const portFindings = (draft: Draft): Finding[] =>
  duplicates([...draft.expanders], ([, { port }]) => port).map(({ item: [id, { port }], first: [other] }) =>
    fault(
      ['expanders', id, 'port'],
      'duplicate-port',
      `\`${other}\` is on ${port} already. Give each expander its own port.`,
      `« ${other} » est déjà sur ${port}. Donnez à chaque extension son propre port.`,
    ),
  );

/** The kernel numbers these as they are found, so that two boards may change places at a restart. */
const NUMBERED_PORT = /^\/dev\/tty(USB|ACM)[0-9]+$/;

export const unstablePort = (path: Path, port: string | undefined): Finding[] =>
  port === undefined || !NUMBERED_PORT.test(port)
    ? []
    : [
        warning(
          path,
          'port-not-stable',
          `${port} may be another device after a restart. Write its link in /dev/serial/by-id/.`,
          `${port} peut désigner un autre appareil au redémarrage. Mettez son lien dans /dev/serial/by-id/.`,
        ),
      ];

/** A line that cannot be read may be one of it: no warning that would go away by itself. */
const isUsed = (draft: Draft, id: string): boolean => {
  const lines = [
    ...[...draft.zones.values()].map(({ input }) => input),
    ...[...draft.outputs.values()].map(({ output }) => output),
  ];
  return lines.some((line) => line === undefined || line.startsWith(`${id}.`));
};

const unused = (draft: Draft, id: string): Finding[] =>
  isUsed(draft, id)
    ? []
    : [
        warning(
          ['expanders', id],
          'expander-unused',
          `No zone and no output is on this expander. Take it out, or use a line of it, such as ${id}.D4.`,
          `Aucune zone ni sortie n’est sur cette extension. Retirez-la, ou servez-vous d’une de ses lignes, comme ${id}.D4.`,
        ),
      ];

export const checkBoards = (draft: Draft, boards: Boards): Finding[] => [
  ...boardFindings(draft, boards),
  ...[...draft.expanders].flatMap(([id, { model, port }]) => [
    ...modelFindings(['expanders', id, 'model'], model, 'firmata', boards),
    ...unstablePort(['expanders', id, 'port'], port),
    ...unused(draft, id),
  ]),
  ...portFindings(draft),
];
