/**
 * The controller: a pure function from what was and what is heard to what is and what happened.
 * No clock, randomness or I/O; total for everything that can happen in operation.
 */
import type { Event } from './event.ts';
import { areaPlace, keypadPlace, scheduleTime, setKeypad, setVolatile, zonePlace } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Input } from './input.ts';
import type { Site } from './site.ts';
import type { State, Timer } from './state.ts';
import type { Monotonic } from './time.ts';
import { headTimer } from './timers.ts';
import { endSirenCycle } from './area/alarm.ts';
import { expireGuard, fireAutoArm, warnAutoArm } from './area/autoArm.ts';
import { planAutoArms } from './area/autoArmPlan.ts';
import { expireEntry } from './area/entry.ts';
import { finishExit, onExitTimer } from './area/exit.ts';
import { stopFaultTone } from './area/faultTone.ts';
import { expireOpening, remindOpening } from './area/opening.ts';
import { expireHold } from './area/report.ts';
import { onRemoteUnlock } from './door/access.ts';
import { endRemoteReleases, isDoorTimer, isLockTimer, onDoorTimer, onLockTimer, reviewFreeAccess } from './door/exit.ts';
import { settleOutputs } from './output.ts';
import { forgetAttempt, forgetChoice, onAttempt, onChoice, onVerdict } from './people/access.ts';
import { endHoldupWindow } from './people/holdup.ts';
import { endLockout } from './people/lockout.ts';
import { clearNotice } from './people/notice.ts';
import { onPerson } from './people/roster.ts';
import { onShuntTimer } from './people/shunt.ts';
import { onStart, onStop } from './restart.ts';
import { onClock, storeHighWater } from './supervision/clock.ts';
import { onCondition, onReport } from './supervision/conditions.ts';
import { onSupervisionTimer } from './supervision/timers.ts';
import { onConditioningTimer, onReading } from './zone/conditioning.ts';
import { endSwingerRest, endWarmUp } from './zone/react.ts';
import { onFaultAlarmTimer } from './zone/signal.ts';

export type Step = { readonly state: State; readonly events: readonly Event[] };

/**
 * Handles one input. Every deadline up to `now` fires first, in order of (instant, kind, subject), each at its own
 * instant. Time never goes back: an input observed before the last step takes the last step's time.
 */
export const step = (site: Site, state: State, input: Input, now: Monotonic): Step => {
  const until = now > state.at ? now : state.at;
  const frame: Frame = { site, now: state.at, state, events: [] };
  fireDeadlines(frame, until);
  frame.now = until;
  apply(frame, input, now);
  settleOutputs(frame);
  // A covert code leaves an event where an ordinary one may leave none: the time on record must not tell them apart.
  if (frame.events.length > 0 || input.kind === 'verdict') storeHighWater(frame);
  return { state: { ...frame.state, at: until }, events: frame.events };
};

const fireDeadlines = (frame: Frame, until: Monotonic): void => {
  for (let timer = headTimer(frame.state); timer && timer.at <= until; timer = headTimer(frame.state)) {
    if (timer.at > frame.now) frame.now = timer.at;
    dropHead(frame, timer);
    fire(frame, timer);
  }
};

const dropHead = (frame: Frame, timer: Timer): void => {
  const { durable, volatile } = frame.state;
  if (durable.timers[0] === timer) frame.state = { ...frame.state, durable: { ...durable, timers: durable.timers.slice(1) } };
  else setVolatile(frame, { timers: volatile.timers.slice(1) });
};

// ---- inputs

const apply = (frame: Frame, input: Input, observed: Monotonic): void => {
  switch (input.kind) {
    case 'tick':
      return;
    case 'start':
      return onStart(frame, input.start);
    case 'stop':
      return onStop(frame);
    case 'reading': {
      const zone = frame.site.zoneOfLine.get(input.line);
      return zone ? onReading(frame, zone, input.reading, input.observedAt ?? observed) : undefined;
    }
    case 'clock': {
      const before = frame.state.durable.clock.synchronised ? scheduleTime(frame) : undefined;
      onClock(frame, input);
      reviewFreeAccess(frame, before);
      return planAutoArms(frame);
    }
    case 'calendar':
      setVolatile(frame, { windows: input.windows, windowsUntil: input.until });
      reviewFreeAccess(frame, undefined);
      return planAutoArms(frame);
    case 'attempt':
      return onAttempt(frame, input);
    case 'verdict':
      return onVerdict(frame, input);
    case 'choice':
      return onChoice(frame, input);
    case 'condition':
      onCondition(frame, input);
      return input.condition === 'storage-failed' && input.on ? endRemoteReleases(frame) : undefined;
    case 'report':
      return onReport(frame, input);
    case 'remote-unlock':
      return onRemoteUnlock(frame, input);
    case 'person':
      return onPerson(frame, input);
  }
};

// ---- deadlines

const fire = (frame: Frame, { kind, subject }: Timer): void => {
  if (isDoorTimer(kind)) return onDoorTimer(frame, kind, subject);
  if (isLockTimer(kind)) return onLockTimer(frame, kind, subject);
  switch (kind) {
    case 'exit':
      return onExitTimer(frame, areaPlace(frame, subject));
    case 'exit-settle':
      return finishExit(frame, areaPlace(frame, subject));
    case 'entry':
      return expireEntry(frame, areaPlace(frame, subject));
    case 'abort':
      return expireHold(frame, areaPlace(frame, subject));
    case 'siren':
      return endSirenCycle(frame, areaPlace(frame, subject));
    case 'fault-tone':
      return stopFaultTone(frame, areaPlace(frame, subject));
    case 'opening-remind':
      return remindOpening(frame, areaPlace(frame, subject));
    case 'opening-confirm':
      return expireOpening(frame, areaPlace(frame, subject));
    case 'auto-arm-warn':
      return warnAutoArm(frame, areaPlace(frame, subject));
    case 'auto-arm':
      return fireAutoArm(frame, areaPlace(frame, subject));
    case 'guard':
      return expireGuard(frame, areaPlace(frame, subject));
    case 'zone-fault-alarm':
      return onFaultAlarmTimer(frame, zonePlace(frame, subject));
    case 'swinger-rest':
      return endSwingerRest(frame, zonePlace(frame, subject));
    case 'shunt':
      return onShuntTimer(frame, zonePlace(frame, subject));
    case 'technical':
    case 'supervise':
    case 'not-seen':
    case 'test-report':
    case 'zone-review':
    case 'walk-test':
    case 'exercise':
    case 'on-test':
    case 'installer':
      return onSupervisionTimer(frame, kind, subject);
    case 'warm-up':
      return endWarmUp(frame);
    case 'holdup-window':
      return endHoldupWindow(frame);
    case 'lockout':
      return endLockout(frame, subject);
    case 'output-limit':
      return settleOutputs(frame);
    case 'debounce':
    case 'chatter':
      return onConditioningTimer(frame, kind, subject);
    case 'notice':
      return clearNotice(frame, subject);
    case 'pending-choice':
      return forgetChoice(frame, subject);
    case 'attempt':
      return forgetAttempt(frame, Number(subject));
    case 'chime':
      return setKeypad(frame, keypadPlace(frame, subject), { chimeSince: undefined });
  }
};
