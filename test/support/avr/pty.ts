/**
 * A pseudo-terminal, opened through libc: this side is the board's, the other a path that the real serial driver opens.
 *
 * What is written while nobody has the path open is lost, as on a serial line; a terminal would keep it. Linux only.
 */
import koffi from 'koffi';

export type Pty = {
  /** The path of the other side. */
  readonly path: string;
  /** What has come since the last time; never waits. */
  readonly read: () => Uint8Array;
  readonly write: (bytes: Uint8Array) => void;
  /** Hangs up: whoever reads the other side sees its end. */
  readonly close: () => void;
};

const O_RDWR = 2;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
const TCSANOW = 0;
const POLLHUP = 0x10;
/** Larger than any libc's `struct termios`. */
const TERMIOS_BYTES = 256;
const CHUNK_BYTES = 4_096;

const libc = koffi.load('libc.so.6');
const PollFd = koffi.struct('VigiePollFd', { fd: 'int', events: 'short', revents: 'short' });
const call = {
  posixOpenpt: libc.func('int posix_openpt(int flags)') as (flags: number) => number,
  grantpt: libc.func('int grantpt(int fd)') as (fd: number) => number,
  unlockpt: libc.func('int unlockpt(int fd)') as (fd: number) => number,
  ptsname: libc.func('const char *ptsname(int fd)') as (fd: number) => string | null,
  tcgetattr: libc.func('int tcgetattr(int fd, uint8_t *termios)') as (fd: number, termios: Uint8Array) => number,
  tcsetattr: libc.func('int tcsetattr(int fd, int when, const uint8_t *termios)') as (
    fd: number,
    when: number,
    termios: Uint8Array,
  ) => number,
  cfmakeraw: libc.func('void cfmakeraw(_Inout_ uint8_t *termios)') as (termios: Uint8Array) => void,
  open: libc.func('int open(const char *path, int flags)') as (path: string, flags: number) => number,
  close: libc.func('int close(int fd)') as (fd: number) => number,
  read: libc.func('long read(int fd, _Out_ uint8_t *bytes, size_t count)') as (
    fd: number,
    bytes: Uint8Array,
    count: number,
  ) => number,
  write: libc.func('long write(int fd, const uint8_t *bytes, size_t count)') as (
    fd: number,
    bytes: Uint8Array,
    count: number,
  ) => number,
  poll: libc.func('poll', 'int', [koffi.inout(koffi.pointer(PollFd)), 'ulong', 'int']) as (
    fds: { fd: number; events: number; revents: number },
    count: number,
    timeoutMs: number,
  ) => number,
};

const demand = (done: boolean, what: string): void => {
  if (!done) throw new Error(`no pseudo-terminal: ${what} failed`);
};

const makeRaw = (fd: number): void => {
  const termios = new Uint8Array(TERMIOS_BYTES);
  demand(call.tcgetattr(fd, termios) === 0, 'tcgetattr');
  call.cfmakeraw(termios);
  demand(call.tcsetattr(fd, TCSANOW, termios) === 0, 'tcsetattr');
};

const isOpenThere = (fd: number): boolean => {
  const asked = { fd, events: 0, revents: 0 };
  call.poll(asked, 1, 0);
  return (asked.revents & POLLHUP) === 0;
};

export const openPty = (): Pty => {
  const fd = call.posixOpenpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  demand(fd >= 0, 'posix_openpt');
  demand(call.grantpt(fd) === 0, 'grantpt');
  demand(call.unlockpt(fd) === 0, 'unlockpt');
  const path = call.ptsname(fd) ?? '';
  demand(path !== '', 'ptsname');
  // Only a side that was open once and closed counts as hung up.
  const other = call.open(path, O_RDWR | O_NOCTTY);
  demand(other >= 0, `opening ${path}`);
  makeRaw(other);
  call.close(other);
  const chunk = new Uint8Array(CHUNK_BYTES);
  return {
    path,
    read: () => chunk.slice(0, Math.max(0, call.read(fd, chunk, CHUNK_BYTES))),
    write: (bytes) => {
      if (isOpenThere(fd)) call.write(fd, bytes, bytes.length);
    },
    close: () => void call.close(fd),
  };
};
