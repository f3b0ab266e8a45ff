/** Makes happen what a story says happens. */
import type { DoorConfig, ZoneConfig } from '../core/config.ts';
import { assertNever, must } from '../core/frame.ts';
import { readingOf, readingOfValue } from './electric.ts';
import type { PlainSignal } from './electric.ts';
import { showBadge, typeKeys } from './keying.ts';
import type { Act, StoryCode } from './story.ts';
import { leave, plan, putLine, setTorn, tell, tellCalendar, tellClock } from './world.ts';
import type { World } from './world.ts';

/** Why something cannot happen on this site: the story is wrong, not the controller. */
export type ActResult = string | undefined;

const LATCH_AFTER_MS = 300;
const CHATTER_MS = 5;

const zoneOf = (world: World, id: string): ZoneConfig => must(world.options.site.zones.get(id), `zone ${id}`).config;

const put = (world: World, id: string, signal: PlainSignal): ActResult => {
  const zone = zoneOf(world, id);
  const reading = readingOf(zone, signal);
  if (!reading) return `zone ${id} is wired so that it cannot tell ${signal}`;
  putLine(world, zone.line, reading);
  return undefined;
};

// ---- doors: the latch lets go before the leaf moves, and catches after it is shut

const openDoor = (world: World, { contact, latch }: DoorConfig): ActResult => {
  if (latch !== undefined) put(world, latch, 'active');
  return put(world, contact, 'active');
};

const closeDoor = (world: World, { contact, latch }: DoorConfig): ActResult => {
  const shut = put(world, contact, 'normal');
  if (latch !== undefined) plan(world, LATCH_AFTER_MS, () => void put(world, latch, 'normal'));
  return shut;
};

const leaveAjar = (world: World, id: string): ActResult => {
  const { contact, latch } = must(world.options.site.doors.get(id), `door ${id}`).config;
  if (latch === undefined) return `door ${id} has no latch contact`;
  put(world, latch, 'active');
  return put(world, contact, 'normal');
};

/** A zone's contact alone; a door's leaf and latch together. */
const openOrClose = (world: World, kind: 'open' | 'close', thing: string): ActResult => {
  const door = world.options.site.doors.get(thing)?.config;
  if (door) return kind === 'open' ? openDoor(world, door) : closeDoor(world, door);
  return put(world, thing, kind === 'open' ? 'active' : 'normal');
};

// ---- short things

const pulse = (world: World, zone: string, forMs: number): ActResult => {
  plan(world, forMs, () => void put(world, zone, 'normal'));
  return put(world, zone, 'active');
};

const chatter = (world: World, zone: string, forMs: number): ActResult => {
  for (let ms = 0, turn = 0; ms < forMs; ms += CHATTER_MS, turn += 1) {
    plan(world, ms, () => void put(world, zone, turn % 2 === 0 ? 'active' : 'normal'));
  }
  plan(world, forMs, () => void put(world, zone, 'normal'));
  return undefined;
};

const measure = (world: World, id: string, value: number): ActResult => {
  const { sensing, line } = zoneOf(world, id);
  if (sensing.kind !== 'measure') return `zone ${id} measures nothing`;
  putLine(world, line, readingOfValue(sensing, value));
  return undefined;
};

const tear = (world: World, thing: string, torn: boolean): ActResult => {
  const { site } = world.options;
  const door = site.doors.get(thing)?.config;
  if (door) return `tear one of the contacts of door ${thing}: ${door.contact} ${door.latch ?? ''}`.trim();
  setTorn(world, site.zones.get(thing)?.config.line ?? thing, torn);
  return undefined;
};

const stepClock = (world: World, byMs: number): ActResult => {
  world.clockErrorMs += byMs;
  tellClock(world);
  tellCalendar(world);
  return undefined;
};

const setQuality = (world: World, synchronised: boolean): ActResult => {
  world.synchronised = synchronised;
  if (synchronised) world.clockErrorMs = 0;
  tellClock(world);
  tellCalendar(world);
  return undefined;
};

/** As it reaches the core: its signature and its challenge have been checked. */
const unlockFromAfar = (world: World, { operator, door }: Extract<Act, { kind: 'remote-unlock' }>): ActResult => {
  world.commands += 1;
  tell(world, { kind: 'remote-unlock', command: `command-${world.commands}`, operator, door });
  return undefined;
};

export const perform = (world: World, act: Act, codes: readonly StoryCode[]): ActResult => {
  switch (act.kind) {
    case 'open':
    case 'close':
      return openOrClose(world, act.kind, act.thing);
    case 'leave-ajar':
      return leaveAjar(world, act.door);
    case 'pulse':
      return pulse(world, act.zone, act.forMs);
    case 'chatter':
      return chatter(world, act.zone, act.forMs);
    case 'signal':
      return put(world, act.zone, act.signal);
    case 'value':
      return measure(world, act.zone, act.value);
    case 'tear':
    case 'mend':
      return tear(world, act.thing, act.kind === 'tear');
    case 'type':
      return typeKeys(world, act, codes);
    case 'badge':
      return showBadge(world, act, codes);
    case 'remote-unlock':
      return unlockFromAfar(world, act);
    case 'gone':
      leave(world, act);
      return undefined;
    case 'clock-steps':
      return stepClock(world, act.byMs);
    case 'clock-quality':
      return setQuality(world, act.synchronised);
    case 'condition':
      tell(world, { kind: 'condition', condition: act.condition, subject: act.subject, on: act.on });
      return undefined;
    case 'wire':
      world.companion?.change({ what: act.what, on: act.on });
      return undefined;
    case 'retained-command':
      world.companion?.change({ what: 'command', verb: act.verb });
      return undefined;
    case 'wait':
      return undefined;
    default:
      return assertNever(act);
  }
};
