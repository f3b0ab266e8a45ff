// deadline: 120s
/** Every abstract state that a small site can come to, and every act in each of them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explore, smallSite } from './exploration.ts';
import type { Explored } from './exploration.ts';

const test = suite('exploration of a small site');

const MOST_STATES = 200_000;

const said = ({ violation: found }: Explored): string => {
  if (!found) return '';
  const { invariant, rule, text } = found.violation;
  return `${invariant} ${rule}: ${text}\n${found.trace.map((act) => JSON.stringify(act)).join('\n')}`;
};

test('an entry door, a follower and a window; right, wrong and duress codes; time, and restarts', () => {
  const startedAt = performance.now();
  const explored = explore(smallSite(), MOST_STATES);
  const { states, transitions, steps, complete, modes } = explored;
  const rate = Math.round(steps / ((performance.now() - startedAt) / 1_000));
  const byMode = [...modes].map(([mode, count]) => `${count} ${mode}`).join(', ');
  console.log(`${states} states (${byMode}), ${transitions} transitions, ${steps} steps, ${rate} steps/s`);
  assert.is(said(explored), '');
  assert.ok(complete, 'nothing new was left to find');
  assert.ok(states >= 10_000 && transitions >= 100_000, 'the site was really walked through');
  assert.equal([...modes.keys()].toSorted(), ['armed', 'disarmed', 'entering', 'exiting']);
});

test.run();
