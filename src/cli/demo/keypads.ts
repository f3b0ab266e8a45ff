/** What the keypads show, looked at several times a second. */
import type { KeypadConfig } from '../../core/config.ts';
import type { KeypadShown, SimLink } from './simLink.ts';

export type KeypadsWatch = {
  readonly look: (link: SimLink) => Promise<void>;
  readonly shown: (keypad: string) => KeypadShown | undefined;
  readonly fall: () => void;
};

/** Seconds that count down are no news. */
const shape = (line: string): string => line.replaceAll(/\d+ s\b/g, '… s');

/** Lines of a display that were not there before; its first line where some have only gone. */
export const news = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const old = new Set(before.map(shape));
  const added = after.filter((line) => !old.has(shape(line)));
  const isSame = added.length === 0 && before.length === after.length;
  return isSame || added.length > 0 ? added : after.slice(0, 1);
};

/** `onNews`: lines new on a keypad, which the first keypad does not show as well. What they show at first is no news. */
export const watchKeypads = (
  keypads: readonly KeypadConfig[],
  onNews: (keypad: KeypadConfig, lines: readonly string[]) => void,
): KeypadsWatch => {
  const shown = new Map<string, KeypadShown>();
  const seen = new Set<string>();
  const [first] = keypads;

  const take = (keypad: KeypadConfig, next: KeypadShown): void => {
    const before = shown.get(keypad.id)?.text;
    shown.set(keypad.id, next);
    if (!before && !seen.has(keypad.id)) {
      seen.add(keypad.id);
      return;
    }
    const common = keypad === first || !first ? [] : (shown.get(first.id)?.text ?? []);
    const lines = news(before ?? [], next.text).filter((line) => !common.includes(line));
    if (lines.length > 0) onNews(keypad, lines);
  };

  return {
    look: async (link) => {
      for (const keypad of keypads) {
        const answer = await link.ask({ show: keypad.id });
        if (answer.kind === 'shown') take(keypad, answer.shown);
      }
    },
    shown: (keypad) => shown.get(keypad),
    fall: () => shown.clear(),
  };
};
