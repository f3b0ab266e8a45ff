/** The kernel's older GPIO interface in memory, for the driver over onoff: what is exported, given to this process, driven. */
import type { Ears, Pin, Sysfs } from '../../src/drivers/gpio-onoff/sysfs.ts';
import type { Level } from '../../src/ports/lines.ts';

type Line = {
  level: Level;
  isExported: boolean;
  isReady: boolean;
  isDead: boolean;
  refusal: string | undefined;
  ears: Ears | undefined;
  hasNews: boolean;
  readonly driven: Level[];
};
type Chip = { readonly label: string; readonly base: number; readonly lines: readonly Line[] };

export type FakeSysfs = {
  readonly sysfs: Sysfs;
  readonly addChip: (label: string, base: number, lines?: number) => void;
  readonly removeChip: (base: number) => void;
  /** The world moves a line, by its number. */
  readonly turn: (number: number, level: Level) => void;
  readonly levelOf: (number: number) => Level;
  readonly drivenOf: (number: number) => readonly Level[];
  /** What a killed process left: exported, an output at its level. */
  readonly leave: (number: number, level: Level) => void;
  /** Kept from export: EBUSY and the like. */
  readonly refuseExport: (number: number, error: string | undefined) => void;
  /** The system has not given the files of an exported line to this process yet. */
  readonly setReady: (number: number, isReady: boolean) => void;
  readonly setBusy: (isBusy: boolean) => void;
  readonly exported: () => readonly number[];
  /** Somebody else unexports a line behind our back. */
  readonly unexport: (number: number) => void;
};

const newLine = (): Line => ({
  level: 0,
  isExported: false,
  isReady: true,
  isDead: false,
  refusal: undefined,
  ears: undefined,
  hasNews: false,
  driven: [],
});

const drive = (output: Line, level: Level): void => {
  output.level = level;
  output.driven.push(level);
};

const pinOf = (opened: Line, ears: Ears | undefined): Pin => {
  opened.ears = ears;
  const isGone = (): boolean => opened.isDead || !opened.isExported;
  return {
    level: () => (isGone() ? { ok: false, error: 'ENODEV' } : { ok: true, value: opened.level }),
    put: (level) => {
      if (isGone()) return 'ENODEV';
      drive(opened, level);
      return undefined;
    },
    release: () => {
      opened.ears = undefined;
    },
  };
};

export const fakeSysfs = (): FakeSysfs => {
  const chips = new Map<number, Chip>();
  let isBusy = false;

  const find = (number: number): Line | undefined => {
    for (const chip of chips.values()) {
      const found = chip.lines[number - chip.base];
      if (found) return found;
    }
    return undefined;
  };
  const line = (number: number): Line => {
    const found = find(number);
    if (!found) throw new Error(`no line ${number}`);
    return found;
  };

  /** As in the kernel, news of several edges is one piece of news, and the level is read when it is told. */
  const wake = (): void => {
    for (const chip of chips.values()) {
      for (const one of chip.lines) {
        if (isBusy || !one.hasNews) continue;
        one.hasNews = false;
        one.ears?.onEdge(one.level);
      }
    }
  };

  const unexport = (number: number): void => {
    const found = find(number);
    if (found) found.isExported = false;
  };

  const sysfs: Sysfs = {
    chips: () => [...chips.values()].map(({ label, base, lines }) => ({ label, base, lines: lines.length })),
    isExported: (number) => find(number)?.isExported === true,
    isReady: (number) => find(number)?.isReady === true,
    exportLine: (number) => {
      const found = find(number);
      if (!found) return 'EINVAL';
      if (found.refusal !== undefined) return found.refusal;
      found.isExported = true;
      return undefined;
    },
    unexportLine: (number) => {
      unexport(number);
      return undefined;
    },
    openInput: (number, ears) => ({ ok: true, value: pinOf(line(number), ears) }),
    openOutput: (number, level) => {
      drive(line(number), level);
      return { ok: true, value: pinOf(line(number), undefined) };
    },
  };

  return {
    sysfs,
    addChip: (label, base, lines = 28) => void chips.set(base, { label, base, lines: Array.from({ length: lines }, newLine) }),
    removeChip: (base) => {
      for (const one of chips.get(base)?.lines ?? []) one.isDead = true;
      chips.delete(base);
    },
    turn: (number, level) => {
      const turned = line(number);
      if (turned.level === level) return;
      turned.level = level;
      turned.hasNews = turned.ears !== undefined;
      wake();
    },
    levelOf: (number) => line(number).level,
    drivenOf: (number) => line(number).driven,
    leave: (number, level) => {
      line(number).isExported = true;
      line(number).level = level;
    },
    refuseExport: (number, error) => {
      line(number).refusal = error;
    },
    setReady: (number, isReady) => {
      line(number).isReady = isReady;
    },
    setBusy: (busy) => {
      isBusy = busy;
      wake();
    },
    exported: () =>
      [...chips.values()].flatMap(({ base, lines }) => lines.flatMap((one, offset) => (one.isExported ? [base + offset] : []))),
    unexport,
  };
};
