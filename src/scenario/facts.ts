/** What can be expected in a story. */
import { EVENT_KINDS } from '../core/event.ts';
import type { ArmMode } from '../core/config.ts';
import type { EventKind } from '../core/event.ts';
import type { Pattern, Slot } from './patterns.ts';
import type { EventFilter, Fact } from './story.ts';
import type { Word } from './words.ts';

const AREA_STATES = ['disarmed', 'exiting', 'armed', 'entering'];
const MODES: readonly ArmMode[] = ['full', 'partial', 'night'];
const ZONE_STATES = [
  'normal',
  'active',
  'tamper',
  'masked',
  'fault',
  'unknown',
  'inhibited',
  'isolated',
  'omitted',
  'in-alarm',
  'shunted',
  'walked',
];
const DOOR_STATES = [
  // the ladder of a door left open or not latched
  'quiet',
  'pre-alarm',
  'sounding',
  'escalated',
  'silenced',
  'left-open',
  'not-latched',
  'latch-fault',
  // its mode
  'locked',
  'unlocked',
  'accessed',
  'blocked',
  'locked-down',
  'locked-open',
  // what else is the matter
  'forced',
  'freed',
  'interlock-alarm',
  'exit-request-stuck',
];
const LOCK_STATES = ['locked', 'unlocking', 'unlocked', 'locking', 'unlock-failed', 'lock-failed', 'forced', 'released-pending'];
const NOTICES = ['nothing', 'refused', 'accepted', 'choose', 'arm-failed', 'remind-opening', 'door'];

const isKind = (text: string): text is EventKind => EVENT_KINDS.some((kind) => kind === text);
const modeOf = (text: string): ArmMode | undefined => MODES.find((mode) => mode === text);
const oneOf = (list: readonly string[], text: string): string | undefined => list.find((item) => item === text);

// ---- facts of an event

/** Facts that take a word, and those that stand alone with what they mean. */
const WITH_WORD = [
  'area',
  'zone',
  'door',
  'output',
  'keypad',
  'user',
  'operator',
  'mode',
  'cause',
  'reason',
  'result',
  'blocker',
];
const ALONE: Readonly<Record<string, { readonly name: string; readonly value: boolean }>> = {
  confirmed: { name: 'confirmed', value: true },
  unconfirmed: { name: 'confirmed', value: false },
  'recent-closing': { name: 'recentClosing', value: true },
  exercise: { name: 'exercise', value: true },
  synchronised: { name: 'synchronised', value: true },
  unsynchronised: { name: 'synchronised', value: false },
};

type Facts = EventFilter['facts'];

const takeFacts = (words: readonly Word[]): Facts | undefined => {
  const [first, second, ...others] = words;
  if (!first) return [];
  const alone = ALONE[first.text];
  const rest = alone ? words.slice(1) : others;
  const more = takeFacts(rest);
  if (!more) return undefined;
  if (alone) return [alone, ...more];
  if (!second || !WITH_WORD.includes(first.text)) return undefined;
  return [{ name: first.text, value: second.text }, ...more];
};

const takeFilter = (words: readonly Word[]): EventFilter | undefined => {
  const [first, ...others] = words;
  if (!first || !isKind(first.text)) return undefined;
  const facts = takeFacts(others);
  return facts && { kind: first.text, facts };
};

const eventFact = (slot: Slot): Fact | undefined => {
  const filter = takeFilter(slot.rest('event'));
  return filter && { kind: 'event', filter, times: undefined };
};

const countedEvent = (slot: Slot): Fact | undefined => {
  const filter = takeFilter(slot.rest('event'));
  const times = Number(slot.word('count'));
  return filter && Number.isInteger(times) && times > 0 ? { kind: 'event', filter, times } : undefined;
};

/** `armed then intrusion then intrusion-confirmed`. */
const orderFact = (slot: Slot): Fact | undefined => {
  const words = slot.rest('events').map(({ text }) => text);
  const kinds = words.filter((_, at) => at % 2 === 0).filter(isKind);
  const joined = words.every((word, at) => at % 2 === 0 || word === 'then');
  return joined && kinds.length * 2 - 1 === words.length ? { kind: 'event-order', kinds } : undefined;
};

