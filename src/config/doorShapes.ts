/** The shapes of doors, of the outputs that lock them, and of who opens them from afar. Limits and defaults: docs/settings.md. */
import { z } from 'zod';
import { DAY, HOUR, MINUTE, SECOND } from '../core/time.ts';
import { duration, id, publicKey, text } from './scalars.ts';

const ids = (description: string) => z.array(id('An id.')).max(256).describe(description);
const flag = (description: string) => z.boolean().describe(description);

export const LOCK_KINDS = ['strike-fail-secure', 'strike-fail-safe', 'strike-latching', 'maglock', 'motor'] as const;

const lock = z
  .strictObject({
    kind: z
      .enum(LOCK_KINDS)
      .describe(
        'Strike that current opens (fail-secure) or holds (fail-safe), or that a pulse frees (latching); maglock; motor.',
      ),
    release: duration({ min: SECOND, max: MINUTE }, 'Released and never opened, it locks again after this.').prefault('5s'),
    relockDelay: duration({ min: 0, max: 30 * SECOND }, 'From opening, or from closing, to locked again.').prefault('500ms'),
    relockOn: z
      .enum(['open', 'close'])
      .describe('Whether it locks again once the leaf is open, or closed. Absent: open; a motor: close.')
      .optional(),
    extended: duration(
      { min: 0, max: MINUTE },
      'Longer by this for people with `extendedTimes`. Absent: 10s, or what the coil of a fail-secure strike still bears.',
    ).optional(),
    drive: duration(
      { min: 100, max: 15 * SECOND },
      'Latching strike: length of the pulse, 2s at most; absent: 500ms. Motor: the longest run one way; absent: 5s.',
    ).optional(),
    bolt: id('The zone, of type bolt, that tells when the bolt is withdrawn. A motor needs it.').optional(),
    continuous: flag('Fail-secure strike with a coil for 100 % duty: nothing limits how long it is energised.').default(false),
  })
  .describe('The lock of a door that locks.');

const freeAccess = z
  .strictObject({
    schedule: id('The schedule whose windows are the hours in which the door stands unlocked.'),
    firstPersonIn: flag('Not before the first of staff is in.').default(true),
  })
  .describe('Stands unlocked by the calendar.');

const access = z
  .strictObject({
    entry: ids('Keypads and readers on the way in. Each serves one door.').default([]),
    exit: ids('Keypads and readers on the way out.').default([]),
    credential: z
      .enum(['code', 'badge', 'either', 'both'])
      .describe(
        'What opens: a code, a badge, either, or the person’s badge and then the code. Absent: either; cupboard and safe: both.',
      )
      .optional(),
    persons: z.literal([1, 2]).describe('2: two different people, one after the other.').default(1),
    antiPassback: duration(
      { min: MINUTE, max: 2 * DAY },
      'Going in twice without going out within this time is told; nobody is refused. Absent: not watched.',
    ).optional(),
    freeAccess: freeAccess.optional(),
  })
  .describe('What opens the door, and how.');

const exitRequest = z
  .strictObject({
    zone: id('The zone, of type exit-request: a button or a detector inside.'),
    action: z
      .enum(['release', 'permit'])
      .describe('release: unlocks. permit: a handle opens, and the opening is no break-in.')
      .default('release'),
  })
  .describe('Request to exit.');

export const doorShape = z
  .strictObject({
    name: text('What staff call it.'),
    kind: z
      .enum(['door', 'hatch', 'store', 'cupboard', 'safe'])
      .describe('hatch: the duty hatch, which opens by its inside button alone. Cupboard and safe: never from afar.')
      .default('door'),
    area: id('Its area.'),
    contact: id('The zone of its leaf contact.'),
    latch: id('The zone of its strike-bottom (latch) contact.').optional(),
    lock: lock.optional(),
    egress: z
      .enum(['handle', 'hardware-release'])
      .describe(
        'How people get out without software: a handle, or a green box in the lock’s supply. Locks need it, not cupboards.',
      )
      .optional(),
    access: access.optional(),
    exitRequest: exitRequest.optional(),
    permits: ids('Zones of type door-permit: contact of the handle, of the key. An opening after them is no break-in.').default(
      [],
    ),
    requests: ids('Zones of type door-request: relay of the interphone, button at the desk, a hatch’s inside button.').default(
      [],
    ),
    bells: ids('Zones of type bell.').default([]),
    greenBox: id('The zone, of type green-box, of its emergency release.').optional(),
    interlock: id('Doors of one name are a sas: never two of them open or released.').optional(),
    remote: flag('An operator may open it from afar.').default(false),
    heldAfter: duration({ min: 5 * SECOND, max: HOUR }, 'Open this long it is held open.').prefault('30s'),
    warnBefore: duration({ min: 0, max: HOUR }, 'It beeps this long before it is held open.').prefault('10s'),
    centreAfter: duration({ min: 10 * SECOND, max: HOUR }, 'The sounder is alone this long, then the centre is told.').prefault(
      '60s',
    ),
    latchWithin: duration({ min: 500, max: 30 * SECOND }, 'From closed to latched; later it is ajar.').prefault('3s'),
    silenceAtMost: duration({ min: MINUTE, max: HOUR }, 'The longest silence a user can ask for.').prefault('10min'),
  })
  .describe('A leaf with its contacts: a secondary exit, or a door that locks.');

/** What an output that locks has beside what every output has. */
export const lockOutput = {
  role: z.literal('lock'),
  door: id('The door whose lock it works.'),
  drive: z.enum(['open', 'close']).describe('Motors only: which way it turns.').optional(),
};

export const operatorShape = z
  .strictObject({
    name: text('The operator’s name, as the journal shows it.'),
    publicKey: publicKey('The Ed25519 public key that proves the commands: 32 bytes, in base64 or hexadecimal.'),
    doors: ids('The doors the operator may open; each says `remote: true`.'),
    hours: id('Schedule of the hours in which the operator may; absent: always.').optional(),
    perHour: z.number().int().min(1).max(60).describe('Unlocks within any hour.').default(6),
  })
  .describe('Somebody who may open doors from afar.');
