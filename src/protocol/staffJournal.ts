/**
 * The journal as staff may read it: the one answer to what of an event may be seen on site. Whoever reads it under threat
 * must not find out which code was typed, nor that a silent button was pressed.
 *
 * - Covert kinds are left out, and what tells that the input of a covert zone moved.
 * - An alarm stands at the time at which it happened. Whether the centre heard of it then, later or never is not shown: an
 *   alarm that was held reads like any other, its release, abort or cancel is left out. These are what a plain and a covert
 *   disarm differ in.
 * - Numbers of the ways to the centre and counts over all zones would tell that something covert was sent: no details there.
 * - Rows are numbered by themselves: a gap would be a covert event.
 */
import type { ZoneId } from '../core/config.ts';
import { EVENT_KINDS } from '../core/event.ts';
import type { Event, EventKind } from '../core/event.ts';
import { codeOf } from './eventCodes.ts';

export type StaffRow = {
  /** From 1, without gaps, within what was asked for. */
  readonly number: number;
  readonly event: Event;
};

/** Written or not according to the code that disarmed. */
const BY_CODE: ReadonlySet<EventKind> = new Set<EventKind>(['alarm-aborted', 'alarm-cancelled']);

/** What is said of a covert zone by the person who does it, and is theirs to read. */
const DONE_BY_PEOPLE: ReadonlySet<EventKind> = new Set<EventKind>([
  'inhibited',
  'inhibit-ended',
  'isolated',
  'isolation-ended',
  'walk-test-zone',
]);

const COUNTS_EVERYTHING: ReadonlySet<EventKind> = new Set<EventKind>([
  'test-report',
  'dropped',
  'messages-dropped',
  'acknowledgement-refused',
  'centre-refused-message',
  'store-rolled-back',
]);

const isOfCovertZone = ({ kind, zone }: Event, covertZones: ReadonlySet<ZoneId>): boolean =>
  zone !== undefined && covertZones.has(zone) && !DONE_BY_PEOPLE.has(kind);

/** Shown when it was held. */
const wasReleased = ({ detail }: Event): boolean => detail?.['heldMs'] !== undefined;

const heldKind = ({ detail }: Event): EventKind | undefined => EVENT_KINDS.find((kind) => kind === detail?.['held']);

const withoutDetail = (event: Event): Event => {
  const { detail: _detail, ...shown } = event;
  return shown;
};

/**
 * The event as staff may read it; undefined: not at all. `covertZones`: zones whose input tells of a covert alarm
 * (`isCovertZone` of their type).
 */
export const staffEvent = (event: Event, covertZones: ReadonlySet<ZoneId>): Event | undefined => {
  const { kind } = event;
  if (codeOf(kind).covert || BY_CODE.has(kind) || wasReleased(event) || isOfCovertZone(event, covertZones)) return undefined;
  if (kind === 'alarm-held') {
    const held = heldKind(event);
    return held && { ...withoutDetail(event), kind: held };
  }
  return COUNTS_EVERYTHING.has(kind) ? withoutDetail(event) : event;
};

/** What staff may read of these events, in their order. */
export const staffRows = (events: readonly Event[], covertZones: ReadonlySet<ZoneId>): readonly StaffRow[] =>
  events
    .map((event) => staffEvent(event, covertZones))
    .filter((event) => event !== undefined)
    .map((event, index) => ({ number: index + 1, event }));
