// deadline: 120s
/** Every abstract state that a small site can come to, and every act in each of them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { airlockSpace } from './airlockExploration.ts';
import { smallSpace } from './exploration.ts';
import { explore } from './search.ts';
import type { Explored, Space } from './search.ts';

const test = suite('exploration of small sites');

const MOST_STATES = 200_000;

const said = ({ violation: found }: Explored): string => {
  if (!found) return '';
  const { invariant, rule, text } = found.violation;
  return `${invariant} ${rule}: ${text}\n${found.trace.map((act) => JSON.stringify(act)).join('\n')}`;
};

const exploreAll = (space: Space): Explored => {
  const startedAt = performance.now();
  const explored = explore(space, MOST_STATES);
  const { states, transitions, steps, complete, labels } = explored;
  const rate = Math.round(steps / ((performance.now() - startedAt) / 1_000));
  const byLabel = [...labels].map(([label, count]) => `${count} ${label}`).join(', ');
  console.log(`${states} states (${byLabel}), ${transitions} transitions, ${steps} steps, ${rate} steps/s`);
  assert.is(said(explored), '');
  assert.ok(complete, 'nothing new was left to find');
  return explored;
};

test('an entry door, a follower and a window; right, wrong and duress codes; time, and restarts', () => {
  const { states, transitions, labels } = exploreAll(smallSpace());
  assert.ok(states >= 10_000 && transitions >= 100_000, 'the site was really walked through');
  assert.equal([...labels.keys()].toSorted(), ['armed', 'disarmed', 'entering', 'exiting']);
});

test('an airlock: two leaves, whoever wants in and out, fire, a door that is blocked; time, and restarts', () => {
  const { states, transitions, labels } = exploreAll(airlockSpace());
  assert.ok(states >= 2_000 && transitions >= 20_000, 'the airlock was really walked through');
  assert.equal([...labels.keys()].toSorted(), ['fire', 'quiet', 'released', 'waiting']);
});

test.run();
