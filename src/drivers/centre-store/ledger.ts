/** What the centre has of each site, by epoch and lane: where each number lies in the file, and which are missing. */
import type { Lane } from '../../core/event.ts';
import { numbersOf } from '../../protocol/eventBody.ts';
import { settled, withRange } from '../../protocol/ranges.ts';
import type { EpochRecord, LaneRecord } from '../../protocol/receiver.ts';
import type { CentreRecord } from './record.ts';

export type Place = { readonly site: string; readonly epoch: string; readonly lane: Lane; readonly seq: number };
export type StoredSite = { readonly site: string; readonly epochs: readonly EpochRecord[] };

type LaneLedger = { record: LaneRecord; readonly offsets: Map<number, number> };
type EpochLedger = Record<Lane, LaneLedger>;

export type Ledger = {
  readonly enter: (record: CentreRecord, offset: number) => void;
  readonly offsetOf: (place: Place) => number | undefined;
  readonly sites: () => readonly StoredSite[];
};

const newLane = (): LaneLedger => ({ record: { head: 0, beyond: [] }, offsets: new Map() });

export const makeLedger = (): Ledger => {
  const sites = new Map<string, Map<string, EpochLedger>>();

  const laneOf = (site: string, epoch: string, lane: Lane): LaneLedger => {
    const epochs = sites.get(site) ?? new Map<string, EpochLedger>();
    sites.set(site, epochs);
    const found = epochs.get(epoch) ?? { alarm: newLane(), event: newLane() };
    epochs.set(epoch, found);
    return found[lane];
  };

  const enter = (record: CentreRecord, offset: number): void => {
    if (record.kind === 'lost') {
      const ledger = laneOf(record.site, record.epoch, record.lane);
      ledger.record = settled(Math.max(record.upTo, ledger.record.head), ledger.record.beyond);
      return;
    }
    if (record.conflict) return;
    const { site, epoch, lane, seq } = record.message;
    const ledger = laneOf(site, epoch, lane);
    ledger.offsets.set(seq, offset);
    const { head, beyond } = ledger.record;
    if (seq > head) ledger.record = settled(head, withRange(beyond, numbersOf(record.message)));
  };

  return {
    enter,
    offsetOf: ({ site, epoch, lane, seq }) => sites.get(site)?.get(epoch)?.[lane].offsets.get(seq),
    sites: () =>
      [...sites].map(([site, epochs]) => ({
        site,
        epochs: [...epochs].map(([epoch, { alarm, event }]) => ({
          epoch,
          lanes: { alarm: alarm.record, event: event.record },
        })),
      })),
  };
};
