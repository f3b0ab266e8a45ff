/** Everything the core can be told. Each is plain data, so that a recorded run replays exactly. */
import type {
  AreaId,
  ArmMode,
  DoorId,
  KeypadId,
  LineId,
  Meaning,
  OperatorId,
  ScheduleWindow,
  UserConfig,
  UserId,
} from './config.ts';
import type { DoorMode } from './state.ts';
import type { EventFacts, EventKind } from './event.ts';
import type { Monotonic, Wall } from './time.ts';

/** What a line says: a level, an analog ratio (0–1), or that nobody hears it any more. */
export type Reading =
  | { readonly kind: 'level'; readonly level: 0 | 1 }
  | { readonly kind: 'ratio'; readonly ratio: number }
  | { readonly kind: 'lost' };

/** The way a person reached us. Lockout counts `outside` keypads, the page and MQTT together. */
export type Way =
  | { readonly kind: 'keypad'; readonly keypad: KeypadId }
  | { readonly kind: 'page' }
  | { readonly kind: 'remote'; readonly operator: string };

/** What a person asks for. `areas` empty: those common to the way and the person. */
export type Request =
  | {
      readonly verb: 'arm';
      readonly mode: ArmMode;
      readonly areas: readonly AreaId[];
      readonly override: boolean;
      /** Zone numbers to leave out for this armed period. */
      readonly inhibit: readonly number[];
    }
  | { readonly verb: 'disarm'; readonly areas: readonly AreaId[] }
  /** A code alone: disarm what is set, else confirm a pending opening, else acknowledge, else tell the state. */
  | { readonly verb: 'code' }
  | { readonly verb: 'silence' }
  | { readonly verb: 'confirm-normal' }
  | { readonly verb: 'acknowledge' }
  | { readonly verb: 'reset-tamper' }
  | { readonly verb: 'postpone' }
  | { readonly verb: 'tick'; readonly item: number }
  | { readonly verb: 'walk-test' }
  | { readonly verb: 'exercise' }
  | { readonly verb: 'on-test' }
  | { readonly verb: 'allow-installer' }
  | { readonly verb: 'isolate'; readonly zone: number; readonly on: boolean }
  /** `zone`: the number of the door's leaf contact, which is the door's own to staff. */
  | { readonly verb: 'open'; readonly zone: number }
  | { readonly verb: 'door-mode'; readonly zone: number; readonly mode: DoorMode };

/** Who a code, badge or signature belongs to. Looked up outside the core; nobody: no credential matched. */
export type Credential = { readonly user: UserId; readonly meaning: Meaning };

export type PersonChange =
  | { readonly kind: 'put'; readonly user: UserConfig }
  | { readonly kind: 'revoke'; readonly user: UserId }
  | { readonly kind: 'revoke-operator'; readonly operator: OperatorId };

/** Things the shell watches and the core reports. Each is raised and restored. */
export type ConditionKind =
  | 'path-failed'
  | 'all-paths-failed'
  | 'clock-not-set'
  | 'disk-nearly-full'
  | 'storage-failed'
  | 'output-fault'
  | 'config-rejected'
  | 'reader-offline'
  | 'substitution-suspected';

export type Start = {
  /** `fresh`: a new data folder. `process`: same machine boot. `machine`: the kernel was started anew. */
  readonly cause: 'fresh' | 'process' | 'machine';
  /** How long nobody watched, where it is known. */
  readonly goneMs: number | undefined;
  /** Nothing readable of the state was found. */
  readonly stateLost: boolean;
  readonly configChanged: boolean;
  readonly readings: Readonly<Record<LineId, Reading>>;
};

export type Input =
  | { readonly kind: 'tick' }
  | { readonly kind: 'start'; readonly start: Start }
  | { readonly kind: 'stop' }
  | { readonly kind: 'reading'; readonly line: LineId; readonly reading: Reading; readonly observedAt?: Monotonic }
  | { readonly kind: 'clock'; readonly wall: Wall; readonly synchronised: boolean }
  | { readonly kind: 'calendar'; readonly windows: readonly ScheduleWindow[]; readonly until: Wall }
  /** The last key of a code was pressed; its verdict is on the way. `keyedAt` is what the entry deadline is judged by. */
  | { readonly kind: 'attempt'; readonly attempt: number; readonly way: Way; readonly keyedAt: Monotonic }
  | {
      readonly kind: 'verdict';
      readonly attempt: number;
      readonly way: Way;
      readonly keyedAt: Monotonic;
      readonly by: 'code' | 'badge';
      readonly credential: Credential | undefined;
      readonly request: Request;
    }
  | { readonly kind: 'choice'; readonly keypad: KeypadId; readonly number: number }
  /**
   * A command from afar, proved by its signature over a challenge that was ours, fresh and now used. `command` names it in
   * what comes of it: `access-granted` or `access-refused`, later `access-used` or `access-not-used`, and `access-ended`.
   */
  | { readonly kind: 'remote-unlock'; readonly command: string; readonly operator: OperatorId; readonly door: DoorId }
  /** People changed while running. The roster goes before the site's file; who is revoked stays so until put again. */
  | { readonly kind: 'person'; readonly change: PersonChange; readonly by: string }
  | {
      readonly kind: 'condition';
      readonly condition: ConditionKind;
      /** What it concerns: a path, an output, or '' for the controller itself. */
      readonly subject: string;
      readonly on: boolean;
      readonly detail?: Readonly<Record<string, string | number | boolean>>;
    }
  /** Something the shell did or met that belongs in the journal. */
  | { readonly kind: 'report'; readonly event: EventKind; readonly facts: EventFacts };
