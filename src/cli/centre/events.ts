/** What the reference receiver tells whoever runs it, in the order it happened. */
import type { CentreStoreFailure } from '../../drivers/centre-store/store.ts';
import type { DownReason } from '../../ports/link.ts';
import type { EventMessage } from '../../protocol/messages.ts';
import type { DecodeRefusal } from '../../protocol/payloads.ts';
import type { ReceiverEffect } from '../../protocol/receiver.ts';

/** Why a message from a site was put aside. */
export type AsideReason =
  | DecodeRefusal
  | 'unknown-topic'
  /** Site, lane or class in the message are not those of its topic. */
  | 'topic-mismatch';

type Told = Exclude<ReceiverEffect, { readonly kind: 'store' | 'acknowledge' | 'marks' }>;

export type CentreEvent =
  | { readonly kind: 'connected'; readonly certificateNotYetValid: boolean }
  | { readonly kind: 'disconnected'; readonly reason: DownReason; readonly retryMs: number }
  /** The broker does not let the centre hear its sites. */
  | { readonly kind: 'subscription-refused'; readonly filter: string; readonly code: number }
  /** A new event, on disk. A conflicting one is told once as `event` and once as `conflict`. */
  | { readonly kind: 'event'; readonly message: EventMessage; readonly conflict: boolean }
  | Told
  | { readonly kind: 'site-online'; readonly site: string; readonly boot: number; readonly version: string }
  | { readonly kind: 'site-offline'; readonly site: string; readonly reason: 'lost' | 'stopped' }
  /** At most once a minute for each site and reason; `count` since the last time. */
  | { readonly kind: 'put-aside'; readonly site: string; readonly reason: AsideReason; readonly count: number }
  | { readonly kind: 'acknowledgement-refused'; readonly site: string; readonly code: number }
  /** Nothing that came with it is acknowledged: the sites send it again. */
  | { readonly kind: 'storage-failed'; readonly reason: CentreStoreFailure }
  | { readonly kind: 'storage-restored' };

/** `at`: the centre's clock. */
export type CentreListener = (event: CentreEvent, at: number) => void;
