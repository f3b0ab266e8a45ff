/** What the log says of a board, once for each change: what is wrong, and what to do about it. */
import type { LogLevel } from '../../ports/log.ts';
import type { LinkTrouble } from './link.ts';

export type Said = { readonly level: LogLevel; readonly message: string };

const SENTENCES: Readonly<Record<LinkTrouble | 'up', Said>> = {
  up: { level: 'info', message: 'the expander works: its inputs are heard and its outputs have their present orders' },
  'port-missing': {
    level: 'error',
    message: 'no expander at its port: plug in its USB cable, and compare `port` in the config with ls /dev/serial/by-id',
  },
  'no-permission': {
    level: 'error',
    message:
      'the port of the expander may not be opened: put the user that runs Vigie into the group dialout, and start it again',
  },
  'port-busy': {
    level: 'error',
    message: 'another program holds the port of the expander: end it (a serial monitor, a second Vigie, ModemManager)',
  },
  'cannot-open': {
    level: 'error',
    message: 'the port of the expander cannot be opened: unplug its USB cable, wait a moment, and plug it in again',
  },
  unplugged: { level: 'error', message: 'the expander was unplugged or lost its power: look at its USB cable' },
  silent: {
    level: 'error',
    message: 'the expander says nothing: press its reset button; if that does not help, put its firmware on it again',
  },
  'not-firmata': {
    level: 'error',
    message:
      'what is at the port of the expander does not speak Firmata: put the firmware on it, or correct `port` in the config',
  },
  'pins-missing': {
    level: 'error',
    message:
      'the board at the port of the expander lacks pins that the config uses: compare `model` and the wiring with the board',
  },
  'not-taking-orders': {
    level: 'error',
    message:
      'the expander answers but does not take its settings: look for a disturbed or too long USB cable, then for its firmware',
  },
  'no-answer': {
    level: 'error',
    message:
      'the expander does not answer any more: it hangs, restarts, or its cable is damaged; press its reset button if it stays so',
  },
  restarted: { level: 'warn', message: 'the expander restarted by itself: look at its supply; it is being set up again' },
  'put-at-rest': {
    level: 'warn',
    message: 'the expander put its outputs to rest because it had heard nothing of us; it is being set up again',
  },
  'settings-lost': {
    level: 'warn',
    message: 'the expander is not set as it was: it restarted unseen, or its line is disturbed; it is being set up again',
  },
  'writes-pile-up': {
    level: 'error',
    message: 'the expander takes no data: its port is blocked; it is opened anew',
  },
};

export const said = (what: LinkTrouble | 'up'): Said => SENTENCES[what];
