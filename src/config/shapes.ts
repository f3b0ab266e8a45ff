/** The shape of a site's file as a whole, of zones, schedules and the shell's settings. Limits and defaults: docs/settings.md. */
import { z } from 'zod';
import { DAY, HOUR, MINUTE, SECOND } from '../core/time.ts';
import { FUNCTIONS } from './boardShapes.ts';
import { areaShape, BAUD_RATES, keypadShape, outputShape, userShape } from './areaShapes.ts';
import { doorShape, operatorShape } from './doorShapes.ts';
import { stationShape } from './stationShapes.ts';
import {
  broker,
  date,
  dateKey,
  duration,
  filePath,
  hours,
  id,
  line,
  percent,
  resistance,
  salt,
  text,
  timezone,
  weekdays,
} from './scalars.ts';

/** The newest version of the file format; older ones are migrated. */
export const FORMAT_VERSION = 1;

export const ZONE_TYPES = [
  'entry-exit',
  'follower',
  'instant',
  'interior',
  'tamper',
  '24h',
  'holdup-silent',
  'holdup-audible',
  'exit-guard',
  'latch',
  'technical',
  'keyswitch',
  'push-to-set',
  'exit-request',
  'door-request',
  'door-permit',
  'bell',
  'bolt',
  'green-box',
  'fire-sense',
  'mains',
  'battery-low',
  'charger-fault',
  'siren-fault',
] as const;

const flag = (description: string) => z.boolean().describe(description);

const loopBasics = {
  endOfLine: resistance('Resistor at the end of the line.'),
  pullUp: resistance('Resistor from the supply to the line, at the board.'),
  tolerance: percent('Tolerance of the resistors.').prefault('5%'),
  cable: z.number().min(0).max(500).describe('Resistance of the cable at most, in ohms.').default(100),
};
const alarm = resistance('Resistor across the alarm contact.');

export const loopShape = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('single'), ...loopBasics }).describe('One resistor at the end of the line.'),
    z.strictObject({ kind: z.literal('double'), alarm, ...loopBasics }).describe('A second resistor across the alarm contact.'),
    z
      .strictObject({ kind: z.literal('triple'), alarm, mask: resistance('Resistor across the masking contact.'), ...loopBasics })
      .describe('A third resistor across the masking contact.'),
  ])
  .describe('A supervised loop, read by an analog line.');

export const measureShape = z
  .strictObject({
    unit: text('Unit of the value, such as °C.'),
    atZero: z.number().describe('Value when the line is at 0 % of the supply.'),
    atFull: z.number().describe('Value when the line is at 100 % of the supply.'),
    low: z.number().describe('Below this it is too low.'),
    high: z.number().describe('Above this it is too high.'),
    hysteresis: z.number().min(0).describe('How far back inside the limits counts as restored.').default(0.5),
    delay: duration({ min: 0, max: 2 * HOUR }, 'How long outside the limits before it is an alarm.').prefault('10min'),
  })
  .describe('A measurement with limits, read by an analog line.');

const keyswitch = z
  .strictObject({
    arms: flag('A turn arms what is not set.').default(true),
    disarms: flag('A turn disarms what is set: whoever holds the key needs no code.').default(false),
    mode: z.enum(['full', 'partial', 'night']).describe('The mode it arms in.').default('full'),
  })
  .describe('What the key switch may do. It springs back: each turn counts once, and turning back does nothing.');

export const zoneShape = z
  .strictObject({
    number: z.number().int().min(1).max(999).describe('What staff type to name it on a keypad. Unique.'),
    name: text('What staff call it.'),
    area: id('Its area.'),
    type: z.enum(ZONE_TYPES).describe('What its activation means.'),
    input: line('The line it is wired to.'),
    contact: z
      .enum(['normally-closed', 'normally-open'])
      .describe('Whether the contact is closed or open while all is well: door closed, bolt in, button at rest.')
      .default('normally-closed'),
    bias: z
      .enum(['pull-up', 'pull-down', 'none'])
      .describe('Where the line goes when the contact is open. Digital lines.')
      .optional(),
    loop: loopShape.optional(),
    measure: measureShape.optional(),
    debounce: duration({ min: 0, max: SECOND }, 'A change counts when it is stable this long.').prefault('20ms'),
    pulseCount: z.number().int().min(1).max(10).describe('Activations needed within the pulse window.').default(1),
    pulseWindow: duration({ min: 100, max: MINUTE }, 'Window in which activations are counted.').prefault('10s'),
    chime: flag('Chimes while disarmed. Absent: entry-exit yes, others no.').optional(),
    bypassable: flag('May be left out by name. Absent: all but silent hold-up.').optional(),
    duty: flag('Left out in night mode.').default(false),
    occupancy: flag('Motion here shows that somebody is still inside.').default(false),
    final: flag('The last door of the exit route.').default(false),
    soakDays: z.number().int().min(0).max(60).describe('Days in which activations are only logged; 0: none.').default(0),
    swinger: z.number().int().min(0).max(10).describe('Alarms per armed period before it is left out; 0: never.').default(3),
    notSeenDays: z
      .number()
      .int()
      .min(0)
      .max(365)
      .describe('Days without activation before it is reported; 0: not supervised.')
      .default(0),
    confirmGroup: id('Zones of one group do not confirm each other. Absent: each zone, or each door with its latch.').optional(),
    faultWhenArmed: z.enum(['alarm', 'report']).describe('What a fault of 10 s does while armed.').default('alarm'),
    accessKeypad: id('24h zones: the keypad where badge and code give access.').optional(),
    keyswitch: keyswitch.optional(),
  })
  .describe('One detection input.');

