/**
 * A serial port as drivers of readers and buses need it: bytes out, bytes in, and word of its end. A port that went is
 * never the end of the process; whoever opened it opens it again.
 */

/** 8 data bits, no parity, 1 stop bit. */
export type SerialSettings = {
  /** Such as `/dev/serial/by-id/usb-…`. */
  readonly path: string;
  /** Bits per second, 1 200–230 400. */
  readonly baudRate: number;
};

export type SerialTrouble =
  /** The optional package `serialport` is not installed. */
  'not-installed' | 'no-such-port' | 'no-permission' | 'busy' | 'io';

export type SerialListener = {
  /** As they came, in whatever pieces the system hands over. `atMs`: machine time. */
  readonly onBytes: (bytes: Uint8Array, atMs: number) => void;
  /** Unplugged or failed: nothing comes any more, and nothing goes. Told once; not after `close`. */
  readonly onGone: (detail: string) => void;
};

export type SerialLine = {
  /** Queues the bytes; true: taken. False: the port is gone, or too much waits. */
  readonly write: (bytes: Uint8Array) => boolean;
  /** Lets go of the port, never fails, and is done when the port can be opened again. */
  readonly close: () => Promise<void>;
};

export type SerialOpening =
  | { readonly ok: true; readonly line: SerialLine }
  /** `detail`: for the log, in the system's words. */
  | { readonly ok: false; readonly trouble: SerialTrouble; readonly detail: string };

export type OpenSerial = (settings: SerialSettings, listener: SerialListener) => Promise<SerialOpening>;
