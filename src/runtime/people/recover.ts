/**
 * Revocations found again. Where damage took the state of people, the site's file would let in those who were revoked since;
 * the journal still says who was, and its records of rights are kept.
 */
import type { PersonChange } from '../../core/input.ts';
import type { JournalRecord, Restored, Store } from '../../ports/store.ts';

const ROWS = 1_000;
const PEOPLE_PART = 'people';

type Said = { readonly kind?: unknown; readonly user?: unknown; readonly operator?: unknown };

/** A border: what stands in the journal is what the core wrote, perhaps of another version. */
const saidIn = ({ body }: JournalRecord): Said => {
  try {
    const value: unknown = JSON.parse(body ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
};

const note = (changes: Map<string, PersonChange>, { kind, user, operator }: Said): void => {
  if (kind === 'person-revoked' && typeof user === 'string') changes.set(`user ${user}`, { kind: 'revoke', user });
  if (kind === 'person-added' && typeof user === 'string') changes.delete(`user ${user}`);
  if (kind === 'operator-revoked' && typeof operator === 'string') {
    changes.set(`operator ${operator}`, { kind: 'revoke-operator', operator });
  }
};

/** Nothing where the state of people was read, or there never was any. */
export const revocationsLost = async (
  store: Pick<Store, 'journal'>,
  { found, parts }: Restored,
): Promise<readonly PersonChange[]> => {
  if (found === 'fresh' || parts.has(PEOPLE_PART)) return [];
  const changes = new Map<string, PersonChange>();
  for (let from = 1; ;) {
    const read = await store.journal(from, ROWS);
    const rows = read.ok ? read.value : [];
    for (const record of rows) note(changes, saidIn(record));
    const last = rows.at(-1);
    if (!last || rows.length < ROWS) return [...changes.values()];
    from = last.number + 1;
  }
};
