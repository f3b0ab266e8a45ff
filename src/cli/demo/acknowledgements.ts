/**
 * What the centre acknowledges, as it passes through the broker: a third client beside the site and the centre, which
 * hears the acknowledgements and changes nothing.
 */
import { mqttLink } from '../../drivers/mqtt/link.ts';
import { LINK_DEFAULTS } from '../../ports/link.ts';
import { decodeAck } from '../../protocol/payloads.ts';
import type { AckMessage } from '../../protocol/centreMessages.ts';
import { topicOf } from '../../protocol/topics.ts';

const RETRY_MS = 500;

/** Listens until it is stopped, and comes back whenever the broker does. */
export const hearAcknowledgements = (url: string, site: string, onAck: (ack: AckMessage) => void): (() => void) => {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const topic = topicOf({ kind: 'ack', site });
  const connect = (): void => link.connect({ ...LINK_DEFAULTS, url, clientId: 'vigie-demo' });
  const link = mqttLink((event) => {
    if (event.kind === 'up') link.subscribe([topic], 0, () => undefined);
    if (event.kind === 'message') {
      const ack = decodeAck(event.message.payload);
      if (ack.ok) onAck(ack.value);
    }
    if (event.kind === 'down' && !isStopped) timer = setTimeout(connect, RETRY_MS);
  });
  connect();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    link.destroy();
  };
};
