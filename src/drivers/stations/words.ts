/** What the log says of a station, once for each change: what is wrong, and what to do about it. */
import type { LogLevel } from '../../ports/log.ts';
import type { Failure } from './transport.ts';

export type Said = { readonly level: LogLevel; readonly message: string };

const error = (message: string): Said => ({ level: 'error', message });

const SENTENCES: Readonly<Record<Failure | 'up', Said>> = {
  up: { level: 'info', message: 'the door station is heard' },
  unreachable: error('no door station at its address: look at its supply and its network cable, and compare `url` in the config'),
  timeout: error('the door station does not answer in time: it hangs or its network is bad; take its supply away for 10 s'),
  closed: { level: 'warn', message: 'the door station ended the connection: it restarts, or too many programs read it' },
  certificate: error(
    'the certificate of the door station is not the one in its `certificate` file: fetch it anew if the station ' +
      'was changed or reset, and compare it with the station’s own page; else somebody stands in its place',
  ),
  'wrong-password': error('the door station refuses user name or password: compare `username` and `passwordFile` with its page'),
  'password-in-clear': error(
    'the door station wants the password in clear, which is not sent over http: write https:// in `url`, or switch it to Digest',
  ),
  forbidden: error('the door station does not allow its user this: switch the service on and give the user its privileges'),
  busy: error('the door station has no place for one more reader: end other programs that listen to it'),
  garbled: error('what answers is no such door station: compare `kind` and `url` in the config'),
  'too-large': error('the door station answers more than it ever should: compare `kind` and `url`, then restart the station'),
  'no-password': error('the password of the door station cannot be read: look at the place and the owner of the file'),
  'no-certificate': error(
    'the certificate of the door station cannot be read: it must be a file in PEM that the service may read',
  ),
  'subscription-lost': { level: 'info', message: 'the door station was restarted: it is subscribed to anew' },
  'too-late': {
    level: 'warn',
    message: 'events of the door station came too late to count: look at the network between it and this machine',
  },
};

export const said = (what: Failure | 'up'): Said => SENTENCES[what];
