/** Finding and reading recordings: the ring in a data folder, or one file of it. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RECORDING_FORM } from '../../runtime/recording.ts';
import type { RecordedLine, RecordingHeader } from '../../runtime/recording.ts';

export type Recording = {
  readonly path: string;
  readonly header: RecordingHeader;
  readonly lines: readonly RecordedLine[];
  /** The last line was cut off, as a kill may do. */
  readonly isCut: boolean;
};

/** `newer-form`: a later version wrote it in another form. */
export type RecordingFault = 'not-a-recording' | 'newer-form';
export type RecordingRead =
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly path: string; readonly reason: RecordingFault };

export type Place = { readonly files: readonly string[]; /** Where the site's file stands. */ readonly data: string };

const isRecordingName = (name: string): boolean => /^\d{6,}\.jsonl$/.test(name);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter(isRecordingName)
    .toSorted((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
    .map((name) => join(folder, name));

/** undefined: nothing there. */
export const findRecordings = (path: string): Place | undefined => {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return { files: [path], data: dirname(dirname(path)) };
  const ring = join(path, 'recorder');
  return existsSync(ring) ? { files: filesIn(ring), data: path } : { files: filesIn(path), data: dirname(path) };
};

/** Recordings keep `undefined` as `null`; fields stay where they were. */
const revived = (value: unknown): unknown => {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, revived(field)]));
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const parsed = (line: string): Fields | undefined => {
  try {
    const value = revived(JSON.parse(line));
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

// A border: form and fields are looked at; what is inside state and input is what this project wrote.

const isHeader = (fields: Fields): fields is Fields & RecordingHeader =>
  typeof fields['version'] === 'string' &&
  typeof fields['config'] === 'string' &&
  typeof fields['step'] === 'number' &&
  fields['snapshot'] !== undefined;

export const headerOf = (line: string): RecordingHeader | RecordingFault => {
  const fields = parsed(line);
  if (!fields || typeof fields['recording'] !== 'number') return 'not-a-recording';
  if (fields['recording'] > RECORDING_FORM) return 'newer-form';
  return isHeader(fields) ? fields : 'not-a-recording';
};

const isLine = (fields: Fields): fields is Fields & RecordedLine =>
  typeof fields['step'] === 'number' && typeof fields['at'] === 'number' && isFields(fields['input']);

export const lineOf = (line: string): RecordedLine | undefined => {
  const fields = parsed(line);
  return fields && isLine(fields) ? fields : undefined;
};

export const readRecording = (path: string): RecordingRead => {
  const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n');
  const header = headerOf(first);
  if (typeof header === 'string') return { ok: false, path, reason: header };
  const lines: RecordedLine[] = [];
  let isCut = false;
  for (const text of rest) {
    if (text === '') continue;
    const line = lineOf(text);
    if (line) lines.push(line);
    else isCut = true;
  }
  return { ok: true, recording: { path, header, lines, isCut } };
};
