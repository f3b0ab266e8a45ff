/** Outputs that lock: one for each lock (a motor: one for each way), within what its coil bears. */
import type { Draft } from '../draft.ts';
import { dutyOf, isFailSafe } from '../locks.ts';
import type { LockDraft, LockOutputDraft } from '../locks.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import { writeDuration } from '../text.ts';
import { duplicates } from './references.ts';

type LockOutput = Partial<LockOutputDraft>;
type Entry = readonly [id: string, output: LockOutput];

const lockOutputsOf = (draft: Draft): readonly Entry[] =>
  [...draft.outputs].flatMap(([id, output]): Entry[] => (output.role === 'lock' ? [[id, output]] : []));

// ---- doors and their outputs

const strayOutput = (draft: Draft, [id, { door }]: Entry): Finding[] => {
  const target = draft.doors.get(door ?? '');
  if (!target || 'lock' in target) return [];
  return [
    fault(
      ['outputs', id, 'door'],
      'lock-output-without-lock',
      `The door \`${door}\` has no \`lock\`, so this output does nothing. Add \`lock\` to the door, or take the output out.`,
      `La porte « ${door} » n’a pas de « lock » : cette sortie ne fait rien. Ajoutez-le à la porte, ou retirez la sortie.`,
    ),
  ];
};

/** An output that cannot be read may be the one. */
const isUnread = (draft: Draft): boolean =>
  [...draft.outputs.values()].some(
    (output) => output.role === undefined || (output.role === 'lock' && output.door === undefined),
  );

const missingOutput = (draft: Draft): Finding[] => {
  if (isUnread(draft)) return [];
  const worked = new Set(lockOutputsOf(draft).map(([, { door }]) => door));
  return [...draft.doors].flatMap(([id, door]) => {
    if (!door.lock || worked.has(id)) return [];
    const way = door.lock.kind === 'motor' ? ', drive: open' : '';
    return [
      faultAtKey(
        ['doors', id, 'lock'],
        'lock-without-output',
        `No output works this lock. Add one under \`outputs\`: { role: lock, door: ${id}${way}, … }.`,
        `Aucune sortie n’agit sur cette serrure. Ajoutez-en une à « outputs » : { role: lock, door: ${id}${way}, … }.`,
      ),
    ];
  });
};

/** A motor is worked once each way, every other lock once. What the lock is may be unreadable: then the ways tell. */
const workOf = (draft: Draft, { door, drive }: LockOutput): string | undefined => {
  if (door === undefined) return undefined;
  const kind = draft.doors.get(door)?.lock?.kind ?? 'motor';
  return kind === 'motor' ? `${door} ${drive ?? ''}` : door;
};

const doubleOutputs = (draft: Draft): Finding[] =>
  duplicates(lockOutputsOf(draft), ([, output]) => workOf(draft, output)).map(({ item: [id, { door }], first: [other] }) =>
    fault(
      ['outputs', id, 'door'],
      'two-lock-outputs',
      `\`${other}\` already does this to the lock of \`${door}\`. Take one of them out.`,
      `« ${other} » fait déjà cela à la serrure de « ${door} ». Retirez l’une des deux.`,
    ),
  );

const openless = (draft: Draft): Finding[] => {
  const entries = lockOutputsOf(draft);
  return [...draft.doors].flatMap(([id, door]) => {
    const own = entries.filter(([, output]) => output.door === id);
    const [first] = own;
    if (door.lock?.kind !== 'motor' || !first || own.some(([, { drive }]) => drive !== 'close')) return [];
    return [
      fault(
        ['outputs', first[0], 'drive'],
        'motor-never-opens',
        'Nothing turns this motor open. Add an output with `drive: open`.',
        'Rien n’ouvre ce moteur. Ajoutez une sortie avec « drive: open ».',
      ),
    ];
  });
};

// ---- what one output says

const driveFindings = ([id, output]: Entry, { kind }: LockDraft): Finding[] => {
  const written = 'drive' in output;
  if (kind === 'motor' && !written) {
    return [
      faultAtKey(
        ['outputs', id],
        'motor-without-drive',
        'Say which way this output turns the motor: `drive: open` or `drive: close`.',
        'Dites dans quel sens cette sortie tourne le moteur : « drive: open » ou « drive: close ».',
      ),
    ];
  }
  if (kind === 'motor' || !written) return [];
  return [
    faultAtKey(
      ['outputs', id, 'drive'],
      'attribute-without-sense',
      `Only a motor turns one way or the other; this lock is ${kind}. Take \`drive\` out.`,
      `Seul un moteur tourne dans un sens ou l’autre ; cette serrure est ${kind}. Retirez « drive ».`,
    ),
  ];
};

const heldFindings = ([id, { onCrash }]: Entry, { kind }: LockDraft): Finding[] => {
  if (onCrash !== 'hold' || isFailSafe(kind)) return [];
  return [
    fault(
      ['outputs', id, 'onCrash'],
      'lock-held',
      'Held, this lock could stay released when the process dies. Write `onCrash: rest`: only what current holds may be held.',
      'Tenue, cette serrure resterait ouverte à la mort du programme. Mettez « onCrash: rest » : réservé aux serrures à rupture.',
    ),
  ];
};

const onFindings = ([id, { maxOn }]: Entry, lock: LockDraft): Finding[] => {
  const path = ['outputs', id, 'maxOn'];
  const most = dutyOf(lock).onMaxMs;
  if (maxOn === undefined) return [];
  if (isFailSafe(lock.kind)) {
    return [
      faultAtKey(
        path,
        'limit-unlocks',
        'This lock is energised for as long as it is locked: a limit would unlock the door. Take `maxOn` out.',
        'Cette serrure est sous tension tant qu’elle est verrouillée : une limite l’ouvrirait. Retirez « maxOn ».',
      ),
    ];
  }
  if (most === undefined) {
    return [
      faultAtKey(
        path,
        'limit-and-continuous',
        'The lock says `continuous: true`, so nothing limits it. Take one of them out.',
        'La serrure dit « continuous: true » : rien ne la limite. Retirez l’un des deux.',
      ),
    ];
  }
  if (maxOn <= most) return [];
  return [
    fault(
      path,
      'beyond-duty',
      `A ${lock.kind} lock is energised for ${writeDuration(most)} at most: it bears no more. Shorten it.`,
      `Une serrure ${lock.kind} reste sous tension ${writeDuration(most)} au plus : elle n’en supporte pas plus. Réduisez.`,
    ),
  ];
};

const restFindings = ([id, { minOff }]: Entry, lock: LockDraft): Finding[] => {
  if (minOff === undefined || minOff < lock.release || isFailSafe(lock.kind)) return [];
  return [
    warning(
      ['outputs', id, 'minOff'],
      'rest-too-long',
      `Whoever is let in while it rests finds the door locked: a release lasts ${writeDuration(lock.release)}.`,
      `Qui est admis pendant ce repos trouve porte close : une ouverture dure ${writeDuration(lock.release)}.`,
    ),
  ];
};

const entryFindings = (draft: Draft, entry: Entry): Finding[] => {
  const lock = draft.doors.get(entry[1].door ?? '')?.lock;
  if (!lock) return [];
  return [...driveFindings(entry, lock), ...heldFindings(entry, lock), ...onFindings(entry, lock), ...restFindings(entry, lock)];
};

export const lockOutputFindings = (draft: Draft): Finding[] => [
  ...lockOutputsOf(draft).flatMap((entry) => [...strayOutput(draft, entry), ...entryFindings(draft, entry)]),
  ...missingOutput(draft),
  ...doubleOutputs(draft),
  ...openless(draft),
];
