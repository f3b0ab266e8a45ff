/** Areas: ways out and in, members, who serves them. */
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Draft } from '../draft.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { AreaDraft, ZoneDraft } from '../shapes.ts';
import { writeDuration } from '../text.ts';
import { reference, references } from './references.ts';

type Area = Partial<AreaDraft>;
type Zone = Partial<ZoneDraft>;

const zonesOf = (draft: Draft, area: string): Zone[] => [...draft.zones.values()].filter((zone) => zone.area === area);
/** Zones that serve an area's way in and out: its own, and those of the common areas it belongs to. */
const routeOf = (draft: Draft, area: string): Zone[] => {
  const commons = [...draft.areas].filter(([, other]) => other.common?.includes(area)).map(([id]) => id);
  return [area, ...commons].flatMap((id) => zonesOf(draft, id));
};

const memberFindings = (draft: Draft, id: string, area: Area): Finding[] => {
  const members = area.common ?? [];
  const path = ['areas', id, 'common'];
  const findings = references(draft, 'areas', members, path);
  if (members.includes(id)) {
    findings.push(
      fault(
        path,
        'common-itself',
        'A common area cannot be its own member. Take it out of the list.',
        'Une zone commune ne peut être son propre membre. Retirez-la.',
      ),
    );
  }
  if (members.length === 1) {
    findings.push(
      fault(
        path,
        'common-single',
        'A common area needs two members or more. Add one, or take `common` out.',
        'Une zone commune a au moins deux membres. Ajoutez-en un, ou retirez « common ».',
      ),
    );
  }
  const nested = members.filter((member) => (draft.areas.get(member)?.common ?? []).length > 0 && member !== id);
  for (const member of nested) {
    findings.push(
      fault(
        path,
        'common-nested',
        `\`${member}\` is a common area itself. List its members instead.`,
        `« ${member} » est elle-même commune. Mettez ses membres à la place.`,
      ),
    );
  }
  return findings;
};

const endsOfExit = { 'final-door': 'final', 'push-to-set': 'push-to-set' } as const;

const exitFindings = (draft: Draft, id: string, area: Area): Finding[] => {
  const path = ['areas', id, 'exit'];
  const route = routeOf(draft, id);
  if (area.exit === 'final-door' && !route.some((zone) => zone.final)) {
    return [
      fault(
        path,
        `exit-without-${endsOfExit['final-door']}`,
        'Leaving ends at the final door, but no zone of this area is `final: true`. Mark the last door, or choose `exit: timed`.',
        'La sortie finit à la dernière porte, mais aucune n’est marquée « final: true ». Marquez-la, ou mettez « exit: timed ».',
      ),
    ];
  }
  if (area.exit === 'push-to-set' && !route.some((zone) => zone.type === 'push-to-set')) {
    return [
      fault(
        path,
        `exit-without-${endsOfExit['push-to-set']}`,
        'Leaving ends by a button, but no zone of this area has `type: push-to-set`. Add it, or choose `exit: timed`.',
        'La sortie finit par un bouton, mais aucune entrée n’a « type: push-to-set ». Ajoutez-la, ou mettez « exit: timed ».',
      ),
    ];
  }
  return [];
};

const entryFindings = (draft: Draft, id: string, area: Area): Finding[] => {
  const findings: Finding[] = [];
  const path = ['areas', id, 'entryDelay'];
  const { entryDelay, abort } = area;
  const entries = zonesOf(draft, id).some((zone) => zone.type === 'entry-exit');
  if (entryDelay === 0 && entries) {
    findings.push(
      warning(
        path,
        'entry-without-delay',
        'There is no time to disarm after the entry door opens: each opening is an alarm unless disarmed from outside.',
        'Aucun délai pour désarmer après l’ouverture : chaque entrée sera une alarme, sauf désarmement de l’extérieur.',
      ),
    );
  }
  // CP-01 as tabled in DSC HS2016, p. 208 (guidance).
  if (entryDelay !== undefined && abort !== undefined && entryDelay + abort > MINUTE) {
    const sum = writeDuration(entryDelay + abort);
    findings.push(
      warning(
        path,
        'entry-and-abort-long',
        `Entry delay and abort time together are ${sum}. Guidance is 60s at most: shorten one.`,
        `Délai d’entrée et attente avant transmission font ${sum}. Il est conseillé 60s au plus : réduisez l’un.`,
      ),
    );
  }
  if (
    zonesOf(draft, id).some((zone) => zone.type === 'follower') &&
    !routeOf(draft, id).some((zone) => zone.type === 'entry-exit')
  ) {
    findings.push(
      warning(
        ['areas', id],
        'route-without-entry',
        'This area has follower zones but no entry-exit zone, so nothing ever starts the entry delay.',
        'Il y a des zones « follower » mais aucune « entry-exit » : rien ne lance le délai d’entrée.',
      ),
    );
  }
  return findings;
};

