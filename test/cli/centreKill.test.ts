// deadline: 120s
/**
 * The receiver killed with SIGKILL while sites send to it, again and again: whatever it acknowledged is on its disk,
 * and whatever was sent arrives, once, in the end.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordOf } from '../../src/drivers/centre-store/record.ts';
import { RECORDS_FILE } from '../../src/drivers/centre-store/store.ts';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { eventMessage, speakingSite } from '../support/speakingSite.ts';
import type { SpeakingSite } from '../support/speakingSite.ts';

const test = suite('receiver killed');
const PROGRAM = fileURLToPath(new URL('../support/centreProcess.js', import.meta.url));
const KILLS = 32;
const SITES = ['cabinet', 'officine'];

/** Starts it and waits for a line of a kind; lines are JSON. */
const startProcess = (
  url: string,
  folder: string,
): { readonly child: ChildProcess; readonly until: (kind: string) => Promise<void> } => {
  const child = spawn(process.execPath, [PROGRAM, '--broker', url, '--data', folder, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const looking = new Set<() => void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of looking) look();
  });
  const has = (kind: string): boolean => output.includes(`"kind":"${kind}"`);
  return {
    child,
    until: (kind) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${kind}: not said, but ${output}`)), 10_000);
        const look = (): void => {
          if (!has(kind)) return;
          clearTimeout(timer);
          looking.delete(look);
          resolve();
        };
        looking.add(look);
        look();
      }),
  };
};

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));

/** How often each number of each site is stored. */
const storedIn = (folder: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of readFileSync(join(folder, RECORDS_FILE), 'utf8').split('\n')) {
    const record = recordOf(line);
    if (record?.kind !== 'event') continue;
    const key = `${record.message.site} ${record.message.seq}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

/** Sends what is not acknowledged, as a site does: a window of twenty, in order, again while there is no answer. */
const sendWindow = (site: SpeakingSite, name: string, last: number): void => {
  const from = site.acknowledged('alarm') + 1;
  for (let seq = from; seq <= Math.min(last, from + 19); seq += 1) site.send(eventMessage(name, 'alarm', seq));
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test(`${KILLS} kills: nothing acknowledged is missing, nothing is stored twice`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-kill-'));
  const broker = await startBroker({ port: 0, host: '127.0.0.1', receiveMaximum: 100 });
  if (broker.kind === 'failed') throw new Error(broker.reason);
  const sites = SITES.map((name) => ({ name, site: speakingSite(name, mqttLink) }));
  let sent = 0;
  let killedWhileStoring = 0;
  try {
    for (const { site } of sites) await site.connect(broker.broker.url);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, until } = startProcess(broker.broker.url, folder);
      await until('connected');
      sent += 40;
      const before = sites.map(({ site }) => site.acknowledged('alarm'));
      for (const { name, site } of sites) sendWindow(site, name, sent);
      // From before the first write to long after the last acknowledgement.
      await pause((kill % 8) * 2);
      child.kill('SIGKILL');
      await ended(child);
      await pause(20);
      const stored = storedIn(folder);
      for (const [at, { name, site }] of sites.entries()) {
        const acknowledged = site.acknowledged('alarm');
        if (acknowledged > (before[at] ?? 0)) killedWhileStoring += 1;
        for (let seq = 1; seq <= acknowledged; seq += 1)
          assert.is(stored.get(`${name} ${seq}`), 1, `kill ${kill}: ${name} ${seq}`);
      }
    }
    const { child, until } = startProcess(broker.broker.url, folder);
    await until('connected');
    for (const { name, site } of sites) {
      while (site.acknowledged('alarm') < sent) {
        sendWindow(site, name, sent);
        await pause(10);
      }
    }
    child.kill('SIGTERM');
    await ended(child);
    assert.is(child.exitCode, 0);
    const stored = storedIn(folder);
    assert.is(stored.size, sent * SITES.length);
    assert.ok([...stored.values()].every((count) => count === 1));
    assert.ok(killedWhileStoring > 0, 'no kill came after an acknowledgement: the test showed nothing');
    assert.ok(killedWhileStoring < KILLS * SITES.length, 'no kill came before one: the test showed nothing');
  } finally {
    for (const { site } of sites) site.link.destroy();
    await broker.broker.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
