/**
 * 6: a second reading of the lockout rule, from the wrong codes alone. `tries` wrong ones within `windowMs` lock their
 * counter for `lockMs`, each further wrong one anew; what is typed or answered while locked is refused as such.
 */
import type { EventKind } from '../../../src/core/event.ts';
import type { Input, Way } from '../../../src/core/input.ts';
import type { Site } from '../../../src/core/site.ts';
import { userIn } from '../model.ts';
import type { Say, Stepped } from '../violation.ts';

type Counter = { failures: number[]; lockedUntil: number; readonly answers: number[] };
type Verdict = Extract<Input, { kind: 'verdict' }>;

const counterName = (site: Site, way: Way): string =>
  way.kind === 'keypad' && site.keypads.get(way.keypad)?.config.place === 'inside' ? way.keypad : '';

const ACTS: ReadonlySet<EventKind> = new Set([
  'disarmed',
  'armed',
  'arm-requested',
  'arm-cancelled',
  'memory-acknowledged',
  'shunted',
  'access-granted',
  'door-mode-changed',
]);

/** What an accepted code may have changed. */
const acted = ({ before, after, events }: Stepped): boolean =>
  events.some(({ kind }) => ACTS.has(kind)) ||
  before.durable.areas.some(({ arming }, index) => arming !== after.durable.areas[index]?.arming);

export const lockoutLedger = (): ((stepped: Stepped, say: Say) => void) => {
  const counters = new Map<string, Counter>();
  const typedWhileLocked = new Set<number>();

  const counterOf = (site: Site, way: Way): Counter => {
    const name = counterName(site, way);
    const counter = counters.get(name) ?? { failures: [], lockedUntil: -Infinity, answers: [] };
    counters.set(name, counter);
    return counter;
  };

  const fail = ({ site, after }: Stepped, counter: Counter): void => {
    const { tries, windowMs, lockMs } = site.config.lockout;
    counter.failures = [...counter.failures.filter((at) => after.at - at < windowMs), after.at];
    if (counter.failures.length >= tries) counter.lockedUntil = after.at + lockMs;
  };

  /** The answers that tell a wrong code from a right one, in any window. */
  const countAnswer = ({ site, after }: Stepped, counter: Counter, say: Say): void => {
    const { tries, windowMs, lockMs } = site.config.lockout;
    counter.answers.push(after.at);
    while (after.at - (counter.answers[0] ?? after.at) >= windowMs) counter.answers.shift();
    if (counter.answers.length > tries + Math.ceil(windowMs / lockMs))
      say('guesses', `${counter.answers.length} wrong codes were answered`);
  };

  const judge = (stepped: Stepped, verdict: Verdict, say: Say): void => {
    const { site, before, after, events } = stepped;
    const counter = counterOf(site, verdict.way);
    const locked = after.at < counter.lockedUntil || typedWhileLocked.delete(verdict.attempt);
    const isKnown = verdict.credential !== undefined && userIn(site, before, verdict.credential.user) !== undefined;
    const reason = events.find(({ kind }) => kind === 'code-refused')?.reason;
    if (locked && reason !== 'locked-out') say('locked-answer', `answered ${reason ?? 'as accepted'} while locked`);
    if (locked && acted(stepped)) say('locked-act', 'a code acted while locked');
    if (!locked && reason === 'locked-out') say('locked-early', 'refused as locked and is not');
    if (!isKnown && !locked) countAnswer(stepped, counter, say);
    if (!isKnown) fail(stepped, counter);
  };

  return (stepped, say) => {
    const { site, input, after } = stepped;
    if (input.kind === 'start') {
      typedWhileLocked.clear();
      if (input.start.stateLost) counters.clear();
    }
    if (input.kind === 'attempt' && after.at < counterOf(site, input.way).lockedUntil) typedWhileLocked.add(input.attempt);
    if (input.kind === 'verdict' && input.by === 'code') judge(stepped, input, say);
  };
};
