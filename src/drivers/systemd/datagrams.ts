/**
 * Datagrams to a Unix socket, which Node does not have: `socket` and `sendto` of the C library, called through `koffi`. No
 * compiler is needed; numbers are those of Linux on x86-64 and ARM.
 */
import { createRequire } from 'node:module';
import type * as koffiTypes from 'koffi';

export type Datagrams = {
  /** Undefined, or the number of the error (errno). `wait`: rather wait for a full queue than lose it. */
  readonly send: (text: string, wait: boolean) => number | undefined;
  readonly close: () => void;
};

export type DatagramsResult =
  | { readonly ok: true; readonly datagrams: Datagrams }
  | { readonly ok: false; readonly trouble: 'koffi-missing' | 'no-socket'; readonly detail: string };

type Koffi = typeof koffiTypes;

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** `sun_path` of `struct sockaddr_un`, with a byte for the end of a path (unix(7)). */
const PATH_BYTES_MAX = 107;
const FAMILY_BYTES = 2;

/**
 * `struct sockaddr_un`: the family, two bytes in the machine's order, then the path. `@` stands for the zero byte that
 * begins an abstract name. Undefined: no address of a Unix socket.
 */
export const socketAddress = (name: string): Uint8Array | undefined => {
  const path = Buffer.from(name);
  const isAbstract = name.startsWith('@');
  if ((!isAbstract && !name.startsWith('/')) || path.length < 2 || path.length > PATH_BYTES_MAX) return undefined;
  if (isAbstract) path[0] = 0;
  const address = Buffer.alloc(FAMILY_BYTES + path.length + (isAbstract ? 0 : 1));
  address.writeUInt16LE(AF_UNIX);
  path.copy(address, FAMILY_BYTES);
  return address;
};

const loadKoffi = (): Koffi => createRequire(import.meta.url)('koffi') as Koffi;

const bind = (koffi: Koffi) => {
  const library = koffi.load(null);
  return {
    socket: library.func('int socket(int domain, int type, int protocol)') as (...args: readonly number[]) => number,
    sendto: library.func(
      'long sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *address, uint32_t addressLength)',
    ) as (fd: number, bytes: Uint8Array, length: number, flags: number, address: Uint8Array, addressLength: number) => number,
    close: library.func('int close(int fd)') as (fd: number) => number,
    errno: (): number => koffi.errno(),
  };
};

const open = (koffi: Koffi, address: Uint8Array): DatagramsResult => {
  const { socket, sendto, close, errno } = bind(koffi);
  const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return { ok: false, trouble: 'no-socket', detail: `socket: errno ${errno()}` };
  const send: Datagrams['send'] = (text, wait) => {
    const bytes = Buffer.from(text);
    const flags = MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT);
    return sendto(fd, bytes, bytes.length, flags, address, address.length) < 0 ? errno() : undefined;
  };
  return { ok: true, datagrams: { send, close: () => void close(fd) } };
};

/** `load` is another for tests that do without koffi. */
export const openDatagrams = (name: string, load: () => Koffi = loadKoffi): DatagramsResult => {
  const address = socketAddress(name);
  if (!address) return { ok: false, trouble: 'no-socket', detail: `${name} is not the address of a Unix socket` };
  try {
    return open(load(), address);
  } catch (error) {
    return { ok: false, trouble: 'koffi-missing', detail: String(error) };
  }
};
