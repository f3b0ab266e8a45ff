/** What each trace test does: draws runs until their steps add up, says what it covered, and prints what broke as it is kept. */
import * as assert from 'uvu/assert';
import { campaign, keptText } from './campaign.ts';
import type { Campaign } from './campaign.ts';

const failureText = (seed: number, text: string, kept: string): string =>
  `seed ${seed}: ${text}\nkeep this under test/invariants/kept/ and mend it:\n${kept}`;

/** At least so many steps without a violation. */
export const stretch = (wanted: Campaign): void => {
  const startedAt = performance.now();
  const { steps, runs, broken } = campaign(wanted);
  const rate = Math.round(steps / ((performance.now() - startedAt) / 1_000));
  console.log(`${wanted.site}: ${steps} steps in ${runs} runs from seed ${wanted.seed}, ${rate} steps/s with invariants`);
  if (broken) assert.unreachable(failureText(broken.seed, broken.violation.text, keptText(broken)));
  assert.ok(steps >= wanted.steps);
};
