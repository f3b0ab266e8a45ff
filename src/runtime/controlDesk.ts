/**
 * What somebody on the machine may ask of this controller: a closed set of *verbs*, each named by its `ask`. Whoever adds one
 * gives its name and its act; the act judges its own fields and answers with a `reason` where it refuses.
 */
import type { ControlClient, ControlFault, ControlRefusal, ControlReply, Desk, Fields } from '../ports/control.ts';
import type { Log } from '../ports/log.ts';

export type ControlVerb = {
  readonly ask: string;
  readonly act: (fields: Fields, client: ControlClient) => Promise<ControlReply>;
};

export const refusedFor = <R extends string>(reason: R, facts: Fields = {}): ControlRefusal<R> => ({
  ...facts,
  ok: false,
  reason,
});

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export const makeControlDesk = (verbs: readonly ControlVerb[], log: Log): Desk => {
  const byAsk = new Map(verbs.map((verb) => [verb.ask, verb]));
  return async (request, client) => {
    if (!isFields(request) || typeof request['ask'] !== 'string') return refusedFor<ControlFault>('not-a-request');
    const verb = byAsk.get(request['ask']);
    if (!verb) return refusedFor<ControlFault>('unknown-request', { known: [...byAsk.keys()] });
    try {
      return await verb.act(request, client);
    } catch (error) {
      // What was asked may hold a badge number: only what went wrong is logged.
      log('error', 'a request could not be answered', { ask: verb.ask, error: error instanceof Error ? error.stack : '' });
      return refusedFor<ControlFault>('internal-fault');
    }
  };
};

/** The bare machine guards, and can do nothing else. */
export const bareDesk: Desk = async () => refusedFor<ControlFault>('bare');
