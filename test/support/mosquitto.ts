/** Debian's mosquitto on loopback, one process per test, its files in a folder that goes with it. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from './certificates.ts';

export type MosquittoOptions = {
  readonly port?: number;
  readonly receiveMaximum?: number;
  readonly maximumPacketBytes?: number;
  /** Lines of an ACL file. */
  readonly acl?: readonly string[];
  /** Nobody may connect. */
  readonly closed?: boolean;
  readonly tls?: { readonly server: Credentials; readonly clientCa: string };
};

export type Mosquitto = { readonly port: number; readonly kill: () => Promise<void> };

const PROGRAM = '/usr/sbin/mosquitto';
const STARTING_MS = 5_000;

/** Says in plain words what is missing, and ends the run as failed. */
export const demandMosquitto = (): void => {
  if (spawnSync(PROGRAM, ['-h']).error === undefined) return;
  process.stderr.write(`This test needs Debian's mosquitto (${PROGRAM}): apt-get install mosquitto\n`);
  process.exit(1);
};

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const write = (folder: string, name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const tlsLines = (folder: string, { server, clientCa }: NonNullable<MosquittoOptions['tls']>): readonly string[] => [
  `cafile ${write(folder, 'ca.pem', clientCa)}`,
  `certfile ${write(folder, 'server.pem', server.certificate)}`,
  `keyfile ${write(folder, 'server.key', server.key)}`,
  'require_certificate true',
  'use_identity_as_username true',
];

const configOf = (folder: string, port: number, options: MosquittoOptions): string =>
  [
    `listener ${port} 127.0.0.1`,
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'persistence false',
    'set_tcp_nodelay true',
    `allow_anonymous ${options.closed ? 'false' : 'true'}`,
    `max_inflight_messages ${options.receiveMaximum ?? 20}`,
    `max_packet_size ${options.maximumPacketBytes ?? 17_408}`,
    ...(options.acl ? [`acl_file ${write(folder, 'acl', `${options.acl.join('\n')}\n`)}`] : []),
    ...(options.tls ? tlsLines(folder, options.tls) : []),
    '',
  ].join('\n');

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const untilItAnswers = async (port: number, child: ChildProcess, said: () => string): Promise<void> => {
  const until = Date.now() + STARTING_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`mosquitto did not start: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

export const startMosquitto = async (options: MosquittoOptions = {}): Promise<Mosquitto> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-mosquitto-'));
  const port = options.port ?? (await freePort());
  const child = spawn(PROGRAM, ['-c', write(folder, 'mosquitto.conf', configOf(folder, port, options))]);
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilItAnswers(port, child, () => output);
  return {
    port,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
