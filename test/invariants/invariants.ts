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
import * as egress from './checks/egress.ts';
import * as grants from './checks/grants.ts';
import * as locks from './checks/locks.ts';
import * as outputs from './checks/outputs.ts';
import * as steps from './checks/step.ts';
import { commandsLedger } from './ledgers/commands.ts';
import { confirmationLedger } from './ledgers/confirmation.ts';
import { egressLedger } from './ledgers/egress.ts';
import { linesLedger } from './ledgers/lines.ts';
import { lockoutLedger } from './ledgers/lockout.ts';
import { pairsLedger, standsForSomething } from './ledgers/pairs.ts';
import { lockingDoors } from './doorModel.ts';
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

/** The same where doors lock. */
const EVERY_STEP_AT_DOORS: Checks = [
  [1, egress.exitsLetGo],
  [1, egress.stuckButtonsAreTold],
  [10, grants.askersAreAnswered],
];

/** What must hold of a state that is another than before. */
const CHANGED: Checks = [
  [0, steps.timersInOrder],
  [0, steps.listsWhole],
  [4, steps.waitingEnds],
  [5, acts.nothingCovertBlocks],
  [8, outputs.outputsHold],
];

const CHANGED_AT_DOORS: Checks = [
  [0, locks.releasesEnd],
  [1, egress.waitsAreShort],
  [1, egress.emergenciesFree],
  [1, egress.emergenciesEndByHand],
  [1, egress.boltsBehindClosedLeaves],
  [2, grants.refusedStaysGuarded],
  [3, grants.openingDisarmsNothing],
  [4, locks.restartsLock],
  [6, grants.doorsOpenByRight],
  [7, grants.operatorsOpenByRight],
  [8, grants.grantsAreNoWayOut],
  [6, grants.freeAccessHasItsHour],
  [6, grants.clocksUnlockNothing],
  [8, locks.grantsWaitForDisk],
  [8, locks.oneLeafAtATime],
  [9, locks.forcingIsTold],
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
  const made = [EVERY_STEP, EVERY_STEP_AT_DOORS, CHANGED, CHANGED_AT_DOORS, DURABLE];
  const [always, alwaysAtDoors, changed, changedAtDoors, durable] = made.map((checks) => looksOf(checks, violations));
  return (stepped) => {
    const { site, before, after, events } = stepped;
    const isWritten = before.durable !== after.durable;
    const isChanged = isWritten || before.volatile !== after.volatile;
    const hasLocks = lockingDoors(site).length > 0;
    always?.(stepped);
    if (hasLocks) alwaysAtDoors?.(stepped);
    if (isChanged) changed?.(stepped);
    if (isChanged && hasLocks) changedAtDoors?.(stepped);
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
        [1, egressLedger()],
        [2, linesLedger()],
        [6, lockoutLedger()],
        [7, commandsLedger()],
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
