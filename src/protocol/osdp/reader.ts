/**
 * What the controller knows of one reader on its bus, and the words of the bus as a whole. Pure.
 *
 * - **away**: no dialogue runs; the reader is asked again after a while, at most 10 s. **meeting**: who it is and what it can
 *   do. **challenging**, **proving**: the secure channel is set up. **storing**, **keying**: a new key is put on disk, then
 *   into the reader. **up**: cards, keys and states count.
 * - **presence**: what the rest of the house is told; a dialogue that has to start anew does not change it at once.
 * - **known**: what is kept of a reader from earlier: who it was, and the key it shares with this controller.
 * - **install window**: a time in which a reader may be given its key with the default key, or another reader be accepted.
 * - **slot**: what a reader is to show or to switch, by a name of the caller's: the newest order counts and is said again
 *   whenever the reader comes back.
 */
import type { Command } from './commands.ts';
import type { Capabilities } from './replies.ts';
import type { Aes, Channel, SessionKeys } from './secure.ts';

export type ReaderId = string;
export type BaseKey = 'default' | 'own';

export type ReaderConfig = {
  readonly id: ReaderId;
  /** 0–126. */
  readonly address: number;
  /** false: cards and keys are taken from a plain line, which anybody at the cable can read and write. */
  readonly isSecure: boolean;
};

export type Known = {
  /** Vendor and serial number; undefined: never met. */
  readonly identity: string | undefined;
  readonly key: Uint8Array | undefined;
};

/** Why nothing is taken from a reader. */
export type ReaderTrouble =
  /** It does not answer. */
  | 'silent'
  /** It has no key of ours yet: it waits for an install window. */
  | 'no-key'
  /** What it has for a key is not ours. */
  | 'wrong-key'
  /** It can only be spoken to in plain, and the site asks for more. */
  | 'no-secure-channel'
  /** It had a secure channel once and says now that it has none. */
  | 'downgrade'
  /** The site says plain, the reader refuses that. */
  | 'secure-channel-needed'
  /** Another reader answers in its place. */
  | 'swapped'
  /** The new key could not be put on disk, so it was not given away. */
  | 'key-not-stored';

export type Phase =
  | { readonly name: 'away' }
  | { readonly name: 'meeting' }
  | { readonly name: 'challenging'; readonly base: BaseKey; readonly nonce: Uint8Array }
  | { readonly name: 'proving'; readonly base: BaseKey; readonly keys: SessionKeys; readonly cryptogram: Uint8Array }
  | { readonly name: 'storing'; readonly key: Uint8Array }
  | { readonly name: 'keying'; readonly key: Uint8Array }
  /** `isSettled`: it has answered since. */
  | { readonly name: 'up'; readonly isSettled: boolean };

/** A command as it went out; said again with the same bytes until it is answered. */
export type Sent = {
  readonly command: Command;
  readonly slot: string | undefined;
  readonly bytes: Uint8Array;
  readonly sequence: number;
  /** Whole MAC; undefined: outside a channel. */
  readonly mac: Uint8Array | undefined;
};

export type Chore = 'local-status' | 'input-status' | 'reader-status';

export type Reader = {
  readonly config: ReaderConfig;
  readonly known: Known;
  readonly phase: Phase;
  readonly channel: (Channel & { readonly base: BaseKey }) | undefined;
  /** Of the next command. */
  readonly sequence: number;
  readonly unanswered: Sent | undefined;
  /** In a row. */
  readonly failures: number;
  /** Not before. */
  readonly askAtMs: number;
  readonly backOffMs: number;
  /** Its last good reply while up, or its last refusal. */
  readonly seenAtMs: number;
  readonly presence: 'unknown' | 'present' | 'absent';
  readonly trouble: ReaderTrouble | undefined;
  readonly identity: string | undefined;
  readonly capabilities: Capabilities | undefined;
  readonly wanted: ReadonlyMap<string, Command>;
  /** Slots that the reader does not know yet. */
  readonly unsaid: readonly string[];
  readonly chores: readonly Chore[];
  readonly choresAtMs: number;
  /** Nothing is known of its states yet. */
  readonly areChoresUrgent: boolean;
  readonly unsupported: readonly Command['kind'][];
  readonly hasPolled: boolean;
  readonly windowUntilMs: number | undefined;
  /** In an install window: its own key was refused, so the default key is tried. */
  readonly triesDefault: boolean;
};

