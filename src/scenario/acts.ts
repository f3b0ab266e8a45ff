/** What can happen in a story. */
import type { ConditionKind } from '../core/input.ts';
import type { Pattern, Slot } from './patterns.ts';
import type { Act } from './story.ts';
import { parseDuration, parseSignedDuration } from './words.ts';

const MOTION_MS = 2_000;
const PRESS_MS = 1_000;

const duration = (slot: Slot, name = 'duration'): number | undefined => parseDuration(slot.word(name));

const pulse = (slot: Slot, forMs: number | undefined): Act | undefined =>
  forMs === undefined ? undefined : { kind: 'pulse', zone: slot.word('zone'), forMs };

const gone = (cause: 'process' | 'machine', forMs: number | undefined, stateLost = false): Act | undefined =>
  forMs === undefined ? undefined : { kind: 'gone', cause, forMs, stateLost };

const condition = (name: ConditionKind, subject: string, on: boolean): Act => ({
  kind: 'condition',
  condition: name,
  subject,
  on,
});

const signal = (slot: Slot, wanted: 'normal' | 'active' | 'tamper' | 'masked'): Act => ({
  kind: 'signal',
  zone: slot.word('zone'),
  signal: wanted,
});

const value = (slot: Slot): Act | undefined => {
  const number = Number(slot.word('number'));
  return Number.isFinite(number) ? { kind: 'value', zone: slot.word('zone'), value: number } : undefined;
};

const typed = (slot: Slot): Act | undefined => {
  const text = slot.word('keys');
  return /^[0-9*#]+$/.test(text) ? { kind: 'type', who: slot.word('who'), text, keypad: slot.word('keypad') } : undefined;
};

export const ACTS: readonly Pattern<Act>[] = [
  // contacts
  { words: 'open <thing>', make: (slot) => ({ kind: 'open', thing: slot.word('thing') }) },
  { words: 'close <thing>', make: (slot) => ({ kind: 'close', thing: slot.word('thing') }) },
  { words: 'leave <door> ajar', make: (slot) => ({ kind: 'leave-ajar', door: slot.word('door') }) },
  { words: 'motion in <zone>', make: (slot) => pulse(slot, MOTION_MS) },
  { words: 'motion in <zone> for <duration>', make: (slot) => pulse(slot, duration(slot)) },
  { words: 'press <zone>', make: (slot) => pulse(slot, PRESS_MS) },
  { words: 'pulse <zone> for <duration>', make: (slot) => pulse(slot, duration(slot)) },
  { words: 'turn <zone> on', make: (slot) => signal(slot, 'active') },
  { words: 'turn <zone> off', make: (slot) => signal(slot, 'normal') },
  { words: 'tamper <zone>', make: (slot) => signal(slot, 'tamper') },
  { words: 'mask <zone>', make: (slot) => signal(slot, 'masked') },
  { words: 'restore <zone>', make: (slot) => signal(slot, 'normal') },
  {
    words: 'chatter <zone> for <duration>',
    make: (slot) => {
      const forMs = duration(slot);
      return forMs === undefined ? undefined : { kind: 'chatter', zone: slot.word('zone'), forMs };
    },
  },
  { words: 'value <zone> <number>', make: value },
  { words: 'tear <thing>', make: (slot) => ({ kind: 'tear', thing: slot.word('thing') }) },
  { words: 'mend <thing>', make: (slot) => ({ kind: 'mend', thing: slot.word('thing') }) },
  // people
  { words: '<who> types <keys> at <keypad>', make: typed },
  {
    words: '<who> shows badge <badge> at <keypad>',
    make: (slot) => ({ kind: 'badge', who: slot.word('who'), badge: slot.word('badge'), keypad: slot.word('keypad') }),
  },
  {
    words: 'operator <operator> unlocks <door>',
    make: (slot) => ({ kind: 'remote-unlock', operator: slot.word('operator'), door: slot.word('door') }),
  },
  // the controller and what it stands on
  { words: 'restart', make: () => gone('process', 0) },
  { words: 'process gone for <duration>', make: (slot) => gone('process', duration(slot)) },
  { words: 'power cut for <duration>', make: (slot) => gone('machine', duration(slot)) },
  { words: 'power cut for <duration> losing the state', make: (slot) => gone('machine', duration(slot), true) },
  {
    words: 'clock steps <offset>',
    make: (slot) => {
      const byMs = parseSignedDuration(slot.word('offset'));
      return byMs === undefined ? undefined : { kind: 'clock-steps', byMs };
    },
  },
  { words: 'clock synchronises', make: () => ({ kind: 'clock-quality', synchronised: true }) },
  { words: 'clock unsynchronised', make: () => ({ kind: 'clock-quality', synchronised: false }) },
  { words: 'path <path> fails', make: (slot) => condition('path-failed', slot.word('path'), true) },
  { words: 'path <path> restores', make: (slot) => condition('path-failed', slot.word('path'), false) },
  { words: 'all paths fail', make: () => condition('all-paths-failed', '', true) },
  { words: 'all paths restore', make: () => condition('all-paths-failed', '', false) },
  { words: 'store fails', make: () => condition('storage-failed', '', true) },
  { words: 'store recovers', make: () => condition('storage-failed', '', false) },
  { words: 'disk fills', make: () => condition('disk-nearly-full', '', true) },
  { words: 'disk has room', make: () => condition('disk-nearly-full', '', false) },
  { words: 'reader <keypad> is not heard', make: (slot) => condition('reader-offline', slot.word('keypad'), true) },
  { words: 'reader <keypad> is heard', make: (slot) => condition('reader-offline', slot.word('keypad'), false) },
  { words: 'output <output> fails', make: (slot) => condition('output-fault', slot.word('output'), true) },
  { words: 'output <output> works', make: (slot) => condition('output-fault', slot.word('output'), false) },
  { words: 'broker goes away', make: () => ({ kind: 'wire', what: 'broker', on: false }) },
  { words: 'broker comes back', make: () => ({ kind: 'wire', what: 'broker', on: true }) },
  { words: 'centre goes away', make: () => ({ kind: 'wire', what: 'centre', on: false }) },
  { words: 'centre comes back', make: () => ({ kind: 'wire', what: 'centre', on: true }) },
  { words: 'acknowledgements are lost', make: () => ({ kind: 'wire', what: 'acknowledgements', on: false }) },
  { words: 'acknowledgements arrive', make: () => ({ kind: 'wire', what: 'acknowledgements', on: true }) },
  { words: 'broker replays retained <verb> command', make: (slot) => ({ kind: 'retained-command', verb: slot.word('verb') }) },
  {
    words: 'wait',
    make: () => ({ kind: 'wait' }),
  },
  {
    words: 'nothing happens',
    make: () => ({ kind: 'wait' }),
  },
];
