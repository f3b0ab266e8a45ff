/** What opens a door that locks: readers, credentials, people, hours. */
import type { Draft } from '../draft.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import type { DoorDraft, UserDraft } from '../shapes.ts';
import { opensByDefault } from '../userDoors.ts';
import { doorKindFindings } from './doorKinds.ts';
import { isKept } from './locks.ts';
import { copiableAlone } from './portReaders.ts';
import { duplicates, isEmpty, reference, references } from './references.ts';

type Door = Partial<DoorDraft>;
type Access = NonNullable<Door['access']>;

const isWritten = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0;

// ---- what opens

/** What only a lock gives a meaning. */
const openersOf = (door: Door): readonly string[] => [
  ...('access' in door ? ['access'] : []),
  ...(isWritten(door.requests) ? ['requests'] : []),
  ...(door.remote === true ? ['remote'] : []),
  ...(door.exitRequest?.action === 'release' ? ['exitRequest'] : []),
];

/** A setting that is written and cannot be read may be the opener. */
const isUnread = (door: Door): boolean =>
  (['requests', 'remote', 'exitRequest'] as const).some((key) => key in door && door[key] === undefined);

const openerFindings = (id: string, door: Door): Finding[] => {
  const openers = openersOf(door);
  if (!('lock' in door)) {
    return openers.map((key) =>
      faultAtKey(
        ['doors', id, key],
        'opener-without-lock',
        `\`${key}\` opens a lock, and this door has none. Add \`lock\`, or take \`${key}\` out.`,
        `« ${key} » ouvre une serrure, et cette porte n’en a pas. Ajoutez « lock », ou retirez « ${key} ».`,
      ),
    );
  }
  if (openers.length > 0 || isUnread(door)) return [];
  return [
    warning(
      ['doors', id, 'lock'],
      'lock-without-opener',
      'Nothing opens this lock from here: no reader, no button, no operator.',
      'Rien n’ouvre cette serrure d’ici : ni lecteur, ni bouton, ni opérateur.',
    ),
  ];
};

// ---- readers

const readerAreas = (draft: Draft, door: Door, readers: readonly string[], path: Path): Finding[] =>
  readers.flatMap((reader, index) => {
    const areas = draft.keypads.get(reader)?.areas;
    if (areas === undefined || door.area === undefined || areas.includes(door.area)) return [];
    return [
      fault(
        [...path, index],
        'reader-in-other-area',
        `\`${reader}\` does not act on area \`${door.area}\`, where this door is. Add it to the keypad’s \`areas\`.`,
        `« ${reader} » n’agit pas sur la zone « ${door.area} », celle de la porte. Ajoutez-la aux « areas » du clavier.`,
      ),
    ];
  });

const exitPlaces = (draft: Draft, readers: readonly string[], path: Path): Finding[] =>
  readers.flatMap((reader, index) => {
    if (draft.keypads.get(reader)?.place !== 'outside') return [];
    return [
      fault(
        [...path, index],
        'exit-reader-outside',
        `\`${reader}\` is outside, and nobody goes out by it. Name it under \`entry\`, or correct its \`place\`.`,
        `« ${reader} » est dehors : on ne sort pas par lui. Nommez-le sous « entry », ou corrigez « place ».`,
      ),
    ];
  });

const readerFindings = (draft: Draft, id: string, door: Door, access: Access): Finding[] => {
  const path = ['doors', id, 'access'];
  const findings = (['entry', 'exit'] as const).flatMap((side) => [
    ...references(draft, 'keypads', access[side], [...path, side]),
    ...readerAreas(draft, door, access[side], [...path, side]),
  ]);
  findings.push(...exitPlaces(draft, access.exit, [...path, 'exit']));
  if (isEmpty(access.entry) && isEmpty(access.exit) && !access.freeAccess) {
    findings.push(
      faultAtKey(
        path,
        'access-without-reader',
        'No keypad and no reader opens this door. Name one under `entry`, or take `access` out.',
        'Ni clavier ni lecteur n’ouvre cette porte. Nommez-en un sous « entry », ou retirez « access ».',
      ),
    );
  }
  return findings;
};

type Reading = { readonly reader: string; readonly path: Path };

const readingsOf = (id: string, { access }: Door): Reading[] =>
  (['entry', 'exit'] as const).flatMap((side) =>
    (access?.[side] ?? []).map((reader, index) => ({ reader, path: ['doors', id, 'access', side, index] })),
  );

/** Who shows a badge means the door it is shown at. */
export const sharedReaderFindings = (draft: Draft): Finding[] =>
  duplicates(
    [...draft.doors].flatMap(([id, door]) => readingsOf(id, door)),
    ({ reader }) => reader,
  ).map(({ item, first }) =>
    fault(
      item.path,
      'reader-in-two-places',
      `\`${item.reader}\` already serves ${first.path.slice(0, -1).join('.')}. Give each door, each way, a reader of its own.`,
      `« ${item.reader} » sert déjà à ${first.path.slice(0, -1).join('.')}. Mettez un lecteur par porte et par sens.`,
    ),
  );

// ---- free access

const noFreeAccess = (path: Path, code: string, en: string, fr: string): Finding[] => [faultAtKey(path, code, en, fr)];

