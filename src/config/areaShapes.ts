/** The shapes of areas, keypads, outputs and people. Limits and defaults: docs/settings.md. */
import { z } from 'zod';
import { DAY, HOUR, MINUTE, SECOND } from '../core/time.ts';
import { lockOutput } from './doorShapes.ts';
import { PORT_READERS } from './portReaderShapes.ts';
import { date, digest, duration, id, line, text } from './scalars.ts';

const ids = (description: string) => z.array(id('An id.')).max(256).describe(description);
const flag = (description: string) => z.boolean().describe(description);
const mode = (description: string) => z.enum(['full', 'partial', 'night']).describe(description);

const checklistItem = z.strictObject({
  id: id('Name of the item in the journal.'),
  text: text('What the person who closes should look at.'),
});

const policy = (description: string) => z.enum(['override', 'inhibit', 'forbid']).describe(description);

/** Behaviour, Arm: whoever may arm may go on over every blocker; what a zone or latch says is left out by name. */
const blockers = z
  .strictObject({
    'zone-open': policy('A zone is open.').default('inhibit'),
    'latch-open': policy('A door is closed but not latched.').default('inhibit'),
    tamper: policy('A zone is tampered with.').default('inhibit'),
    fault: policy('A zone is in fault.').default('inhibit'),
    masked: policy('A detector is masked.').default('inhibit'),
    'battery-low': policy('The battery is low.').default('override'),
    'mains-lost': policy('Mains power is away.').default('override'),
    'no-path': policy('No path to the centre works.').default('override'),
    'door-held': policy('A secondary exit is held open.').default('override'),
    'room-not-quiet': policy('A room was not quiet long enough.').default('override'),
    checklist: policy('A check-list item is not ticked.').default('override'),
    memory: policy('Alarm memory is not acknowledged.').default('override'),
  })
  .describe(
    'What a person who may arm can do about each thing in the way: go on over it, leave the zone out by name, or nothing.',
  );

const autoArm = z
  .strictObject({
    schedule: id('The schedule whose windows are the hours the area should be armed.'),
    mode: mode('The mode it arms in.').prefault('full'),
    warning: duration({ min: MINUTE, max: HOUR }, 'How long before it warns.').prefault('15min'),
    postpone: duration({ min: 5 * MINUTE, max: 2 * HOUR }, 'How much later it comes when somebody postpones it.').prefault(
      '30min',
    ),
    postponements: z.number().int().min(0).max(10).describe('How often it can be postponed.').default(3),
    retry: duration({ min: 5 * MINUTE, max: 2 * HOUR }, 'How often it tries again when it was too late to arm.').prefault(
      '30min',
    ),
  })
  .describe('Arms by the calendar.');

export const areaShape = z
  .strictObject({
    name: text('What staff call it.'),
    common: ids('Members, when this is a common area: it arms with its last member and disarms with its first.').default([]),
    exit: z
      .enum(['timed', 'final-door', 'push-to-set', 'immediate'])
      .describe('How leaving ends: after the delay, when the final door is closed, by a button outside, or at once.')
      .default('timed'),
    exitDelay: duration({ min: 45 * SECOND, max: 255 * SECOND }, 'Time to leave.').prefault('60s'),
    entryDelay: duration({ min: 0, max: 45 * SECOND }, 'Time to disarm after the entry door opens.').prefault('30s'),
    abort: duration(
      { min: 15 * SECOND, max: 45 * SECOND },
      'How long the centre is not told of an entry that timed out.',
    ).prefault('30s'),
    confirmation: duration(
      { min: 30 * MINUTE, max: HOUR },
      'Within this time a second independent zone confirms an alarm.',
    ).prefault('30min'),
    siren: duration({ min: 10 * SECOND, max: 180 * SECOND }, 'How long the siren sounds.').prefault('180s'),
    sirenCycles: z.number().int().min(1).max(3).describe('How often the siren may sound in one armed period.').default(3),
    quiet: duration({ min: 0, max: HOUR }, 'Motion in an occupancy zone within this time stands in the way of arming.').prefault(
      '5min',
    ),
    unvacated: z.enum(['full', 'partial']).describe('What a timed exit through no door becomes.').default('full'),
    openingConfirm: duration(
      { min: 3 * MINUTE, max: 30 * MINUTE },
      'Present: an opening must be confirmed normal within this time (5min is usual).',
    ).optional(),
    checklist: z.array(checklistItem).max(20).describe('What to look at before closing.').default([]),
    blockers: blockers.prefault({}),
    autoArm: autoArm.optional(),
    tamperReset: z.enum(['user', 'installer']).describe('Who acknowledges tamper and fault memory.').default('user'),
  })
  .describe('What is armed together.');

