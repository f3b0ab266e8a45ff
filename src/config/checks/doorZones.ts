/** The zones a door is made of: each of the right type, in the door's area, and read by one door. */
import type { Draft } from '../draft.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import type { DoorDraft, ZoneDraft } from '../shapes.ts';
import { duplicates, reference } from './references.ts';

type Door = Partial<DoorDraft>;

const LEAF_TYPES: ReadonlySet<string> = new Set(['exit-guard', 'entry-exit', 'instant', '24h']);

/** Where a door names a zone. `key`: how people write it. */
type Place = 'contact' | 'latch' | 'exitRequest' | 'permits' | 'requests' | 'bells' | 'bolt' | 'greenBox';
type Use = { readonly place: Place; readonly zone: string | undefined; readonly path: Path };

/** What a zone must be in each place but the leaf contact's, which may be one of several. */
const TYPE_OF = {
  latch: 'latch',
  exitRequest: 'exit-request',
  permits: 'door-permit',
  requests: 'door-request',
  bells: 'bell',
  bolt: 'bolt',
  greenBox: 'green-box',
} as const;

/** A bell rings, and a green box frees, for several doors; everything else tells one door something. */
const SHARED: ReadonlySet<Place> = new Set(['bells', 'greenBox']);

const listed = (place: Place, zones: readonly string[] | undefined, path: Path): Use[] =>
  (zones ?? []).map((zone, index) => ({ place, zone, path: [...path, index] }));

const usesOf = (id: string, door: Door): Use[] => {
  const path = ['doors', id];
  return [
    { place: 'contact', zone: door.contact, path: [...path, 'contact'] },
    { place: 'latch', zone: door.latch, path: [...path, 'latch'] },
    { place: 'bolt', zone: door.lock?.bolt, path: [...path, 'lock', 'bolt'] },
    { place: 'exitRequest', zone: door.exitRequest?.zone, path: [...path, 'exitRequest', 'zone'] },
    { place: 'greenBox', zone: door.greenBox, path: [...path, 'greenBox'] },
    ...listed('permits', door.permits, [...path, 'permits']),
    ...listed('requests', door.requests, [...path, 'requests']),
    ...listed('bells', door.bells, [...path, 'bells']),
  ];
};

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

const contactType = (path: Path, type: string): Finding[] => {
  if (LEAF_TYPES.has(type)) return [];
  return [
    fault(
      path,
      'contact-wrong-type',
      `A leaf contact is an exit-guard, entry-exit, instant or 24h zone; this is ${type}. Correct one of them.`,
      `Un contact d’ouverture est une zone exit-guard, entry-exit, instant ou 24h, pas ${type}. Corrigez.`,
    ),
  ];
};

const latchType = (path: Path, type: string): Finding[] => {
  if (type === 'latch') return [];
  return [
    fault(
      path,
      'latch-wrong-type',
      `A latch contact is a zone of type latch; this is ${type}. Correct its type.`,
      `Un contact de fond de gâche est une zone de type latch ; celle-ci est ${type}. Corrigez son type.`,
    ),
  ];
};

const inputType = (path: Path, type: string, wanted: string): Finding[] => {
  if (type === wanted) return [];
  return [
    fault(
      path,
      'input-wrong-type',
      `Here belongs a zone of type ${wanted}; this one is ${type}. Correct its type, or name another zone.`,
      `Il faut ici une zone de type ${wanted} ; celle-ci est ${type}. Corrigez son type, ou nommez-en une autre.`,
    ),
  ];
};

const typeFindings = ({ place, path }: Use, type: string | undefined): Finding[] => {
  if (type === undefined) return [];
  if (place === 'contact') return contactType(path, type);
  return place === 'latch' ? latchType(path, type) : inputType(path, type, TYPE_OF[place]);
};

const useFindings = (draft: Draft, door: Door, use: Use): Finding[] => {
  const zone = draft.zones.get(use.zone ?? '');
  return [
    ...reference(draft, 'zones', use.zone, use.path),
    ...elsewhere(draft, door, zone, use.path),
    ...typeFindings(use, zone?.type),
  ];
};

const noLatch = (id: string, door: Door): Finding[] => {
  if ('latch' in door || door.contact === undefined) return [];
  return [
    warning(
      ['doors', id],
      'door-without-latch',
      'Without a latch contact a door that is closed but not locked goes unnoticed.',
      'Sans contact de fond de gâche, une porte fermée mais non verrouillée passe inaperçue.',
    ),
  ];
};

export const doorZoneFindings = (draft: Draft, id: string, door: Door): Finding[] => [
  ...usesOf(id, door).flatMap((use) => useFindings(draft, door, use)),
  ...noLatch(id, door),
];

const allUses = (draft: Draft): readonly Use[] => [...draft.doors].flatMap(([id, door]) => usesOf(id, door));

export const sharedZoneFindings = (draft: Draft): Finding[] =>
  duplicates(
    allUses(draft).filter(({ place }) => !SHARED.has(place)),
    ({ zone }) => zone,
  ).map(({ item, first }) =>
    fault(
      item.path,
      'zone-in-two-places',
      `\`${item.zone}\` already serves ${first.path.join('.')}. Each contact belongs to one place.`,
      `« ${item.zone} » sert déjà à ${first.path.join('.')}. Chaque contact n’a qu’une place.`,
    ),
  );

// ---- zones that only a door gives a meaning

const PLACE_OF: Readonly<Record<string, Place>> = {
  'exit-guard': 'contact',
  latch: 'latch',
  'exit-request': 'exitRequest',
  'door-permit': 'permits',
  'door-request': 'requests',
  bell: 'bells',
  bolt: 'bolt',
  'green-box': 'greenBox',
};

/** A setting that is written and cannot be read may name the zone. */
const isUnread = (door: Door, place: Place): boolean => {
  const key = place === 'bolt' ? 'lock' : place;
  return key in door && door[key] === undefined;
};

/** A guard, a latch or a button that no door reads would watch nothing. */
export const orphanZoneFindings = (draft: Draft): Finding[] => {
  const used = new Set(allUses(draft).map(({ zone }) => zone));
  return [...draft.zones].flatMap(([id, zone]) => {
    const place = PLACE_OF[zone.type ?? ''];
    if (used.has(id) || place === undefined || [...draft.doors.values()].some((door) => isUnread(door, place))) return [];
    const key = place === 'bolt' ? 'lock.bolt' : place === 'exitRequest' ? 'exitRequest.zone' : place;
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
