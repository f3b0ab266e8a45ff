/** The tidy command: `node dist/scripts/tidy.js`. Prints each problem as `file:line rule: text` and exits 1 if there is one. */
import { fileURLToPath } from 'node:url';
import { problemText, problemsUnder } from './tidy/tree.ts';

const { files, problems } = problemsUnder(fileURLToPath(new URL('../..', import.meta.url)));
for (const problem of problems) process.stdout.write(`${problemText(problem)}\n`);
process.stdout.write(`tidy: ${files} files, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 && files > 0 ? 0 : 1;
