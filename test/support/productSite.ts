/** The site of the whole-product tests on a kernel: one armed area with its key switch, one that is open by day. */
import type { BoardConfig } from '../../src/config/siteFile.ts';

export type Access = Exclude<Extract<BoardConfig, { driver: 'gpio' }>['access'], 'auto'>;

export const SITE = 'kernel';
export const KEYPAD = 'entrance';
export const CODE = '2580';

/** Offsets on the header. A contact is closed, and all is well, at level 0. */
export const WINDOW = 17;
export const GLASS = 18;
export const SLOW = 19;
export const KEY = 22;
export const DOOR = 23;
export const LAMP = 24;
export const SIREN = 27;

/** Long beside what a busy, emulated processor adds to a time. */
export const SLOW_DEBOUNCE_MS = 1_000;

/** A pull that is asked for would move the simulated line itself, which is the test's to move: so none is. */
const zone = (number: number, id: string, offset: number, rest: string): string =>
  `  ${id}: { number: ${number}, name: ${id}, input: GPIO${offset}, bias: none, swinger: 0, ${rest} }`;

export const productSite = (access: Access): string =>
  [
    'version: 1',
    `site: ${SITE}`,
    'name: Kernel',
    `board: { model: raspberry-pi-4, access: ${access} }`,
    'security: { salt: demo-minimal-0001 }',
    'mqtt: { broker: mqtt://127.0.0.1:1 }',
    'areas:',
    '  shop: { name: shop, exit: immediate, quiet: 0s }',
    '  day: { name: day }',
    'zones:',
    zone(1, 'window', WINDOW, 'area: shop, type: instant'),
    zone(2, 'glass', GLASS, 'area: shop, type: instant, debounce: 0s'),
    zone(3, 'key', KEY, 'area: shop, type: keyswitch'),
    zone(4, 'door', DOOR, 'area: day, type: instant, debounce: 500ms'),
    zone(5, 'slow', SLOW, `area: shop, type: instant, debounce: ${SLOW_DEBOUNCE_MS}ms`),
    'outputs:',
    `  siren: { role: siren, name: siren, output: GPIO${SIREN}, areas: [shop], place: indoor }`,
    `  lamp: { role: armed-lamp, name: lamp, output: GPIO${LAMP}, areas: [shop], onCrash: hold }`,
    'keypads:',
    `  ${KEYPAD}: { name: entrance, areas: [shop] }`,
    'users:',
    '  martin: { name: Mme Martin, role: owner, code: v1-305c86b9baa113958dc07c4a6731a747 }',
    '',
  ].join('\n');
