/** The process's own streams and files, for the verbs. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
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
const write = (stream: number, words: string): void => {
  let rest = Buffer.from(words);
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
  out: (words) => write(STDOUT, words),
  err: (words) => write(STDERR, words),
  stdin: () => text(process.stdin),
  ...(process.stdin.isTTY && { askHidden }),
  readFile: read,
  writeFile: async (path, content) => {
    try {
      await writeFile(path, content);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
  env: process.env,
});
