/** 0: `step` leaves its deadlines in order, its lists whole, its records in time, and something running for all that waits. */
import { compareTimers, isDurableKind } from '../../../src/core/timers.ts';
import type { AreaState, State, Timer } from '../../../src/core/state.ts';
import { of } from '../model.ts';
import type { Check, Say, Stepped } from '../violation.ts';

const nameOf = ({ kind, subject, at }: Timer): string => `${kind} ${subject} at ${at}`;

const checkTimers = (timers: readonly Timer[], at: number, say: Say): void => {
  const seen = new Set<string>();
  for (const [index, timer] of timers.entries()) {
    const next = timers[index + 1];
    if (next && compareTimers(timer, next) >= 0) say('timers-sorted', `${nameOf(timer)} before ${nameOf(next)}`);
    if (timer.at < at || !Number.isFinite(timer.at)) say('timers-not-past', `${nameOf(timer)} at ${at}`);
    const key = `${timer.kind} ${timer.subject}`;
    if (seen.has(key)) say('timers-unique', key);
    seen.add(key);
  }
};

export const timersInOrder: Check = ({ before, after }, say) => {
  if (before.durable.timers !== after.durable.timers) {
    checkTimers(after.durable.timers, after.at, say);
    if (!after.durable.timers.every(({ kind }) => isDurableKind(kind))) say('timers-durable', 'a volatile kind is stored');
  }
  if (before.volatile.timers !== after.volatile.timers) checkTimers(after.volatile.timers, after.at, say);
};

export const timeGoesOn: Check = ({ before, now, after, events }, say) => {
  if (after.at !== Math.max(before.at, now)) say('time', `at ${after.at} after a step at ${now} from ${before.at}`);
  for (const { kind, mono, at, detail } of events) {
    const isReleased = detail?.['heldMs'] !== undefined;
    if (!isReleased && (mono < before.at || mono > after.at)) say('event-time', `${kind} at ${mono}`);
    if (!Number.isFinite(at)) say('event-wall', kind);
  }
};

export const listsWhole: Check = ({ site: { config }, after: { durable, volatile } }, say) => {
  const whole =
    durable.areas.length === config.areas.length &&
    durable.zones.length === config.zones.length &&
    durable.doors.length === config.doors.length &&
    durable.outputs.length === config.outputs.length &&
    durable.people.keypads.length === config.keypads.length &&
    volatile.lines.length === config.zones.length &&
    volatile.keypads.length === config.keypads.length;
  if (!whole) say('lists', 'a list of the state is not as long as the config’s');
};

// ---- what waits has a deadline

const runs = ({ durable, volatile }: State, kind: string, subject: string): boolean =>
  durable.timers.some((timer) => timer.kind === kind && timer.subject === subject) ||
  volatile.timers.some((timer) => timer.kind === kind && timer.subject === subject);

type Needs = (waits: boolean, ...kinds: readonly string[]) => void;

const areaNeeds = ({ arming, siren, faultTone, held, opening }: AreaState, members: readonly AreaState[], needs: Needs): void => {
  // A common area may wait for its last member, whose own exit ends.
  const waitsForMember = members.some((member) => member.arming.state === 'exiting');
  needs(arming.state === 'exiting' && !waitsForMember, 'exit', 'exit-settle');
  needs(arming.state === 'entering', 'entry');
  needs(siren !== undefined, 'siren');
  needs(faultTone !== undefined, 'fault-tone');
  needs(held.length > 0, 'abort');
  needs(opening?.phase === 'pending', 'opening-confirm');
};

export const waitingEnds: Check = ({ site, before, after }, say) => {
  const { config } = site;
  if (before.durable === after.durable && before.volatile === after.volatile) return;
  const { durable, volatile } = after;
  const needsFor =
    (subject: string): Needs =>
    (waits, ...kinds) => {
      if (waits && !kinds.some((kind) => runs(after, kind, subject)))
        say('waits-for-ever', `${kinds.join(' or ')} of ${subject || 'the site'}`);
    };
  for (const [index, { id, common }] of config.areas.entries()) {
    const members = common.map((member) => of(durable.areas[of(site.areas.get(member)).index]));
    areaNeeds(of(durable.areas[index]), members, needsFor(id));
  }
  for (const [index, { id }] of config.zones.entries()) {
    needsFor(id)(of(durable.zones[index]).omitted === 'swinger', 'swinger-rest');
    needsFor(id)(of(volatile.lines[index]).candidate !== undefined, 'debounce', 'chatter');
  }
  for (const [index, { id }] of config.doors.entries()) {
    const { silencedUntil, ladder } = of(durable.doors[index]);
    needsFor(id)(silencedUntil !== undefined, 'door-silence');
    needsFor(id)(ladder === 'sounding', 'door-escalate');
  }
  for (const [index, { id }] of config.keypads.entries()) {
    const { notice, choosing, chimeSince } = of(volatile.keypads[index]);
    needsFor(id)(notice !== undefined, 'notice');
    needsFor(id)(choosing !== undefined, 'pending-choice');
    needsFor(id)(chimeSince !== undefined, 'chime');
    needsFor(id)(of(durable.people.keypads[index]).locked, 'lockout');
  }
  for (const { attempt } of volatile.attempts) needsFor(String(attempt))(true, 'attempt');
  needsFor('shared')(durable.people.shared.locked, 'lockout');
  siteNeeds(after, needsFor(''));
};

const siteNeeds = ({ durable: { site, people } }: State, needs: Needs): void => {
  needs(site.walkTest !== undefined, 'walk-test');
  needs(site.exercise !== undefined, 'exercise');
  needs(site.onTest !== undefined, 'on-test');
  needs(people.installerUntil !== undefined, 'installer');
  needs(site.holdups.length > 0, 'holdup-window');
  needs(site.warmUpUntil !== undefined, 'warm-up');
  needs(site.firstStart !== undefined, 'test-report');
};

/** What must not run where nothing waits for it: a late deadline would act on something else. */
export const nothingRunsAlone: Check = ({ site: { config }, before, after }, say) => {
  if (before.durable === after.durable) return;
  for (const [index, { id }] of config.areas.entries()) {
    const { arming, siren, held } = of(after.durable.areas[index]);
    const alone = (kind: string, waits: boolean): void => {
      if (!waits && runs(after, kind, id)) say('runs-alone', `${kind} of ${id}, which is ${arming.state}`);
    };
    alone('exit', arming.state === 'exiting');
    alone('exit-settle', arming.state === 'exiting');
    alone('entry', arming.state === 'entering');
    alone('siren', siren !== undefined);
    alone('abort', held.length > 0);
  }
};

// ---- for a part of the steps, since they cost more

/** Freezes what is new; the rest was frozen before. */
export const freezeDeep = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part);
};

export const isPlainData = ({ after, events }: Stepped): boolean => {
  const text = JSON.stringify([after, events]);
  return !/:null|\[null|,null/.test(text) && JSON.stringify(JSON.parse(text)) === text;
};
