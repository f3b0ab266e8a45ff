/** Pieces that messages share: identifiers, instants, and words of lists that may grow. */
import { LANES } from '../core/event.ts';
import { constant, oneOf, text } from './schema.ts';
import type { Schema } from './schema.ts';

/** Largest payload in bytes, in either direction. */
export const MAX_PAYLOAD_BYTES = 16 * 1024;

export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
export const INSTANT_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export const v1 = constant(1);
export const id = text({ pattern: ID_PATTERN, max: 64 });
export const instant = text({ pattern: INSTANT_PATTERN, max: 24 });
export const quality = oneOf(['synchronised', 'unsynchronised']);
export const lane = oneOf(LANES);
/** Name of an event kind, cause or reason: a newer controller may know more of them than this receiver. */
export const word = text({ pattern: /^[a-z0-9][a-z0-9-]{0,47}$/, max: 48 });

/** Open word lists: a receiver keeps what it does not know instead of refusing an alarm from a newer controller. */
export const open = <T extends string>(): Schema<T> => ({ json: word.json, accepts: (value): value is T => word.accepts(value) });

export const hex = text({ pattern: /^[0-9a-f]{0,128}$/, max: 128 });
