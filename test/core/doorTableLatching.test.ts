/**
 * A strike that one pulse frees until the door has opened: every mode × everything that can happen to its door. It never
 * stands open.
 *
 * A row is: what happens | mode, lock, outputs, then what is told.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTable, rowOf } from './doorTableBench.ts';
import type { ModeName } from './doorTableBench.ts';

const TABLES: Partial<Record<ModeName, string>> = {
  locked: `
exit button              | accessed unlocked on exit-requested
interphone               | accessed unlocked on access-granted
code at the reader       | accessed unlocked on access-granted
badge at the reader      | accessed unlocked on access-granted
badge at the exit reader | accessed unlocked on access-granted
unlock from afar         | accessed unlocked on access-granted
code of nobody           | locked locked off code-refused:unknown-code
code of a neighbour      | locked locked off access-refused:not-your-door
bell rings               | locked locked off bell
handle turned            | locked locked off
leaf opens               | locked locked off door-forced
leaf closes              | locked locked off door-forced-restored
latch lets go            | locked locked off
latch engages            | locked locked off
five seconds pass        | locked locked off
opened, half a second    | locked locked off
area set                 | locked locked off arm-requested armed
area unset               | locked locked off disarmed
fire                     | locked locked off fire
fire over                | locked locked off fire-restored
fire over, acknowledged  | locked locked off memory-acknowledged
blocked                  | blocked locked off door-mode-changed
locked down              | locked-down locked off door-mode-changed
locked open              | locked locked off
locked                   | locked locked off
locked by staff          | locked locked off code-refused:not-your-role
restart                  | locked locked off restarted
power cut                | locked locked off restarted
`,
  accessed: `
exit button              | accessed unlocked on exit-requested
interphone               | accessed unlocked on access-granted
code at the reader       | accessed unlocked on access-granted
badge at the reader      | accessed unlocked on access-granted
badge at the exit reader | accessed unlocked on access-granted
unlock from afar         | accessed unlocked on access-granted
code of nobody           | accessed unlocked on code-refused:unknown-code
code of a neighbour      | accessed unlocked on access-refused:not-your-door
bell rings               | accessed unlocked on bell
handle turned            | accessed unlocked on
leaf opens               | accessed unlocked on access-used
leaf closes              | accessed unlocked on
latch lets go            | accessed unlocked on
latch engages            | accessed unlocked on
five seconds pass        | locked released-pending off access-not-used released-pending
opened, half a second    | locked locked off
area set                 | locked released-pending on arm-requested armed access-not-used released-pending
area unset               | locked released-pending on disarmed
fire                     | accessed unlocked on fire
fire over                | accessed unlocked on fire-restored
fire over, acknowledged  | accessed unlocked on memory-acknowledged
blocked                  | blocked released-pending on door-mode-changed access-not-used released-pending
locked down              | locked-down released-pending on door-mode-changed access-not-used released-pending
locked open              | accessed unlocked on
locked                   | accessed unlocked on
locked by staff          | accessed unlocked on code-refused:not-your-role
restart                  | locked released-pending off restarted released-pending
power cut                | locked released-pending off restarted released-pending
`,
  blocked: `
exit button              | blocked unlocked on exit-requested
interphone               | blocked locked off access-refused:door-blocked
code at the reader       | blocked locked off access-refused:door-blocked
badge at the reader      | blocked locked off access-refused:door-blocked
badge at the exit reader | blocked unlocked on access-granted
unlock from afar         | blocked locked off access-refused:door-blocked
code of nobody           | blocked locked off code-refused:unknown-code
code of a neighbour      | blocked locked off access-refused:not-your-door
bell rings               | blocked locked off bell
handle turned            | blocked locked off
leaf opens               | blocked locked off door-forced
leaf closes              | blocked locked off door-forced-restored
latch lets go            | blocked locked off
latch engages            | blocked locked off
five seconds pass        | blocked locked off
opened, half a second    | blocked locked off
area set                 | blocked locked off arm-requested armed
area unset               | blocked locked off disarmed
fire                     | blocked locked off fire
fire over                | blocked locked off fire-restored
fire over, acknowledged  | blocked locked off memory-acknowledged
blocked                  | blocked locked off
locked down              | locked-down locked off door-mode-changed
locked open              | blocked locked off
locked                   | locked locked off door-mode-changed
locked by staff          | blocked locked off code-refused:not-your-role
restart                  | blocked locked off restarted
power cut                | blocked locked off restarted
`,
  'locked-down': `
exit button              | locked-down unlocked on exit-requested
interphone               | locked-down locked off access-refused:door-locked-down
code at the reader       | locked-down locked off access-refused:door-locked-down
badge at the reader      | locked-down locked off access-refused:door-locked-down
badge at the exit reader | locked-down locked off access-refused:door-locked-down
unlock from afar         | locked-down locked off access-refused:door-locked-down
code of nobody           | locked-down locked off code-refused:unknown-code
code of a neighbour      | locked-down locked off access-refused:not-your-door
bell rings               | locked-down locked off bell
handle turned            | locked-down locked off
leaf opens               | locked-down locked off door-forced
leaf closes              | locked-down locked off door-forced-restored
latch lets go            | locked-down locked off
latch engages            | locked-down locked off
five seconds pass        | locked-down locked off
opened, half a second    | locked-down locked off
area set                 | locked-down locked off arm-requested armed
area unset               | locked-down locked off disarmed
fire                     | locked-down locked off fire
fire over                | locked-down locked off fire-restored
fire over, acknowledged  | locked-down locked off memory-acknowledged
blocked                  | locked-down locked off
locked down              | locked-down locked off
locked open              | locked-down locked off
locked                   | locked locked off door-mode-changed
locked by staff          | locked-down locked off code-refused:not-your-role
restart                  | locked-down locked off restarted
power cut                | locked-down locked off restarted
`,
};

const test = suite('a latching strike');

for (const { mode, act, row } of parseTable(TABLES)) {
  test(`${mode}: ${act}`, () => {
    assert.is(rowOf('strike-latching', mode, act), row);
  });
}

test.run();
