/** The terminal a verb was started in, and the pace at which it looks again. */
import type { Terminal } from './walkTest/watch.ts';

const ROWS = 24;
const SECOND_MS = 1_000;

export const processTerminal = (): Terminal => ({
  isTerminal: process.stdout.isTTY,
  rows: () => process.stdout.rows ?? ROWS,
});

/** Resolves after a second with true, or with false as soon as somebody asked to end. */
export const secondsUntil = (ending: Promise<void>): (() => Promise<boolean>) => {
  const ended = ending.then(() => false);
  return () => {
    let timer: NodeJS.Timeout | undefined;
    const second = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(true), SECOND_MS);
    });
    return Promise.race([second, ended]).finally(() => clearTimeout(timer));
  };
};
