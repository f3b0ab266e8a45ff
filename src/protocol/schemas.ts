/** The published JSON Schemas (draft-07): one for each message, by the name of its file under docs/schema. */
import { ackSchema, centreStatusSchema, marksSchema } from './centreMessages.ts';
import { commandSchema, replySchema } from './commands.ts';
import { eventSchema, heartbeatSchema, statusSchema } from './messages.ts';
import type { JsonSchema, Schema } from './schema.ts';
import { areaStateSchema, doorStateSchema, healthStateSchema, zoneStateSchema } from './stateMessages.ts';

const DRAFT = 'http://json-schema.org/draft-07/schema#';

const published = (name: string, title: string, schema: Schema<unknown>): JsonSchema => ({
  $schema: DRAFT,
  $id: `vigie/v1/${name}.json`,
  title,
  ...schema.json,
});

export const PUBLISHED_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  event: published('event', 'vigie/v1/{site}/alarm/{class} and vigie/v1/{site}/event/{category}', eventSchema),
  status: published('status', 'vigie/v1/{site}/status', statusSchema),
  heartbeat: published('heartbeat', 'vigie/v1/{site}/heartbeat', heartbeatSchema),
  'state-area': published('state-area', 'vigie/v1/{site}/state/area/{id}', areaStateSchema),
  'state-zone': published('state-zone', 'vigie/v1/{site}/state/zone/{id}', zoneStateSchema),
  'state-door': published('state-door', 'vigie/v1/{site}/state/door/{id}', doorStateSchema),
  'state-health': published('state-health', 'vigie/v1/{site}/state/health', healthStateSchema),
  ack: published('ack', 'vigie/v1/{site}/ack', ackSchema),
  marks: published('marks', 'vigie/v1/{site}/marks', marksSchema),
  'centre-status': published('centre-status', 'vigie/v1/centre/status', centreStatusSchema),
  command: published('command', 'vigie/v1/{site}/command/{verb}', commandSchema),
  reply: published('reply', 'vigie/v1/{site}/reply/{id}', replySchema),
};
