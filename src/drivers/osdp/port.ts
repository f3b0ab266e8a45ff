/** A serial port that is opened again whenever it goes, for as long as somebody wants it. Each trouble is said once. */
import type { Log } from '../../ports/log.ts';
import type { Timers } from '../../ports/player.ts';
import type { OpenSerial, SerialLine } from '../../ports/serialLine.ts';
import { PORT_WORDS } from './words.ts';

export type PortKeeper = {
  readonly open: () => void;
  /** What is written to a port that is not there is lost, as on any line. */
  readonly write: (bytes: Uint8Array) => void;
  readonly close: () => Promise<void>;
};

export type PortOptions = {
  /** For the log. */
  readonly id: string;
  readonly port: string;
  readonly baudRate: number;
  readonly openSerial: OpenSerial;
  readonly timers: Timers;
  readonly log: Log;
  readonly onBytes: (bytes: Uint8Array, atMs: number) => void;
  readonly onOpen: (isOpen: boolean) => void;
};

const REOPEN_MIN_MS = 250;
const REOPEN_MAX_MS = 5_000;

type Kept = {
  readonly options: PortOptions;
  line: SerialLine | undefined;
  /** Number of the opening that counts; what an earlier one tells is late. */
  generation: number;
  said: string | undefined;
  reopenMs: number;
  cancelReopen: () => void;
};

const say = (kept: Kept, what: string, detail: string): void => {
  if (kept.said === what) return;
  kept.said = what;
  const { id, port, log } = kept.options;
  log('error', `reader bus ${id}: ${what}`, { port, detail });
};

const reopen = (kept: Kept): void => {
  kept.cancelReopen = kept.options.timers.later(kept.reopenMs, () => connect(kept));
  kept.reopenMs = Math.min(REOPEN_MAX_MS, kept.reopenMs * 2);
};

const onGone = (kept: Kept, generation: number, detail: string): void => {
  if (generation !== kept.generation) return;
  kept.line = undefined;
  say(kept, 'the port is gone', detail);
  kept.options.onOpen(false);
  reopen(kept);
};

const attach = (kept: Kept, line: SerialLine): void => {
  const { id, port, baudRate, log, onOpen } = kept.options;
  kept.line = line;
  kept.said = undefined;
  kept.reopenMs = REOPEN_MIN_MS;
  log('info', `reader bus ${id}: the port is open`, { port, baudRate });
  onOpen(true);
};

const tryOpen = async (kept: Kept, generation: number): Promise<void> => {
  const { port, baudRate, openSerial, onBytes } = kept.options;
  const opening = await openSerial(
    { path: port, baudRate },
    {
      onBytes: (bytes, atMs) => (generation === kept.generation ? onBytes(bytes, atMs) : undefined),
      onGone: (detail) => onGone(kept, generation, detail),
    },
  );
  if (generation !== kept.generation) return opening.ok ? opening.line.close() : undefined;
  if (opening.ok) return attach(kept, opening.line);
  say(kept, PORT_WORDS[opening.trouble], opening.detail);
  reopen(kept);
};

const connect = (kept: Kept): void => {
  kept.generation += 1;
  void tryOpen(kept, kept.generation);
};

const close = async (kept: Kept): Promise<void> => {
  const { line } = kept;
  kept.generation += 1;
  kept.line = undefined;
  kept.cancelReopen();
  await line?.close();
};

export const keepPort = (options: PortOptions): PortKeeper => {
  const kept: Kept = {
    options,
    line: undefined,
    generation: 0,
    said: undefined,
    reopenMs: REOPEN_MIN_MS,
    cancelReopen: () => {},
  };
  return {
    open: () => connect(kept),
    write: (bytes) => void kept.line?.write(bytes),
    close: async () => close(kept),
  };
};