const closure = z.strictObject({
  from: date('First day closed.'),
  to: date('Last day closed.'),
  name: text('What it is for.').prefault('Fermeture'),
});

export const scheduleShape = z
  .strictObject({
    weekly: z
      .record(weekdays(), hours('Hours of that day or those days.'))
      .describe('Hours by day: mon, sat, mon-fri.')
      .optional(),
    holidays: z.enum(['none', 'france', 'alsace-moselle']).describe('Which public holidays count.').default('none'),
    onHolidays: hours('Hours on public holidays.').prefault('closed'),
    exceptions: z
      .record(dateKey(), hours('Hours of that date.'))
      .describe('Hours of single dates, before everything else.')
      .default({}),
    closures: z.array(closure).max(100).describe('Days when it is closed.').default([]),
    outside: id('All the time outside that other schedule, instead of weekly hours.').optional(),
    margin: duration(
      { min: 0, max: 6 * HOUR },
      'With outside: starts this much after the other ends, ends this much before it starts.',
    ).prefault('0s'),
  })
  .describe('Hours of the week, with exceptions.');

const supervision = z
  .strictObject({
    mains: duration({ min: 0, max: 4 * HOUR }, 'Mains must be away this long to be reported.').prefault('30min'),
    battery: duration({ min: 0, max: HOUR }, 'The battery must be low this long to be reported.').prefault('1min'),
    testReport: duration({ min: HOUR, max: 30 * DAY }, 'Between two test reports to the centre.').prefault('24h'),
    faultAlarm: duration({ min: SECOND, max: MINUTE }, 'A wired fault of this long while armed is a tamper alarm.').prefault(
      '10s',
    ),
    warmUp: duration({ min: 0, max: 5 * MINUTE }, 'Motion is ignored this long after the machine was started.').prefault('60s'),
    holdupWindow: duration({ min: 8 * HOUR, max: 20 * HOUR }, 'Within this time a second device verifies a hold-up.').prefault(
      '8h',
    ),
    chatter: duration({ min: 200, max: 10 * SECOND }, 'An input that never settles for this long is in fault.').prefault('1s'),
  })
  .describe('Delays of supervision.');

const lockout = z
  .strictObject({
    tries: z.number().int().min(3).max(10).describe('Wrong tries before a way in is locked.').default(10),
    window: duration({ min: 5 * MINUTE, max: DAY }, 'Window in which they are counted.').prefault('15min'),
    lock: duration({ min: 90 * SECOND, max: HOUR }, 'How long it is locked, and again after each further wrong try.').prefault(
      '90s',
    ),
  })
  .describe('What wrong codes do.');

/** French data-protection guidance (CNIL, access control at work): movements of people are kept three months at most. */
const retention = z
  .strictObject({
    access: duration({ min: 7 * DAY, max: 90 * DAY }, 'Who came and went, and what was refused to whom.').prefault('90d'),
  })
  .describe('How long the journal keeps what it says of people.');

const tls = z.strictObject({
  ca: filePath('Certificate of the authority that signed the broker’s, in PEM. Absent: those of the system.').optional(),
  cert: filePath('Certificate of this site, in PEM.').optional(),
  key: filePath('Its private key, in PEM.').optional(),
});

