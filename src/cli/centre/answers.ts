/**
 * What the centre has still to say to its sites. Acknowledgements are cumulative, so one per site, epoch and lane waits at
 * most: a later one takes the place of the one before it. What the connection loses is said again when the site repeats.
 */
import type { Link, PublishResult } from '../../ports/link.ts';
import type { AckMessage } from '../../protocol/centreMessages.ts';

export type Answer = {
  readonly site: string;
  readonly key: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  /** What it acknowledges; undefined: it answers something else. */
  readonly ack: AckMessage | undefined;
};

export type AnswersListener = {
  readonly onRefused: (site: string, code: number) => void;
  /** The broker has an acknowledgement and somebody to give it to. */
  readonly onAcknowledged: (ack: AckMessage) => void;
};

export type Answers = {
  /** Waits for `flush`, so that a batch of messages shares its answers. */
  readonly put: (answer: Answer) => void;
  readonly flush: () => void;
  /** The broker takes so many at once. */
  readonly open: (window: number) => void;
  readonly shut: () => void;
};

export const makeAnswers = (link: Link, listener: AnswersListener): Answers => {
  const waiting = new Map<string, Answer>();
  let window = 0;

  const settle = ({ site, ack }: Answer, result: PublishResult): void => {
    if (result.kind === 'refused') listener.onRefused(site, result.code);
    if (result.kind === 'acknowledged' && !result.noSubscribers && ack) listener.onAcknowledged(ack);
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
