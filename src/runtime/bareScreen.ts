/** What keypads say while the bare machine runs: they do not answer. */
import type { KeypadId } from '../core/config.ts';
import type { Keypads } from '../ports/lines.ts';

const BARE = {
  fr: ['Mode de secours : le clavier ne répond pas.', 'Appelez l’installateur.'],
  en: ['Emergency mode: the keypad does not answer.', 'Call the installer.'],
} as const;

export const showBare = async (keypads: Keypads, ids: readonly KeypadId[], language: 'fr' | 'en'): Promise<void> => {
  await keypads.open(ids, { onKeys: () => undefined, onBadge: () => undefined, onPresence: () => undefined });
  for (const id of ids) keypads.show(id, { text: BARE[language], tone: 'none', light: 'fault' });
};
