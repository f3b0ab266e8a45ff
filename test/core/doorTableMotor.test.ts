/**
 * A motor lock with feedback: every mode × everything that can happen to its door. What is seen is the moment after, before the
 * motor has turned.
 *
 * A row is: what happens | mode, lock, outputs, then what is told.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTable, rowOf } from './doorTableBench.ts';
import type { ModeName } from './doorTableBench.ts';

const TABLES: Partial<Record<ModeName, string>> = {
  locked: `
exit button              | accessed unlocking opens exit-requested
interphone               | accessed unlocking opens access-granted
code at the reader       | accessed unlocking opens access-granted
badge at the reader      | accessed unlocking opens access-granted
badge at the exit reader | accessed unlocking opens access-granted
unlock from afar         | accessed unlocking opens access-granted
code of nobody           | locked locked rests code-refused:unknown-code
code of a neighbour      | locked locked rests access-refused:not-your-door
bell rings               | locked locked rests bell
handle turned            | locked locked rests
leaf opens               | locked locked rests door-forced
leaf closes              | locked locked rests door-forced-restored
latch lets go            | locked locked rests
latch engages            | locked locked rests
five seconds pass        | locked locked rests
opened, half a second    | locked locked rests
area set                 | locked locked rests arm-requested armed
area unset               | locked locked rests disarmed
fire                     | locked locked rests fire
fire over                | locked locked rests fire-restored
fire over, acknowledged  | locked locked rests memory-acknowledged
hours begin              | unlocked unlocking opens free-access-started
hours end                | locked locking closes free-access-ended
blocked                  | blocked locked rests door-mode-changed
locked down              | locked-down locked rests door-mode-changed
locked open              | locked-open unlocking opens door-mode-changed
locked                   | locked locked rests
locked by staff          | locked locked rests code-refused:not-your-role
restart                  | locked locked rests restarted
power cut                | locked locked rests restarted
`,
  unlocked: `
exit button              | unlocked unlocked rests exit-requested
interphone               | unlocked unlocked rests access-granted
code at the reader       | unlocked unlocked rests access-granted
badge at the reader      | unlocked unlocked rests access-granted
badge at the exit reader | unlocked unlocked rests access-granted
unlock from afar         | unlocked unlocked rests access-granted
code of nobody           | unlocked unlocked rests code-refused:unknown-code
code of a neighbour      | unlocked unlocked rests access-refused:not-your-door
bell rings               | unlocked unlocked rests bell
handle turned            | unlocked unlocked rests
leaf opens               | unlocked unlocked rests
leaf closes              | unlocked unlocked rests
latch lets go            | unlocked unlocked rests
latch engages            | unlocked unlocked rests
five seconds pass        | unlocked unlocked rests
opened, half a second    | unlocked unlocked rests
area set                 | locked locking closes arm-requested free-access-ended armed
area unset               | unlocked unlocking opens disarmed free-access-started
fire                     | unlocked unlocked rests fire
fire over                | unlocked unlocked rests fire-restored
fire over, acknowledged  | unlocked unlocked rests memory-acknowledged
hours begin              | unlocked unlocking opens free-access-started
hours end                | locked locking closes free-access-ended
blocked                  | blocked locking closes door-mode-changed free-access-ended
locked down              | locked-down locking closes door-mode-changed free-access-ended
locked open              | locked-open unlocked rests door-mode-changed free-access-ended
locked                   | locked locking closes door-mode-changed free-access-ended
locked by staff          | unlocked unlocked rests code-refused:not-your-role
restart                  | locked locking closes restarted
power cut                | locked locking closes restarted
`,
  accessed: `
exit button              | accessed unlocked rests exit-requested
interphone               | accessed unlocked rests access-granted
code at the reader       | accessed unlocked rests access-granted
badge at the reader      | accessed unlocked rests access-granted
badge at the exit reader | accessed unlocked rests access-granted
unlock from afar         | accessed unlocked rests access-granted
code of nobody           | accessed unlocked rests code-refused:unknown-code
code of a neighbour      | accessed unlocked rests access-refused:not-your-door
bell rings               | accessed unlocked rests bell
handle turned            | accessed unlocked rests
leaf opens               | accessed unlocked rests access-used
leaf closes              | accessed unlocked rests
latch lets go            | accessed unlocked rests
latch engages            | accessed unlocked rests
five seconds pass        | locked locking closes access-not-used
opened, half a second    | accessed unlocked rests
area set                 | locked locking closes arm-requested armed access-not-used
area unset               | locked locked rests disarmed
fire                     | accessed unlocked rests fire
fire over                | accessed unlocked rests fire-restored
fire over, acknowledged  | accessed unlocked rests memory-acknowledged
hours begin              | unlocked unlocked rests free-access-started
hours end                | accessed unlocked rests free-access-ended
blocked                  | blocked locking closes door-mode-changed access-not-used
locked down              | locked-down locking closes door-mode-changed access-not-used
locked open              | locked-open unlocked rests door-mode-changed
locked                   | accessed unlocked rests
locked by staff          | accessed unlocked rests code-refused:not-your-role
restart                  | locked locking closes restarted
power cut                | locked locking closes restarted
`,
  blocked: `
exit button              | blocked unlocking opens exit-requested
interphone               | blocked locked rests access-refused:door-blocked
code at the reader       | blocked locked rests access-refused:door-blocked
badge at the reader      | blocked locked rests access-refused:door-blocked
badge at the exit reader | blocked unlocking opens access-granted
unlock from afar         | blocked locked rests access-refused:door-blocked
code of nobody           | blocked locked rests code-refused:unknown-code
code of a neighbour      | blocked locked rests access-refused:not-your-door
bell rings               | blocked locked rests bell
handle turned            | blocked locked rests
leaf opens               | blocked locked rests door-forced
leaf closes              | blocked locked rests door-forced-restored
latch lets go            | blocked locked rests
latch engages            | blocked locked rests
five seconds pass        | blocked locked rests
opened, half a second    | blocked locked rests
area set                 | blocked locked rests arm-requested armed
area unset               | blocked locked rests disarmed
fire                     | blocked locked rests fire
fire over                | blocked locked rests fire-restored
fire over, acknowledged  | blocked locked rests memory-acknowledged
hours begin              | blocked locked rests
hours end                | blocked locked rests
blocked                  | blocked locked rests
locked down              | locked-down locked rests door-mode-changed
locked open              | locked-open unlocking opens door-mode-changed
locked                   | locked locked rests door-mode-changed
locked by staff          | blocked locked rests code-refused:not-your-role
restart                  | blocked locked rests restarted
power cut                | blocked locked rests restarted
`,
  'locked-down': `
exit button              | locked-down unlocking opens exit-requested
interphone               | locked-down locked rests access-refused:door-locked-down
code at the reader       | locked-down locked rests access-refused:door-locked-down
badge at the reader      | locked-down locked rests access-refused:door-locked-down
badge at the exit reader | locked-down locked rests access-refused:door-locked-down
unlock from afar         | locked-down locked rests access-refused:door-locked-down
code of nobody           | locked-down locked rests code-refused:unknown-code
code of a neighbour      | locked-down locked rests access-refused:not-your-door
bell rings               | locked-down locked rests bell
handle turned            | locked-down locked rests
leaf opens               | locked-down locked rests door-forced
leaf closes              | locked-down locked rests door-forced-restored
latch lets go            | locked-down locked rests
latch engages            | locked-down locked rests
five seconds pass        | locked-down locked rests
opened, half a second    | locked-down locked rests
area set                 | locked-down locked rests arm-requested armed
area unset               | locked-down locked rests disarmed
fire                     | locked-down locked rests fire
fire over                | locked-down locked rests fire-restored
fire over, acknowledged  | locked-down locked rests memory-acknowledged
hours begin              | locked-down locked rests
hours end                | locked-down locked rests
blocked                  | locked-down locked rests
locked down              | locked-down locked rests
locked open              | locked-down locked rests
locked                   | locked locked rests door-mode-changed
locked by staff          | locked-down locked rests code-refused:not-your-role
restart                  | locked-down locked rests restarted
power cut                | locked-down locked rests restarted
`,
  'locked-open': `
exit button              | locked-open unlocked rests exit-requested
interphone               | locked-open unlocked rests access-granted
code at the reader       | locked-open unlocked rests access-granted
badge at the reader      | locked-open unlocked rests access-granted
badge at the exit reader | locked-open unlocked rests access-granted
unlock from afar         | locked-open unlocked rests access-granted
code of nobody           | locked-open unlocked rests code-refused:unknown-code
code of a neighbour      | locked-open unlocked rests access-refused:not-your-door
bell rings               | locked-open unlocked rests bell
handle turned            | locked-open unlocked rests
leaf opens               | locked-open unlocked rests
leaf closes              | locked-open unlocked rests
latch lets go            | locked-open unlocked rests
latch engages            | locked-open unlocked rests
five seconds pass        | locked-open unlocked rests
opened, half a second    | locked-open unlocked rests
area set                 | locked locking closes arm-requested armed
area unset               | locked-open unlocking opens disarmed
fire                     | locked-open unlocked rests fire
fire over                | locked-open unlocked rests fire-restored
fire over, acknowledged  | locked-open unlocked rests memory-acknowledged
hours begin              | locked-open unlocked rests
hours end                | locked-open unlocked rests
blocked                  | blocked locking closes door-mode-changed
locked down              | locked-down locking closes door-mode-changed
locked open              | locked-open unlocked rests
locked                   | locked locking closes door-mode-changed
locked by staff          | locked-open unlocked rests code-refused:not-your-role
restart                  | locked locking closes restarted door-mode-changed
power cut                | locked locking closes restarted door-mode-changed
`,
};

const test = suite('a motor lock');

for (const { mode, act, row } of parseTable(TABLES)) {
  test(`${mode}: ${act}`, () => {
    assert.is(rowOf('motor', mode, act), row);
  });
}

test.run();
