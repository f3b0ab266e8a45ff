/** Where numbering stands: one row, read at opening, kept in memory, and written with every transaction. */
import type { Lane } from '../../core/event.ts';
import type { Numbering } from '../../ports/store.ts';
import { CHAIN_START } from '../../protocol/chain.ts';
import { type Connection, UnexpectedColumn, bytesOf, integerOf, textOf } from './sqlite.ts';

export type Counters = {
  readonly boot: number;
  /** Ordinal of the present epoch in table `epoch`. */
  readonly epoch: number;
  /** The parts are the whole state. False in a new or repaired database until a whole commit is written. */
  readonly whole: boolean;
  /** Last journal record and the chain's head at it. */
  readonly number: number;
  readonly head: Uint8Array;
  readonly next: Readonly<Record<Lane, number>>;
  readonly acked: Readonly<Record<Lane, number>>;
};

/** An epoch, with the first journal number that may be delivered in it. */
export type Epoch = { readonly ordinal: number; readonly id: string; readonly since: number };

export const COUNTERS_AT_START: Counters = {
  boot: 0,
  epoch: 1,
  whole: false,
  number: 0,
  head: CHAIN_START,
  next: { alarm: 1, event: 1 },
  acked: { alarm: 0, event: 0 },
};

export const readCounters = (connection: Connection): Counters => {
  const [row] = connection.all('SELECT * FROM counters WHERE id = 1');
  if (!row) throw new UnexpectedColumn('counters');
  return {
    boot: integerOf(row, 'boot'),
    epoch: integerOf(row, 'epoch'),
    whole: integerOf(row, 'whole') === 1,
    number: integerOf(row, 'number'),
    head: bytesOf(row, 'head'),
    next: { alarm: integerOf(row, 'next_alarm'), event: integerOf(row, 'next_event') },
    acked: { alarm: integerOf(row, 'acked_alarm'), event: integerOf(row, 'acked_event') },
  };
};

export const writeCounters = (connection: Connection, counters: Counters): void => {
  const { boot, epoch, whole, number, head, next, acked } = counters;
  const values = [boot, epoch, whole ? 1 : 0, number, head, next.alarm, next.event, acked.alarm, acked.event];
  connection.run('INSERT OR REPLACE INTO counters VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)', ...values);
};

export const readEpochs = (connection: Connection): readonly Epoch[] =>
  connection.all('SELECT ordinal, id, since FROM epoch ORDER BY ordinal').map((row) => ({
    ordinal: integerOf(row, 'ordinal'),
    id: textOf(row, 'id'),
    since: integerOf(row, 'since'),
  }));

export const addEpoch = (connection: Connection, epoch: Epoch): void => {
  connection.run('INSERT INTO epoch (ordinal, id, since) VALUES (?, ?, ?)', epoch.ordinal, epoch.id, epoch.since);
};

const idOf = (epochs: readonly Epoch[], ordinal: number): string | undefined =>
  epochs.find((epoch) => epoch.ordinal === ordinal)?.id;

export const numberingOf = (counters: Counters, epochs: readonly Epoch[]): Numbering => {
  const epoch = idOf(epochs, counters.epoch);
  if (epoch === undefined) throw new UnexpectedColumn('epoch');
  return { epoch, previousEpoch: idOf(epochs, counters.epoch - 1), nextSeq: counters.next, acknowledged: counters.acked };
};
