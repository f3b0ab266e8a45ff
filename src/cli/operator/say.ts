/** One line for each thing that happens in an exchange, in words for an operator. */
import { downText } from '../centre/view.ts';
import type { Language } from '../centre/kindWords.ts';
import { centreWords } from '../centre/words.ts';
import type { Outcome, Progress } from './exchange.ts';
import { operatorWords } from './words.ts';

export const progressText = (language: Language, progress: Progress): string => {
  const words = operatorWords[language];
  switch (progress.kind) {
    case 'connected':
      return words.connected;
    case 'challenge':
      return words.challenge(Math.floor(progress.expiresInMs / 1_000));
    case 'sent':
      return words.sent;
    case 'stage':
      return words.stages[progress.stage];
    case 'connection-lost':
      return words.connectionLost;
  }
};

const reasonText = (language: Language, reason: string): string => {
  const { reasons } = operatorWords[language];
  return (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? `${reason}.`;
};

/** Undefined: the last stage has said it. */
export const outcomeText = (language: Language, outcome: Outcome): string | undefined => {
  const words = operatorWords[language];
  switch (outcome.kind) {
    case 'ended':
      return undefined;
    case 'refused':
      return words.refused(reasonText(language, outcome.reason));
    case 'no-answer':
      if (outcome.stage !== undefined) return words.noAnswerAfter(words.stages[outcome.stage]);
      return outcome.sent ? words.noAnswerSent : words.noAnswer;
    case 'no-connection':
      return words.noConnection(downText(centreWords[language], outcome.reason));
    case 'not-allowed':
      return words.notAllowed[outcome.what];
    case 'site-away':
      return words.siteAway;
  }
};
