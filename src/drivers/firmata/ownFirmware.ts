/**
 * What goes on with Vigie's own firmware beside Firmata: its watchdog over us, the rest levels that it keeps, its heartbeat and
 * the sequence of its samples.
 */
import { SEQUENCE_COUNT } from '../../protocol/expander.ts';
import type { ExpanderReport } from '../../protocol/expander.ts';
import type { Level } from '../../ports/lines.ts';
import type { BoardLines } from './boardLines.ts';
import type { Connection } from './connection.ts';
import type { Heard } from './link.ts';

/** How long the board waits for a sign of us before it puts its outputs to rest. */
export const HOST_WATCHDOG_MS = 2_000;
const NONCE_COUNT = 128;
/** Answers to heartbeats older than these are of another time. */
const HEARTBEATS_WAITING = 8;

export type RestLevel = { readonly pin: number; readonly level: Level | undefined };

export type OwnFirmware = {
  /**
   * Rest levels that the board has not confirmed, in the order they are sent: one waits for the answer to another, and nobody
   * else waits for them, as the first time each takes the EEPROM some milliseconds.
   */
  rests: RestLevel[];
  sequence: number | undefined;
  nonce: number;
  /** Answers since arming: the first says what was before it. */
  heartbeats: number;
};

type Report<K extends ExpanderReport['kind']> = Extract<ExpanderReport, { kind: K }>;

export const newOwnFirmware = (): OwnFirmware => ({ rests: [], sequence: undefined, nonce: 0, heartbeats: 0 });

/** An input has none, whatever the pin was in an earlier config. */
const restLevelsOf = ({ outputs, contacts, channels }: BoardLines): RestLevel[] => [
  ...[...outputs.values()].map(({ pin, restLevel }) => ({ pin, level: restLevel })),
  ...[...contacts.values(), ...channels.values()].map(({ pin }) => ({ pin, level: undefined })),
];

export const sendHeartbeat = (own: OwnFirmware, connection: Connection): void => {
  own.nonce = (own.nonce + 1) % NONCE_COUNT;
  connection.command({ kind: 'heartbeat', nonce: own.nonce });
};

export const sendRest = ({ rests }: OwnFirmware, connection: Connection): void => {
  const [next] = rests;
  if (next) connection.command({ kind: 'rest-level', ...next });
};

/** Before any order: a board that has put its outputs to rest takes none until its watchdog is set. */
export const beginArming = (own: OwnFirmware, lines: BoardLines, connection: Connection): void => {
  Object.assign(own, { rests: restLevelsOf(lines), sequence: undefined, heartbeats: 0 });
  sendHeartbeat(own, connection);
  connection.command({ kind: 'host-watchdog', timeoutMs: HOST_WATCHDOG_MS });
};

export const onRest = (own: OwnFirmware, { pin, level }: Report<'rest-level'>, connection: Connection): void => {
  const [first] = own.rests;
  if (first?.pin !== pin || first.level !== level) return;
  own.rests.shift();
  sendRest(own, connection);
};

export const onHeartbeat = (own: OwnFirmware, { nonce, restarted, atRest }: Report<'heartbeat'>): Heard | undefined => {
  if ((own.nonce - nonce + NONCE_COUNT) % NONCE_COUNT > HEARTBEATS_WAITING) return undefined;
  own.heartbeats += 1;
  if (own.heartbeats > 1 && restarted) return { kind: 'unset', reason: 'restarted' };
  if (own.heartbeats > 1 && atRest) return { kind: 'unset', reason: 'put-at-rest' };
  return { kind: 'alive' };
};

/** How many reports are missing before this one. */
export const countMissed = (own: OwnFirmware, sequence: number): number => {
  const { sequence: before } = own;
  own.sequence = sequence;
  return before === undefined ? 0 : (sequence - before - 1 + SEQUENCE_COUNT) % SEQUENCE_COUNT;
};
