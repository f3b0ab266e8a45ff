/** What a verb needs of the world: text out, text in, files, environment. Tests give their own. */

export type ReadFailure = 'not-found' | 'not-readable' | 'is-a-folder';
export type ReadResult = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: ReadFailure };

export type Io = {
  /** Writes to standard output as it is: give the line end. */
  readonly out: (text: string) => void;
  /** Writes to standard error as it is. */
  readonly err: (text: string) => void;
  /** Everything standard input holds, to its end. */
  readonly stdin: () => Promise<string>;
  /** Asks at the terminal for what must not show; undefined: there is no terminal, or the person gave up. */
  readonly askHidden?: (question: string) => Promise<string | undefined>;
  readonly readFile: (path: string) => Promise<ReadResult>;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** What processes end with. */
export const EXIT = {
  ok: 0,
  /** It was asked the right way and did not succeed. */
  failed: 1,
  /** The config has faults, or the command line is wrong. */
  badInput: 2,
  /** The data folder is held by another process, or cannot be used. */
  data: 3,
} as const;
