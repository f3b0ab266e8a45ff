/** Secondary exits, outputs and keypads. */
import type { Draft } from '../draft.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import type { DoorDraft, KeypadDraft, OutputDraft, ZoneDraft } from '../shapes.ts';
import { duplicates, isEmpty, reference, references } from './references.ts';

type Door = Partial<DoorDraft>;
type Output = Partial<OutputDraft>;

const LEAF_TYPES: ReadonlySet<string> = new Set(['exit-guard', 'entry-exit', 'instant', '24h']);

/** Outdoor sirens: 180 s at most, whatever happens (behaviour, Alarm). */
const OUTDOOR_ON_MAX_MS = 180_000;

const elsewhere = (draft: Draft, door: Door, zone: Partial<ZoneDraft> | undefined, path: Path): Finding[] => {
  if (!zone || zone.area === undefined || door.area === undefined || zone.area === door.area || !draft.areas.has(door.area))
    return [];
  return [
    fault(
      path,
      'zone-in-other-area',
      `That zone is in area \`${zone.area}\`, the door in \`${door.area}\`. Put both in the same area.`,
      `Cette zone est dans « ${zone.area} », la porte dans « ${door.area} ». Mettez les deux dans la même.`,
    ),
  ];
};

const contactFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  const path = ['doors', id, 'contact'];
  const zone = draft.zones.get(door.contact ?? '');
  const findings = [...reference(draft, 'zones', door.contact, path), ...elsewhere(draft, door, zone, path)];
  if (zone?.type !== undefined && !LEAF_TYPES.has(zone.type)) {
    findings.push(
      fault(
        path,
        'contact-wrong-type',
        `A leaf contact is an exit-guard, entry-exit, instant or 24h zone; this is ${zone.type}. Correct one of them.`,
        `Un contact d’ouverture est une zone exit-guard, entry-exit, instant ou 24h, pas ${zone.type}. Corrigez.`,
      ),
    );
  }
  return findings;
};

const latchFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  const path = ['doors', id, 'latch'];
  const zone = draft.zones.get(door.latch ?? '');
  const findings = [...reference(draft, 'zones', door.latch, path), ...elsewhere(draft, door, zone, path)];
  if (zone?.type !== undefined && zone.type !== 'latch') {
    findings.push(
      fault(
        path,
        'latch-wrong-type',
        `A latch contact is a zone of type latch; this is ${zone.type}. Correct its type.`,
        `Un contact de fond de gâche est une zone de type latch ; celle-ci est ${zone.type}. Corrigez son type.`,
      ),
    );
  }
  if (!('latch' in door) && door.contact !== undefined) {
    findings.push(
      warning(
        ['doors', id],
        'door-without-latch',
        'Without a latch contact a door that is closed but not locked goes unnoticed.',
        'Sans contact de fond de gâche, une porte fermée mais non verrouillée passe inaperçue.',
      ),
    );
  }
  return findings;
};

/** An output whose role or doors cannot be read may be the one: no warning that would go away by itself. */
const maySound = (output: Output, door: string): boolean =>
  output.role === undefined || (output.role === 'sounder' && (output.doors === undefined || output.doors.includes(door)));

const doorFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  const findings = [
    ...reference(draft, 'areas', door.area, ['doors', id, 'area']),
    ...contactFindings(draft, id, door),
    ...latchFindings(draft, id, door),
  ];
  if (door.warnBefore !== undefined && door.heldAfter !== undefined && door.warnBefore >= door.heldAfter) {
    findings.push(
      fault(
        ['doors', id, 'warnBefore'],
        'warning-too-early',
        '`warnBefore` must be shorter than `heldAfter`. Shorten it.',
        '« warnBefore » doit être plus court que « heldAfter ». Réduisez-le.',
      ),
    );
  }
  if (![...draft.outputs.values()].some((output) => maySound(output, id))) {
    findings.push(
      warning(
        ['doors', id],
        'door-without-sounder',
        'No sounder warns when this door is left open.',
        'Aucun avertisseur ne sonne quand cette porte reste ouverte.',
      ),
    );
  }
  return findings;
};

const doorUses = (draft: Draft): { readonly zone: string | undefined; readonly path: Path }[] =>
  [...draft.doors].flatMap(([id, door]) => [
    { zone: door.contact, path: ['doors', id, 'contact'] },
    { zone: door.latch, path: ['doors', id, 'latch'] },
  ]);

