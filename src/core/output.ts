/**
 * What every output is to do, as a function of the state alone: the same state drives the same relays, whatever happened
 * before.
 *
 * *Wanted*: what areas, doors and keypads ask of an output. *Value*: what is left of it by the output's own limits. An
 * output that was on for its whole `maxOnMs` stays off until something new asks for it; after going off it rests for
 * `minOffMs`. When it last went on and off is state, and kept up to date at the end of each step by `settleOutputs`.
 *
 * Fire mutes sirens and sounders. An exercise keeps outdoor sirens silent and lets indoor ones be heard for 5 s.
 */
import type { AreaId, DoorId, KeypadId, OutputConfig, OutputRole } from './config.ts';
import { isCovertEvent } from './covert.ts';
import { SOUNDER_LIMIT_MS } from './door/ladder.ts';
import { isEgressFree, isFailSafe, isOnlyGranted, isReleased } from './door/status.ts';
import { clearTimer, must, setOutput, setTimer } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Site } from './site.ts';
import type { AreaState, DoorState, OutputState, State } from './state.ts';
import { after, monotonic, SECOND } from './time.ts';
import type { Monotonic } from './time.ts';
import { keypadTone } from './tone.ts';
import type { PatternName, Tone } from './tone.ts';

export type { PatternName } from './tone.ts';

export type OutputValue = 'off' | 'on' | { readonly pattern: PatternName; readonly since: Monotonic };

/** `protects`: written before the commit. `grants`: written only once what it tells is on disk. */
export type WriteOrder = 'protects' | 'grants';

/** Of a lock only what opens it waits for the disk: the end of a pulse, or a coil's limit, does not. */
const lockOrder = (site: Site, state: State, role: LockRole, value: OutputValue): WriteOrder => {
  const door = must(site.doors.get(role.door), `door ${role.door}`);
  const opens = (value === 'off') === isFailSafe(door.config);
  return opens && isOnlyGranted(site, state, door) ? 'grants' : 'protects';
};

/** Somebody who is not here is let through: only by what is on disk. */
export const isGrantedFromAfar = (site: Site, { volatile }: State, role: OutputRole): boolean => {
  if (role.kind !== 'lock') return false;
  const release = volatile.locks[must(site.doors.get(role.door), `door ${role.door}`).index]?.release;
  return release?.operator !== undefined && !release.egress;
};

export const writeOrder = (site: Site, state: State, role: OutputRole, value: OutputValue): WriteOrder => {
  switch (role.kind) {
    case 'siren':
    case 'sounder':
    case 'alarm-light':
      return 'protects';
    case 'buzzer':
    case 'armed-lamp':
      return 'grants';
    case 'lock':
      return lockOrder(site, state, role, value);
  }
};

/** How long an indoor siren is heard in an exercise. */
const EXERCISE_SIREN_MS = 5 * SECOND;

/** `since`: when this was first asked for. `changesAt`: when it asks for something else by itself. */
type Wanted = { readonly value: OutputValue; readonly since: Monotonic; readonly changesAt: Monotonic | undefined };

const areaOf = (site: Site, state: State, id: AreaId): AreaState =>
  must(state.durable.areas[must(site.areas.get(id), `area ${id}`).index], `area ${id}`);
const doorOf = (site: Site, state: State, id: DoorId): DoorState =>
  must(state.durable.doors[must(site.doors.get(id), `door ${id}`).index], `door ${id}`);

const isMuted = (state: State): boolean => state.durable.site.fireActive.length > 0;

const wantedTone = ({ pattern, since, changesAt }: Tone): Wanted => ({ value: { pattern, since }, since, changesAt });

// ---- what each role asks for

type SirenRole = Extract<OutputRole, { kind: 'siren' }>;

/** The latest siren counts: another area's alarm is something new to sound for. */
const sirenSince = (site: Site, state: State, { areas, place }: SirenRole): Monotonic | undefined => {
  let since: Monotonic | undefined;
  for (const id of areas) {
    const { siren } = areaOf(site, state, id);
    if (!siren || (place === 'outdoor' && siren.reach === 'local')) continue;
    if (since === undefined || siren.since > since) since = siren.since;
  }
  return since;
};

