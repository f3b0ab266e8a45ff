/** What is wrong in a site's file: where, what, and what to do about it, in words for the person who wrote it. */

export type Severity = 'error' | 'warning';
export type Path = readonly (string | number)[];

export type Problem = {
  readonly severity: Severity;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** `zones.yard-window.debounce`; empty for the file as a whole. */
  readonly path: string;
  /** Stable: never matched by message. */
  readonly code: string;
  readonly message: string;
  readonly messageFr: string;
};

/** A problem whose place in the text is not looked up yet. */
export type Finding = {
  readonly severity: Severity;
  readonly path: Path;
  /** Whether the key itself is at fault, or what it holds. */
  readonly at: 'key' | 'value';
  readonly code: string;
  readonly message: string;
  readonly messageFr: string;
};

export const fault = (path: Path, code: string, message: string, messageFr: string): Finding => ({
  severity: 'error',
  path,
  at: 'value',
  code,
  message,
  messageFr,
});

export const faultAtKey = (path: Path, code: string, message: string, messageFr: string): Finding => ({
  ...fault(path, code, message, messageFr),
  at: 'key',
});

export const warning = (path: Path, code: string, message: string, messageFr: string): Finding => ({
  ...fault(path, code, message, messageFr),
  severity: 'warning',
  at: 'key',
});

/** In the order of the text. */
export const compareProblems = (a: Problem, b: Problem): number =>
  a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
