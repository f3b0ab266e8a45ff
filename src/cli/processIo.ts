/** The process's own streams and files, for the verbs. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';
import type { Io, ReadFailure, ReadResult } from './io.ts';

const STDOUT = 1;
const STDERR = 2;

const failureOf = (error: unknown): ReadFailure =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'not-found' : 'not-readable';

const read = async (path: string): Promise<ReadResult> => {
  try {
    if ((await stat(path)).isDirectory()) return { ok: false, reason: 'is-a-folder' };
    return { ok: true, bytes: await readFile(path) };
  } catch (error) {
    return { ok: false, reason: failureOf(error) };
  }
};

const stdin = async (): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const ENTER = new Set(['\r', '\n']);
const GIVE_UP = new Set(['\u0003', '\u0004']);
const ERASE = new Set(['\u007f', '\b']);

/** Reads a line from the terminal without echo. Ctrl-C and Ctrl-D give up. */
const askHidden = (question: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const { stdin: input } = process;
    let text = '';
    const end = (answer: string | undefined): void => {
      input.off('data', take);
      input.setRawMode(false);
      input.pause();
      write(STDERR, '\n');
      resolve(answer);
    };
    const take = (chunk: Buffer): void => {
      for (const key of chunk.toString('utf8')) {
        if (ENTER.has(key)) return end(text);
        if (GIVE_UP.has(key)) return end(undefined);
        text = ERASE.has(key) ? text.slice(0, -1) : text + key;
      }
    };
    write(STDERR, question);
    input.setRawMode(true);
    input.on('data', take);
    input.resume();
  });

/** Whole, whatever the pipe takes at once; a reader that is gone is no error of ours. */
const write = (stream: number, text: string): void => {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(stream, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
    }
  }
};

export type ProcessIo = Io & { readonly writeFile: (path: string, text: string) => Promise<string | undefined> };

export const processIo = (): ProcessIo => ({
  out: (text) => write(STDOUT, text),
  err: (text) => write(STDERR, text),
  stdin,
  ...(process.stdin.isTTY && { askHidden }),
  readFile: read,
  writeFile: async (path, text) => {
    try {
      await writeFile(path, text);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
  env: process.env,
});
