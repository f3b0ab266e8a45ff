/** mqtt.js as it comes, but for Nagle's algorithm, which would cost 40 ms a message. */
import { connectAsync } from 'mqtt';
import type { MqttClient } from 'mqtt';

export const bareClient = async (url: string, clientId: string): Promise<MqttClient> => {
  const client = await connectAsync(url, { protocolVersion: 5, clientId });
  const { stream } = client;
  if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') Reflect.apply(stream.setNoDelay, stream, [true]);
  return client;
};
