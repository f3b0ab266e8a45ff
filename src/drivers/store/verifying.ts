/** Walks the chain a stretch at a time, so that commits get their turn in between. */
import type { JournalGap } from '../../ports/store.ts';
import { type ChainPlace, linkFault, toHex } from '../../protocol/chain.ts';
import { type Ledger, sha256 } from './ledger.ts';
import { readGaps, readJournal } from './reading.ts';
import type { VerifiedChunk, VerifyChunk } from './requests.ts';

/** Past a declared gap the chain goes on from a head that nobody knows any more. */
const pastGap = (place: ChainPlace, gaps: readonly JournalGap[]): JournalGap | undefined =>
  gaps.find((gap) => gap.from === place.number + 1);

const atEnd = (ledger: Ledger, chunk: VerifiedChunk): VerifiedChunk => {
  const { number, head } = ledger.counters;
  if (chunk.place.number < number) return { ...chunk, done: true, fault: { reason: 'truncated', number: chunk.place.number } };
  if (chunk.place.head !== undefined && chunk.place.head !== toHex(head)) {
    return { ...chunk, done: true, fault: { reason: 'unlinked', number } };
  }
  return { ...chunk, done: true };
};

export const verifyChunk = (ledger: Ledger, { place: from, limit }: VerifyChunk): VerifiedChunk => {
  const declared = readGaps(ledger);
  const records = readJournal(ledger, from.number + 1, limit);
  const gaps: JournalGap[] = [];
  let place = from;
  const chunk = (fault?: VerifiedChunk['fault']): VerifiedChunk => ({
    place,
    records: records.length,
    purged: records.filter(({ body }) => body === undefined).length,
    gaps,
    fault,
    done: fault !== undefined,
  });
  const stepOverGap = (): void => {
    const gap = pastGap(place, declared);
    if (!gap) return;
    gaps.push(gap);
    place = { number: gap.to, head: undefined };
  };
  for (const record of records) {
    if (record.number !== place.number + 1) stepOverGap();
    const reason = linkFault(sha256, place, record);
    if (reason) return chunk({ reason, number: reason === 'missing' ? place.number + 1 : record.number });
    place = { number: record.number, head: record.head };
  }
  if (records.length === limit) return chunk();
  stepOverGap();
  return atEnd(ledger, chunk());
};
