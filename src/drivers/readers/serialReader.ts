/**
 * Readers on a serial port, by whatever protocol they speak. The port is opened, and opened again for ever; meanwhile its
 * keypads are not present. What they shall show is kept, and told again to a reader that comes back.
 */
import type { KeypadId } from '../../core/config.ts';
import type { Keypads, KeypadListener, KeypadScreen } from '../../ports/lines.ts';
import { READER_LIGHTS } from '../../ports/lights.ts';
import type { Log } from '../../ports/log.ts';
import type { Timers } from '../../ports/player.ts';
import { RHYTHMS } from '../../ports/rhythms.ts';
import type { OpenSerial, SerialLine, SerialOpening, SerialTrouble } from '../../ports/serialLine.ts';
import type { Fed, ReaderEvent, ReaderInput, ReaderProtocol, ReaderSignal } from '../../protocol/readers/reader.ts';
import { retryAfterMs, tellChanges, tellDrops } from './ears.ts';
import type { Drops, Presences } from './ears.ts';

export type SerialReaderOptions<S> = {
  readonly protocol: ReaderProtocol<S>;
  /** Such as `/dev/serial/by-id/usb-…`. */
  readonly port: string;
  /** Which keypad is at which input of the port. */
  readonly keypads: ReadonlyMap<ReaderInput, KeypadId>;
  readonly openSerial: OpenSerial;
  readonly timers: Timers;
  readonly log: Log;
};

const TROUBLES: Readonly<Record<SerialTrouble, string>> = {
  'not-installed': 'the package serialport is missing: run npm install in Vigie’s folder',
  'no-such-port': 'the port is not there: plug the reader in, or correct `port`',
  'no-permission': 'the port may not be opened: put the user of the service in the group dialout',
  busy: 'another program holds the port: stop it',
  io: 'the port cannot be opened',
};

type Open<S> = { readonly line: SerialLine; state: S; stopTicking: () => void };

type Reader<S> = SerialReaderOptions<S> & {
  readonly listener: KeypadListener;
  readonly tellPresence: Presences;
  readonly drop: Drops;
  readonly signals: Map<ReaderInput, ReaderSignal>;
  open: Open<S> | undefined;
  /** The attempt under way, awaited at the end. */
  opening: Promise<void>;
  cancelRetry: () => void;
  failures: number;
  said: SerialTrouble | 'gone' | undefined;
  isClosed: boolean;
};

const nothing = (): void => {};

// ---- what the protocol tells

const obey = <S>(reader: Reader<S>, event: ReaderEvent, atMs: number): void => {
  const { listener, keypads, port, log } = reader;
  const keypad = 'input' in event ? keypads.get(event.input) : undefined;
  switch (event.kind) {
    case 'send':
      return void reader.open?.line.write(event.bytes);
    case 'dropped':
      return reader.drop(event.reason, event.count);
    case 'hardware':
      return log('info', 'a reader says what it is', { port, text: event.text });
    case 'badge':
      return void (keypad !== undefined && listener.onBadge(keypad, event.badge, atMs));
    case 'keys':
      return void (keypad !== undefined && listener.onKeys(keypad, event.text, atMs));
    case 'presence':
      return void (keypad !== undefined && reader.tellPresence(keypad, event.present));
  }
};

const take = <S>(reader: Reader<S>, { state, events }: Fed<S>, atMs: number): void => {
  if (reader.open === undefined) return;
  reader.open.state = state;
  for (const event of events) obey(reader, event, atMs);
};

// ---- the port

const tickLater = <S>(reader: Reader<S>, open: Open<S>): void => {
  const { protocol, timers } = reader;
  if (protocol.tickMs === undefined) return;
  open.stopTicking = timers.later(protocol.tickMs, () => {
    if (reader.open !== open) return;
    take(reader, protocol.tick(open.state, timers.now()), timers.now());
    tickLater(reader, open);
  });
};

const sayTrouble = <S>(reader: Reader<S>, what: SerialTrouble | 'gone', detail: string): void => {
  if (reader.said === what) return;
  reader.said = what;
  const hint = what === 'gone' ? 'the port has gone: plug the reader in again' : TROUBLES[what];
  reader.log('warn', `reader: ${hint}`, { port: reader.port, detail });
};

