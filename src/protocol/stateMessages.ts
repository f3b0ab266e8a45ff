/** The present state of a site, retained at the broker for whoever may look on site: nothing covert, never a code. */
import type { ArmMode } from '../core/config.ts';
import type { EventKind } from '../core/event.ts';
import type { ConditionKind } from '../core/input.ts';
import type { Signal } from '../core/state.ts';
import type { DoorWord, LockWord } from '../core/words/words.ts';
import { id, instant, open, v1 } from './fields.ts';
import { flag, integer, list, object, oneOf, optional, text } from './schema.ts';
import type { Schema } from './schema.ts';

/** Words of Home Assistant's alarm panel. */
export const PANEL_WORDS = ['disarmed', 'armed_home', 'armed_away', 'armed_night', 'arming', 'pending', 'triggered'] as const;
export type PanelWord = (typeof PANEL_WORDS)[number];

export type ShownAlarm = { readonly kind: EventKind; readonly zone?: string };

export type AreaStateMessage = {
  readonly v: 1;
  readonly area: string;
  readonly state: PanelWord;
  readonly mode?: ArmMode;
  readonly alarms: readonly ShownAlarm[];
  /** Entries of the memory that a user has still to acknowledge. */
  readonly memory: number;
  readonly sounding: boolean;
};

export const areaStateSchema: Schema<AreaStateMessage> = object<AreaStateMessage>({
  v: v1,
  area: id,
  state: oneOf(PANEL_WORDS),
  mode: optional(oneOf(['full', 'partial', 'night'])),
  alarms: list(object<ShownAlarm>({ kind: open<EventKind>(), zone: optional(id) }), 1024),
  memory: integer(),
  sounding: flag,
});

export type ZoneStateMessage = {
  readonly v: 1;
  readonly zone: string;
  readonly area: string;
  readonly signal: Signal;
  readonly inhibited: boolean;
  readonly isolated: boolean;
  readonly omitted: boolean;
};

export const zoneStateSchema: Schema<ZoneStateMessage> = object<ZoneStateMessage>({
  v: v1,
  zone: id,
  area: id,
  signal: oneOf(['normal', 'active', 'tamper', 'masked', 'fault', 'unknown']),
  inhibited: flag,
  isolated: flag,
  omitted: flag,
});

export type DoorStateMessage = {
  readonly v: 1;
  readonly door: string;
  readonly area: string;
  readonly leaf: 'open' | 'closed' | 'unknown';
  readonly latch: 'engaged' | 'not-engaged' | 'unknown' | 'none';
  /** What the door is set to: ONVIF Door Control. */
  readonly mode: DoorWord;
  readonly lock: LockWord;
  /** Opened while nothing allowed it, until it is closed. */
  readonly forced: boolean;
  /** Freed by the emergency release or by fire, until that is over and acknowledged. */
  readonly egressHeld: boolean;
  readonly fault: 'none' | 'left-open' | 'not-latched';
  readonly sounding: boolean;
  readonly silenced: boolean;
  readonly latchFault: boolean;
};

const mode: Schema<DoorWord> = oneOf(['locked', 'unlocked', 'accessed', 'blocked', 'locked-down', 'locked-open']);

const lock: Schema<LockWord> = oneOf([
  'none',
  'locked',
  'unlocking',
  'unlocked',
  'locking',
  'unlock-failed',
  'lock-failed',
  'forced',
  'released-pending',
]);

export const doorStateSchema: Schema<DoorStateMessage> = object<DoorStateMessage>({
  v: v1,
  door: id,
  area: id,
  leaf: oneOf(['open', 'closed', 'unknown']),
  latch: oneOf(['engaged', 'not-engaged', 'unknown', 'none']),
  mode,
  lock,
  forced: flag,
  egressHeld: flag,
  fault: oneOf(['none', 'left-open', 'not-latched']),
  sounding: flag,
  silenced: flag,
  latchFault: flag,
});

export type ShownCondition = { readonly condition: ConditionKind; readonly subject: string; readonly since: string };

export type HealthStateMessage = {
  readonly v: 1;
  readonly health: 'ok' | 'fault';
  readonly conditions: readonly ShownCondition[];
  readonly clockSynchronised: boolean;
  readonly exercise: boolean;
  readonly walkTest: boolean;
  readonly onTest: boolean;
};

export const healthStateSchema: Schema<HealthStateMessage> = object<HealthStateMessage>({
  v: v1,
  health: oneOf(['ok', 'fault']),
  conditions: list(object<ShownCondition>({ condition: open<ConditionKind>(), subject: text(), since: instant }), 256),
  clockSynchronised: flag,
  exercise: flag,
  walkTest: flag,
  onTest: flag,
});