const sharedFindings = (draft: Draft): Finding[] =>
  duplicates(doorUses(draft), ({ zone }) => zone).map(({ item, first }) =>
    fault(
      item.path,
      'zone-in-two-places',
      `\`${item.zone}\` already serves ${first.path.join('.')}. Each contact belongs to one place.`,
      `« ${item.zone} » sert déjà à ${first.path.join('.')}. Chaque contact n’a qu’une place.`,
    ),
  );

/** A guard or a latch that no door reads would watch nothing. */
const orphanFindings = (draft: Draft): Finding[] => {
  const used = new Set(doorUses(draft).map(({ zone }) => zone));
  return [...draft.zones].flatMap(([id, zone]) => {
    if (used.has(id) || (zone.type !== 'exit-guard' && zone.type !== 'latch')) return [];
    const key = zone.type === 'latch' ? 'latch' : 'contact';
    return [
      faultAtKey(
        ['zones', id],
        'zone-without-door',
        `This ${zone.type} zone belongs to no door. Name it as \`${key}\` of an entry under \`doors\`.`,
        `Cette zone ${zone.type} n’est à aucune porte. Nommez-la « ${key} » d’une entrée de « doors ».`,
      ),
    ];
  });
};

// ---- outputs and keypads

const targetFindings = (draft: Draft, id: string, output: Output): Finding[] => {
  switch (output.role) {
    case 'siren':
    case 'armed-lamp':
    case 'alarm-light':
      return references(draft, 'areas', output.areas, ['outputs', id, 'areas']);
    case 'sounder':
      return references(draft, 'doors', output.doors, ['outputs', id, 'doors']);
    case 'buzzer':
      return references(draft, 'keypads', output.keypads, ['outputs', id, 'keypads']);
    default:
      return [];
  }
};

const targetsOf = (output: Output): readonly [string, readonly string[] | undefined] => {
  if (output.role === 'sounder') return ['doors', output.doors];
  if (output.role === 'buzzer') return ['keypads', output.keypads];
  if (output.role === 'siren' || output.role === 'armed-lamp' || output.role === 'alarm-light') return ['areas', output.areas];
  return ['areas', undefined];
};

const sirenFindings = (id: string, output: Output): Finding[] => {
  if (output.role !== 'siren') return [];
  const findings: Finding[] = [];
  if (output.onCrash === 'hold') {
    findings.push(
      fault(
        ['outputs', id, 'onCrash'],
        'siren-held',
        'A siren falls silent when the process dies. Write `onCrash: rest`.',
        'Une sirène se tait quand le programme meurt. Mettez « onCrash: rest ».',
      ),
    );
  }
  if (output.place === 'outdoor' && (output.maxOn ?? 0) > OUTDOOR_ON_MAX_MS) {
    findings.push(
      fault(
        ['outputs', id, 'maxOn'],
        'outdoor-siren-too-long',
        'An outdoor siren sounds 180s at most. Shorten it.',
        'Une sirène extérieure sonne 180s au plus. Réduisez.',
      ),
    );
  }
  return findings;
};

const outputFindings = (draft: Draft, id: string, output: Output): Finding[] => {
  const [key, targets] = targetsOf(output);
  const findings = [...targetFindings(draft, id, output), ...sirenFindings(id, output)];
  if (isEmpty(targets)) {
    findings.push(
      fault(
        ['outputs', id, key],
        'output-without-use',
        'The list is empty, so this output never comes on. Add an id.',
        'La liste est vide : cette sortie ne servira jamais. Ajoutez un identifiant.',
      ),
    );
  }
  return findings;
};

const keypadFindings = (draft: Draft, id: string, keypad: Partial<KeypadDraft>): Finding[] => {
  const path = ['keypads', id, 'areas'];
  if (!isEmpty(keypad.areas)) return references(draft, 'areas', keypad.areas, path);
  return [
    fault(
      path,
      'keypad-without-areas',
      'This keypad acts on no area. Add one.',
      'Ce clavier n’agit sur aucune zone. Ajoutez-en une.',
    ),
  ];
};

export const checkDoors = (draft: Draft): Finding[] => [
  ...[...draft.doors].flatMap(([id, door]) => doorFindings(draft, id, door)),
  ...sharedFindings(draft),
  ...orphanFindings(draft),
  ...[...draft.outputs].flatMap(([id, output]) => outputFindings(draft, id, output)),
  ...[...draft.keypads].flatMap(([id, keypad]) => keypadFindings(draft, id, keypad)),
];
