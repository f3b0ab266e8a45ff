/** Time zones from the ICU data that Node carries. */
import type { ZoneOffset } from '../../core/schedule.ts';

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

const newFormat = (zone: string): Intl.DateTimeFormat | undefined => {
  try {
    // A border: Intl tells an unknown zone by a RangeError and in no other way.
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
};

const formatOf = (zone: string): Intl.DateTimeFormat | undefined => {
  if (!formats.has(zone)) formats.set(zone, newFormat(zone));
  return formats.get(zone);
};

/** `GMT+02:00` → 120; `GMT` → 0. */
const minutesOf = (name: string): number => {
  const match = /^GMT([+-])([0-9]{2}):([0-9]{2})/.exec(name);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
};

export const zoneOffset: ZoneOffset = (instant, zone) => {
  const parts = formatOf(zone)?.formatToParts(instant);
  const name = parts?.find(({ type }) => type === 'timeZoneName');
  return name && minutesOf(name.value);
};
