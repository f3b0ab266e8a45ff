/**
 * What the centre has still to say to its sites. Acknowledgements are cumulative, so one per site, epoch and lane waits at
 * most: a later one takes the place of the one before it. What the connection loses is said again when the site repeats.
 */
import type { Link, PublishResult } from '../../ports/link.ts';

export type Answer = { readonly site: string; readonly key: string; readonly topic: string; readonly payload: Uint8Array };

export type Answers = {
  /** Waits for `flush`, so that a batch of messages shares its answers. */
  readonly put: (answer: Answer) => void;
  readonly flush: () => void;
  /** The broker takes so many at once. */
  readonly open: (window: number) => void;
  readonly shut: () => void;
};

export const makeAnswers = (link: Link, refused: (site: string, code: number) => void): Answers => {
  const waiting = new Map<string, Answer>();
  let window = 0;

  const settle = ({ site }: Answer, result: PublishResult): void => {
    if (result.kind === 'refused') refused(site, result.code);
    pump();
  };

  const pump = (): void => {
    for (const [key, answer] of waiting) {
      if (link.inFlight() >= window) return;
      waiting.delete(key);
      const { topic, payload } = answer;
      link.publish({ topic, payload, qos: 1, retain: false }, (result) => settle(answer, result));
    }
  };

  return {
    put: (answer) => {
      if (window === 0) return;
      waiting.delete(answer.key);
      waiting.set(answer.key, answer);
    },
    flush: pump,
    open: (wide) => {
      window = wide;
    },
    shut: () => {
      window = 0;
      waiting.clear();
    },
  };
};