const freeAccessOf = (id: string, door: Door): Finding[] => {
  const path = ['doors', id, 'access', 'freeAccess'];
  if (isKept(door))
    return noFreeAccess(
      path,
      'free-access-kept',
      'A cupboard or safe never stands open. Take `freeAccess` out.',
      'Une armoire ou un coffre ne reste jamais ouvert. Retirez « freeAccess ».',
    );
  if (door.interlock !== undefined)
    return noFreeAccess(
      path,
      'free-access-interlocked',
      'A leaf that stands unlocked would keep the other one shut. Take `freeAccess` or `interlock` out.',
      'Un vantail libre bloquerait l’autre pour des heures. Retirez « freeAccess » ou « interlock ».',
    );
  if (door.lock?.kind === 'strike-latching')
    return noFreeAccess(
      path,
      'free-access-latching',
      'A pulse frees this strike for one opening only, so it cannot stand unlocked. Take `freeAccess` out, or use another lock.',
      'Une impulsion libère cette gâche pour une seule ouverture. Retirez « freeAccess », ou prenez une autre serrure.',
    );
  if (door.lock?.kind === 'strike-fail-secure' && !door.lock.continuous)
    return noFreeAccess(
      path,
      'free-access-burns-coil',
      'Free access energises this strike for hours. Made for 100 % duty (ED): write `continuous: true`; else take it out.',
      'L’accès libre alimente cette gâche des heures. Marquée 100 % ED : mettez « continuous: true » ; sinon retirez-le.',
    );
  return [];
};

const freeAccessFindings = (draft: Draft, id: string, door: Door, { freeAccess }: Access): Finding[] => {
  if (!freeAccess) return [];
  const path = ['doors', id, 'access', 'freeAccess', 'schedule'];
  return [...freeAccessOf(id, door), ...reference(draft, 'schedules', freeAccess.schedule, path)];
};

// ---- people

type Proofs = { readonly code: boolean; readonly badge: boolean };

/** A code or badges that cannot be read count: they are told by themselves. */
const proofsOf = (user: Partial<UserDraft>): Proofs => ({ code: 'code' in user, badge: !isEmpty(user.badges) });

const fits = ({ code, badge }: Proofs, credential: 'code' | 'badge' | 'either' | 'both'): boolean => {
  switch (credential) {
    case 'code':
      return code;
    case 'badge':
      return badge;
    case 'either':
      return code || badge;
    case 'both':
      return code && badge;
  }
};

const peopleOf = (draft: Draft, id: string, door: Door, credential: 'code' | 'badge' | 'either' | 'both'): number =>
  [...draft.users.values()].filter(
    (user) => (user.doors?.includes(id) ?? opensByDefault(user, door, [...draft.areas])) && fits(proofsOf(user), credential),
  ).length;

const peopleFindings = (draft: Draft, id: string, door: Door, access: Access): Finding[] => {
  const credential = access.credential ?? (isKept(door) ? 'both' : 'either');
  const people = peopleOf(draft, id, door, credential);
  if (isEmpty(access.entry) || people >= access.persons) return [];
  if (people === 0) {
    return [
      warning(
        ['doors', id, 'access'],
        'door-without-people',
        `Nobody may open this door by ${credential}: see \`doors\`, \`areas\`, codes and badges of the users.`,
        `Personne n’ouvre cette porte par « ${credential} » : voyez « doors », « areas », codes et badges des personnes.`,
      ),
    ];
  }
  return [
    warning(
      ['doors', id, 'access', 'persons'],
      'second-person-missing',
      'Two people open this door, and only one may: nobody ever will.',
      'Cette porte s’ouvre à deux, et une seule personne y a droit : personne n’ouvrira.',
    ),
  ];
};

const passbackFindings = (draft: Draft, id: string, door: Door, access: Access): Finding[] => {
  if (access.antiPassback === undefined) return [];
  const leaves = [...draft.doors.values()].some((other) => other.area === door.area && isWritten(other.access?.exit));
  if (leaves) return [];
  return [
    warning(
      ['doors', id, 'access', 'antiPassback'],
      'passback-without-exit',
      'No reader of this area sees people go out, so each second entry within this time is told.',
      'Aucun lecteur ne voit sortir : toute seconde entrée dans ce délai sera signalée.',
    ),
  ];
};

/** A store room guards something, and a badge alone opens it: its reader decides what that is worth. */
const copiableFindings = (draft: Draft, id: string, door: Door, { entry, credential }: Access): Finding[] => {
  if (door.kind !== 'store' || credential === 'both' || credential === 'code') return [];
  const kinds = (entry ?? []).flatMap((keypad) => draft.keypads.get(keypad)?.reader?.kind ?? []);
  return [...new Set(kinds)].flatMap((kind) => copiableAlone(['doors', id, 'access'], kind));
};

export const accessFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  const { access } = door;
  const findings = [...openerFindings(id, door), ...doorKindFindings(draft, id, door)];
  if (!access) return findings;
  return [
    ...findings,
    ...readerFindings(draft, id, door, access),
    ...freeAccessFindings(draft, id, door, access),
    ...peopleFindings(draft, id, door, access),
    ...passbackFindings(draft, id, door, access),
    ...copiableFindings(draft, id, door, access),
  ];
};
