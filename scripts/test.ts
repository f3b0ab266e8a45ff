/**
 * The test command: `node dist/scripts/test.js [--system] [part of a file name]…`.
 * Its last line is `N passed, N failed`; it exits 1 on any failure.
 */
import { fileURLToPath } from 'node:url';
import { killAll, runTests } from './testRunner.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const given = process.argv.slice(2);
const system = given.includes('--system');
const filters = given.filter((word) => word !== '--system');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killAll();
    process.exit(130);
  });
}

const good = await runTests({ root, filters, system, print: (text) => process.stdout.write(`${text}\n`) });
process.exitCode = good ? 0 : 1;
