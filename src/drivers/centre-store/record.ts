/**
 * One line of the centre's file: a digest of what follows, a space, JSON, a line feed. A line that a power cut tore, or
 * a disk altered, does not fit its digest. Nothing is ever changed in place.
 */
import { createHash } from 'node:crypto';
import type { Lane } from '../../core/event.ts';
import { lane } from '../../protocol/fields.ts';
import { hex, id } from '../../protocol/fields.ts';
import { eventSchema } from '../../protocol/messages.ts';
import type { EventMessage } from '../../protocol/messages.ts';
import { parse } from '../../protocol/payloads.ts';
import { either, constant, flag, integer, object } from '../../protocol/schema.ts';
import type { Schema } from '../../protocol/schema.ts';

export type EventRecord = {
  readonly kind: 'event';
  /** The centre's clock, milliseconds since 1970 UTC. */
  readonly receivedAt: number;
  /** Of the event's fingerprint. */
  readonly hash: string;
  /** The number was stored before with other contents; both stay. */
  readonly conflict: boolean;
  readonly message: EventMessage;
};

/** The site has had numbers up to `upTo` acknowledged that are not here, and will not send them again. */
export type LostRecord = {
  readonly kind: 'lost';
  readonly receivedAt: number;
  readonly site: string;
  readonly epoch: string;
  readonly lane: Lane;
  readonly upTo: number;
};

export type CentreRecord = EventRecord | LostRecord;

const recordSchema: Schema<CentreRecord> = either(
  object<EventRecord>({
    kind: constant('event'),
    receivedAt: integer(),
    hash: hex,
    conflict: flag,
    message: eventSchema,
  }),
  object<LostRecord>({ kind: constant('lost'), receivedAt: integer(), site: id, epoch: id, lane, upTo: integer() }),
);

const DIGEST_LENGTH = 16;

const digestOf = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, DIGEST_LENGTH);

export const lineOf = (record: CentreRecord): string => {
  const json = JSON.stringify(record);
  return `${digestOf(json)} ${json}\n`;
};

/** `line` without its line feed. Undefined: damaged, or not a record. */
export const recordOf = (line: string): CentreRecord | undefined => {
  const json = line.slice(DIGEST_LENGTH + 1);
  if (line[DIGEST_LENGTH] !== ' ' || line.slice(0, DIGEST_LENGTH) !== digestOf(json)) return undefined;
  const parsed = parse(recordSchema, json);
  return parsed.ok ? parsed.value : undefined;
};
