/**
 * Older versions of the file format, brought up to the present one step at a time before anything is checked. A step
 * changes plain data; places in the text stay those of the file as it was written.
 */
import { isRecord } from './schemaWalk.ts';

export type Migration = {
  /** The version it reads; it gives the next one. */
  readonly from: number;
  readonly apply: (site: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
};

/** One for each version before the present one. */
export const MIGRATIONS: readonly Migration[] = [];

export type Migrated =
  | { readonly ok: true; readonly value: unknown; readonly migratedFrom: number | undefined }
  | { readonly ok: false; readonly reason: 'newer-version' | 'too-old-version'; readonly version: number };

const versionOf = (value: unknown): number | undefined => {
  const version = isRecord(value) ? value['version'] : undefined;
  return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 ? version : undefined;
};

/** What has no readable version is left as it is: its shape tells what is wrong. */
export const migrate = (value: unknown, target: number, migrations: readonly Migration[]): Migrated => {
  const version = versionOf(value);
  if (version === undefined || version === target || !isRecord(value)) return { ok: true, value, migratedFrom: undefined };
  if (version > target) return { ok: false, reason: 'newer-version', version };
  let site = value;
  for (let from = version; from < target; from++) {
    const step = migrations.find((migration) => migration.from === from);
    if (!step) return { ok: false, reason: 'too-old-version', version };
    site = { ...step.apply(site), version: from + 1 };
  }
  return { ok: true, value: site, migratedFrom: version };
};
