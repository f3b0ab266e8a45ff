/**
 * Contact → siren line of the whole product on a real kernel, against a bare onoff script that follows one line with another,
 * in the same run and alternating:
 *
 *     npm run build && npm run build:onoff
 *     scripts/kernel/run.sh node dist/scripts/kernel/latency.js [ROUNDS]
 *
 * A line is moved through gpio-sim; the kernel's own trace says when the other line was driven, on the same clock. So nobody
 * who looks takes part in the race, and only the processor is shared. Figures, never a gate: it is an emulated processor.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../bench/figures.ts';
import { startMachine, stopMachine, wireTo } from '../bench/machine.ts';
import type { Machine, Wire } from '../bench/machine.ts';
import { benchDigest } from '../bench/latency.ts';
import { CODE, siteSalt } from '../bench/site.ts';

type Access = 'character-device' | 'onoff';

const ROUNDS = Number(process.argv[2] ?? 100);
const WARM_UP = 20;
/** Both are measured at rest, as a site is at night. */
const REST_MS = 120;
const DEBOUNCE_MS = 20;
const PATIENCE_MS = 30_000;

const INSTANT = 17;
const DEBOUNCED = 18;
const KEY = 22;
const LAMP = 24;
const SIREN = 27;
const BARE_INPUT = 5;
const BARE_OUTPUT = 6;

// ---- the kernel

const CHIP = process.env['SIM'] ?? '';
const TRACE = '/sys/kernel/debug/tracing';

const pull = (offset: number, level: 0 | 1): void =>
  writeFileSync(join(CHIP, `sim_gpio${offset}`, 'pull'), level === 1 ? 'pull-up' : 'pull-down');
const levelOf = (offset: number): number => Number(readFileSync(join(CHIP, `sim_gpio${offset}`, 'value'), 'utf8'));

const baseOfHeader = (): number => {
  const chips = readdirSync('/sys/class/gpio').filter((name) => name.startsWith('gpiochip'));
  const labelled = chips.find((name) => readFileSync(`/sys/class/gpio/${name}/label`, 'utf8').trim() === 'pinctrl-bcm2711');
  if (labelled === undefined) throw new Error('there is no header here: see scripts/kernel/run.sh');
  return Number(readFileSync(`/sys/class/gpio/${labelled}/base`, 'utf8'));
};

const startTrace = (): void => {
  writeFileSync(`${TRACE}/trace_clock`, 'mono');
  writeFileSync(`${TRACE}/events/gpio/gpio_value/enable`, '1');
  writeFileSync(`${TRACE}/tracing_on`, '1');
};

/** When the line was first driven high since the trace was emptied, in machine time. */
const drivenHighAtMs = (number: number): number | undefined => {
  const found = new RegExp(` (\\d+\\.\\d+): gpio_value: ${number} set 1`).exec(readFileSync(`${TRACE}/trace`, 'utf8'));
  return found?.[1] === undefined ? undefined : Number(found[1]) * 1_000;
};

const until = async <T>(what: string, look: () => T | undefined | false): Promise<T> => {
  const end = nowMs() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (nowMs() > end) throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
    await sleep(5);
  }
};

/** Moves `from`, and waits for `to` to be driven high. */
const race = async (from: number, to: number): Promise<number> => {
  await sleep(REST_MS);
  writeFileSync(`${TRACE}/trace`, '');
  const at = nowMs();
  pull(from, 1);
  return (await until(`line ${to} after line ${from}`, () => drivenHighAtMs(to + base))) - at;
};

// ---- the product

const zone = (number: number, id: string, offset: number, rest: string): string =>
  `  ${id}: { number: ${number}, name: ${id}, area: area, input: GPIO${offset}, bias: none, swinger: 0, ${rest} }`;

