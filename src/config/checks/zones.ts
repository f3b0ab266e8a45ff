/** Zones: numbers, what may be combined, loops that can be told apart, limits of measurements. */
import type { Draft } from '../draft.ts';
import { bandsOf, overlaps } from '../loops.ts';
import { fault, faultAtKey, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { ZoneDraft } from '../shapes.ts';
import { duplicates, reference } from './references.ts';

type Zone = Partial<ZoneDraft>;

const numberFindings = (draft: Draft): Finding[] =>
  duplicates([...draft.zones], ([, zone]) => zone.number?.toString()).map(({ item: [id, zone], first: [other] }) =>
    fault(
      ['zones', id, 'number'],
      'duplicate-number',
      `\`${other}\` has number ${zone.number} already. Give this zone another.`,
      `« ${other} » a déjà le numéro ${zone.number}. Donnez-en un autre.`,
    ),
  );

const sensingFindings = (id: string, zone: Zone): Finding[] => {
  const path = ['zones', id];
  const { loop, measure, type } = zone;
  if (loop && measure) {
    return [
      faultAtKey(
        [...path, 'measure'],
        'two-sensings',
        'A zone has a `loop` or a `measure`, not both. Take one out.',
        'Une zone a une « loop » ou une « measure », pas les deux. Retirez-en une.',
      ),
    ];
  }
  if (measure && type !== undefined && type !== 'technical') {
    return [
      faultAtKey(
        [...path, 'measure'],
        'measure-not-technical',
        `Only technical zones measure. Write \`type: technical\`, or take \`measure\` out.`,
        'Seules les zones « technical » mesurent. Mettez « type: technical », ou retirez « measure ».',
      ),
    ];
  }
  if ((loop || measure) && zone.bias !== undefined) {
    return [
      faultAtKey(
        [...path, 'bias'],
        'bias-on-analog',
        'Analog lines have no bias. Take `bias` out.',
        'Les lignes analogiques n’ont pas de « bias ». Retirez-le.',
      ),
    ];
  }
  return [];
};

const percentOf = (ratio: number): string => `${Math.round(ratio * 1000) / 10} %`;

const loopFindings = (id: string, zone: Zone): Finding[] => {
  if (!zone.loop) return [];
  const [pair] = overlaps(bandsOf(zone.loop, zone.contact ?? 'normally-closed'));
  if (!pair) return [];
  const [low, high] = pair;
  const spans = [low, high].map(({ signal, from, to }) => `${signal} ${percentOf(from)}–${percentOf(to)}`).join(', ');
  return [
    fault(
      ['zones', id, 'loop'],
      'loop-overlap',
      `Two states of the loop look the same (${spans}). Use resistors further apart, or of a closer tolerance.`,
      `Deux états de la boucle se confondent (${spans}). Prenez des résistances plus écartées, ou plus précises.`,
    ),
  ];
};

const measureFindings = (id: string, zone: Zone): Finding[] => {
  const { measure } = zone;
  if (!measure) return [];
  const path = ['zones', id, 'measure'];
  const [least, most] = [Math.min(measure.atZero, measure.atFull), Math.max(measure.atZero, measure.atFull)];
  if (measure.low >= measure.high) {
    return [
      fault(
        [...path, 'low'],
        'limits-crossed',
        '`low` must be below `high`. Exchange or correct them.',
        '« low » doit être sous « high ». Échangez-les ou corrigez-les.',
      ),
    ];
  }
  const findings: Finding[] = [];
  if (measure.low <= least || measure.high >= most) {
    findings.push(
      fault(
        path,
        'limits-beyond-sensor',
        `The sensor reads ${least} to ${most}: it cannot show both limits passed. Correct them, \`atZero\` or \`atFull\`.`,
        `Le capteur va de ${least} à ${most} : un dépassement resterait invisible. Corrigez limites, « atZero » ou « atFull ».`,
      ),
    );
  }
  if (measure.hysteresis * 2 >= measure.high - measure.low) {
    findings.push(
      fault(
        [...path, 'hysteresis'],
        'hysteresis-too-wide',
        'The hysteresis leaves nothing between the limits: it would never count as restored. Make it smaller.',
        'L’hystérésis ne laisse rien entre les limites : jamais de retour à la normale. Réduisez-la.',
      ),
    );
  }
  return findings;
};

const DETECTION: ReadonlySet<string> = new Set(['entry-exit', 'follower', 'instant', 'interior', 'exit-guard']);

const belongs = (id: string, zone: Zone, key: 'final' | 'duty' | 'occupancy', types: ReadonlySet<string>): Finding[] => {
  if (!zone[key] || zone.type === undefined || types.has(zone.type)) return [];
  const list = [...types].join(', ');
  return [
    faultAtKey(
      ['zones', id, key],
      'attribute-without-sense',
      `\`${key}\` says nothing on a ${zone.type} zone, only on: ${list}. Take it out, or correct the type.`,
      `« ${key} » n’a pas de sens pour une zone ${zone.type}, seulement : ${list}. Retirez-le, ou corrigez le type.`,
    ),
  ];
};

const onlyFor = (id: string, zone: Zone, key: 'keyswitch' | 'accessKeypad', type: string): Finding[] => {
  if (zone[key] === undefined || zone.type === undefined || zone.type === type) return [];
  return [
    faultAtKey(
      ['zones', id, key],
      'attribute-without-sense',
      `Only ${type} zones have \`${key}\`. Take it out, or write \`type: ${type}\`.`,
      `Seules les zones ${type} ont « ${key} ». Retirez-le, ou mettez « type: ${type} ».`,
    ),
  ];
};

const keyswitchFindings = (id: string, { keyswitch }: Zone): Finding[] => {
  if (!keyswitch) return [];
  const path = ['zones', id, 'keyswitch'];
  if (!keyswitch.arms && !keyswitch.disarms) {
    return [
      fault(
        path,
        'keyswitch-idle',
        'This key switch does nothing. Let it arm, or take the zone out.',
        'Ce contact à clé ne fait rien. Laissez-le armer, ou retirez la zone.',
      ),
    ];
  }
  if (!keyswitch.disarms) return [];
  return [
    warning(
      [...path, 'disarms'],
      'keyswitch-disarms',
      'Whoever holds this key disarms without a code, and the journal names nobody.',
      'Qui tient cette clé désarme sans code, et le journal ne nomme personne.',
    ),
  ];
};

const zoneFindings = (draft: Draft, id: string, zone: Zone): Finding[] => [
  ...reference(draft, 'areas', zone.area, ['zones', id, 'area']),
  ...reference(draft, 'keypads', zone.accessKeypad, ['zones', id, 'accessKeypad']),
  ...sensingFindings(id, zone),
  ...loopFindings(id, zone),
  ...measureFindings(id, zone),
  ...belongs(id, zone, 'final', new Set(['entry-exit'])),
  ...belongs(id, zone, 'occupancy', new Set(['follower', 'instant', 'interior'])),
  ...belongs(id, zone, 'duty', DETECTION),
  ...onlyFor(id, zone, 'keyswitch', 'keyswitch'),
  ...onlyFor(id, zone, 'accessKeypad', '24h'),
  ...keyswitchFindings(id, zone),
];

const backupFindings = (draft: Draft): Finding[] => {
  const types = new Set([...draft.zones.values()].map((zone) => zone.type));
  if (types.has('mains') && types.has('battery-low')) return [];
  return [
    warning(
      ['zones'],
      'backup-not-supervised',
      'Backup not supervised: there is no mains and battery-low zone, so a power cut is only noticed when everything stops.',
      'Secours non surveillé : sans zones « mains » et « battery-low », une coupure ne se voit que quand tout s’arrête.',
    ),
  ];
};

export const checkZones = (draft: Draft): Finding[] => [
  ...numberFindings(draft),
  ...[...draft.zones].flatMap(([id, zone]) => zoneFindings(draft, id, zone)),
  ...backupFindings(draft),
];
