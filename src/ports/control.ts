/**
 * What somebody on the machine may ask of a controller that runs: one JSON object in, one out.
 *
 * - **desk**: the closed set of what can be asked, each by its `ask`; made in the runtime.
 * - **client**: whoever asks. It may go away before its answer is there.
 */

/** A JSON object as it came; what stands in it is checked by whoever acts on it. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * - `not-json` `not-a-request`: no JSON object, or none with an `ask`. `unknown-request`: no such `ask`.
 * - `line-too-long`: beyond `CONTROL_LINE_BYTES`. `bare`: the bare machine guards and can do nothing else.
 * - `internal-fault`: a bug; the log has it.
 */
export type ControlFault = 'not-json' | 'not-a-request' | 'unknown-request' | 'line-too-long' | 'bare' | 'internal-fault';

export type ControlAnswer = { readonly ok: true } & Fields;
export type ControlRefusal<R extends string = string> = { readonly ok: false; readonly reason: R } & Fields;
export type ControlReply = ControlAnswer | ControlRefusal;

export type ControlClient = {
  /** Aborted once it has gone. */
  readonly gone: AbortSignal;
};

/** Never rejects. */
export type Desk = (request: unknown, client: ControlClient) => Promise<ControlReply>;

/** A request, without its end: an import of some hundred people with their badges. */
export const CONTROL_LINE_BYTES = 256 * 1024;
/** An answer: everybody there is. */
export const CONTROL_REPLY_BYTES = 4 * 1024 * 1024;

export type ControlSocket = {
  /** Ends every client and removes the socket's file. */
  readonly close: () => Promise<void>;
};

/** `not-a-socket`: something else stands in its place. `cannot-listen`: the system refuses, as `detail` says. */
export type ControlTrouble = 'not-a-socket' | 'cannot-listen';
export type ControlServed =
  | { readonly ok: true; readonly socket: ControlSocket }
  | { readonly ok: false; readonly reason: ControlTrouble; readonly detail: string };

/**
 * - `not-running`: nobody listens. `not-allowed`: the socket belongs to another user. `no-folder`: there is no such folder.
 * - `no-answer`: it hung up, or said nothing in time.
 */
export type AskFailure = 'not-running' | 'not-allowed' | 'no-folder' | 'no-answer';
export type Asked = { readonly ok: true; readonly reply: ControlReply } | { readonly ok: false; readonly reason: AskFailure };
