/** What a reader's protocol told, as short lines; and a protocol driven by hand. */
import type { Fed, ReaderEvent, ReaderProtocol } from '../../src/protocol/readers/reader.ts';

export const lineOf = (event: ReaderEvent): string => {
  switch (event.kind) {
    case 'badge':
      return `${event.input} badge ${event.badge.bits} ${event.badge.hex}`;
    case 'keys':
      return `${event.input} keys ${event.text}`;
    case 'presence':
      return `${event.input} ${event.present ? 'there' : 'gone'}`;
    case 'dropped':
      return `${event.reason} ${event.count}`;
    case 'hardware':
      return event.text;
    case 'send':
      return `send ${Array.from(event.bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  }
};

export type ByHand = {
  /** What is told, but for what is sent. */
  readonly feed: (bytes: Iterable<number>, atMs?: number) => readonly string[];
  readonly tick: (atMs: number) => readonly string[];
  readonly sent: () => readonly Uint8Array[];
  readonly heldBytes: () => number;
};

/** `first`: what was told at the opening of the port. */
export const byHand = <S extends { readonly held: { readonly bytes: Uint8Array } }>(
  protocol: ReaderProtocol<S>,
): ByHand & { readonly first: readonly string[]; readonly act: (act: (state: S) => Fed<S>) => readonly string[] } => {
  let { state, events } = protocol.begin(0);
  let atMs = 0;
  let sent: Uint8Array[] = [];
  const take = (fed: Fed<S>): readonly string[] => {
    ({ state, events } = fed);
    for (const event of events) if (event.kind === 'send') sent.push(event.bytes);
    return events.filter(({ kind }) => kind !== 'send').map(lineOf);
  };
  return {
    first: take({ state, events }),
    feed: (bytes, now = atMs) => {
      atMs = now;
      return take(protocol.feed(state, Uint8Array.from(bytes), now));
    },
    tick: (now) => {
      atMs = now;
      return take(protocol.tick(state, now));
    },
    act: (act) => take(act(state)),
    sent: () => {
      const taken = sent;
      sent = [];
      return taken;
    },
    heldBytes: () => state.held.bytes.length,
  };
};

export const ascii = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0));
