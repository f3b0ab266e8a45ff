/**
 * Loaded into a controller with `node --import`: its inputs are not read again any more once the file VIGIE_TEST_DEAF is
 * there, while all else goes on.
 */
import { existsSync } from 'node:fs';

const mark = process.env['VIGIE_TEST_DEAF'] ?? '';
const { setInterval: every } = globalThis;

const deaf = ((act: () => void, ms?: number) =>
  every(act.name === 'reconcile' ? () => (existsSync(mark) ? undefined : act()) : act, ms)) as typeof setInterval;

globalThis.setInterval = deaf;
