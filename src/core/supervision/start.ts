/**
 * What supervision does when the process begins to watch. The restart itself is an event, with how long nobody watched;
 * tests that ran are over; motion detectors that were powered up with the machine are not believed while they warm up.
 */
import { emit, setSite, setTimer, setTimerIn, timerOf, wallAt } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Start } from '../input.ts';
import { after, monotonic } from '../time.ts';
import { startClock } from './clock.ts';
import { endOrphanedConditions } from './conditions.ts';
import { startNotSeen } from './notSeen.ts';
import { endTests } from './tests.ts';

/** Before the inputs are read. */
export const startSupervision = (frame: Frame, start: Start): void => {
  const goneMs = Math.max(0, start.goneMs ?? 0);
  startClock(frame, goneMs);
  if (start.stateLost) emit(frame, 'state-lost');
  if (start.cause === 'fresh') setSite(frame, { firstStart: wallAt(frame, frame.now) });
  else tellRestart(frame, start);
  if (start.configChanged) emit(frame, 'config-changed');
  endTests(frame, 'restart');
  endOrphanedConditions(frame);
  if (!timerOf(frame, 'not-seen', '')) startNotSeen(frame);
  startTestReport(frame, goneMs);
  if (start.cause === 'machine') startWarmUp(frame);
};

const tellRestart = (frame: Frame, { cause, goneMs }: Start): void =>
  emit(frame, 'restarted', { cause: 'restart', detail: { start: cause, ...(goneMs !== undefined && { goneMs }) } });

/** The centre expects its report by real time: what passed while nobody watched counts, and so does a shorter period. */
const startTestReport = (frame: Frame, goneMs: number): void => {
  const latest = after(frame.now, frame.site.config.supervision.testReportMs);
  const planned = timerOf(frame, 'test-report', '')?.at ?? latest;
  const due = Math.min(planned - goneMs, latest);
  setTimer(frame, 'test-report', '', monotonic(Math.max(due, frame.now)));
};

/** Who acts on it looks at `warmUpUntil`; the timer `warm-up` ends it. */
const startWarmUp = (frame: Frame): void => {
  const { warmUpMs } = frame.site.config.supervision;
  if (warmUpMs === 0) return;
  setSite(frame, { warmUpUntil: after(frame.now, warmUpMs) });
  setTimerIn(frame, 'warm-up', '', warmUpMs);
};
