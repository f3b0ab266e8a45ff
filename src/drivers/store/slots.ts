/**
 * A small file of two slots, written in turn: a save that is cut short leaves the one before readable. A slot is a line
 * `vigie-slot 1 <counter> <bytes> <sum>` and the text; the sum is the start of sha256 over counter and text. A text that
 * stays within 512 bytes with its line lies in one sector.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';

import type { Result } from '../../ports/store.ts';
import { failureOf } from './failure.ts';

export type SlotsRead = { readonly text: string | undefined; readonly counter: number; readonly damaged: boolean };

const sumOf = (counter: number, text: string): string =>
  createHash('sha256').update(`${counter}\n${text}`).digest('hex').slice(0, 16);

const encodeSlot = (counter: number, text: string): Buffer => {
  const line = `vigie-slot 1 ${counter} ${Buffer.byteLength(text)} ${sumOf(counter, text)}\n`;
  return Buffer.from(line + text);
};

const SLOT_LINE = /^vigie-slot 1 (\d{1,15}) (\d{1,9}) ([0-9a-f]{16})\n/;

const decodeSlot = (bytes: Buffer): { readonly counter: number; readonly text: string } | undefined => {
  const [line, counterText, bytesText, sum] = SLOT_LINE.exec(bytes.subarray(0, 80).toString('latin1')) ?? [];
  if (line === undefined) return undefined;
  const counter = Number(counterText);
  const text = bytes.subarray(line.length, line.length + Number(bytesText)).toString('utf8');
  return sumOf(counter, text) === sum ? { counter, text } : undefined;
};

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Reads the newer of the slots that are whole. `damaged`: something was written, and neither is whole. */
export const readSlots = async (path: string, slotBytes: number): Promise<SlotsRead> => {
  try {
    const bytes = await readFile(path);
    // Killed between making the file and its first save: nothing was ever saved.
    if (bytes.length === 0) return { text: undefined, counter: 0, damaged: false };
    const slots = [0, slotBytes].map((offset) => decodeSlot(bytes.subarray(offset, offset + slotBytes)));
    const newest = slots.filter((slot) => slot !== undefined).toSorted((one, other) => other.counter - one.counter)[0];
    return newest ? { ...newest, damaged: false } : { text: undefined, counter: 0, damaged: true };
  } catch (error) {
    return { text: undefined, counter: 0, damaged: !isAbsent(error) };
  }
};

export type Slots = {
  /** One save at a time; of those that wait, the last is written for all. */
  readonly save: (text: string, fsync: boolean) => Promise<Result<undefined>>;
  readonly close: () => Promise<void>;
};

type Waiting = { text: string; fsync: boolean; readonly done: ((result: Result<undefined>) => void)[] };

/** `counter`: that of the slot last read, so that the next save is newer and leaves it alone. */
export const openSlots = (path: string, slotBytes: number, counterRead: number): Slots => {
  let counter = counterRead;
  let file: FileHandle | undefined;
  let waiting: Waiting | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  const write = async ({ text, fsync }: Waiting): Promise<Result<undefined>> => {
    try {
      const slot = encodeSlot(counter + 1, text);
      if (slot.length > slotBytes) return { ok: false, reason: 'io' };
      file ??= await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      await file.write(slot, 0, slot.length, ((counter + 1) % 2) * slotBytes);
      counter += 1;
      if (fsync) await file.datasync();
      return { ok: true, value: undefined };
    } catch (error) {
      return { ok: false, reason: failureOf(error) };
    }
  };

  const run = async (): Promise<void> => {
    while (waiting) {
      const save = waiting;
      waiting = undefined;
      const result = await write(save);
      for (const done of save.done) done(result);
    }
    running = undefined;
  };

  const save = (text: string, fsync: boolean): Promise<Result<undefined>> =>
    new Promise((resolve) => {
      if (closed) return resolve({ ok: false, reason: 'closed' });
      waiting ??= { text, fsync, done: [] };
      waiting.text = text;
      waiting.fsync ||= fsync;
      waiting.done.push(resolve);
      running ??= run();
    });

  const close = async (): Promise<void> => {
    closed = true;
    await running;
    await file?.close();
    file = undefined;
  };

  return { save, close };
};
