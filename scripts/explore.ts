/**
 * Breadth-first exploration of a small site, until nothing new is found:
 *
 *     node dist/scripts/explore.js [airlock] [--wide] [--most STATES]
 *
 * `airlock`: two doors that lock, instead of an area that is set. `--wide`: one more wrong code, swingers and partial
 * setting; at the airlock a latch and a handle contact; many times as many states. Exit 1 when an invariant breaks or
 * the search was given up.
 */
import { airlockSpace } from '../test/invariants/airlockExploration.ts';
import { smallSpace } from '../test/invariants/exploration.ts';
import { explore } from '../test/invariants/search.ts';

const given = process.argv.slice(2);
const mostAt = given.indexOf('--most');
const most = mostAt < 0 ? 2_000_000 : Number(given[mostAt + 1]);
if (!Number.isSafeInteger(most) || most < 1) {
  process.stderr.write('--most wants a whole number of states\n');
  process.exit(2);
}

const wide = given.includes('--wide');
const space = given.includes('airlock') ? airlockSpace(wide) : smallSpace(wide);
const startedAt = performance.now();
const { states, transitions, steps, complete, violation, labels } = explore(space, most);
const seconds = (performance.now() - startedAt) / 1_000;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

print(`${states} states, ${transitions} transitions`);
print(`${steps} steps in ${seconds.toFixed(1)} s, ${Math.round(steps / seconds)} steps/s with invariants`);
print([...labels].map(([label, count]) => `${label} ${count}`).join(', '));
if (violation) {
  print(`${violation.violation.invariant} ${violation.violation.rule}: ${violation.violation.text}`);
  for (const act of violation.trace) print(JSON.stringify(act));
}
print(complete ? 'complete: nothing new was left to find' : 'not complete');
process.exitCode = complete && !violation ? 0 : 1;