const siteOf = (access: Access): string => `version: 1
site: bench
name: Bench
board: { model: raspberry-pi-4, access: ${access} }
security: { salt: ${siteSalt} }
areas:
  area: { name: Area, exit: immediate, quiet: 0s }
zones:
${zone(1, 'window', INSTANT, 'type: instant, debounce: 0s')}
${zone(2, 'door', DEBOUNCED, `type: instant, debounce: ${DEBOUNCE_MS}ms`)}
${zone(3, 'key', KEY, 'type: keyswitch, debounce: 0s, keyswitch: { arms: false, disarms: true }')}
outputs:
  siren: { role: siren, name: Siren, output: GPIO${SIREN}, areas: [area], place: indoor }
  lamp: { role: armed-lamp, name: Lamp, output: GPIO${LAMP}, areas: [area] }
keypads:
  entrance: { name: Keypad, areas: [area] }
users:
  martin: { name: Martin, role: owner, code: ${benchDigest()} }
`;

const startProduct = (folder: string, access: Access): Promise<Machine> => {
  const config = join(folder, `${access}.yaml`);
  writeFileSync(config, siteOf(access));
  const args = [
    'run',
    '--config',
    config,
    '--data',
    join(folder, access),
    '--sim-socket',
    join(folder, 'sim.sock'),
    '--log',
    'error',
  ];
  return startMachine('../../src/main.js', args);
};

/** An alarm of the armed area. A key disarms without the cost of a code; only a code arms over the memory of an alarm. */
const alarmOf = async (keypad: Wire, contact: number): Promise<number> => {
  keypad.send({ keys: 'entrance', text: `1**${CODE}#` });
  await until('armed', () => levelOf(LAMP) === 1);
  const took = await race(contact, SIREN);
  pull(contact, 0);
  await sleep(2 * DEBOUNCE_MS);
  pull(KEY, 1);
  await until('disarmed', () => levelOf(SIREN) === 0 && levelOf(LAMP) === 0);
  pull(KEY, 0);
  return took;
};

const bareOf = async (): Promise<number> => {
  const took = await race(BARE_INPUT, BARE_OUTPUT);
  pull(BARE_INPUT, 0);
  return took;
};

// ---- figures

type Samples = { readonly instant: number[]; readonly debounced: number[]; readonly bare: number[] };

const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;
type Spread = Readonly<Record<keyof typeof SHARES, number>>;

const spreadOf = (samples: readonly number[]): Spread => {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(SHARES.p50), p90: at(SHARES.p90), p99: at(SHARES.p99) };
};

const text = ({ p50, p90, p99 }: Spread, digits: number): string =>
  `p50 ${p50.toFixed(digits)}  p90 ${p90.toFixed(digits)}  p99 ${p99.toFixed(digits)}`;

const tell = (access: Access, { instant, debounced, bare }: Samples): void => {
  const [ours, filtered, floor] = [spreadOf(instant), spreadOf(debounced), spreadOf(bare)];
  const ratio = { p50: ours.p50 / floor.p50, p90: ours.p90 / floor.p90, p99: ours.p99 / floor.p99 };
  process.stdout.write(
    [
      `contact → siren, ${access}, debounce 0 (n ${instant.length})`,
      `  Vigie                 ${text(ours, 2)} ms`,
      `  bare onoff            ${text(floor, 2)} ms`,
      `  ratio                 ${text(ratio, 2)} ×`,
      `  with debounce ${DEBOUNCE_MS} ms   ${text(filtered, 2)} ms`,
      '',
    ].join('\n'),
  );
};

const measure = async (access: Access): Promise<Samples> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-latency-'));
  const machine = await startProduct(folder, access);
  const keypad = await wireTo(join(folder, 'sim.sock'));
  const samples: Samples = { instant: [], debounced: [], bare: [] };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const [instant, bare] = [await alarmOf(keypad, INSTANT), await bareOf()];
    if (round < 0) continue;
    samples.instant.push(instant);
    samples.bare.push(bare);
    if (round % 4 === 0) samples.debounced.push(await alarmOf(keypad, DEBOUNCED));
  }
  keypad.close();
  await stopMachine(machine);
  rmSync(folder, { recursive: true, force: true });
  return samples;
};

const base = baseOfHeader();
startTrace();
const bareScript = await startMachine('../kernel/bareOnoff.js', [String(base + BARE_INPUT), String(base + BARE_OUTPUT)]);
for (const access of ['character-device', 'onoff'] as const) tell(access, await measure(access));
await stopMachine(bareScript, 'SIGKILL');
