/** The shapes of readers that have a port or device of their own, by kind. Limits and defaults: docs/settings.md. */
import { z } from 'zod';
import { filePath } from './scalars.ts';

const port = filePath('Its serial port, such as /dev/serial/by-id/usb-…');

export const PORT_READERS = [
  z
    .strictObject({
      kind: z.literal('wiegand').describe('wiegand: a Wiegand reader on the Wiegand board.'),
      port: filePath('Serial port of the Wiegand board, such as /dev/serial/by-id/usb-Arduino…'),
      input: z.literal([1, 2]).describe('Which reader of the board: 1 on D2 and D3, 2 on D4 and D5.'),
    })
    .describe('A Wiegand reader, with or without keys, on the board of boards/firmware-wiegand.'),
  z
    .strictObject({ kind: z.literal('rdm6300').describe('rdm6300: a 125 kHz reader, RDM6300 or ID-12LA.'), port })
    .describe('A 125 kHz reader that sends its number: RDM6300, ID-12LA.'),
  z
    .strictObject({ kind: z.literal('pn532').describe('pn532: a 13.56 MHz reader with a PN532.'), port })
    .describe('A 13.56 MHz reader with a PN532, set to HSU.'),
  z
    .strictObject({
      kind: z.literal('keyboard').describe('keyboard: a USB reader that types the number of a card and Enter.'),
      device: filePath('Its input device, such as /dev/input/by-id/usb-…-event-kbd.'),
    })
    .describe('A USB reader that plays a keyboard.'),
] as const;

export type PortReaderDraft = z.output<(typeof PORT_READERS)[number]>;