const lose = <S>(reader: Reader<S>, what: SerialTrouble | 'gone', detail: string): void => {
  sayTrouble(reader, what, detail);
  for (const keypad of reader.keypads.values()) reader.tellPresence(keypad, false);
  reader.cancelRetry = reader.timers.later(retryAfterMs(reader.failures), () => {
    reader.opening = attempt(reader);
  });
  reader.failures += 1;
};

const gone = <S>(reader: Reader<S>, detail: string): void => {
  reader.open?.stopTicking();
  reader.open = undefined;
  if (!reader.isClosed) lose(reader, 'gone', detail);
};

const tellSignal = <S>(reader: Reader<S>, input: ReaderInput, signal: ReaderSignal): void => {
  const { open, protocol, timers } = reader;
  if (open !== undefined && protocol.show !== undefined) take(reader, protocol.show(open.state, input, signal), timers.now());
};

const begin = <S>(reader: Reader<S>, line: SerialLine): void => {
  const { protocol, timers, log, port } = reader;
  const fed = protocol.begin(timers.now());
  const open: Open<S> = { line, state: fed.state, stopTicking: nothing };
  reader.open = open;
  reader.failures = 0;
  if (reader.said !== undefined) log('info', 'reader: the port is open again', { port });
  reader.said = undefined;
  take(reader, fed, timers.now());
  for (const [input, signal] of reader.signals) tellSignal(reader, input, signal);
  tickLater(reader, open);
};

const openPort = async <S>(reader: Reader<S>): Promise<SerialOpening> => {
  const { openSerial, port, protocol } = reader;
  let isGone = false;
  const opening = await openSerial(
    { path: port, baudRate: protocol.baudRate },
    {
      onBytes: (bytes, atMs) => {
        if (reader.open !== undefined) take(reader, protocol.feed(reader.open.state, bytes, atMs), atMs);
      },
      onGone: (detail) => {
        isGone = true;
        if (reader.open !== undefined) gone(reader, detail);
      },
    },
  );
  return opening.ok && isGone ? { ok: false, trouble: 'io', detail: 'it went as it was opened' } : opening;
};

const attempt = async <S>(reader: Reader<S>): Promise<void> => {
  const opening = await openPort(reader);
  if (reader.isClosed) return opening.ok ? opening.line.close() : undefined;
  if (opening.ok) begin(reader, opening.line);
  else lose(reader, opening.trouble, opening.detail);
};

const close = async <S>(reader: Reader<S>): Promise<void> => {
  reader.isClosed = true;
  reader.cancelRetry();
  await reader.opening;
  const { open } = reader;
  open?.stopTicking();
  reader.open = undefined;
  await open?.line.close();
};

// ---- its keypads

const signalOf = ({ light, tone }: KeypadScreen): ReaderSignal => ({
  ...READER_LIGHTS[light],
  beats: tone === 'none' ? [] : RHYTHMS[tone],
});

const inputOf = (keypads: ReadonlyMap<ReaderInput, KeypadId>, wanted: KeypadId): ReaderInput | undefined =>
  [...keypads].find(([, keypad]) => keypad === wanted)?.[0];

const newReader = <S>(options: SerialReaderOptions<S>, listener: KeypadListener): Reader<S> => ({
  ...options,
  listener,
  tellPresence: tellChanges(listener),
  drop: tellDrops(options.port, options.timers.now, options.log),
  signals: new Map(),
  open: undefined,
  opening: Promise.resolve(),
  cancelRetry: nothing,
  failures: 0,
  said: undefined,
  isClosed: false,
});

/** Opening it waits for no reader: one that is not there is told as not present. */
export const serialReader = <S>(options: SerialReaderOptions<S>): Keypads => {
  let reader: Reader<S> | undefined;
  return {
    open: (_keypads, listener) => {
      reader = newReader(options, listener);
      reader.opening = attempt(reader);
      return Promise.resolve();
    },
    show: (keypad, screen) => {
      const input = inputOf(options.keypads, keypad);
      if (reader === undefined || input === undefined) return;
      const signal = signalOf(screen);
      reader.signals.set(input, signal);
      tellSignal(reader, input, signal);
    },
    close: async () => {
      const closing = reader;
      reader = undefined;
      if (closing !== undefined) await close(closing);
    },
  };
};
