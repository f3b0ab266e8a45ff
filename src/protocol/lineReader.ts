/** Cuts a stream of bytes into lines of text, however it is split, and passes over lines longer than the limit. */

export type LineReader = { readonly feed: (chunk: Uint8Array) => void };

export type LineReaderOptions = {
  /** Bytes in a line without its end. */
  readonly limit: number;
  readonly onLine: (text: string) => void;
  /** Once for each line that is too long; its bytes are dropped up to its end. */
  readonly onTooLong: () => void;
};

const NEWLINE = 0x0a;

export const createLineReader = ({ limit, onLine, onTooLong }: LineReaderOptions): LineReader => {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let length = 0;
  let skipping = false;

  const keep = (part: Uint8Array): void => {
    if (skipping) return;
    parts.push(part);
    length += part.length;
    if (length <= limit) return;
    skipping = true;
    parts = [];
    onTooLong();
  };

  const end = (): void => {
    const text = parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
    const whole = !skipping;
    parts = [];
    length = 0;
    skipping = false;
    if (whole && text.trim() !== '') onLine(text);
  };

  const feed = (chunk: Uint8Array): void => {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, at));
      end();
      start = at + 1;
    }
    if (start < chunk.length) keep(chunk.slice(start));
  };
  return { feed };
};
