/** A site's file, checked and complete: what the core reads and what the shell around it needs. */
import type { Config, KeypadId, LineId, Meaning, OperatorId, UserId } from '../core/config.ts';
import type { Schedule } from '../core/schedule.ts';
import type { Wall } from '../core/time.ts';
import type { BoardLibrary } from './boards.ts';
import type { StationDraft } from './stationShapes.ts';
import type { Problem } from './problem.ts';

export type Bias = 'pull-up' | 'pull-down' | 'none';

export type InputLine = { readonly line: LineId; readonly kind: 'digital' | 'analog'; readonly bias: Bias };
export type OutputLine = { readonly line: LineId; readonly restLevel: 0 | 1 };

/** What the lines without a point in their name are on. */
export type BoardConfig =
  | { readonly driver: 'sim' }
  | {
      readonly driver: 'gpio';
      readonly model: string;
      /** How the kernel's GPIO is reached; `auto`: the character device where there is one. */
      readonly access: 'auto' | 'character-device' | 'onoff';
      /** Label of the GPIO chip, as the kernel names it. */
      readonly chipLabel: string;
      /** Of the lines in use, on that chip. */
      readonly offsets: Readonly<Record<LineId, number>>;
    };

/** A board at the end of a serial cable that speaks Firmata; its lines are `id.D4`, `id.A0`. */
export type ExpanderConfig = {
  readonly id: string;
  readonly model: string;
  /** Path of its serial port. */
  readonly port: string;
  /** Of the lines in use: Firmata pin, and analog channel where it has one. */
  readonly pins: Readonly<Record<LineId, { readonly pin: number; readonly channel: number | undefined }>>;
};

type StationReached = {
  readonly id: string;
  /** Of its lines, those in use: `id.ring`. */
  readonly lines: readonly LineId[];
  /** `https://host:port`, without a name or a password in it. */
  readonly url: string;
  readonly username: string;
  /** File whose first line is the password. */
  readonly passwordFile: string;
  /** File in PEM. */
  readonly certificate: string | undefined;
};
type TwoNDraft = Extract<StationDraft, { readonly kind: '2n' }>;

/** A door station on the network. */
export type StationConfig =
  | (StationReached & {
      readonly kind: '2n';
      readonly ringOn: TwoNDraft['ringOn'];
      /** undefined: each of its call keys. */
      readonly keys: readonly string[] | undefined;
      readonly switch: number;
      readonly openedBy: readonly TwoNDraft['openedBy'][number][];
    })
  | (StationReached & { readonly kind: 'doorbird' });

/** An RS-485 bus of readers. */
export type BusConfig = {
  readonly id: string;
  /** Path of its serial port. */
  readonly port: string;
  /** Bits per second. */
  readonly baudRate: number;
};

/** What a keypad is on a bus. One that is neither here nor among the port readers is simulated. */
export type ReaderConfig = {
  readonly kind: 'osdp';
  readonly keypad: KeypadId;
  readonly bus: string;
  /** 0–126. */
  readonly address: number;
  readonly isSecure: boolean;
};

/** What a keypad is at the end of that has a port or device of its own. */
export type PortReaderConfig = { readonly keypad: KeypadId } & (
  | {
      readonly kind: 'wiegand';
      /** Path of the board's serial port; two readers share one board. */
      readonly port: string;
      readonly input: 1 | 2;
    }
  | { readonly kind: 'rdm6300'; readonly port: string }
  | { readonly kind: 'pn532'; readonly port: string }
  | { readonly kind: 'keyboard'; /** Path of its input device. */ readonly device: string }
);

export type MqttConfig = {
  /** `mqtt://host:port` or `mqtts://host:port`, without a name or a password in it. */
  readonly broker: string;
  readonly clientId: string;
  readonly keepaliveMs: number;
  readonly username: string | undefined;
  /** File whose first line is the password. */
  readonly passwordFile: string | undefined;
  /** Files in PEM. */
  readonly tls:
    | { readonly ca: string | undefined; readonly cert: string | undefined; readonly key: string | undefined }
    | undefined;
};

export type SiteCredential = {
  readonly user: UserId;
  readonly kind: 'code' | 'badge';
  readonly meaning: Meaning;
  readonly digest: string;
};

/** `publicKey`: the 32 bytes of Ed25519 (RFC 8032, 5.1.5). */
export type SiteOperator = { readonly id: OperatorId; readonly publicKey: Uint8Array };

export type SiteFile = {
  readonly core: Config;
  readonly board: BoardConfig;
  readonly expanders: readonly ExpanderConfig[];
  readonly stations: readonly StationConfig[];
  /** Every line the site uses, each once. */
  readonly inputs: readonly InputLine[];
  readonly outputs: readonly OutputLine[];
  /** Keypads and readers, by the names the board's driver knows them by. */
  readonly keypads: readonly KeypadId[];
  readonly buses: readonly BusConfig[];
  /** On a bus. */
  readonly readers: readonly ReaderConfig[];
  /** On ports and devices of their own. */
  readonly portReaders: readonly PortReaderConfig[];
  /** A watchdog of the machine, fed by Vigie itself. */
  readonly watchdog: { readonly device: string } | undefined;
  readonly mqtt: MqttConfig | undefined;
  readonly credentials: readonly SiteCredential[];
  readonly operators: readonly SiteOperator[];
  readonly security: { readonly salt: string; readonly pepperFile: string | undefined };
  readonly schedules: readonly Schedule[];
  /** How long it is kept who came and went. */
  readonly retention: { readonly accessMs: number };
  /** No mains, or no battery zone: the birth message says *backup not supervised*. */
  readonly backupSupervised: boolean;
  /** Users who still have a code of the example files. */
  readonly demoUsers: readonly UserId[];
  /** Operators whose private key is printed in the documentation. */
  readonly demoOperators: readonly OperatorId[];
  /** Of the file's text. */
  readonly hash: string;
};

/** What reading a site's file needs from outside. */
export type SiteTools = {
  /** Content hash, hexadecimal. */
  readonly hash: (text: string) => string;
  /** The first instant at which it is midnight (or, skipped, just after) of a civil day in a zone; undefined: no such zone. */
  readonly midnight: (day: number, zone: string) => Wall | undefined;
  readonly boards: BoardLibrary;
};

export type SiteResult =
  | { readonly ok: true; readonly site: SiteFile; readonly warnings: readonly Problem[] }
  /** Errors and warnings, in the order of the text; at least one error. */
  | { readonly ok: false; readonly problems: readonly Problem[] };
