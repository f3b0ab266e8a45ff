/** Did you mean: the known word nearest to the one that was written. */

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '');

/** Edits between two words: a letter more, less, other, or two letters swapped (optimal string alignment). */
export const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
};

/** undefined: nothing is near enough to be meant. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  if (word.length > 60) return undefined;
  const ranked = known.map((candidate) => ({ candidate, edits: distance(plain(word), plain(candidate)) }));
  const best = ranked.toSorted((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
};

const QUOTED_MAX = 12;

/** A sentence that names what was meant, or what there is. */
export const meant = (word: string, known: readonly string[]): { readonly en: string; readonly fr: string } => {
  const guess = nearest(word, known);
  if (guess !== undefined) return { en: ` Did you mean \`${guess}\`?`, fr: ` Vouliez-vous dire « ${guess} » ?` };
  if (known.length === 0) return { en: ' There is none yet: add one.', fr: ' Il n’y en a pas encore : ajoutez-en un.' };
  const list = known.slice(0, QUOTED_MAX).join(', ') + (known.length > QUOTED_MAX ? ', …' : '');
  return { en: ` Known: ${list}.`, fr: ` Connus : ${list}.` };
};
