/** A machine's files under a folder of the test: `/proc`, `/sys`, `/dev` and `/etc` as a Raspberry Pi has them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type MachineTree = {
  readonly root: string;
  /** Writes a file, with the folders it is in. */
  readonly put: (path: string, text: string, mode?: number) => void;
  /** `target` as it is written into the link. */
  readonly link: (path: string, target: string) => void;
  readonly remove: () => void;
};

export const machineTree = (): MachineTree => {
  const root = mkdtempSync(join(tmpdir(), 'vigie-machine-'));
  const made = (path: string): string => {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    return place;
  };
  return {
    root,
    put: (path, text, mode = 0o644) => {
      const place = made(path);
      writeFileSync(place, text);
      chmodSync(place, mode);
    },
    link: (path, target) => symlinkSync(target, made(path)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};
