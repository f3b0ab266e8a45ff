/**
 * The ten things that must always hold, as code. `checkStep` looks at one step by itself; a *watch* goes along with a run
 * and also knows what came before: which faults stand, who typed how often, what has confirmed.
 */
import type { Event } from '../../src/core/event.ts';
import type { Input } from '../../src/core/input.ts';
import type { Site } from '../../src/core/site.ts';
import type { State } from '../../src/core/state.ts';
import type { Monotonic } from '../../src/core/time.ts';
import * as acts from './checks/acts.ts';
import * as alarms from './checks/alarms.ts';
import * as outputs from './checks/outputs.ts';
import * as steps from './checks/step.ts';
import { confirmationLedger } from './ledgers/confirmation.ts';
import { linesLedger } from './ledgers/lines.ts';
import { lockoutLedger } from './ledgers/lockout.ts';
import { pairsLedger, standsForSomething } from './ledgers/pairs.ts';
import type { Watcher } from './trace.ts';
import { steppedOf } from './violation.ts';
import type { Check, Invariant, Say, Stepped, Violation } from './violation.ts';

type Checks = readonly (readonly [Invariant, Check])[];

/** What a step owes even where it changes nothing. */
const EVERY_STEP: Checks = [
  [0, steps.timeGoesOn],
  [2, alarms.helpIsTold],
  [10, acts.everybodyIsAnswered],
];

/** What must hold of a state that is another than before. */
const CHANGED: Checks = [
  [0, steps.timersInOrder],
  [0, steps.listsWhole],
  [4, steps.waitingEnds],
  [5, acts.nothingCovertBlocks],
  [8, outputs.outputsHold],
];

/** What must hold where the part that is on disk is another than before, or something was told. */
const DURABLE: Checks = [
  [0, steps.nothingRunsAlone],
  [1, alarms.fireIsKnown],
  [2, alarms.detectionIsTold],
  [2, alarms.nothingOpenUnsaid],
  [2, alarms.marksEnd],
  [2, alarms.alwaysOnIsTold],
  [2, alarms.nothingGuardedUnsaid],
  [2, alarms.tamperIsTold],
  [2, alarms.deadWhileSetIsTold],
  [2, alarms.heldIsSettled],
  [2, alarms.holdIsJournalled],
  [2, alarms.holdsEnd],
  [2, alarms.entryEnds],
  [2, alarms.entryIsSettled],
  [2, alarms.modesAreTold],
  [3, acts.onlyPeopleDisarm],
  [3, acts.exitsEndLoudly],
  [3, acts.onlyPeopleSilence],
  [3, acts.onlyPeopleForget],
  [3, acts.leavingOutIsTold],
  [3, acts.inhibitionsStay],
  [3, acts.inhibitionsEnd],
  [7, acts.remoteOnlyArms],
  [8, outputs.sirenStops],
  [8, outputs.alarmsSound],
  [9, standsForSomething],
  [10, acts.refusalsHaveReasons],
];

type Look = (stepped: Stepped) => void;

/** Made once for a run: a step makes thousands of looks a second. */
const looksOf = (checks: Checks, violations: Violation[]): Look => {
  const looks = checks.map(([invariant, check]) => {
    const say: Say = (rule, text) => violations.push({ invariant, rule, text });
    return (stepped: Stepped) => check(stepped, say);
  });
  return (stepped) => {
    for (const look of looks) look(stepped);
  };
};

const looksAtStep = (violations: Violation[]): Look => {
  const [always, changed, durable] = [EVERY_STEP, CHANGED, DURABLE].map((checks) => looksOf(checks, violations));
  return (stepped) => {
    const { before, after, events } = stepped;
    const isWritten = before.durable !== after.durable;
    always?.(stepped);
    if (isWritten || before.volatile !== after.volatile) changed?.(stepped);
    if (isWritten || events.length > 0) durable?.(stepped);
  };
};

/** What one step breaks; empty: nothing. */
export const checkStep = (
  site: Site,
  before: State,
  input: Input,
  now: Monotonic,
  after: State,
  events: readonly Event[],
): Violation[] => {
  const violations: Violation[] = [];
  looksAtStep(violations)(steppedOf({ site, before, input, now }, after, events));
  return violations;
};

const NOTHING: readonly Violation[] = [];

const watcherOf = (look: Look, found: Violation[]): Watcher => {
  return (stepped) => {
    look(stepped);
    return found.length === 0 ? NOTHING : found.splice(0);
  };
};

/** As `checkStep`, for many steps that need not follow each other. */
export const watchSteps = (): Watcher => {
  const found: Violation[] = [];
  return watcherOf(looksAtStep(found), found);
};

/** For the steps of one run. `deepEvery`: one step in so many is frozen, copied and compared as a whole; 0: none. */
export const watch = (deepEvery = 0): Watcher => {
  const pairs = pairsLedger();
  const found: Violation[] = [];
  const looks = [
    looksAtStep(found),
    looksOf(
      [
        [2, confirmationLedger()],
        [2, linesLedger()],
        [6, lockoutLedger()],
        [9, pairs.note],
      ],
      found,
    ),
  ];
  const lookDeep = looksOf(
    [
      [0, steps.survivesCopying],
      [8, outputs.outputsOfCopy],
      [9, pairs.compare],
    ],
    found,
  );
  let seen = 0;
  return watcherOf((stepped) => {
    for (const look of looks) look(stepped);
    if (deepEvery > 0 && ++seen % deepEvery === 0) lookDeep(stepped);
  }, found);
};
