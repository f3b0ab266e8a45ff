/** Readers on a pseudo-terminal, where there can be one: neither koffi nor a pseudo-terminal is everywhere. */
import type { EmulatedReader } from './emulatedReader.ts';
import type { PtyBus } from './ptyBus.ts';

export type PtyBusOf = (link: string, readers: readonly EmulatedReader[]) => PtyBus;

/** What to make them with, or why there are none. */
export const findPtyBus = async (): Promise<PtyBusOf | string> => {
  try {
    const [{ openPty }, { ptyBus }] = await Promise.all([import('../avr/pty.ts'), import('./ptyBus.ts')]);
    openPty().close();
    return ptyBus;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
