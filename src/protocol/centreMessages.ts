/** What comes down to a site from its centre: acknowledgements, marks and status. */
import type { Lane } from '../core/event.ts';
import { id, lane, v1 } from './fields.ts';
import { integer, list, object, oneOf, optional } from './schema.ts';
import type { Schema } from './schema.ts';

export type SeqRange = { readonly from: number; readonly to: number };

/** Cumulative: everything of this lane up to `seq` is stored durably at the centre. */
export type AckMessage = {
  readonly epoch: string;
  readonly lane: Lane;
  readonly seq: number;
  /** Stored as well, beyond a gap; spares a repetition, never replaces `seq`. */
  readonly also?: readonly SeqRange[];
};

export const ackSchema: Schema<AckMessage> = object<AckMessage>({
  epoch: id,
  lane,
  seq: integer(),
  also: optional(list(object<SeqRange>({ from: integer(1), to: integer(1) }), 16)),
});

/** The centre's high-water marks for one epoch, told at each birth of the site. */
export type MarksMessage = { readonly v: 1; readonly epoch: string; readonly alarm: number; readonly event: number };

export const marksSchema: Schema<MarksMessage> = object<MarksMessage>({ v: v1, epoch: id, alarm: integer(), event: integer() });

export type CentreStatusMessage = { readonly v: 1; readonly status: 'online' | 'offline' };

export const centreStatusSchema: Schema<CentreStatusMessage> = object<CentreStatusMessage>({
  v: v1,
  status: oneOf(['online', 'offline']),
});
