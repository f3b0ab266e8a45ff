/** A small site as text, and changes to it, for the tests of the config. */
import { packageBoards } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import type { Problem } from '../../src/config/problem.ts';
import type { SiteFile, SiteTools } from '../../src/config/siteFile.ts';
import { wall } from '../../src/core/time.ts';

/** UTC alone, and a hash that shows its text: no test needs more of them. */
export const tools: SiteTools = {
  hash: (text) => `hash of ${text.length}`,
  midnight: (day, zone) => (zone === 'Europe/Paris' || zone === 'UTC' ? wall(day * 86_400_000) : undefined),
  boards: packageBoards,
};

/** Nothing to remark on but where a test changes it. */
export const SITE = `version: 1
site: test
name: Test
mqtt: { broker: mqtts://broker.example.org }
security: { salt: a-salt-for-tests }
areas:
  main:
    name: Main
zones:
  front: { number: 1, name: Front, area: main, type: entry-exit, input: GPIO1 }
  hall: { number: 2, name: Hall, area: main, type: follower, input: GPIO2 }
  back: { number: 3, name: Back, area: main, type: exit-guard, input: GPIO3 }
  bolt: { number: 4, name: Bolt, area: main, type: latch, input: GPIO4 }
  mains: { number: 5, name: Mains, area: main, type: mains, input: GPIO5 }
  battery: { number: 6, name: Battery, area: main, type: battery-low, input: GPIO6 }
doors:
  yard: { name: Yard, area: main, contact: back, latch: bolt }
outputs:
  siren: { role: siren, name: Siren, output: GPIO10, areas: [main], place: outdoor }
  sounder: { role: sounder, name: Sounder, output: GPIO11, doors: [yard] }
keypads:
  entrance: { name: Entrance, areas: [main] }
users:
  ann: { name: Ann, role: owner, code: v1-00000000000000000000000000000001 }
schedules:
  open: { weekly: { mon-fri: 08:00-19:00 } }
`;

/** On a Pi with an expander in the cellar; nothing to remark on either. */
export const PI_SITE = `version: 1
site: test
name: Test
mqtt: { broker: mqtts://broker.example.org }
security: { salt: a-salt-for-tests }
board: { model: raspberry-pi-4 }
expanders:
  cellar: { model: arduino-uno-firmata, port: /dev/serial/by-id/usb-uno-1 }
areas:
  main:
    name: Main
zones:
  front: { number: 1, name: Front, area: main, type: entry-exit, input: GPIO17 }
  hall: { number: 2, name: Hall, area: main, type: follower, input: pin-13 }
  safe:
    { number: 3, name: Safe, area: main, type: instant, input: cellar.A0, loop: { kind: single, endOfLine: 4k7, pullUp: 4k7 } }
  vault: { number: 4, name: Vault, area: main, type: instant, input: cellar.D4 }
  mains: { number: 5, name: Mains, area: main, type: mains, input: GPIO5, bias: pull-down }
  battery: { number: 6, name: Battery, area: main, type: battery-low, input: GPIO6 }
outputs:
  siren: { role: siren, name: Siren, output: GPIO10, areas: [main], place: outdoor }
  lamp: { role: armed-lamp, name: Lamp, output: cellar.D7, active: low, areas: [main] }
keypads:
  entrance: { name: Entrance, areas: [main] }
users:
  ann: { name: Ann, role: owner, code: v1-00000000000000000000000000000001 }
`;

