/** A world for verbs that is made of text. */
import type { Io, ReadResult } from '../../src/cli/io.ts';

export type FakeIo = Io & { readonly written: { out: string; err: string } };

export const fakeIo = (files: Readonly<Record<string, string>>, stdin = ''): FakeIo => {
  const written = { out: '', err: '' };
  const read = (path: string): ReadResult => {
    const text = files[path];
    return text === undefined ? { ok: false, reason: 'not-found' } : { ok: true, bytes: new TextEncoder().encode(text) };
  };
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    stdin: async () => stdin,
    readFile: async (path) => read(path),
    env: {},
  };
};
