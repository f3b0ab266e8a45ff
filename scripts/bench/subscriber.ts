/** The centre's side of a measurement: receives, notes when, and acknowledges what is numbered. */
import { bareClient } from './bareClient.ts';
import { nowMs } from './figures.ts';

export type Received = { readonly topic: string; readonly message: Record<string, unknown>; readonly atMs: number };

export type Subscriber = {
  /** The next message that `is` takes, from now on. */
  readonly next: (is: (received: Received) => boolean) => Promise<Received>;
  readonly received: () => number;
  readonly close: () => Promise<void>;
};

type Wanted = { readonly is: (received: Received) => boolean; readonly found: (received: Received) => void };

export const subscriberTo = async (url: string): Promise<Subscriber> => {
  const client = await bareClient(url, 'bench-centre');
  let wanted: Wanted[] = [];
  let count = 0;
  client.on('message', (topic, payload) => {
    const atMs = nowMs();
    const message = JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
    count += 1;
    const { epoch, lane, seq, site } = message;
    if (typeof seq === 'number') client.publish(`vigie/v1/${String(site)}/ack`, JSON.stringify({ epoch, lane, seq }), { qos: 1 });
    const met = wanted.filter(({ is }) => is({ topic, message, atMs }));
    wanted = wanted.filter((one) => !met.includes(one));
    for (const { found } of met) found({ topic, message, atMs });
  });
  await client.subscribeAsync(['vigie/v1/+/alarm/#', 'vigie/v1/+/event/#'], { qos: 1 });
  return {
    next: (is) => new Promise((found) => wanted.push({ is, found })),
    received: () => count,
    close: () => client.endAsync(true),
  };
};
