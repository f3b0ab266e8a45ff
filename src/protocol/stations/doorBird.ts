/**
 * The LAN API of DoorBird stations: its monitor stream, which never ends, and its information page. Names: *LAN-2-LAN API
 * for DoorBird and BirdGuard*, MONITOR REQUEST and INFO REQUEST.
 *
 * The stream is multipart: after each boundary come headers, a blank line and one line such as `doorbell:H`. A part has no
 * length, so each line of a body counts as soon as it is whole.
 */

export const DOORBIRD_PATHS = {
  info: '/bha-api/info.cgi',
  /** The bell alone: the motion sensor would ask for a permission more. */
  monitor: '/bha-api/monitor.cgi?ring=doorbell',
} as const;

// ---- the stream

/** Longer than any line that means something. */
export const LINE_BYTES_MAX = 256;

export type MonitorStream = {
  /** The whole lines of bodies in it, in their order. */
  readonly push: (chunk: Uint8Array) => readonly string[];
  /** Lines that were too long or where no such line belongs. */
  readonly faults: () => number;
};

/** undefined: it is no such stream. Its boundary may be given with the two hyphens that belong to the delimiter, or without. */
export const boundaryIn = (contentType: string): string | undefined => {
  const [type = '', ...parameters] = contentType.split(';');
  if (!/^\s*multipart\//i.test(type)) return undefined;
  for (const parameter of parameters) {
    const value = /^\s*boundary\s*=\s*"?([^"\s]{1,70})"?\s*$/i.exec(parameter)?.[1];
    if (value !== undefined) return value.replace(/^-+/, '');
  }
  return undefined;
};

const NEW_LINE = 0x0a;
const isDelimiter = (line: string, boundary: string): boolean =>
  line.startsWith('--') && line.replace(/^-+/, '').replace(/-+$/, '') === boundary.replace(/-+$/, '');

/** `boundary` as `boundaryIn` gives it. */
export const monitorStream = (boundary: string): MonitorStream => {
  let place: 'outside' | 'headers' | 'body' = 'outside';
  let line: number[] = [];
  let isTooLong = false;
  let faults = 0;

  /** undefined: the line tells nothing by itself. */
  const take = (text: string): string | undefined => {
    if (isDelimiter(text, boundary)) {
      place = 'headers';
      return undefined;
    }
    if (place === 'headers' && text === '') place = 'body';
    if (place === 'outside' && text !== '') faults += 1;
    return place === 'body' && text !== '' ? text : undefined;
  };

  const endLine = (): string | undefined => {
    const text = new TextDecoder('utf-8').decode(Uint8Array.from(line)).trimEnd();
    line = [];
    if (!isTooLong) return take(text);
    isTooLong = false;
    faults += 1;
    return undefined;
  };

  const push = (chunk: Uint8Array): readonly string[] => {
    const told: string[] = [];
    for (const byte of chunk) {
      if (byte === NEW_LINE) {
        const text = endLine();
        if (text !== undefined) told.push(text);
      } else if (line.length < LINE_BYTES_MAX) line.push(byte);
      else isTooLong = true;
    }
    return told;
  };
  return { push, faults: () => faults };
};

// ---- the bell

/** undefined: it is not about the bell. */
export const bellIn = (line: string): 'pressed' | 'released' | undefined => {
  const state = /^doorbell\s*:\s*([HL])$/i.exec(line)?.[1]?.toUpperCase();
  if (state === undefined) return undefined;
  return state === 'H' ? 'pressed' : 'released';
};

export type Bell = 'pressed' | 'released' | undefined;

/** Whether it rings: it was not pressed before, and what is told is a change and not the state at the start of the stream. */
export const ringsNow = (before: Bell, now: Bell, isReference: boolean): boolean =>
  !isReference && now === 'pressed' && before !== 'pressed';

// ---- the information page

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What it is, in its own words: `DoorBird D2101V 000125`; undefined: it is no DoorBird. */
export const readDoorBirdInfo = (text: string): string | undefined => {
  const answer = parsed(text);
  const bha = isRecord(answer) ? answer['BHA'] : undefined;
  const versions: unknown = isRecord(bha) ? bha['VERSION'] : undefined;
  const version: unknown = Array.isArray(versions) ? versions[0] : undefined;
  if (!isRecord(version) || typeof version['FIRMWARE'] !== 'string') return undefined;
  const type = typeof version['DEVICE-TYPE'] === 'string' ? version['DEVICE-TYPE'] : 'DoorBird';
  return `${type} ${version['FIRMWARE']}`.slice(0, 120);
};
