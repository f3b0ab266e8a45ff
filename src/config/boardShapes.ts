/** The shape of a board's file (`boards/*.yaml`) and of a header's (`boards/headers/*.yaml`). What they mean: docs/boards.md. */
import { z } from 'zod';
import { id, line, text } from './scalars.ts';

/** What a line can be used as. */
export const USES = ['input', 'output', 'analog'] as const;
/** What needs lines of a board for itself. */
export const FUNCTIONS = ['i2c', 'spi', 'uart', '1-wire'] as const;

const POWERS = ['3.3 V', '5 V', 'ground'] as const;
const NEVER = ['hat-memory', 'usb-serial'] as const;
const AT_BOOT = ['pull-up', 'pull-down', 'floating', 'moves'] as const;

const uses = z.array(z.enum(USES)).describe('What a line can be used as.');
const pulls = z.array(z.enum(['pull-up', 'pull-down', 'none'])).describe('What the chip can pull an input to.');
const atBoot = z.enum(AT_BOOT).describe('What a line does from power-on until its program takes it.');
const never = z.enum(NEVER).describe('Why it is never free.');
const active = z.enum(['high', 'low']).describe('The level that switches on what the board has behind its lines.');
const number = z.number().int().min(0).max(999);

const limits = z.strictObject({
  outputs: number.min(1).describe('Outputs at most.'),
  pinMilliamps: number.min(1).describe('Current of one pin.'),
  totalMilliamps: number.min(1).describe('Current of all pins together.'),
});

const basics = { name: text('What people call it.') };
const chip = { supplyVolts: z.number().min(1).max(24), pulls, limits };

const headerPin = z.union([
  z.strictObject({ power: z.enum(POWERS) }),
  z.strictObject({
    line: line('Its name.'),
    offset: number,
    atBoot,
    fixedPull: z.enum(['pull-up', 'pull-down']).optional(),
    reservedBy: z.enum(FUNCTIONS).optional(),
    never: never.optional(),
  }),
]);

export const headerShape = z.strictObject({ pins: z.record(z.string().regex(/^[1-9][0-9]?$/), headerPin) });

const firmataLine = z.union([
  z.strictObject({ pin: number, never }),
  z.strictObject({ pin: number, channel: number.optional(), can: uses, atBoot: atBoot.optional() }),
]);

export const boardShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('gpio'),
    ...basics,
    ...chip,
    chipLabel: id('Label of the chip.'),
    header: id('The header.'),
    can: uses,
  }),
  z.strictObject({
    kind: z.literal('firmata'),
    ...basics,
    ...chip,
    atBoot,
    lines: z.record(z.string().regex(/^[A-Z]{1,4}[0-9]{1,3}(-[A-Z]{1,4}[0-9]{1,3})?$/), firmataLine),
  }),
  z.strictObject({
    kind: z.literal('hat'),
    ...basics,
    fits: z.array(id('A board.')).min(1),
    can: uses,
    active,
    lines: z.record(z.string().regex(/^[A-Z0-9]{1,20}$/), line('The line of the board below it.')),
  }),
  z.strictObject({ kind: z.literal('sim'), ...basics }),
]);

export type BoardFile = z.output<typeof boardShape>;
export type HeaderFile = z.output<typeof headerShape>;
export type Use = (typeof USES)[number];
export type BoardFunction = (typeof FUNCTIONS)[number];
export type Power = (typeof POWERS)[number];
export type AtBoot = (typeof AT_BOOT)[number];
export type NeverFree = (typeof NEVER)[number];
export type FirmataLineFile = z.output<typeof firmataLine>;