// ---- facts of the state

const areaFact = (slot: Slot): Fact | undefined => {
  const state = oneOf(AREA_STATES, slot.word('state'));
  const mode = slot.word('mode');
  if (state === undefined || (mode !== '' && !modeOf(mode))) return undefined;
  return { kind: 'area', area: slot.word('area'), state, mode: modeOf(mode) };
};

const zoneFact = (slot: Slot): Fact | undefined => {
  const state = oneOf(ZONE_STATES, slot.word('state'));
  return state === undefined ? undefined : { kind: 'zone', zone: slot.word('zone'), state };
};

const doorFact = (slot: Slot): Fact | undefined => {
  const state = oneOf(DOOR_STATES, slot.word('state'));
  return state === undefined ? undefined : { kind: 'door', door: slot.word('door'), state };
};

const lockFact = (slot: Slot): Fact | undefined => {
  const state = oneOf(LOCK_STATES, slot.word('state'));
  return state === undefined ? undefined : { kind: 'lock', door: slot.word('door'), state };
};

const keypadFact = (slot: Slot): Fact | undefined => {
  const notice = oneOf(NOTICES, slot.word('notice'));
  const about = slot.word('about');
  return notice === undefined
    ? undefined
    : { kind: 'keypad', keypad: slot.word('keypad'), notice, about: about === '' ? undefined : about };
};

const blockerFact = (slot: Slot): Fact => {
  const about = slot.word('about');
  return { kind: 'blocker', keypad: slot.word('keypad'), blocker: slot.word('blocker'), about: about === '' ? undefined : about };
};

const memoryFact = (slot: Slot): Fact => ({
  kind: 'memory',
  area: slot.word('area'),
  zones: slot.rest('zones').map(({ text }) => text),
});

const sentFact = (slot: Slot): Fact | undefined => {
  const filter = takeFilter(slot.rest('event'));
  return filter && { kind: 'sent', filter };
};

const centreFact = (slot: Slot, times: number | undefined): Fact | undefined => {
  const filter = takeFilter(slot.rest('event'));
  return filter && { kind: 'centre-has', filter, times };
};

export const FACTS: readonly Pattern<Fact>[] = [
  { words: 'event', make: () => ({ kind: 'event', filter: { kind: undefined, facts: [] }, times: undefined }) },
  { words: 'event <event...>', make: eventFact },
  { words: '<count> times event <event...>', make: countedEvent },
  { words: 'events <events...>', make: orderFact },
  { words: 'sent <event...>', make: sentFact },
  { words: 'centre complete', make: () => ({ kind: 'centre-complete' }) },
  { words: 'centre has <event...>', make: (slot) => centreFact(slot, undefined) },
  { words: 'centre has once <event...>', make: (slot) => centreFact(slot, 1) },
  { words: 'area <area> <state>', make: areaFact },
  { words: 'area <area> <state> <mode>', make: areaFact },
  {
    words: 'output <output> <value>',
    make: (slot) => ({ kind: 'output', output: slot.word('output'), value: slot.word('value') }),
  },
  { words: 'zone <zone> <state>', make: zoneFact },
  { words: 'door <door> <state>', make: doorFact },
  { words: 'lock <door> <state>', make: lockFact },
  { words: 'keypad <keypad> shows <notice>', make: keypadFact },
  { words: 'keypad <keypad> shows <notice> <about>', make: keypadFact },
  { words: 'keypad <keypad> names <blocker>', make: blockerFact },
  { words: 'keypad <keypad> names <blocker> <about>', make: blockerFact },
  { words: 'alarm in <area>', make: (slot) => ({ kind: 'alarm', area: slot.word('area'), alarm: undefined }) },
  { words: 'alarm <alarm> in <area>', make: (slot) => ({ kind: 'alarm', area: slot.word('area'), alarm: slot.word('alarm') }) },
  { words: 'memory <area> empty', make: (slot) => ({ kind: 'memory', area: slot.word('area'), zones: [] }) },
  { words: 'memory <area> lists <zones...>', make: memoryFact },
  { words: 'held alarm in <area>', make: (slot) => ({ kind: 'held', area: slot.word('area') }) },
];