const wantedSiren = (site: Site, state: State, role: SirenRole): Wanted | undefined => {
  if (isMuted(state)) return undefined;
  const since = sirenSince(site, state, role);
  if (since === undefined) return undefined;
  if (!state.durable.site.exercise) return { value: 'on', since, changesAt: undefined };
  const changesAt = after(since, EXERCISE_SIREN_MS);
  return role.place === 'indoor' && state.at < changesAt ? { value: 'on', since, changesAt } : undefined;
};

/** A forced door is heard as long as a siren would be, by whoever is there. */
const forcedTone = ({ forcedSince }: DoorState, now: Monotonic): Tone | undefined => {
  if (forcedSince === undefined) return undefined;
  const changesAt = after(forcedSince, SOUNDER_LIMIT_MS);
  return now < changesAt ? { pattern: 'door-alarm', since: forcedSince, changesAt } : undefined;
};

const ladderTone = ({ ladder, ladderSince, silencedUntil, spent }: DoorState): Tone | undefined => {
  if (ladder === 'quiet' || ladderSince === undefined || silencedUntil !== undefined || spent) return undefined;
  return { pattern: ladder === 'pre-alarm' ? 'door-warning' : 'door-alarm', since: ladderSince, changesAt: undefined };
};

/** A door that sounds drowns one that only warns; among equals the latest counts. */
const isLouder = (tone: Tone, than: Tone): boolean => {
  if (tone.pattern === than.pattern) return tone.since > than.since;
  return tone.pattern === 'door-alarm';
};

const wantedSounder = (site: Site, state: State, doors: readonly DoorId[]): Wanted | undefined => {
  if (isMuted(state)) return undefined;
  let loudest: Tone | undefined;
  for (const id of doors) {
    const door = doorOf(site, state, id);
    for (const tone of [ladderTone(door), forcedTone(door, state.at)]) {
      if (tone && (!loudest || isLouder(tone, loudest))) loudest = tone;
    }
  }
  return loudest && wantedTone(loudest);
};

const wantedBuzzer = (site: Site, state: State, keypads: readonly KeypadId[]): Wanted | undefined => {
  for (const id of keypads) {
    const tone = keypadTone(site, state, must(site.keypads.get(id), `keypad ${id}`));
    if (tone) return wantedTone(tone);
  }
  return undefined;
};

/** Lit while every one of its areas is set; not yet during the exit. */
const wantedLamp = (site: Site, state: State, areas: readonly AreaId[]): Wanted | undefined => {
  let since: Monotonic | undefined;
  for (const id of areas) {
    const { arming } = areaOf(site, state, id);
    if (arming.state !== 'armed' && arming.state !== 'entering') return undefined;
    const setSince = arming.state === 'entering' ? arming.armedSince : arming.since;
    if (since === undefined || setSince > since) since = setSince;
  }
  return since === undefined ? undefined : { value: 'on', since, changesAt: undefined };
};

const lightSince = ({ siren, alarms }: AreaState): Monotonic | undefined =>
  siren?.since ?? alarms.find(({ kind }) => !isCovertEvent(kind))?.since;

const wantedLight = (site: Site, state: State, areas: readonly AreaId[]): Wanted | undefined => {
  for (const id of areas) {
    const since = lightSince(areaOf(site, state, id));
    if (since !== undefined) return { value: { pattern: 'flash', since }, since, changesAt: undefined };
  }
  return undefined;
};

const ON_SINCE_EVER = monotonic(0);
const lasting = (since: Monotonic): Wanted => ({ value: 'on', since, changesAt: undefined });

/**
 * What a lock's output is energised for: to open, to hold, or for as long as a motor or a pulse runs. Egress by fire or
 * green box energises nothing: it lets go of what holds.
 */
const wantedLock = (site: Site, state: State, { door: id, drive: direction }: LockRole): Wanted | undefined => {
  const door = must(site.doors.get(id), `door ${id}`);
  const { lock } = door.config;
  const { release, free, drive } = must(state.volatile.locks[door.index], `lock ${id}`);
  switch (lock?.kind) {
    case undefined:
      return undefined;
    case 'strike-fail-secure':
      if (release) return lasting(release.since);
      return isReleased(site, state, door) && !isEgressFree(state, door) ? lasting(free ?? ON_SINCE_EVER) : undefined;
    case 'strike-fail-safe':
    case 'maglock':
      return isReleased(site, state, door) ? undefined : lasting(ON_SINCE_EVER);
    case 'strike-latching':
      return drive && lasting(drive.since);
    case 'motor':
      return drive && drive.direction === direction ? lasting(drive.since) : undefined;
  }
};

