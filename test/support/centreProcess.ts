/** `vigie centre` as a process of its own: what a test kills. */
import { readFile } from 'node:fs/promises';
import { centre } from '../../src/cli/centre.ts';

process.exitCode = await centre(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  stdin: () => Promise.resolve(''),
  readFile: async (path) => {
    try {
      return { ok: true, bytes: await readFile(path) };
    } catch {
      return { ok: false, reason: 'not-found' };
    }
  },
  env: process.env,
});
