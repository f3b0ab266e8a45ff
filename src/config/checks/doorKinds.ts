/** What a kind of door never does: cupboard and safe, duty hatch, a door that opens from afar, the leaves of a sas. */
import type { Draft } from '../draft.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { DoorDraft } from '../shapes.ts';
import { isKept } from './locks.ts';
import { isEmpty } from './references.ts';

type Door = Partial<DoorDraft>;

// ---- cupboards and safes

const keptFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  const watched = draft.zones.get(door.contact ?? '')?.type === '24h';
  const credential = door.access?.credential;
  const findings: Finding[] = [];
  if (!isKept(door) && !watched) return [];
  if (credential !== undefined && credential !== 'both') {
    findings.push(
      fault(
        ['doors', id, 'access', 'credential'],
        'needs-badge-and-code',
        'This opens by badge and code: a badge can be copied, a code be seen. Write `credential: both`, or take it out.',
        'Ceci s’ouvre par badge et code : un badge se copie, un code se voit. Mettez « credential: both », ou retirez-le.',
      ),
    );
  }
  if (door.requests !== undefined && !isEmpty(door.requests)) {
    findings.push(
      faultAtKey(
        ['doors', id, 'requests'],
        'needs-badge-and-code',
        'A button would open this cupboard or safe without badge and code. Take `requests` out.',
        'Un bouton ouvrirait l’armoire ou le coffre sans badge ni code. Retirez « requests ».',
      ),
    );
  }
  return findings;
};

/** A door watched day and night opens without alarm where its contact's zone lets badge and code shunt it. */
const shuntFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  const zone = draft.zones.get(door.contact ?? '');
  const entry = door.access?.entry;
  if (zone?.type !== '24h' || !door.lock || entry === undefined || isEmpty(entry)) return [];
  if (entry.length === 1 && entry[0] === zone.accessKeypad) return [];
  if ('accessKeypad' in zone && zone.accessKeypad === undefined) return [];
  const keypad = zone.accessKeypad ?? entry[0] ?? '';
  return [
    fault(
      ['doors', id, 'access', 'entry'],
      'access-keypad-differs',
      `One keypad opens and keeps it quiet. Write \`[${keypad}]\` here, \`accessKeypad: ${keypad}\` at \`${door.contact}\`.`,
      `Le même clavier ouvre et évite l’alarme. Mettez « [${keypad}] » ici, « accessKeypad: ${keypad} » à « ${door.contact} ».`,
    ),
  ];
};

// ---- the hatch, from afar

const hatchFindings = (id: string, door: Door): Finding[] => {
  if (door.kind !== 'hatch' || !('lock' in door)) return [];
  const wrong = ['access', ...(door.remote === true ? ['remote'] : [])].filter((key) => key in door);
  const findings = wrong.map((key) =>
    faultAtKey(
      ['doors', id, key],
      'hatch-by-button-only',
      `The duty hatch opens by its inside button alone, armed or not. Take \`${key}\` out, or write another \`kind\`.`,
      `Le guichet s’ouvre par son bouton intérieur seul, même armé. Retirez « ${key} », ou mettez un autre « kind ».`,
    ),
  );
  if (!isEmpty(door.requests)) return findings;
  return [
    ...findings,
    faultAtKey(
      ['doors', id],
      'hatch-without-button',
      'The duty hatch opens by its inside button. Wire it as a zone of type door-request, and name it under `requests`.',
      'Le guichet s’ouvre par son bouton intérieur. Raccordez-le en zone door-request, et nommez-la sous « requests ».',
    ),
  ];
};

const remoteFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  if (door.remote !== true) return [];
  const path = ['doors', id, 'remote'];
  if (isKept(door)) {
    return [
      fault(
        path,
        'never-from-afar',
        'A cupboard or safe is never opened from afar. Take `remote` out.',
        'Une armoire ou un coffre ne s’ouvre jamais à distance. Retirez « remote ».',
      ),
    ];
  }
  if ([...draft.operators.values()].some(({ doors }) => doors === undefined || doors.includes(id))) return [];
  return [
    warning(
      path,
      'remote-without-operator',
      'No operator may open this door from afar: name it in the `doors` of one under `operators`.',
      'Aucun opérateur n’ouvre cette porte à distance : nommez-la dans les « doors » d’un de « operators ».',
    ),
  ];
};

// ---- the sas

export const interlockFindings = (draft: Draft): Finding[] => {
  const members = [...draft.doors].filter(([, { interlock }]) => interlock !== undefined);
  return members.flatMap(([id, { interlock }]) => {
    const group = members.filter(([, other]) => other.interlock === interlock);
    const path = ['doors', id, 'interlock'];
    if (group.length < 2)
      return [
        fault(
          path,
          'interlock-single',
          `No other door is in the sas \`${interlock}\`. Write it at the other leaf as well, or take it out.`,
          `Aucune autre porte n’est du sas « ${interlock} ». Mettez-le aussi à l’autre vantail, ou retirez-le.`,
        ),
      ];
    if (group[0]?.[0] !== id || group.some(([, door]) => 'lock' in door)) return [];
    return [
      fault(
        path,
        'interlock-without-lock',
        'No door of this sas has a `lock`, so nothing keeps it shut. Add one, or take `interlock` out.',
        'Aucune porte de ce sas n’a de « lock » : rien ne la retient. Ajoutez-en un, ou retirez « interlock ».',
      ),
    ];
  });
};

export const doorKindFindings = (draft: Draft, id: string, door: Door): Finding[] => [
  ...keptFindings(draft, id, door),
  ...shuntFindings(draft, id, door),
  ...hatchFindings(id, door),
  ...remoteFindings(draft, id, door),
];