const coverFindings = (draft: Draft, id: string, area: Area): Finding[] => {
  const path = ['areas', id];
  const findings: Finding[] = [];
  const members = [id, ...(area.common ?? [])];
  const served = (areas: readonly string[] | undefined): boolean =>
    areas === undefined || areas.some((name) => members.includes(name));
  const mapped = [...draft.zones.values()].every((zone) => zone.area !== undefined);
  if (mapped && zonesOf(draft, id).length === 0) {
    findings.push(
      faultAtKey(
        path,
        'area-without-zones',
        'No zone belongs to this area, so it watches nothing. Add a zone or take the area out.',
        'Aucune zone n’y est rattachée : elle ne surveille rien. Ajoutez-en une ou retirez-la.',
      ),
    );
  }
  if (![...draft.users.values()].some((user) => served(user.areas) && user.role !== 'installer' && user.role !== 'delivery')) {
    findings.push(
      faultAtKey(
        path,
        'area-without-people',
        'Nobody may arm or disarm this area. Add it to a user’s `areas`.',
        'Personne ne peut l’armer ni la désarmer. Ajoutez-la aux « areas » d’une personne.',
      ),
    );
  }
  const keyed = zonesOf(draft, id).some((zone) => zone.type === 'keyswitch');
  if (!keyed && ![...draft.keypads.values()].some((keypad) => served(keypad.areas))) {
    findings.push(
      warning(
        path,
        'area-without-keypad',
        'No keypad and no key switch acts on this area.',
        'Aucun clavier ni contact à clé n’agit sur cette zone.',
      ),
    );
  }
  const sirens = [...draft.outputs.values()].some(
    (output) => output.role === undefined || (output.role === 'siren' && served(output.areas)),
  );
  if (!sirens)
    findings.push(warning(path, 'no-siren', 'No siren sounds for this area.', 'Aucune sirène ne sonne pour cette zone.'));
  return findings;
};

const blockerKinds = ['zone-open', 'tamper', 'fault', 'masked'] as const;

const noWayOut = (draft: Draft, id: string, area: Area): Finding[] =>
  [...draft.zones].flatMap(([zoneId, zone]) => {
    if (zone.area !== id || zone.bypassable !== false || zone.type === 'holdup-silent') return [];
    if (!area.blockers || !blockerKinds.some((kind) => area.blockers?.[kind] === 'inhibit')) return [];
    return [
      warning(
        ['zones', zoneId, 'bypassable'],
        'no-way-out',
        'While this zone is open nobody can arm: it may not be left out. Let people leave it out, or go on over it (`blockers`).',
        'Zone ouverte, personne ne peut armer : elle ne peut être exclue. Permettez l’exclusion, ou passez outre (« blockers »).',
      ),
    ];
  });

const openingFindings = (draft: Draft): Finding[] => {
  const confirming = [...draft.areas].filter(([, area]) => area.openingConfirm !== undefined);
  const withCode = [...draft.users].filter(([, user]) => user.notNormal !== undefined);
  const [first] = confirming;
  if (first && withCode.length === 0) {
    return [
      warning(
        ['areas', first[0], 'openingConfirm'],
        'not-normal-without-code',
        'Openings are confirmed, but nobody has a `notNormal` code to say that something is wrong.',
        'Les ouvertures sont confirmées, mais personne n’a de code « notNormal » pour dire que quelque chose ne va pas.',
      ),
    ];
  }
  if (first) return [];
  return withCode.map(([id]) =>
    warning(
      ['users', id, 'notNormal'],
      'not-normal-unused',
      'No area has `openingConfirm`, so this code is never asked for.',
      'Aucune zone n’a « openingConfirm » : ce code ne sert pas.',
    ),
  );
};

const sirenFindings = (draft: Draft, id: string, area: Area): Finding[] =>
  [...draft.outputs].flatMap(([outputId, output]) => {
    if (output.role !== 'siren' || !output.areas?.includes(id) || area.siren === undefined) return [];
    const { maxOn } = output;
    if (maxOn === undefined || maxOn >= area.siren) return [];
    const limit = writeDuration(Math.max(maxOn, SECOND));
    return [
      warning(
        ['areas', id, 'siren'],
        'siren-cut-short',
        `The output \`${outputId}\` stops after ${limit}, before this time.`,
        `La sortie « ${outputId} » s’arrête après ${limit}, avant ce temps.`,
      ),
    ];
  });

const areaFindings = (draft: Draft, id: string, area: Area): Finding[] => [
  ...memberFindings(draft, id, area),
  ...exitFindings(draft, id, area),
  ...entryFindings(draft, id, area),
  ...coverFindings(draft, id, area),
  ...noWayOut(draft, id, area),
  ...sirenFindings(draft, id, area),
  ...reference(draft, 'schedules', area.autoArm?.schedule, ['areas', id, 'autoArm', 'schedule']),
];

export const checkAreas = (draft: Draft): Finding[] => [
  ...[...draft.areas].flatMap(([id, area]) => areaFindings(draft, id, area)),
  ...openingFindings(draft),
];
