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
