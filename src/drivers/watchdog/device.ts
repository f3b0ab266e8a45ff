/** `/dev/watchdog` (Linux, watchdog-api): any byte feeds it; `V` before closing disarms it, unless the kernel forbids that. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { WatchdogDeviceResult } from '../../ports/watchdog.ts';

const FEED = '.';
const DISARM = 'V';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const reasonOf = (error: unknown): Extract<WatchdogDeviceResult, { ok: false }>['reason'] => {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return 'absent';
    case 'EBUSY':
      return 'busy';
    case 'EACCES':
    case 'EPERM':
      return 'no-permission';
    default:
      return 'io';
  }
};

/** Opening arms it. `onFailure` is told once of a feed that the kernel does not take. */
export const openWatchdogDevice = (path: string, onFailure: (detail: string) => void): WatchdogDeviceResult => {
  let file: number;
  let hasFailed = false;
  try {
    file = openSync(path, 'r+');
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
  const write = (text: string): void => {
    try {
      writeSync(file, text);
    } catch (error) {
      if (!hasFailed) onFailure(String(error));
      hasFailed = true;
    }
  };
  return {
    ok: true,
    device: {
      feed: () => write(FEED),
      close: (how) => {
        if (how === 'disarm') write(DISARM);
        closeSync(file);
      },
    },
  };
};