export type BusTell =
  | { readonly kind: 'presence'; readonly reader: ReaderId; readonly isPresent: boolean }
  | { readonly kind: 'trouble'; readonly reader: ReaderId; readonly trouble: ReaderTrouble | undefined }
  | { readonly kind: 'card'; readonly reader: ReaderId; readonly bits: number; readonly bytes: Uint8Array }
  | { readonly kind: 'keys'; readonly reader: ReaderId; readonly text: string }
  | { readonly kind: 'tamper'; readonly reader: ReaderId; readonly isTampered: boolean }
  /** Of the reading head behind the electronics, where the two are apart. */
  | { readonly kind: 'head-tamper'; readonly reader: ReaderId; readonly isTampered: boolean }
  | { readonly kind: 'power'; readonly reader: ReaderId; readonly hasFailed: boolean }
  | { readonly kind: 'inputs'; readonly reader: ReaderId; readonly levels: readonly boolean[] }
  | { readonly kind: 'met'; readonly reader: ReaderId; readonly identity: string; readonly capabilities: Capabilities }
  /** To be kept for good. */
  | { readonly kind: 'keep-identity'; readonly reader: ReaderId; readonly identity: string }
  /** To be kept for good, and answered by `key-stored`: only then does the reader get it. */
  | { readonly kind: 'store-key'; readonly reader: ReaderId; readonly key: Uint8Array }
  /** The install window is over; undefined: nothing came of it. */
  | { readonly kind: 'installed'; readonly reader: ReaderId; readonly identity: string | undefined };

export type BusTimes = {
  readonly replyMs: number;
  /** Between two questions to a reader that is up. */
  readonly pollMs: number;
  readonly busyMs: number;
  readonly offlineMs: number;
  readonly backOffMinMs: number;
  readonly backOffMaxMs: number;
  readonly choresMs: number;
};

/** Reply within 200 ms, offline after 8 s: SIA OSDP. Offline is told sooner, so that it is told in time. */
export const BUS_TIMES: BusTimes = {
  replyMs: 200,
  pollMs: 30,
  busyMs: 100,
  offlineMs: 6_000,
  backOffMinMs: 250,
  backOffMaxMs: 10_000,
  choresMs: 30_000,
};

export type BusConfig = {
  readonly aes: Aes;
  /** So many random bytes, fit for keys. */
  readonly random: (bytes: number) => Uint8Array;
  readonly baudRate: number;
  readonly times: BusTimes;
};

export type ReaderStep = { readonly reader: Reader; readonly tells: readonly BusTell[] };

export const newReader = (config: ReaderConfig, known: Known, now: number): Reader => ({
  config,
  known,
  phase: { name: 'away' },
  channel: undefined,
  sequence: 0,
  unanswered: undefined,
  failures: 0,
  askAtMs: now,
  backOffMs: 0,
  seenAtMs: now,
  presence: 'unknown',
  trouble: undefined,
  identity: undefined,
  capabilities: undefined,
  wanted: new Map(),
  unsaid: [],
  chores: [],
  choresAtMs: now,
  areChoresUrgent: false,
  unsupported: [],
  hasPolled: false,
  windowUntilMs: undefined,
  triesDefault: false,
});

export const isWindowOpen = ({ windowUntilMs }: Reader): boolean => windowUntilMs !== undefined;

/** A reader that once had a key of its own is never taken in plain again, whatever the site's file says. */
export const mustBeSecure = ({ config, known }: Reader): boolean => config.isSecure || known.key !== undefined;

const setPresence = (reader: Reader, isPresent: boolean): ReaderStep => {
  const presence = isPresent ? 'present' : 'absent';
  if (reader.presence === presence) return { reader, tells: [] };
  return { reader: { ...reader, presence }, tells: [{ kind: 'presence', reader: reader.config.id, isPresent }] };
};

export const setTrouble = (reader: Reader, trouble: ReaderTrouble | undefined): ReaderStep => {
  const { reader: next, tells } = setPresence(reader, trouble === undefined);
  if (reader.trouble === trouble) return { reader: next, tells };
  return { reader: { ...next, trouble }, tells: [...tells, { kind: 'trouble', reader: reader.config.id, trouble }] };
};

// ---- the end of a dialogue

/** The dialogue begins anew with sequence 0, after `waitMs`. */
export const startAnew = (reader: Reader, now: number, waitMs: number): Reader => ({
  ...reader,
  phase: { name: 'away' },
  channel: undefined,
  sequence: 0,
  unanswered: undefined,
  failures: 0,
  askAtMs: now + waitMs,
  hasPolled: false,
});

const nextBackOffMs = ({ backOffMs }: Reader, { backOffMinMs, backOffMaxMs }: BusTimes): number =>
  backOffMs === 0 ? backOffMinMs : Math.min(backOffMaxMs, backOffMs * 2);

/** Each time it waits twice as long. */
export const backOff = (reader: Reader, times: BusTimes, now: number): Reader => {
  const backOffMs = nextBackOffMs(reader, times);
  return { ...startAnew(reader, now, backOffMs), backOffMs };
};

const REFUSED_BACK_OFF_MS = 1_000;

/** It answers, and nothing is taken from it. */
export const refuse = (reader: Reader, trouble: ReaderTrouble, times: BusTimes, now: number): ReaderStep => {
  const patient = { ...reader, backOffMs: Math.max(reader.backOffMs, REFUSED_BACK_OFF_MS), seenAtMs: now };
  return setTrouble(backOff(patient, times, now), trouble);
};

/** When it counts as silent: a reader that was refused is asked less often, and gets as much longer. */
export const silentAtMs = ({ seenAtMs, trouble, backOffMs }: Reader, { offlineMs }: BusTimes): number =>
  seenAtMs + offlineMs + (trouble === undefined ? 0 : backOffMs);
