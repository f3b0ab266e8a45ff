/** Finds where the header's lines begin among all chips' lines, by its chip's label: a guessed base reaches another chip. */
import type { LineProblem } from '../../ports/lines.ts';
import type { ChipFacts, Sysfs } from './sysfs.ts';

export type Trouble = Omit<LineProblem, 'line'>;
export type ChipResult = { readonly ok: true; readonly chip: ChipFacts } | { readonly ok: false; readonly trouble: Trouble };

const refused = (trouble: Trouble['trouble'], detail: string): ChipResult => ({ ok: false, trouble: { trouble, detail } });
const named = (chips: readonly ChipFacts[]): string => chips.map(({ label, base }) => `${label} (gpiochip${base})`).join(', ');

/** The only chip with this label. Refused unless exactly one has it. */
export const findChip = (sysfs: Sysfs, label: string): ChipResult => {
  const chips = sysfs.chips();
  if (!chips) return refused('not-supported', 'this kernel has no /sys/class/gpio: use `access: character-device`');
  const matching = chips.filter((chip) => chip.label === label);
  const [chip] = matching;
  if (!chip) {
    const there = chips.length === 0 ? 'none at all' : named(chips);
    return refused('chip-not-found', `no GPIO chip is labelled ${label}; this machine has ${there}: is the model right?`);
  }
  if (matching.length === 1) return { ok: true, chip };
  return refused('chip-ambiguous', `several GPIO chips are labelled ${label}, and none is taken: ${named(matching)}`);
};

const GROUP_ADVICE =
  'the user that runs Vigie must be in the group gpio: sudo usermod -aG gpio USER, then start the service again';

/** What an error of the kernel means for a line; `place`: what was asked, as the log shall name it. */
export const troubleOf = (error: string, place: string): Trouble => {
  switch (error) {
    case 'EBUSY':
      return { trouble: 'busy', detail: `${place} is held by another program or by the kernel: gpioinfo names it` };
    case 'EACCES':
    case 'EPERM':
      return { trouble: 'no-permission', detail: `${place} may not be used: ${GROUP_ADVICE}` };
    case 'EINVAL':
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
    case 'EIO':
      return { trouble: 'device-gone', detail: `${place} does not answer: ${error}` };
    default:
      return { trouble: 'not-supported', detail: `${place} cannot be used: ${error}` };
  }
};
