/**
 * A site made to be killed: in each of its areas another delay runs, with the shortest times that a config may give.
 * Lines, keypads and the code are named here so that a test can work it from outside.
 */

export const KILL_CODE = '2580';

/** An area with its entry door, window, keypad and outputs. */
export type KillArea = {
  readonly id: string;
  readonly door: string;
  readonly window: string;
  readonly siren: string;
  readonly lamp: string;
};

const area = (id: string, number: number): KillArea => ({
  id,
  door: `GPIO${number}`,
  window: `GPIO${number + 1}`,
  siren: `GPIO${number + 2}`,
  lamp: `GPIO${number + 3}`,
});

export const KILL_AREAS: readonly KillArea[] = ['final', 'timed', 'instant', 'opening'].map((id, index) =>
  area(id, 10 + index * 10),
);

export const EXIT_DOOR = { contact: 'GPIO60', latch: 'GPIO61', sounder: 'GPIO62', keypad: 'day' } as const;
/** A motion detector on no route: moves all the time. */
export const MOTION = 'GPIO63';

export const OUTPUT_LINES: readonly string[] = [...KILL_AREAS.flatMap(({ siren, lamp }) => [siren, lamp]), EXIT_DOOR.sounder];

const EXITS: Readonly<Record<string, string>> = {
  final: 'exit: final-door, entryDelay: 10s',
  timed: 'exit: timed, exitDelay: 45s, entryDelay: 5s',
  instant: 'exit: immediate, entryDelay: 8s',
  opening: 'exit: immediate, entryDelay: 15s, openingConfirm: 3min',
};

const areaLine = ({ id }: KillArea): string => `  ${id}: { name: ${id}, ${EXITS[id]}, abort: 15s, siren: 10s, quiet: 0s }`;

const zoneLines = ({ id, door, window }: KillArea, index: number): readonly string[] => [
  `  ${id}-door: { number: ${index * 2 + 1}, name: d, area: ${id}, type: entry-exit, swinger: 0, final: true, input: ${door} }`,
  `  ${id}-window: { number: ${index * 2 + 2}, name: w, area: ${id}, type: instant, swinger: 0, input: ${window} }`,
];

const outputLines = ({ id, siren, lamp }: KillArea): readonly string[] => [
  `  ${id}-siren: { role: siren, name: ${id}, output: ${siren}, areas: [${id}], place: indoor }`,
  `  ${id}-lamp: { role: armed-lamp, name: ${id}, output: ${lamp}, areas: [${id}] }`,
];

export const killSite = (site: string): string =>
  [
    'version: 1',
    `site: ${site}`,
    'name: Kill',
    'security: { salt: demo-minimal-0001 }',
    'mqtt: { broker: mqtt://127.0.0.1:1883 }',
    'areas:',
    ...KILL_AREAS.map(areaLine),
    '  day: { name: day }',
    'zones:',
    ...KILL_AREAS.flatMap(zoneLines),
    `  exit: { number: 20, name: exit, area: day, type: exit-guard, input: ${EXIT_DOOR.contact} }`,
    `  exit-latch: { number: 21, name: latch, area: day, type: latch, input: ${EXIT_DOOR.latch} }`,
    `  motion: { number: 22, name: motion, area: day, type: interior, input: ${MOTION} }`,
    'doors:',
    '  exit: { name: exit, area: day, contact: exit, latch: exit-latch, heldAfter: 5s, warnBefore: 3s, centreAfter: 10s }',
    'outputs:',
    ...KILL_AREAS.flatMap(outputLines),
    `  sounder: { role: sounder, name: sounder, output: ${EXIT_DOOR.sounder}, doors: [exit] }`,
    'keypads:',
    ...KILL_AREAS.map(({ id }) => `  ${id}: { name: ${id}, areas: [${id}] }`),
    `  ${EXIT_DOOR.keypad}: { name: day, areas: [day] }`,
    'users:',
    '  martin: { name: Mme Martin, role: owner, code: v1-305c86b9baa113958dc07c4a6731a747 }',
    '',
  ].join('\n');
