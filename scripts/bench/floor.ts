/**
 * What nothing can beat with these means. As a relay: a line of the socket in, a line out, in bare Node. As an alarm: the
 * same with the event appended and fdatasync, and then published with bare mqtt.
 *
 *     node floor.js SOCKET [BROKER-URL FILE [SYNC-DELAY-MS]]
 */
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { bareClient } from './bareClient.ts';

const [socketPath, url, file, delay] = process.argv.slice(2);
const syncDelayMs = Number(delay ?? 0);

const EVENT = JSON.stringify({ v: 1, site: 'floor', kind: 'intrusion', padding: 'x'.repeat(260) });

const client = url === undefined ? undefined : await bareClient(url, 'floor');
const journal = file === undefined ? undefined : openSync(file, 'a');
const sleeper = new Int32Array(new SharedArrayBuffer(4));

const tell = (): void => {
  if (!client || journal === undefined) return;
  writeSync(journal, EVENT);
  if (syncDelayMs > 0) Atomics.wait(sleeper, 0, 0, syncDelayMs);
  fdatasyncSync(journal);
  client.publish('vigie/v1/floor/alarm/intrusion', EVENT, { qos: 1 });
};

const server = createServer((socket) => {
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message: unknown = JSON.parse(line);
      if (typeof message !== 'object' || message === null || !('set' in message)) continue;
      socket.write(`${JSON.stringify({ line: 'OUT1', level: 1, atMs: performance.now() })}\n`);
      tell();
    }
  });
});
server.listen(socketPath, () => process.stdout.write('{"ready":true}\n'));
process.once('SIGTERM', () => process.exit(0));
