/** 8: the same state drives the same relays, within their limits; what sounds has an end. */
import type { OutputRole } from '../../../src/core/config.ts';
import type { EventKind } from '../../../src/core/event.ts';
import { isSameOutput, outputsOf } from '../../../src/core/output.ts';
import type { OutputValue } from '../../../src/core/output.ts';
import type { State } from '../../../src/core/state.ts';
import { of } from '../model.ts';
import type { Check, Say, Stepped } from '../violation.ts';

/** The state says of each output what `outputsOf` makes of it. */
export const outputsHold: Check = (stepped, say) => {
  if (stepped.before === stepped.after) return;
  const values = outputsOf(stepped.site, stepped.after);
  outputsFollow(stepped, values, say);
  sirenSounds(stepped, values, say);
};

type Values = readonly OutputValue[];

const outputsFollow = ({ site, before, after }: Stepped, values: Values, say: Say): void => {
  for (const [index, { id, role, maxOnMs, minOffMs }] of site.config.outputs.entries()) {
    const [was, is] = [of(before.durable.outputs[index]), of(after.durable.outputs[index])];
    const isOn = values[index] !== 'off';
    const isLimited = maxOnMs !== undefined || minOffMs > 0;
    if (isLimited && isOn !== is.on) say('output-state', `${id} is ${is.on ? 'on' : 'off'} in the state and driven otherwise`);
    if (isOn && maxOnMs !== undefined && after.at - (is.lastOnAt ?? after.at) >= maxOnMs)
      say('output-too-long', `${id} is on for ${maxOnMs} ms`);
    if (isOn && !was.on && was.lastOffAt !== undefined && after.at - was.lastOffAt < minOffMs)
      say('output-rest', `${id} rested too short`);
    const isLoud = role.kind === 'siren' || role.kind === 'sounder';
    if (isOn && isLoud && after.durable.site.fireActive.length > 0) say('sounds-over-fire', id);
    if (isOn && role.kind === 'siren' && role.place === 'outdoor' && after.durable.site.exercise) say('drill-outdoors', id);
  }
};

/** For a part of the steps: the same value from a copy of the state that was written and read. */
export const outputsOfCopy: Check = ({ site, after }, say) => {
  const values = outputsOf(site, after);
  const copies = outputsOf(site, JSON.parse(JSON.stringify(after)) as State);
  for (const [index, value] of values.entries()) {
    if (!isSameOutput(value, of(copies[index]))) say('output-function', of(site.config.outputs[index]).id);
  }
};

export const sirenStops: Check = (stepped, say) => {
  const { site, before, after } = stepped;
  for (const [index, { id, sirenMs }] of site.config.areas.entries()) {
    const { siren } = of(after.durable.areas[index]);
    if (siren && after.at - siren.since >= sirenMs) say('siren-too-long', `${id} sounds since ${siren.since}`);
  }
  if (before.durable.areas === after.durable.areas) return;
  for (const { config, was, is } of stepped.areas) {
    const isNew = is.siren && is.siren.since !== was.siren?.since;
    if (isNew && is.sirenCycles > config.sirenCycles) say('siren-cycles', `${config.id}: ${is.sirenCycles}`);
    if (was.siren && is.siren && was.siren.since === is.siren.since && was.siren.reach === 'full' && is.siren.reach === 'local')
      say('siren-shrinks', config.id);
  }
};

type Siren = Extract<OutputRole, { kind: 'siren' }>;

const latestSince = ({ site, after }: Stepped, { areas, place }: Siren): number | undefined => {
  const sirens = areas.map((area) => of(after.durable.areas[of(site.areas.get(area)).index]).siren);
  const since = sirens.flatMap((siren) => (siren && (place === 'indoor' || siren.reach === 'full') ? [siren.since] : []));
  return since.length === 0 ? undefined : Math.max(...since);
};

/** A siren that nothing mutes sounds: each alarm is heard until its time is over or the output has had its own. */
const sirenSounds = (stepped: Stepped, values: Values, say: Say): void => {
  const { site, after } = stepped;
  if (after.durable.site.fireActive.length > 0 || after.durable.site.exercise) return;
  for (const [index, { id, role, maxOnMs, minOffMs }] of site.config.outputs.entries()) {
    if (role.kind !== 'siren' || minOffMs > 0) continue;
    const since = latestSince(stepped, role);
    const { lastOnAt, lastOffAt } = of(after.durable.outputs[index]);
    const on = values[index] !== 'off';
    const spent =
      maxOnMs !== undefined && lastOffAt !== undefined && lastOffAt - (lastOnAt ?? 0) >= maxOnMs && lastOffAt > (since ?? 0);
    if ((since !== undefined) !== on && !spent) say('siren-sounds', `${id} is ${on ? 'on for nothing' : 'asked for and off'}`);
  }
};

const SOUNDING: ReadonlySet<EventKind> = new Set(['alarm-24h', 'holdup-audible', 'intrusion']);

/** An alarm that is to be heard starts the siren, unless it has had its cycles. */
export const alarmsSound: Check = ({ site, before, after, events }, say) => {
  for (const { kind, area, zone, detail } of events) {
    if (!SOUNDING.has(kind) || area === undefined || detail?.['heldMs'] !== undefined) continue;
    const { index, config } = of(site.areas.get(area));
    const [was, is] = [of(before.durable.areas[index]), of(after.durable.areas[index])];
    // Set for want of a readable state: alarms are sent, sirens stay off until a user has set the mode.
    const isMute = is.arming.state !== 'disarmed' && is.arming.who.cause === 'restart';
    const isOver = isMute || was.sirenCycles >= config.sirenCycles;
    if (!is.siren && !was.siren && !isOver) say('siren-starts', `${kind} ${zone ?? ''} in ${area} makes no sound`);
  }
};
