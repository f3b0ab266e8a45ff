/**
 * Run in the guest (`scripts/kernel/test.sh`): a controller that feeds the machine's watchdog, left alone for longer than the
 * watchdog's margin, ended in good order, left alone again, started anew, and stopped dead. The machine must live through all
 * but the last. The argument is the margin in seconds; `stopped at N s` is the guest's time at which it hung.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMachine, stopMachine } from '../bench/machine.ts';
import type { Machine } from '../bench/machine.ts';

const marginMs = Number(process.argv[2]) * 1_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const uptime = (): string => readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0] ?? '';

const SITE = `version: 1
site: hang
name: Hang
watchdog: { device: /dev/watchdog }
security: { salt: demo-minimal-0001 }
areas:
  area: { name: Area }
zones:
  window: { number: 1, name: Window, area: area, type: instant, input: GPIO17 }
keypads:
  entrance: { name: Keypad, areas: [area] }
users:
  martin: { name: Martin, role: owner, code: v1-305c86b9baa113958dc07c4a6731a747 }
`;

const folder = mkdtempSync(join(tmpdir(), 'vigie-hang-'));
const config = join(folder, 'site.yaml');
writeFileSync(config, SITE);
const start = (): Promise<Machine> =>
  startMachine('../../src/main.js', ['run', '--config', config, '--data', join(folder, 'data'), '--log', 'warn']);

const first = await start();
await sleep(marginMs * 1.5);
say(`fed for ${marginMs / 1_000} s and more: the machine lives`);
await stopMachine(first);
await sleep(marginMs * 1.5);
say('ended in good order: the machine lives without it');
const second = await start();
await sleep(2_000);
second.child.kill('SIGSTOP');
say(`stopped at ${uptime()} s of the guest’s time`);
await sleep(marginMs * 3);
say('the machine still lives');
process.exit(1);
