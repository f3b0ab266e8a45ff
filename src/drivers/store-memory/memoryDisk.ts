/** The disk under the memory store: what a power cut leaves, and the switches that make it fail. */
import type { Lane, LaneHeads } from '../../core/event.ts';
import type { JournalRecord, Numbering, OutboxRow, SavedClock, StoreFailure } from '../../ports/store.ts';

/** What the database would hold. Changed in one go, so it is always as after a whole transaction. */
export type MemoryImage = {
  epochs: readonly string[];
  boot: number;
  whole: boolean;
  nextSeq: LaneHeads;
  acknowledged: LaneHeads;
  parts: ReadonlyMap<string, string>;
  outbox: readonly OutboxRow[];
  readonly journal: JournalRecord[];
};

export type MemoryDisk = {
  image: MemoryImage | undefined;
  clock: SavedClock | undefined;
  mirror: string | undefined;
  recording: string[];
  /** Every write fails for this reason. */
  failure: StoreFailure | undefined;
  /** Transactions wait until it is cleared and `resume` is called: an fsync that takes its time. */
  held: boolean;
  resume: () => void;
  /** The store that is open on it. A power cut takes it away: see `cutPower`. */
  owner: symbol | undefined;
};

export const createMemoryDisk = (): MemoryDisk => ({
  image: undefined,
  clock: undefined,
  mirror: undefined,
  recording: [],
  failure: undefined,
  held: false,
  resume: () => {},
  owner: undefined,
});

/** What was not durable is gone, and nothing that was asked is ever answered; the disk can be opened again. */
export const cutPower = (disk: MemoryDisk): void => {
  disk.owner = undefined;
  disk.held = false;
};

export const newImage = (epoch: string): MemoryImage => ({
  epochs: [epoch],
  boot: 0,
  whole: false,
  nextSeq: { alarm: 1, event: 1 },
  acknowledged: { alarm: 0, event: 0 },
  parts: new Map(),
  outbox: [],
  journal: [],
});

export const epochOf = (image: MemoryImage): string => image.epochs.at(-1) ?? '';

export const numberingOf = (image: MemoryImage): Numbering => ({
  epoch: epochOf(image),
  previousEpoch: image.epochs.at(-2),
  nextSeq: image.nextSeq,
  acknowledged: image.acknowledged,
});

export const inLane = (image: MemoryImage, lane: Lane): readonly OutboxRow[] => image.outbox.filter((row) => row.lane === lane);
