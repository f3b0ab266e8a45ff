/** Locks: the way out that no software can close, what a kind of lock can do, and how long its coil is released. */
import type { Draft } from '../draft.ts';
import { driveOf, dutyOf, isFailSafe, relockOnOf } from '../locks.ts';
import type { LockDraft } from '../locks.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import type { DoorDraft } from '../shapes.ts';
import { writeDuration } from '../text.ts';
import { isEmpty } from './references.ts';

type Door = Partial<DoorDraft>;

/** Where something is kept and nobody stands inside. */
export const isKept = ({ kind }: Door): boolean => kind === 'cupboard' || kind === 'safe';

// ---- the way out

const noEgress = (id: string, door: Door): Finding[] => {
  if ('egress' in door || isKept(door)) return [];
  return [
    faultAtKey(
      ['doors', id],
      'egress-not-declared',
      'A door that locks declares `egress`: `handle`, or `hardware-release` where a green box cuts the lock’s supply. Add it.',
      'Une porte verrouillable déclare « egress » : « handle », ou « hardware-release » (boîtier vert coupant la serrure).',
    ),
  ];
};

const egressFindings = (id: string, door: Door, { kind }: LockDraft): Finding[] => {
  const path = ['doors', id, 'egress'];
  if (door.egress === 'handle' && kind === 'maglock') {
    return [
      fault(
        path,
        'handle-frees-no-maglock',
        'A handle does not free a maglock. Wire a green box in its supply, and write `egress: hardware-release`.',
        'Une béquille ne libère pas une ventouse. Coupez-la par un boîtier vert, et mettez « egress: hardware-release ».',
      ),
    ];
  }
  if (door.egress !== 'hardware-release') return [];
  if (!isFailSafe(kind)) {
    return [
      fault(
        path,
        'release-keeps-locked',
        `A ${kind} lock stays locked when its supply is cut. Fit a handle (\`egress: handle\`) or a fail-safe lock.`,
        `Sans courant, une serrure ${kind} reste verrouillée. Mettez une béquille (« egress: handle ») ou une serrure à rupture.`,
      ),
    ];
  }
  if ('greenBox' in door) return [];
  return [
    warning(
      path,
      'no-green-box',
      'Nothing tells when the emergency release was used. Sense it by a zone of type green-box, and name it as `greenBox`.',
      'Rien ne dit quand le déclencheur a servi. Lisez-le par une zone de type green-box, et nommez-la « greenBox ».',
    ),
  ];
};

/** Where people leave by a handle that nothing senses, no opening can be told from theirs (core: door/leaf.ts). */
const handleFindings = (id: string, door: Door): Finding[] => {
  if (door.egress !== 'handle' || door.exitRequest?.action !== 'release' || !isEmpty(door.permits)) return [];
  return [
    warning(
      ['doors', id, 'egress'],
      'handle-not-sensed',
      'A forced door goes unnoticed: nothing senses the handle. Name the handle’s contact in `permits`.',
      'Une porte forcée passera inaperçue : rien ne voit la béquille. Nommez son contact (« permits »).',
    ),
  ];
};

// ---- what a kind of lock can do

const withoutSense = (path: Path, key: 'drive' | 'continuous', kinds: string): Finding =>
  faultAtKey(
    [...path, key],
    'attribute-without-sense',
    `\`${key}\` says nothing of this kind of lock, only of: ${kinds}. Take it out, or correct \`kind\`.`,
    `« ${key} » n’a pas de sens pour cette serrure, seulement pour : ${kinds}. Retirez-le, ou corrigez « kind ».`,
  );

const kindFindings = (path: Path, lock: LockDraft): Finding[] => {
  const isDriven = lock.kind === 'motor' || lock.kind === 'strike-latching';
  return [
    ...(lock.drive !== undefined && !isDriven ? [withoutSense(path, 'drive', 'motor, strike-latching')] : []),
    ...(lock.continuous && lock.kind !== 'strike-fail-secure' ? [withoutSense(path, 'continuous', 'strike-fail-secure')] : []),
  ];
};

const motorFindings = (path: Path, lock: LockDraft): Finding[] => {
  if (lock.kind !== 'motor') return [];
  const findings: Finding[] = [];
  if (lock.bolt === undefined) {
    findings.push(
      faultAtKey(
        path,
        'motor-without-bolt',
        'Only its feedback tells whether a motor has turned. Wire it to a zone of type bolt, and name that as `bolt`.',
        'Seul son contact dit si le moteur a tourné. Raccordez-le à une zone de type bolt, et nommez-la « bolt ».',
      ),
    );
  }
  if (relockOnOf(lock) === 'open') {
    findings.push(
      fault(
        [...path, 'relockOn'],
        'motor-relocks-open',
        'A bolt thrown while the leaf is open keeps it from closing. Write `relockOn: close`.',
        'Un pêne sorti porte ouverte l’empêche de se fermer. Mettez « relockOn: close ».',
      ),
    );
  }
  return findings;
};

// ---- how long

const tooLong = (path: Path, code: string, is: number, most: number): Finding =>
  fault(
    path,
    code,
    `This is ${writeDuration(is)}, and the lock’s output may be on for ${writeDuration(most)} at most. Shorten it.`,
    `Cela fait ${writeDuration(is)}, et la sortie de la serrure est active ${writeDuration(most)} au plus. Réduisez.`,
  );

const onMaxOf = (draft: Draft, id: string, lock: LockDraft): number | undefined => {
  const output = [...draft.outputs.values()].find((each) => each.role === 'lock' && each.door === id);
  return output?.maxOn ?? dutyOf(lock).onMaxMs;
};

const timeFindings = (draft: Draft, id: string, lock: LockDraft): Finding[] => {
  const path = ['doors', id, 'lock'];
  const most = onMaxOf(draft, id, lock);
  if (most === undefined) return [];
  if (lock.kind !== 'strike-fail-secure') {
    return driveOf(lock) > most ? [tooLong([...path, 'drive'], 'drive-beyond-limit', driveOf(lock), most)] : [];
  }
  if (lock.release > most) return [tooLong([...path, 'release'], 'release-beyond-duty', lock.release, most)];
  const extended = lock.release + (lock.extended ?? 0);
  return extended > most ? [tooLong([...path, 'extended'], 'release-beyond-duty', extended, most)] : [];
};

export const lockFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  if (!('lock' in door)) return [];
  const { lock } = door;
  if (!lock) return noEgress(id, door);
  const path = ['doors', id, 'lock'];
  return [
    ...noEgress(id, door),
    ...egressFindings(id, door, lock),
    ...handleFindings(id, door),
    ...kindFindings(path, lock),
    ...motorFindings(path, lock),
    ...timeFindings(draft, id, lock),
  ];
};