const mqtt = z
  .strictObject({
    broker: broker('Where the centre’s broker is.'),
    clientId: id('Name of this controller at the broker. Absent: vigie- and the site’s id.').optional(),
    keepalive: duration({ min: 5 * SECOND, max: 5 * MINUTE }, 'Between two signs of life on the connection.').prefault('30s'),
    username: text('User name at the broker.').optional(),
    passwordFile: filePath('File whose first line is the password.').optional(),
    tls: tls.describe('Certificates.').optional(),
  })
  .describe('The path to the monitoring centre.');

export const boardSettings = z
  .strictObject({
    driver: z.enum(['sim']).describe('Simulated lines, of any name. Absent: sim, unless there is a model.').optional(),
    model: id('The board the lines are on: a file of boards/, such as raspberry-pi-4.').optional(),
    access: z
      .enum(['auto', 'character-device', 'onoff'])
      .describe('How its lines are reached. auto: the character device where the kernel has one, else onoff.')
      .default('auto'),
    inUse: z
      .array(z.enum(FUNCTIONS))
      .max(FUNCTIONS.length)
      .describe('Functions of the board that something else uses; their lines are taken.')
      .default([]),
    hat: id('What sits on its header: a file of boards/, such as waveshare-relay-3.').optional(),
  })
  .describe('The board the lines are on.');

export const expanderShape = z
  .strictObject({
    model: id('The board: a file of boards/, such as arduino-uno-firmata.'),
    port: filePath('Its serial port, such as /dev/serial/by-id/usb-Arduino….'),
  })
  .describe('A board on a serial cable; its lines are the id, a point and the name there: cellar.D4.');

export const busShape = z
  .strictObject({
    port: filePath('Its serial port, such as /dev/serial/by-id/usb-FTDI….'),
    baud: z.literal(BAUD_RATES).describe('Its speed in bits per second, the same for every reader on it.').default(9_600),
  })
  .describe('An RS-485 bus of readers.');

const watchdog = z
  .strictObject({ device: filePath('Where it is, such as /dev/watchdog. systemd must not feed it as well.') })
  .describe('A watchdog of the machine that Vigie feeds itself, where systemd does not.');

const security = z
  .strictObject({
    salt: salt('Makes this site’s digests unlike any other’s. New salt: every code must be given anew.'),
    pepperFile: filePath('File with a secret that is not in this file and not in its copies.').optional(),
  })
  .describe('What the digests of codes are made with.');

const byId = <T extends z.ZodType>(shape: T, what: string) => z.record(id('An id.'), shape).describe(what);

export const siteShape = z
  .strictObject({
    version: z.literal(FORMAT_VERSION).describe('Version of this file format.'),
    site: id('The site’s id at the centre and in MQTT topics. Not `centre`.'),
    name: text('The site’s name.'),
    timezone: timezone('Time zone of the schedules.').prefault('Europe/Paris'),
    board: boardSettings.prefault({}),
    expanders: byId(expanderShape, 'Boards on serial cables, by id.').prefault({}),
    stations: byId(stationShape, 'Door stations on the network, by id.').prefault({}),
    buses: byId(busShape, 'Buses of readers, by id.').prefault({}),
    watchdog: watchdog.optional(),
    mqtt: mqtt.optional(),
    security,
    areas: byId(areaShape, 'Areas, by id.'),
    zones: byId(zoneShape, 'Zones, by id.'),
    doors: byId(doorShape, 'Secondary exits and doors that lock, by id.').prefault({}),
    outputs: byId(outputShape, 'Outputs, by id.').prefault({}),
    keypads: byId(keypadShape, 'Keypads and readers, by id.').prefault({}),
    users: byId(userShape, 'People, by id.').prefault({}),
    operators: byId(operatorShape, 'Who may open doors from afar, by id.').prefault({}),
    schedules: byId(scheduleShape, 'Schedules, by id.').prefault({}),
    supervision: supervision.prefault({}),
    lockout: lockout.prefault({}),
    retention: retention.prefault({}),
  })
  .describe('A site of Vigie.');

export type SiteDraft = z.output<typeof siteShape>;
export type AreaDraft = z.output<typeof areaShape>;
export type ZoneDraft = z.output<typeof zoneShape>;
export type DoorDraft = z.output<typeof doorShape>;
export type OutputDraft = z.output<typeof outputShape>;
export type KeypadDraft = z.output<typeof keypadShape>;
export type UserDraft = z.output<typeof userShape>;
export type OperatorDraft = z.output<typeof operatorShape>;
export type ScheduleDraft = z.output<typeof scheduleShape>;
export type LoopDraft = z.output<typeof loopShape>;
export type BoardDraft = z.output<typeof boardSettings>;
export type ExpanderDraft = z.output<typeof expanderShape>;
export type BusDraft = z.output<typeof busShape>;