/** Doors that lock, one of each kind; nothing to remark on. */
export const DOOR_SITE = `version: 1
site: test
name: Test
mqtt: { broker: mqtts://broker.example.org }
security: { salt: a-salt-for-tests }
areas:
  main: { name: Main }
zones:
  front: { number: 1, name: Front, area: main, type: entry-exit, input: GPIO1 }
  front-latch: { number: 2, name: Front latch, area: main, type: latch, input: GPIO2 }
  way-out: { number: 3, name: Way out, area: main, type: exit-request, input: GPIO3 }
  handle: { number: 4, name: Handle, area: main, type: door-permit, input: GPIO4 }
  phone: { number: 5, name: Interphone, area: main, type: door-request, input: GPIO5 }
  ring: { number: 6, name: Bell, area: main, type: bell, input: GPIO6 }
  hatch: { number: 7, name: Hatch, area: main, type: instant, input: GPIO7 }
  hatch-latch: { number: 8, name: Hatch latch, area: main, type: latch, input: GPIO8 }
  hatch-button: { number: 9, name: Hatch button, area: main, type: door-request, input: GPIO9 }
  shop: { number: 10, name: Shop, area: main, type: instant, input: GPIO10 }
  shop-latch: { number: 11, name: Shop latch, area: main, type: latch, input: GPIO11 }
  box: { number: 12, name: Green box, area: main, type: green-box, input: GPIO12 }
  stock: { number: 13, name: Stock, area: main, type: instant, input: GPIO13 }
  stock-latch: { number: 14, name: Stock latch, area: main, type: latch, input: GPIO14 }
  stock-bolt: { number: 15, name: Stock bolt, area: main, type: bolt, input: GPIO15 }
  drugs: { number: 16, name: Drugs, area: main, type: 24h, input: GPIO16, accessKeypad: cupboard }
  drugs-latch: { number: 17, name: Drugs latch, area: main, type: latch, input: GPIO17 }
  mains: { number: 18, name: Mains, area: main, type: mains, input: GPIO18 }
  battery: { number: 19, name: Battery, area: main, type: battery-low, input: GPIO19 }
doors:
  front:
    name: Front
    area: main
    contact: front
    latch: front-latch
    lock: { kind: strike-fail-secure }
    egress: handle
    access: { entry: [street] }
    exitRequest: { zone: way-out }
    permits: [handle]
    requests: [phone]
    bells: [ring]
    remote: true
  hatch:
    name: Hatch
    kind: hatch
    area: main
    contact: hatch
    latch: hatch-latch
    lock: { kind: strike-latching }
    egress: handle
    requests: [hatch-button]
  shop:
    name: Shop
    area: main
    contact: shop
    latch: shop-latch
    lock: { kind: maglock }
    egress: hardware-release
    access: { entry: [forecourt], freeAccess: { schedule: open } }
    greenBox: box
  stock:
    name: Stock
    kind: store
    area: main
    contact: stock
    latch: stock-latch
    lock: { kind: motor, bolt: stock-bolt }
    egress: handle
    access: { entry: [stock], persons: 2 }
  drugs:
    name: Drugs
    kind: cupboard
    area: main
    contact: drugs
    latch: drugs-latch
    lock: { kind: strike-fail-secure }
    access: { entry: [cupboard] }
outputs:
  siren: { role: siren, name: Siren, output: GPIO20, areas: [main], place: outdoor }
  sounder: { role: sounder, name: Sounder, output: GPIO21, doors: [front, hatch, shop, stock, drugs] }
  front-strike: { role: lock, name: Front strike, output: GPIO22, door: front }
  hatch-strike: { role: lock, name: Hatch strike, output: GPIO23, door: hatch }
  magnet: { role: lock, name: Magnet, output: GPIO24, door: shop, onCrash: hold }
  motor-open: { role: lock, name: Motor opens, output: GPIO25, door: stock, drive: open }
  motor-close: { role: lock, name: Motor closes, output: GPIO26, door: stock, drive: close }
  drugs-lock: { role: lock, name: Drugs lock, output: GPIO27, door: drugs }
keypads:
  entrance: { name: Entrance, areas: [main] }
  street: { name: Street, areas: [main], place: outside }
  forecourt: { name: Forecourt, areas: [main], place: outside }
  stock: { name: Stock, areas: [main] }
  cupboard: { name: Cupboard, areas: [main] }
users:
  ann: { name: Ann, role: owner, code: v1-00000000000000000000000000000001, badges: [v1-00000000000000000000000000000011] }
  bob: { name: Bob, role: staff, code: v1-00000000000000000000000000000002 }
operators:
  centre: { name: Centre, publicKey: 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff, doors: [front] }
schedules:
  open: { weekly: { mon-fri: 08:00-19:00 } }
`;

/** The site with one piece of its text changed; the piece must be there once. */
export const changed = (from: string, to: string, site = SITE): string => {
  if (site.split(from).length !== 2) throw new Error(`not there once: ${from}`);
  return site.replace(from, () => to);
};

export const problemsOf = (text: string): readonly Problem[] => {
  const result = loadSite(text, tools);
  return result.ok ? result.warnings : result.problems;
};

export const codesOf = (text: string): readonly string[] => problemsOf(text).map(({ code }) => code);

export const siteOf = (text: string): SiteFile => {
  const result = loadSite(text, tools);
  if (!result.ok) throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return result.site;
};
