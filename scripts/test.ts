/**
 * The test command: `node dist/scripts/test.js [--system | --kernel] [--quick] [part of a file name]…`.
 * Its last line is `N passed, N failed`; it exits 1 on any failure.
 */
import { fileURLToPath } from 'node:url';
import { killAll, runTests } from './testRunner.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const given = process.argv.slice(2);
const choice = {
  system: given.includes('--system'),
  kernel: given.includes('--kernel'),
  quick: given.includes('--quick'),
  filters: given.filter((word) => !word.startsWith('--')),
};
const OPTIONS = ['--system', '--kernel', '--quick'];
const unknown = given.find((word) => word.startsWith('--') && !OPTIONS.includes(word));
if (unknown !== undefined) {
  process.stderr.write(`unknown option ${unknown}\n`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killAll();
    process.exit(130);
  });
}

const good = await runTests({ root, ...choice, print: (text) => process.stdout.write(`${text}\n`) });
process.exitCode = good ? 0 : 1;
