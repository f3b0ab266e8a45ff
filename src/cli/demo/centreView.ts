/** The centre's lines: each event is shown once the acknowledgement has passed, or after a moment without one. */
import type { AckMessage } from '../../protocol/centreMessages.ts';
import type { EventMessage } from '../../protocol/messages.ts';
import type { CentreEvent } from '../centre/events.ts';
import { lineOf } from '../centre/view.ts';
import type { Line, Shade } from '../centre/view.ts';
import type { DemoWords } from './words.ts';

export type CentreView = {
  readonly onEvent: (event: CentreEvent, at: number) => void;
  readonly onAck: (ack: AckMessage) => void;
  /** Events shown, and how many of them are acknowledged. */
  readonly counts: () => { readonly heard: number; readonly acknowledged: number };
  readonly isConnected: () => boolean;
  readonly stop: () => void;
};

export type CentreViewOptions = {
  readonly language: 'fr' | 'en';
  readonly words: DemoWords;
  readonly show: (text: string, shade: Shade) => void;
};

const PATIENCE_MS = 1_500;

type Waiting = { readonly message: EventMessage; readonly line: Line; shown: boolean };

const isCovered = ({ message }: Waiting, { epoch, lane, seq }: AckMessage): boolean =>
  message.epoch === epoch && message.lane === lane && message.seq <= seq;

export const makeCentreView = ({ language, words, show }: CentreViewOptions): CentreView => {
  let waiting: Waiting[] = [];
  let heard = 0;
  let connected = false;
  const timers = new Set<NodeJS.Timeout>();

  const tell = ({ message, line }: Waiting, mark: string): void => {
    const number = words.number(words.lanes[message.lane], message.seq);
    show(`${line.class} · ${line.text} · ${words.priority(message.priority)} · ${number} ${mark}`, line.shade);
  };

  const giveUp = (entry: Waiting): void => {
    if (!waiting.includes(entry)) return;
    entry.shown = true;
    tell(entry, words.notAcknowledged);
  };

  const onMessage = (message: EventMessage, line: Line): void => {
    const entry: Waiting = { message, line, shown: false };
    heard += 1;
    waiting.push(entry);
    const timer = setTimeout(() => {
      timers.delete(timer);
      giveUp(entry);
    }, PATIENCE_MS);
    timers.add(timer);
  };

  return {
    onEvent: (event, at) => {
      if (event.kind === 'connected') connected = true;
      if (event.kind === 'disconnected') connected = false;
      const line = lineOf(language, event, at);
      if (event.kind === 'event') onMessage(event.message, line);
      else show(line.text, line.shade);
    },
    onAck: (ack) => {
      const covered = waiting.filter((entry) => isCovered(entry, ack));
      waiting = waiting.filter((entry) => !covered.includes(entry));
      for (const entry of covered) {
        if (entry.shown) show(words.laterAcknowledged(words.lanes[entry.message.lane], entry.message.seq), 'plain');
        else tell(entry, words.acknowledged);
      }
    },
    counts: () => ({ heard, acknowledged: heard - waiting.length }),
    isConnected: () => connected,
    stop: () => timers.forEach((timer) => clearTimeout(timer)),
  };
};
