/**
 * Emulated readers on a pseudo-terminal, in this process: what the real serial driver opens as the port of a reader bus. The port
 * is a link of its own, so that the adapter can be pulled out and another put in its place.
 */
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { openPty } from '../avr/pty.ts';
import type { Pty } from '../avr/pty.ts';
import type { EmulatedReader } from './emulatedReader.ts';

export type PtyBus = {
  readonly path: string;
  readonly unplug: () => void;
  readonly plug: () => void;
  readonly close: () => void;
};

const LOOK_EVERY_MS = 1;

export const ptyBus = (link: string, readers: readonly EmulatedReader[]): PtyBus => {
  let pty: Pty | undefined;
  const plug = (): void => {
    pty ??= openPty();
    symlinkSync(pty.path, `${link}.new`);
    renameSync(`${link}.new`, link);
  };
  const unplug = (): void => {
    rmSync(link, { force: true });
    pty?.close();
    pty = undefined;
  };
  const carry = (): void => {
    const bytes = pty?.read();
    if (bytes === undefined || bytes.length === 0) return;
    for (const reader of readers) {
      const reply = reader.receive(bytes, performance.now());
      if (reply !== undefined) pty?.write(reply);
    }
  };
  plug();
  const timer = setInterval(carry, LOOK_EVERY_MS);
  return {
    path: link,
    unplug,
    plug,
    close: () => {
      clearInterval(timer);
      unplug();
    },
  };
};
