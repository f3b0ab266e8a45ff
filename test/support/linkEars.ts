/** A link with a memory: everything it said, and a way to wait for what it has not said yet. */
import type { ConnectOptions, IncomingMessage, Link, LinkEvent, MakeLink, OutgoingMessage } from '../../src/ports/link.ts';
import type { PublishResult, SubscribeResult } from '../../src/ports/link.ts';
import { LINK_DEFAULTS } from '../../src/ports/link.ts';

export type Ears = {
  readonly link: Link;
  readonly events: readonly LinkEvent[];
  readonly messages: () => readonly IncomingMessage[];
  /** The first event, past or to come, that `pick` makes something of; rejects after 5 s. */
  readonly until: <T>(what: string, pick: (event: LinkEvent) => T | undefined) => Promise<T>;
  readonly publish: (message: Partial<OutgoingMessage> & { readonly topic: string }) => Promise<PublishResult>;
  readonly subscribe: (...filters: readonly string[]) => Promise<SubscribeResult>;
  readonly up: (
    options: Partial<ConnectOptions> & Pick<ConnectOptions, 'url' | 'clientId'>,
  ) => Promise<LinkEvent & { kind: 'up' }>;
  readonly down: () => Promise<LinkEvent & { kind: 'down' }>;
  /** Forgets what was said, so that `until` looks at what comes. */
  readonly forget: () => void;
};

const PATIENCE_MS = 5_000;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

export const message = (given: Partial<OutgoingMessage> & { readonly topic: string }): OutgoingMessage => ({
  payload: bytes('x'),
  qos: 1,
  retain: false,
  ...given,
});

export const options = (given: Partial<ConnectOptions> & Pick<ConnectOptions, 'url' | 'clientId'>): ConnectOptions => ({
  ...LINK_DEFAULTS,
  connectTimeoutMs: 4_000,
  ...given,
});

export const withEars = (makeLink: MakeLink): Ears => {
  const events: LinkEvent[] = [];
  const waiting = new Set<(event: LinkEvent) => void>();
  const link = makeLink((event) => {
    events.push(event);
    for (const hear of waiting) hear(event);
  });
  const until = <T>(what: string, pick: (event: LinkEvent) => T | undefined): Promise<T> => {
    for (const event of events) {
      const found = pick(event);
      if (found !== undefined) return Promise.resolve(found);
    }
    return new Promise((resolve, reject) => {
      const hear = (event: LinkEvent): void => {
        const found = pick(event);
        if (found === undefined) return;
        waiting.delete(hear);
        clearTimeout(timer);
        resolve(found);
      };
      const giveUp = (): void => reject(new Error(`${what}: not heard, but ${JSON.stringify(events)}`));
      const timer = setTimeout(giveUp, PATIENCE_MS);
      waiting.add(hear);
    });
  };
  return {
    link,
    events,
    until,
    messages: () => events.flatMap((event) => (event.kind === 'message' ? [event.message] : [])),
    publish: (given) => new Promise((resolve) => link.publish(message(given), resolve)),
    subscribe: (...filters) => new Promise((resolve) => link.subscribe(filters, 1, resolve)),
    up: (given) => {
      link.connect(options(given));
      return until('up', (event) => (event.kind === 'up' ? event : undefined));
    },
    down: () => until('down', (event) => (event.kind === 'down' ? event : undefined)),
    forget: () => {
      events.length = 0;
    },
  };
};
