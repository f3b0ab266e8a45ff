/** The terminal a verb was started in, what moves its cursor (ECMA-48), and the pace at which a verb looks again. */

export type ScreenSize = { readonly rows: number; readonly columns: number };

export type Terminal = {
  readonly isTerminal: boolean;
  /** As it is now: a window can be made larger. */
  readonly size: () => ScreenSize;
};

/** Where the terminal does not tell. */
const USUAL: ScreenSize = { rows: 24, columns: 80 };

export const processTerminal = (): Terminal => ({
  isTerminal: process.stdout.isTTY,
  size: () => ({ rows: process.stdout.rows ?? USUAL.rows, columns: process.stdout.columns ?? USUAL.columns }),
});

export const HOME = '\u001b[H';
export const CLEAR_LINE = '\u001b[K';
export const CLEAR_BELOW = '\u001b[J';
/** A screen of its own, without a cursor; what stood there before comes back with the second. */
export const OTHER_SCREEN = '\u001b[?1049h\u001b[?25l';
export const OWN_SCREEN = '\u001b[?25h\u001b[?1049l';

/** Resolves after `ms` with true, or with false as soon as somebody asked to end. */
export const pacedUntil = (ending: Promise<void>, ms: number): (() => Promise<boolean>) => {
  const ended = ending.then(() => false);
  return () => {
    let timer: NodeJS.Timeout | undefined;
    const moment = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(true), ms);
    });
    return Promise.race([moment, ended]).finally(() => clearTimeout(timer));
  };
};
