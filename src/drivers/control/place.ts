/**
 * Where the control socket is: `control.sock` in the data folder, whoever may enter which may ask.
 *
 * The kernel takes no socket path above 107 bytes (`sockaddr_un`, unix(7)). The folder is opened and the socket is reached
 * through the process's own handle of it, so that neither a deep folder nor one that is renamed meanwhile matters, and no
 * socket has to lie where another user could put one first.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';

export const CONTROL_SOCKET = 'control.sock';

export type Place = {
  /** For listening and connecting, as long as the place is not left. */
  readonly path: string;
  readonly leave: () => void;
};

/** Throws what the file system says of the folder. */
export const enter = (folder: string): Place => {
  const handle = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: join('/proc/self/fd', String(handle), CONTROL_SOCKET), leave: () => closeSync(handle) };
};
