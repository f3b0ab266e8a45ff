/** The certificates and keys that a command line names, read for a link. */
import type { TlsOptions } from '../ports/link.ts';
import type { Io } from './io.ts';

export type TlsPaths = {
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
};

export type TlsFiles =
  | { readonly ok: true; readonly tls: TlsOptions | undefined }
  | { readonly ok: false; readonly text: string };

export const readTls = async ({ ca, certificate, key, serverName }: TlsPaths, io: Io): Promise<TlsFiles> => {
  const tls: Record<string, string> = {};
  for (const [name, path] of Object.entries({ ca, certificate, key })) {
    if (path === undefined) continue;
    const read = await io.readFile(path);
    if (!read.ok) return { ok: false, text: `${path}: ${read.reason}\n` };
    tls[name] = new TextDecoder().decode(read.bytes);
  }
  if (serverName !== undefined) tls['serverName'] = serverName;
  return { ok: true, tls: Object.keys(tls).length > 0 ? tls : undefined };
};
