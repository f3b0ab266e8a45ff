/**
 * A lock that current holds (maglock, fail-safe strike): every mode × everything that can happen to its door. Cut, it lets out.
 *
 * A row is: what happens | mode, lock, outputs, then what is told.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LockKind } from '../../src/core/config.ts';
import { ACTS, MODES, parseTable, rowOf } from './doorTableBench.ts';
import type { ModeName } from './doorTableBench.ts';

const TABLES: Partial<Record<ModeName, string>> = {
  locked: `
exit button              | accessed unlocked off exit-requested
interphone               | accessed unlocked off access-granted
code at the reader       | accessed unlocked off access-granted
badge at the reader      | accessed unlocked off access-granted
badge at the exit reader | accessed unlocked off access-granted
unlock from afar         | accessed unlocked off access-granted
code of nobody           | locked locked on code-refused:unknown-code
code of a neighbour      | locked locked on access-refused:not-your-door
bell rings               | locked locked on bell
handle turned            | locked locked on
leaf opens               | locked locked on door-forced
leaf closes              | locked locked on door-forced-restored
latch lets go            | locked locked on
latch engages            | locked locked on
five seconds pass        | locked locked on
opened, half a second    | locked locked on
area set                 | locked locked on arm-requested armed
area unset               | locked locked on disarmed
box pulled               | locked unlocked off egress-released
box back                 | locked unlocked off egress-restored
box back, acknowledged   | locked locked on egress-acknowledged
acknowledged, box pulled | locked unlocked off
fire                     | locked unlocked off egress-released fire
fire over                | locked unlocked off egress-restored fire-restored
fire over, acknowledged  | locked locked on egress-acknowledged memory-acknowledged
hours begin              | unlocked unlocked off free-access-started
hours end                | locked locked on free-access-ended
blocked                  | blocked locked on door-mode-changed
locked down              | locked-down locked on door-mode-changed
locked open              | locked-open unlocked off door-mode-changed
locked                   | locked locked on
locked by staff          | locked locked on code-refused:not-your-role
restart                  | locked locked on restarted
power cut                | locked locked on restarted
`,
  unlocked: `
exit button              | unlocked unlocked off exit-requested
interphone               | unlocked unlocked off access-granted
code at the reader       | unlocked unlocked off access-granted
badge at the reader      | unlocked unlocked off access-granted
badge at the exit reader | unlocked unlocked off access-granted
unlock from afar         | unlocked unlocked off access-granted
code of nobody           | unlocked unlocked off code-refused:unknown-code
code of a neighbour      | unlocked unlocked off access-refused:not-your-door
bell rings               | unlocked unlocked off bell
handle turned            | unlocked unlocked off
leaf opens               | unlocked unlocked off
leaf closes              | unlocked unlocked off
latch lets go            | unlocked unlocked off
latch engages            | unlocked unlocked off
five seconds pass        | unlocked unlocked off
opened, half a second    | unlocked unlocked off
area set                 | locked locked on arm-requested free-access-ended armed
area unset               | unlocked unlocked off disarmed free-access-started
box pulled               | unlocked unlocked off egress-released
box back                 | unlocked unlocked off egress-restored
box back, acknowledged   | unlocked unlocked off egress-acknowledged
acknowledged, box pulled | unlocked unlocked off
fire                     | unlocked unlocked off egress-released fire
fire over                | unlocked unlocked off egress-restored fire-restored
fire over, acknowledged  | unlocked unlocked off egress-acknowledged memory-acknowledged
hours begin              | unlocked unlocked off free-access-started
hours end                | locked locked on free-access-ended
blocked                  | blocked locked on door-mode-changed free-access-ended
locked down              | locked-down locked on door-mode-changed free-access-ended
locked open              | locked-open unlocked off door-mode-changed free-access-ended
locked                   | locked locked on door-mode-changed free-access-ended
locked by staff          | unlocked unlocked off code-refused:not-your-role
restart                  | locked locked on restarted
power cut                | locked locked on restarted
`,
  accessed: `
exit button              | accessed unlocked off exit-requested
interphone               | accessed unlocked off access-granted
code at the reader       | accessed unlocked off access-granted
badge at the reader      | accessed unlocked off access-granted
badge at the exit reader | accessed unlocked off access-granted
unlock from afar         | accessed unlocked off access-granted
code of nobody           | accessed unlocked off code-refused:unknown-code
code of a neighbour      | accessed unlocked off access-refused:not-your-door
bell rings               | accessed unlocked off bell
handle turned            | accessed unlocked off
leaf opens               | accessed unlocked off access-used
leaf closes              | accessed unlocked off
latch lets go            | accessed unlocked off
latch engages            | accessed unlocked off
five seconds pass        | locked locked on access-not-used
opened, half a second    | locked locked on
area set                 | locked locked on arm-requested armed access-not-used
area unset               | locked locked on disarmed
box pulled               | accessed unlocked off egress-released
box back                 | accessed unlocked off egress-restored
box back, acknowledged   | accessed unlocked off egress-acknowledged
acknowledged, box pulled | accessed unlocked off
fire                     | accessed unlocked off egress-released fire
fire over                | accessed unlocked off egress-restored fire-restored
fire over, acknowledged  | accessed unlocked off egress-acknowledged memory-acknowledged
hours begin              | unlocked unlocked off free-access-started
hours end                | accessed unlocked off free-access-ended
blocked                  | blocked locked on door-mode-changed access-not-used
locked down              | locked-down locked on door-mode-changed access-not-used
locked open              | locked-open unlocked off door-mode-changed
locked                   | accessed unlocked off
locked by staff          | accessed unlocked off code-refused:not-your-role
restart                  | locked locked on restarted
power cut                | locked locked on restarted
`,
  blocked: `
exit button              | blocked unlocked off exit-requested
interphone               | blocked locked on access-refused:door-blocked
code at the reader       | blocked locked on access-refused:door-blocked
badge at the reader      | blocked locked on access-refused:door-blocked
badge at the exit reader | blocked unlocked off access-granted
unlock from afar         | blocked locked on access-refused:door-blocked
code of nobody           | blocked locked on code-refused:unknown-code
code of a neighbour      | blocked locked on access-refused:not-your-door
bell rings               | blocked locked on bell
handle turned            | blocked locked on
leaf opens               | blocked locked on door-forced
leaf closes              | blocked locked on door-forced-restored
latch lets go            | blocked locked on
latch engages            | blocked locked on
five seconds pass        | blocked locked on
opened, half a second    | blocked locked on
area set                 | blocked locked on arm-requested armed
area unset               | blocked locked on disarmed
box pulled               | blocked unlocked off egress-released
box back                 | blocked unlocked off egress-restored
box back, acknowledged   | blocked locked on egress-acknowledged
acknowledged, box pulled | blocked unlocked off
fire                     | blocked unlocked off egress-released fire
fire over                | blocked unlocked off egress-restored fire-restored
fire over, acknowledged  | blocked locked on egress-acknowledged memory-acknowledged
hours begin              | blocked locked on
hours end                | blocked locked on
blocked                  | blocked locked on
locked down              | locked-down locked on door-mode-changed
locked open              | locked-open unlocked off door-mode-changed
locked                   | locked locked on door-mode-changed
locked by staff          | blocked locked on code-refused:not-your-role
restart                  | blocked locked on restarted
power cut                | blocked locked on restarted
`,
  'locked-down': `
exit button              | locked-down unlocked off exit-requested
interphone               | locked-down locked on access-refused:door-locked-down
code at the reader       | locked-down locked on access-refused:door-locked-down
badge at the reader      | locked-down locked on access-refused:door-locked-down
badge at the exit reader | locked-down locked on access-refused:door-locked-down
unlock from afar         | locked-down locked on access-refused:door-locked-down
code of nobody           | locked-down locked on code-refused:unknown-code
code of a neighbour      | locked-down locked on access-refused:not-your-door
bell rings               | locked-down locked on bell
handle turned            | locked-down locked on
leaf opens               | locked-down locked on door-forced
leaf closes              | locked-down locked on door-forced-restored
latch lets go            | locked-down locked on
latch engages            | locked-down locked on
five seconds pass        | locked-down locked on
opened, half a second    | locked-down locked on
area set                 | locked-down locked on arm-requested armed
area unset               | locked-down locked on disarmed
box pulled               | locked-down unlocked off egress-released
box back                 | locked-down unlocked off egress-restored
box back, acknowledged   | locked-down locked on egress-acknowledged
acknowledged, box pulled | locked-down unlocked off
fire                     | locked-down unlocked off egress-released fire
fire over                | locked-down unlocked off egress-restored fire-restored
fire over, acknowledged  | locked-down locked on egress-acknowledged memory-acknowledged
hours begin              | locked-down locked on
hours end                | locked-down locked on
blocked                  | locked-down locked on
locked down              | locked-down locked on
locked open              | locked-down locked on
locked                   | locked locked on door-mode-changed
locked by staff          | locked-down locked on code-refused:not-your-role
restart                  | locked-down locked on restarted
power cut                | locked-down locked on restarted
`,
  'locked-open': `
exit button              | locked-open unlocked off exit-requested
interphone               | locked-open unlocked off access-granted
code at the reader       | locked-open unlocked off access-granted
badge at the reader      | locked-open unlocked off access-granted
badge at the exit reader | locked-open unlocked off access-granted
unlock from afar         | locked-open unlocked off access-granted
code of nobody           | locked-open unlocked off code-refused:unknown-code
code of a neighbour      | locked-open unlocked off access-refused:not-your-door
bell rings               | locked-open unlocked off bell
handle turned            | locked-open unlocked off
leaf opens               | locked-open unlocked off
leaf closes              | locked-open unlocked off
latch lets go            | locked-open unlocked off
latch engages            | locked-open unlocked off
five seconds pass        | locked-open unlocked off
opened, half a second    | locked-open unlocked off
area set                 | locked locked on arm-requested armed
area unset               | locked-open unlocked off disarmed
box pulled               | locked-open unlocked off egress-released
box back                 | locked-open unlocked off egress-restored
box back, acknowledged   | locked-open unlocked off egress-acknowledged
acknowledged, box pulled | locked-open unlocked off
fire                     | locked-open unlocked off egress-released fire
fire over                | locked-open unlocked off egress-restored fire-restored
fire over, acknowledged  | locked-open unlocked off egress-acknowledged memory-acknowledged
hours begin              | locked-open unlocked off
hours end                | locked-open unlocked off
blocked                  | blocked locked on door-mode-changed
locked down              | locked-down locked on door-mode-changed
locked open              | locked-open unlocked off
locked                   | locked locked on door-mode-changed
locked by staff          | locked-open unlocked off code-refused:not-your-role
restart                  | locked locked on restarted door-mode-changed
power cut                | locked locked on restarted door-mode-changed
`,
  'freed by its box': `
exit button              | accessed unlocked off exit-requested
interphone               | accessed unlocked off access-granted
code at the reader       | accessed unlocked off access-granted
badge at the reader      | accessed unlocked off access-granted
badge at the exit reader | accessed unlocked off access-granted
unlock from afar         | accessed unlocked off access-granted
code of nobody           | locked unlocked off code-refused:unknown-code
code of a neighbour      | locked unlocked off access-refused:not-your-door
bell rings               | locked unlocked off bell
handle turned            | locked unlocked off
leaf opens               | locked unlocked off
leaf closes              | locked unlocked off
latch lets go            | locked unlocked off
latch engages            | locked unlocked off
five seconds pass        | locked unlocked off
opened, half a second    | locked unlocked off
area set                 | locked unlocked off arm-overridden arm-requested armed
area unset               | locked unlocked off disarmed
box pulled               | locked unlocked off
box back                 | locked unlocked off egress-restored
box back, acknowledged   | locked locked on egress-acknowledged
acknowledged, box pulled | locked unlocked off
fire                     | locked unlocked off fire
fire over                | locked unlocked off fire-restored
fire over, acknowledged  | locked unlocked off memory-acknowledged
hours begin              | locked unlocked off
hours end                | locked unlocked off
blocked                  | blocked unlocked off door-mode-changed
locked down              | locked-down unlocked off door-mode-changed
locked open              | locked-open unlocked off door-mode-changed
locked                   | locked unlocked off
locked by staff          | locked unlocked off code-refused:not-your-role
restart                  | locked unlocked off restarted
power cut                | locked unlocked off restarted
`,
  'freed by fire': `
exit button              | accessed unlocked off exit-requested
interphone               | accessed unlocked off access-granted
code at the reader       | accessed unlocked off access-granted
badge at the reader      | accessed unlocked off access-granted
badge at the exit reader | accessed unlocked off access-granted
unlock from afar         | accessed unlocked off access-granted
code of nobody           | locked unlocked off code-refused:unknown-code
code of a neighbour      | locked unlocked off access-refused:not-your-door
bell rings               | locked unlocked off bell
handle turned            | locked unlocked off
leaf opens               | locked unlocked off
leaf closes              | locked unlocked off
latch lets go            | locked unlocked off
latch engages            | locked unlocked off
five seconds pass        | locked unlocked off
opened, half a second    | locked unlocked off
area set                 | locked unlocked off arm-overridden arm-requested armed
area unset               | locked unlocked off disarmed
box pulled               | locked unlocked off egress-restored egress-released
box back                 | locked unlocked off egress-restored egress-released
box back, acknowledged   | locked unlocked off memory-acknowledged
acknowledged, box pulled | locked unlocked off memory-acknowledged
fire                     | locked unlocked off
fire over                | locked unlocked off egress-restored fire-restored
fire over, acknowledged  | locked locked on egress-acknowledged memory-acknowledged
hours begin              | locked unlocked off
hours end                | locked unlocked off
blocked                  | blocked unlocked off door-mode-changed
locked down              | locked-down unlocked off door-mode-changed
locked open              | locked-open unlocked off door-mode-changed
locked                   | locked unlocked off
locked by staff          | locked unlocked off code-refused:not-your-role
restart                  | locked unlocked off restarted
power cut                | locked unlocked off restarted
`,
};

const KINDS: readonly LockKind[] = ['maglock', 'strike-fail-safe'];
const test = suite('a lock that current holds');

for (const kind of KINDS) {
  for (const { mode, act, row } of parseTable(TABLES)) {
    test(`${kind}, ${mode}: ${act}`, () => {
      assert.is(rowOf(kind, mode, act), row);
    });
  }
}

test('every mode has a row for everything that can happen', () => {
  assert.is(parseTable(TABLES).length, Object.keys(MODES).length * Object.keys(ACTS).length);
});

test.run();
