/**
 * What a keypad's buzzer says. One tone at a time: the answer to a person first, then what they must act on soonest.
 *
 * A tone is a function of what the keypad may show, so that it is the same whatever code was used.
 */
import type { AreaConfig, AreaId, KeypadConfig } from './config.ts';
import type { EventKind } from './event.ts';
import { must } from './frame.ts';
import type { Place, Site } from './site.ts';
import type { AreaState, KeypadState, State, TimerKind } from './state.ts';
import { after, MINUTE, SECOND } from './time.ts';
import type { Monotonic } from './time.ts';

/** Named rhythms of sounders, buzzers and lamps. Their beats stand with the drivers that play them. */
export type PatternName =
  | 'exit'
  | 'exit-final'
  | 'entry'
  | 'fault'
  | 'chime'
  | 'door-warning'
  | 'door-alarm'
  | 'accepted'
  | 'refused'
  | 'reminder'
  | 'flash';

/** `changesAt`: when it becomes another tone, or none, with nothing else happening. */
export type Tone = { readonly pattern: PatternName; readonly since: Monotonic; readonly changesAt: Monotonic | undefined };

/** Once through the rhythm of *accepted* and *refused*. */
const ANSWER_MS = SECOND;
const FINAL_MS = 10 * SECOND;
/** A fault is called out this long; it stays on the display. */
const ATTENTION_MS = 3 * MINUTE;

const tone = (pattern: PatternName, since: Monotonic, changesAt?: Monotonic): Tone => ({ pattern, since, changesAt });

const lasting = (now: Monotonic, pattern: PatternName, since: Monotonic, ms: number): Tone | undefined => {
  const end = after(since, ms);
  return now < end ? tone(pattern, since, end) : undefined;
};

const deadlineOf = (state: State, kind: TimerKind, subject: string): Monotonic | undefined =>
  state.durable.timers.find((timer) => timer.kind === kind && timer.subject === subject)?.at;

const answerTone = (state: State, { notice, noticeSince }: KeypadState): Tone | undefined => {
  if (!notice || noticeSince === undefined) return undefined;
  switch (notice.kind) {
    case 'accepted':
    case 'choose':
      return lasting(state.at, 'accepted', noticeSince, ANSWER_MS);
    case 'refused':
      return lasting(state.at, 'refused', noticeSince, ANSWER_MS);
    case 'arm-failed':
      return undefined;
    case 'remind-opening':
      return tone('reminder', noticeSince);
    case 'door':
      return undefined;
  }
};

const exitTone = (state: State, area: AreaId, since: Monotonic): Tone => {
  const end = deadlineOf(state, 'exit', area);
  if (end === undefined) return tone('exit', since);
  const final = after(end, -FINAL_MS);
  return state.at >= final ? tone('exit-final', final) : tone('exit', since, final);
};

/** Alarms that make no siren by day: they are called out at the keypad. */
const isCalledOut = (kind: EventKind): boolean => kind === 'tamper' || kind === 'technical';

const attentionTone = (state: State, area: AreaState): Tone | undefined => {
  if (area.arming.state !== 'disarmed' || area.memory.length === 0) return undefined;
  const latest = area.alarms.findLast(({ kind }) => isCalledOut(kind));
  return latest && lasting(state.at, 'fault', latest.since, ATTENTION_MS);
};

/** Between the warning and the arming itself: the warning's own deadline has passed, the arming's has not. */
export const isAutoArmNear = (state: State, { id, autoArm }: AreaConfig, { arming }: AreaState): boolean =>
  autoArm !== undefined &&
  arming.state === 'disarmed' &&
  deadlineOf(state, 'auto-arm', id) !== undefined &&
  deadlineOf(state, 'auto-arm-warn', id) === undefined;

const warningTone = (state: State, config: AreaConfig, area: AreaState): Tone | undefined => {
  if (!isAutoArmNear(state, config, area)) return undefined;
  const due = deadlineOf(state, 'auto-arm', config.id) ?? state.at;
  return tone('reminder', after(due, -(config.autoArm?.warningMs ?? 0)));
};

const entryTone = ({ arming }: AreaState): Tone | undefined =>
  arming.state === 'entering' ? tone(arming.exitError ? 'fault' : 'entry', arming.since) : undefined;

type Rule = (state: State, config: AreaConfig, area: AreaState) => Tone | undefined;

/** In order of urgency. */
const RULES: readonly Rule[] = [
  (_state, _config, area) => entryTone(area),
  (_state, _config, { faultTone }) => (faultTone === undefined ? undefined : tone('fault', faultTone)),
  (state, { id }, { arming }) => (arming.state === 'exiting' ? exitTone(state, id, arming.since) : undefined),
  (state, _config, area) => attentionTone(state, area),
  warningTone,
];

const areaTone = (site: Site, state: State, keypad: KeypadConfig): Tone | undefined => {
  for (const rule of RULES) {
    for (const id of keypad.areas) {
      const place = must(site.areas.get(id), `area ${id}`);
      const found = rule(state, place.config, must(state.durable.areas[place.index], `area ${id}`));
      if (found) return found;
    }
  }
  return undefined;
};

/** undefined: the buzzer is quiet. */
export const keypadTone = (site: Site, state: State, { config, index }: Place<KeypadConfig>): Tone | undefined => {
  const keypad = must(state.volatile.keypads[index], `keypad ${config.id}`);
  const chime = keypad.chimeSince === undefined ? undefined : tone('chime', keypad.chimeSince);
  return answerTone(state, keypad) ?? areaTone(site, state, config) ?? chime;
};