type LockRole = Extract<OutputRole, { kind: 'lock' }>;

const wantedOf = (site: Site, state: State, role: OutputRole): Wanted | undefined => {
  switch (role.kind) {
    case 'siren':
      return wantedSiren(site, state, role);
    case 'sounder':
      return wantedSounder(site, state, role.doors);
    case 'buzzer':
      return wantedBuzzer(site, state, role.keypads);
    case 'armed-lamp':
      return wantedLamp(site, state, role.areas);
    case 'alarm-light':
      return wantedLight(site, state, role.areas);
    case 'lock':
      return wantedLock(site, state, role);
  }
};

// ---- limits

/** The output was on for all the time it may be, and nothing new has been asked since. */
const isUsedUp = ({ maxOnMs }: OutputConfig, { lastOnAt, lastOffAt }: OutputState, { since }: Wanted): boolean => {
  if (maxOnMs === undefined || lastOnAt === undefined || lastOffAt === undefined) return false;
  return lastOffAt >= after(lastOnAt, maxOnMs) && since < lastOffAt;
};

/** `limitAt`: when this value ends by itself. `cutAt`: when the limit ended it. */
type Limited = { readonly value: OutputValue; readonly limitAt: Monotonic | undefined; readonly cutAt?: Monotonic };

const OFF: Limited = { value: 'off', limitAt: undefined };

const earliest = (a: Monotonic | undefined, b: Monotonic | undefined): Monotonic | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
};

const whileOn = (config: OutputConfig, wanted: Wanted, onSince: Monotonic, now: Monotonic): Limited => {
  const cutAt = config.maxOnMs === undefined ? undefined : after(onSince, config.maxOnMs);
  if (cutAt !== undefined && now >= cutAt) return { value: 'off', limitAt: undefined, cutAt };
  return { value: wanted.value, limitAt: earliest(cutAt, wanted.changesAt) };
};

const limit = (config: OutputConfig, output: OutputState, wanted: Wanted | undefined, now: Monotonic): Limited => {
  if (!wanted) return OFF;
  if (output.on && output.lastOnAt !== undefined) return whileOn(config, wanted, output.lastOnAt, now);
  if (isUsedUp(config, output, wanted)) return OFF;
  const restedAt = output.lastOffAt === undefined ? now : after(output.lastOffAt, config.minOffMs);
  if (now < restedAt) return { value: 'off', limitAt: earliest(restedAt, wanted.changesAt) };
  return whileOn(config, wanted, now, now);
};

const limitedAt = (site: Site, state: State, config: OutputConfig, index: number): Limited =>
  limit(config, must(state.durable.outputs[index], `output ${config.id}`), wantedOf(site, state, config.role), state.at);

/** What to drive, parallel to `config.outputs`. */
export const outputsOf = (site: Site, state: State): readonly OutputValue[] =>
  site.config.outputs.map((config, index) => limitedAt(site, state, config, index).value);

export const isSameOutput = (a: OutputValue, b: OutputValue): boolean => {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.pattern === b.pattern && a.since === b.since;
};

// ---- keeping the state up to date

const settleOutput = (frame: Frame, config: OutputConfig, index: number): void => {
  const output = must(frame.state.durable.outputs[index], `output ${config.id}`);
  const { value, limitAt, cutAt } = limitedAt(frame.site, frame.state, config, index);
  const on = value !== 'off' && isLimited(config);
  if (on === output.on && limitAt === output.limitAt) return;
  const flipped = on === output.on ? {} : on ? { lastOnAt: frame.now } : { lastOffAt: cutAt ?? frame.now };
  setOutput(frame, { config, index }, { on, limitAt, ...flipped });
  if (limitAt === undefined) clearTimer(frame, 'output-limit', config.id);
  else setTimer(frame, 'output-limit', config.id, limitAt);
};

/** Only these need a memory: what an unlimited output did is not worth a write to disk. */
const isLimited = ({ maxOnMs, minOffMs }: OutputConfig): boolean => maxOnMs !== undefined || minOffMs > 0;

/**
 * The last act of handling an instant: notes which limited outputs went on or off, and when what outputs do ends by
 * itself. The deadline `output-limit` needs no other handler than this.
 */
export const settleOutputs = (frame: Frame): void => {
  if (frame.state.at !== frame.now) frame.state = { ...frame.state, at: frame.now };
  for (const [index, config] of frame.site.config.outputs.entries()) settleOutput(frame, config, index);
};
