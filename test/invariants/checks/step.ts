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

const needsIn =
  (state: State, subject: string, say: Say): Needs =>
  (waits, ...kinds) => {
    if (waits && !kinds.some((kind) => runs(state, kind, subject)))
      say('waits-for-ever', `${kinds.join(' or ')} of ${subject || 'the site'}`);
  };

const durableNeeds = ({ site, after }: Stepped, say: Say): void => {
  const { durable } = after;
  for (const [index, { id, common }] of site.config.areas.entries()) {
    const members = common.map((member) => of(durable.areas[of(site.areas.get(member)).index]));
    areaNeeds(of(durable.areas[index]), members, needsIn(after, id, say));
  }
  for (const [index, { id }] of site.config.zones.entries()) {
    if (of(durable.zones[index]).omitted === 'swinger') needsIn(after, id, say)(true, 'swinger-rest');
  }
  for (const [index, { id }] of site.config.doors.entries()) {
    const { silencedUntil, ladder } = of(durable.doors[index]);
    needsIn(after, id, say)(silencedUntil !== undefined, 'door-silence');
    needsIn(after, id, say)(ladder === 'sounding', 'door-escalate');
  }
  for (const [index, { id }] of site.config.keypads.entries()) {
    if (of(durable.people.keypads[index]).locked) needsIn(after, id, say)(true, 'lockout');
  }
  needsIn(after, 'shared', say)(durable.people.shared.locked, 'lockout');
  siteNeeds(after, needsIn(after, '', say));
};

const volatileNeeds = ({ site, after }: Stepped, say: Say): void => {
  const { volatile } = after;
  for (const [index, { id }] of site.config.zones.entries()) {
    if (of(volatile.lines[index]).candidate !== undefined) needsIn(after, id, say)(true, 'debounce', 'chatter');
  }
  for (const [index, { id }] of site.config.keypads.entries()) {
    const { notice, choosing, chimeSince } = of(volatile.keypads[index]);
    const needs = needsIn(after, id, say);
    needs(notice !== undefined, 'notice');
    needs(choosing !== undefined, 'pending-choice');
    needs(chimeSince !== undefined, 'chime');
  }
  for (const { attempt } of volatile.attempts) needsIn(after, String(attempt), say)(true, 'attempt');
};

export const waitingEnds: Check = (stepped, say) => {
  const { before, after } = stepped;
  if (before.durable.timers !== after.durable.timers || stepped.areas.length > 0) durableNeeds(stepped, say);
  if (before.volatile !== after.volatile) volatileNeeds(stepped, say);
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
  if (before.durable.timers === after.durable.timers && before.durable.areas === after.durable.areas) return;
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

/** State and events are plain data: written and read they are the same; and nobody changes what was handed out. */
export const survivesCopying: Check = ({ after, events }, say) => {
  const text = JSON.stringify([after, events]);
  if (/:null|\[null|,null/.test(text)) say('plain-data', 'something is not a number');
  if (JSON.stringify(JSON.parse(text)) !== text) say('plain-data', 'state or events do not survive JSON');
  freezeDeep(after);
};
