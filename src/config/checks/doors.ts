/** Doors, outputs and keypads. */
import type { Draft } from '../draft.ts';
import { fault, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { DoorDraft, KeypadDraft, OutputDraft } from '../shapes.ts';
import { accessFindings, sharedReaderFindings } from './access.ts';
import { interlockFindings } from './doorKinds.ts';
import { doorZoneFindings, orphanZoneFindings, sharedZoneFindings } from './doorZones.ts';
import { lockOutputFindings } from './lockOutputs.ts';
import { lockFindings } from './locks.ts';
import { isEmpty, reference, references } from './references.ts';

type Door = Partial<DoorDraft>;
type Output = Partial<OutputDraft>;

/** Outdoor sirens: 180 s at most, whatever happens (behaviour, Alarm). */
const OUTDOOR_ON_MAX_MS = 180_000;

/** An output whose role or doors cannot be read may be the one: no warning that would go away by itself. */
const maySound = (output: Output, door: string): boolean =>
  output.role === undefined || (output.role === 'sounder' && (output.doors === undefined || output.doors.includes(door)));

const doorFindings = (draft: Draft, id: string, door: Door): Finding[] => {
  const findings = [
    ...reference(draft, 'areas', door.area, ['doors', id, 'area']),
    ...doorZoneFindings(draft, id, door),
    ...lockFindings(draft, id, door),
    ...accessFindings(draft, id, door),
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
    case 'lock':
      return reference(draft, 'doors', output.door, ['outputs', id, 'door']);
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
  ...sharedZoneFindings(draft),
  ...orphanZoneFindings(draft),
  ...sharedReaderFindings(draft),
  ...interlockFindings(draft),
  ...lockOutputFindings(draft),
  ...[...draft.outputs].flatMap(([id, output]) => outputFindings(draft, id, output)),
  ...[...draft.keypads].flatMap(([id, keypad]) => keypadFindings(draft, id, keypad)),
];