const outputBasics = {
  name: text('What staff call it.'),
  output: line('The line it is wired to.'),
  active: z
    .enum(['high', 'low'])
    .describe('The level that switches it on. Absent: what the hat says that the line is wired to, else high.')
    .optional(),
  maxOn: duration({ min: SECOND, max: DAY }, 'The longest time on. Sirens: 180s unless given.').optional(),
  minOff: duration({ min: 0, max: HOUR }, 'The shortest rest between two times on.').prefault('0s'),
  onCrash: z
    .enum(['hold', 'rest'])
    .describe('What it does for 10 s when the process dies. Sirens, and locks that current opens: always rest.')
    .default('rest'),
};

export const outputShape = z.discriminatedUnion('role', [
  z
    .strictObject({
      role: z.literal('siren'),
      areas: ids('The areas whose alarms it sounds.'),
      place: z.enum(['indoor', 'outdoor']).describe('Outdoor sirens stop after 180 s whatever happens.'),
      ...outputBasics,
    })
    .describe('A siren.'),
  z
    .strictObject({ role: z.literal('sounder'), doors: ids('The doors whose left-open warning it sounds.'), ...outputBasics })
    .describe('The sounder of secondary exits.'),
  z
    .strictObject({ role: z.literal('buzzer'), keypads: ids('The keypads whose tones it gives.'), ...outputBasics })
    .describe('A keypad’s buzzer.'),
  z
    .strictObject({ role: z.literal('armed-lamp'), areas: ids('Lit while all of them are armed.'), ...outputBasics })
    .describe('A lamp that shows that the site is armed.'),
  z
    .strictObject({ role: z.literal('alarm-light'), areas: ids('The areas whose alarms light it.'), ...outputBasics })
    .describe('Light that comes on in an alarm.'),
  z
    .strictObject({
      ...lockOutput,
      ...outputBasics,
      maxOn: duration(
        { min: 500, max: MINUTE },
        'The longest time on. Absent: fail-secure strike 10s, latching strike 2s, motor 15s, no more of each. Others: none.',
      ).optional(),
      minOff: duration(
        { min: 0, max: MINUTE },
        'The shortest rest between two times on. Absent: fail-secure and latching strikes 2s, others none.',
      ).optional(),
    })
    .describe('A lock, or one way of a motor.'),
]);

/** The speeds a bus of readers may have, in bits per second. */
export const BAUD_RATES = [9_600, 19_200, 38_400, 57_600, 115_200] as const;

const osdpReader = z
  .strictObject({
    kind: z.literal('osdp').describe('How it is reached: osdp, a reader on an RS-485 bus.'),
    bus: id('The bus it is on.'),
    address: z.number().int().min(0).max(126).describe('Its address on the bus. Each reader of a bus has its own.'),
    secure: z
      .enum(['required', 'plain'])
      .describe('required: only in a secure channel, with a key of its own. plain: whoever is at the cable reads along.')
      .default('required'),
  })
  .describe('A reader on an RS-485 bus.');

/** One option for each kind of reader. */
export const readerShape = z
  .discriminatedUnion('kind', [osdpReader, ...PORT_READERS])
  .describe('What it is in hardware. Absent: simulated.');

export const keypadShape = z
  .strictObject({
    name: text('What staff call it.'),
    areas: ids('The areas it acts on.'),
    place: z
      .enum(['inside', 'outside'])
      .describe('Outside readers share one lockout; an inside keypad has its own.')
      .default('inside'),
    reader: readerShape.optional(),
  })
  .describe('A keypad or reader.');

export const userShape = z
  .strictObject({
    name: text('The person’s name, as the journal shows it.'),
    role: z.enum(['owner', 'staff', 'cleaner', 'delivery', 'installer', 'guard']).describe('What the person may do.'),
    areas: ids('Areas the person may act on; absent: all.').optional(),
    doors: ids(
      'Doors the person may open. Absent: those of the areas and their common area; cupboards, safes: owner and staff alone.',
    ).optional(),
    extendedTimes: flag('Doors stay released, and may stay open, longer for this person.').default(false),
    validFrom: date('First day on which the codes serve.').optional(),
    validUntil: date('Last day on which the codes serve.').optional(),
    hours: id('Schedule of the hours in which the codes serve; absent: always.').optional(),
    oneShot: flag('Serves once. Absent: guards yes, others no.').optional(),
    code: digest('Digest of the code.').optional(),
    duress: digest('Digest of the second code, for use under threat.').optional(),
    notNormal: digest('Digest of the code that says an opening is not normal.').optional(),
    badges: z.array(digest('Digest of a badge number.')).max(8).describe('Digests of the badges.').default([]),
  })
  .describe('A person.');
