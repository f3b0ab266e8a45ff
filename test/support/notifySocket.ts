/** The other end of sd_notify: a Unix datagram socket, as systemd holds one, read through koffi. */
import { createRequire } from 'node:module';
import { rmSync } from 'node:fs';
import type * as koffiTypes from 'koffi';
import { socketAddress } from '../../src/drivers/systemd/datagrams.ts';

type Koffi = typeof koffiTypes;

export type NotifySocket = {
  readonly name: string;
  /** Every datagram since the last look, in order. */
  readonly take: () => readonly string[];
  readonly close: () => void;
};

const [AF_UNIX, SOCK_DGRAM, SOCK_CLOEXEC, MSG_DONTWAIT] = [1, 2, 0o2_000_000, 0x40];
const DATAGRAM_BYTES_MAX = 8_192;

/** `name`: a path, or `@` and an abstract name. */
export const openNotifySocket = (name: string): NotifySocket => {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const library = koffi.load(null);
  const socket = library.func('int socket(int, int, int)') as (...args: number[]) => number;
  const bind = library.func('int bind(int, const uint8_t *, uint32_t)') as (fd: number, bytes: Uint8Array, n: number) => number;
  const recv = library.func('long recv(int, _Out_ uint8_t *, size_t, int)') as (...args: readonly unknown[]) => number;
  const close = library.func('int close(int)') as (fd: number) => number;
  const address = socketAddress(name);
  const fd = socket(AF_UNIX ?? 0, (SOCK_DGRAM ?? 0) | (SOCK_CLOEXEC ?? 0), 0);
  if (!address || fd < 0 || bind(fd, address, address.length) < 0) throw new Error(`${name}: errno ${koffi.errno()}`);
  const buffer = Buffer.alloc(DATAGRAM_BYTES_MAX);
  const one = (): string | undefined => {
    const length = recv(fd, buffer, buffer.length, MSG_DONTWAIT);
    return length < 0 ? undefined : buffer.toString('utf8', 0, length);
  };
  return {
    name,
    take: () => {
      const taken: string[] = [];
      for (let text = one(); text !== undefined; text = one()) taken.push(text);
      return taken;
    },
    close: () => {
      close(fd);
      if (!name.startsWith('@')) rmSync(name, { force: true });
    },
  };
};
