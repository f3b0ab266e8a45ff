/**
 * What each kind of event is to the centre: the one table of lane, class, phase, priority and codes.
 *
 * - lane `journal`: kept on site and never sent. Kinds that restore or cancel go the same lane as what they end, so that
 *   they never overtake it.
 * - priority: 9 a person is threatened, or fire; 8 a verified break-in, or a safe or drug cupboard; 7 an alarm not verified,
 *   or protection that may be gone; 6 tamper, a door forced or freed; 5 a door left open, a technical limit, a cancel; 4 a
 *   site left unarmed, a lock out of order, a way to the centre lost; 3 a fault; 2 something left out, a refusal, a test, a
 *   restore of an alarm; 1 openings, closings, passages, other ends; 0 journal. A forced door is below an intrusion: in an
 *   area that is set it is one as well, and by day it is no reason to call the police.
 * - sia: SIA DC-03 event code; cid: Contact ID (DC-05) qualifier and code. Pairings follow public tables of receivers and
 *   are guidance: an installer confirms them with the centre. `codesOf` refines them by mode, cause and reason.
 * - covert: must not be seen on site. All kinds of a confirmed opening are, the *normal* one as well: where one is shown
 *   and the other is not, its absence tells.
 * - access: says who came and went; its record is purged after the retention time.
 */
import type { Cause, Event, EventKind, Lane, Refusal } from '../core/event.ts';
import type { DoorMode } from '../core/state.ts';
import type { AlarmClass, EventCategory, EventClass, Phase } from './classes.ts';

export type Qualifier = 1 | 3 | 6;
export type ContactId = { readonly qualifier: Qualifier; readonly code: string };

/** What Home Assistant is told of, beside the state of its panel. */
export const HOME_ASSISTANT_EVENTS = [
  'alarm',
  'alarm_confirmed',
  'alarm_cancelled',
  'tamper',
  'technical',
  'fire',
  'door_left_open',
  'door_not_latched',
  'door_restored',
  'door_forced',
  'interlock',
  'egress_released',
  'access_granted',
  'access_refused',
  'access_not_used',
  'bell',
  'armed',
  'disarmed',
  'arm_refused',
  'arm_failed',
  'late_to_arm',
  'chime',
  'lockout',
  'fault',
  'restored',
  'test',
] as const;
export type HomeAssistantEvent = (typeof HOME_ASSISTANT_EVENTS)[number];

type Marks = {
  readonly phase: Phase;
  readonly priority: number;
  readonly homeAssistant: HomeAssistantEvent | undefined;
  readonly covert: boolean;
  readonly access: boolean;
};
type Sent = Marks & { readonly sia: string; readonly cid: ContactId };

export type EventCode =
  | (Sent & { readonly lane: 'alarm'; readonly class: AlarmClass })
  | (Sent & { readonly lane: 'event'; readonly class: EventCategory })
  | (Marks & { readonly lane: 'journal'; readonly class: EventClass; readonly sia: undefined; readonly cid: undefined });

type Extra = { readonly ha?: HomeAssistantEvent; readonly covert?: true; readonly access?: true };

const marks = (phase: Phase, priority: number, extra: Extra): Marks => ({
  phase,
  priority,
  homeAssistant: extra.ha,
  covert: extra.covert ?? false,
  access: extra.access ?? false,
});

const contactId = (code: number): ContactId => {
  const qualifier = Math.floor(code / 1000);
  return { qualifier: qualifier === 3 ? 3 : qualifier === 6 ? 6 : 1, code: String(code % 1000).padStart(3, '0') };
};

const alarm = (kind: AlarmClass, phase: Phase, priority: number, sia: string, cid: number, extra: Extra = {}): EventCode => ({
  ...marks(phase, priority, extra),
  lane: 'alarm',
  class: kind,
  sia,
  cid: contactId(cid),
});

const event = (kind: EventCategory, phase: Phase, priority: number, sia: string, cid: number, extra: Extra = {}): EventCode => ({
  ...marks(phase, priority, extra),
  lane: 'event',
  class: kind,
  sia,
  cid: contactId(cid),
});

const journal = (kind: EventClass, extra: Extra = {}): EventCode => ({
  ...marks('report', 0, extra),
  lane: 'journal',
  class: kind,
  sia: undefined,
  cid: undefined,
});

export const EVENT_CODES: Readonly<Record<EventKind, EventCode>> = {
  intrusion: alarm('intrusion', 'raise', 7, 'BA', 1130, { ha: 'alarm' }),
  'intrusion-confirmed': alarm('intrusion', 'confirm', 8, 'BV', 1139, { ha: 'alarm_confirmed' }),
  'intrusion-restored': alarm('intrusion', 'restore', 2, 'BR', 3130),
  'exit-error': alarm('intrusion', 'raise', 6, 'EA', 1374, { ha: 'alarm' }),
  'alarm-cancelled': alarm('intrusion', 'cancel', 5, 'BC', 1406, { ha: 'alarm_cancelled' }),
  'alarm-held': journal('intrusion'),
  'alarm-aborted': journal('intrusion'),
  'alarm-24h': alarm('intrusion', 'raise', 8, 'BA', 1133, { ha: 'alarm' }),
  'alarm-24h-restored': alarm('intrusion', 'restore', 2, 'BR', 3133),

  'holdup-silent': alarm('holdup', 'raise', 9, 'HA', 1122, { covert: true }),
  'holdup-audible': alarm('holdup', 'raise', 9, 'PA', 1123, { ha: 'alarm' }),
  'holdup-verified': alarm('holdup', 'confirm', 9, 'HV', 1129, { covert: true }),
  'holdup-restored': alarm('holdup', 'restore', 2, 'HR', 3122, { covert: true }),
  duress: alarm('holdup', 'raise', 9, 'HA', 1121, { covert: true }),

  tamper: alarm('tamper', 'raise', 6, 'TA', 1137, { ha: 'tamper' }),
  'tamper-restored': alarm('tamper', 'restore', 2, 'TR', 3137),
  technical: alarm('technical', 'raise', 5, 'UA', 1150, { ha: 'technical' }),
  'technical-restored': alarm('technical', 'restore', 2, 'UR', 3150),
  fire: alarm('fire', 'raise', 9, 'FA', 1110, { ha: 'fire' }),
  'fire-restored': alarm('fire', 'restore', 2, 'FR', 3110),

  'door-left-open': alarm('door', 'raise', 5, 'DL', 1426, { ha: 'door_left_open' }),
  'door-left-open-restored': alarm('door', 'restore', 2, 'DH', 3426, { ha: 'door_restored' }),
  'door-not-latched': alarm('door', 'raise', 5, 'DM', 1426, { ha: 'door_not_latched' }),
  'door-not-latched-restored': alarm('door', 'restore', 2, 'DH', 3426, { ha: 'door_restored' }),
  'door-silenced': journal('door', { access: true }),
  'latch-fault': event('fault', 'raise', 3, 'BT', 1380, { ha: 'fault' }),
  'latch-fault-restored': event('fault', 'restore', 1, 'BJ', 3380, { ha: 'restored' }),

  'door-forced': alarm('door', 'raise', 6, 'DF', 1423, { ha: 'door_forced' }),
  'door-forced-restored': alarm('door', 'restore', 2, 'DR', 3423, { ha: 'door_restored' }),
  'lock-fault': event('fault', 'raise', 4, 'DT', 1432, { ha: 'fault' }),
  'lock-fault-restored': event('fault', 'restore', 1, 'DR', 3432, { ha: 'restored' }),
  'interlock-timeout': alarm('door', 'raise', 5, 'DN', 1426, { ha: 'interlock' }),
  'interlock-restored': alarm('door', 'restore', 2, 'DH', 3426, { ha: 'door_restored' }),
  'interlock-overridden': alarm('door', 'report', 5, 'DX', 1425, { ha: 'interlock' }),
  'egress-released': alarm('door', 'raise', 6, 'DX', 1425, { ha: 'egress_released' }),
  'egress-restored': alarm('door', 'restore', 2, 'DR', 3425, { ha: 'door_restored' }),
  'egress-acknowledged': event('access', 'report', 1, 'DY', 3425, { access: true }),
  'exit-request-stuck': event('fault', 'raise', 3, 'DT', 1428, { ha: 'fault' }),
  'exit-request-restored': event('fault', 'restore', 1, 'DR', 3428, { ha: 'restored' }),
  'access-granted': event('access', 'report', 1, 'DG', 1422, { ha: 'access_granted', access: true }),
  'access-refused': event('access', 'report', 2, 'DK', 1421, { ha: 'access_refused', access: true }),
  'access-used': event('access', 'report', 1, 'DG', 1422, { access: true }),
  'access-not-used': event('access', 'report', 1, 'DY', 3422, { ha: 'access_not_used', access: true }),
  'access-ended': event('access', 'report', 1, 'DY', 3422, { access: true }),
  'exit-requested': journal('access', { access: true }),
  'anti-passback': event('access', 'report', 2, 'DI', 1436, { access: true }),
  'free-access-started': event('access', 'raise', 1, 'DO', 1422, { access: true }),
  'free-access-ended': event('access', 'restore', 1, 'DY', 3422, { access: true }),
  'door-mode-changed': event('access', 'report', 2, 'DY', 1431, { access: true }),
  'released-pending': event('access', 'raise', 2, 'DO', 1422, { access: true }),
  'released-pending-ended': event('access', 'restore', 1, 'DY', 3422, { access: true }),
  bell: event('access', 'report', 1, 'DE', 1422, { ha: 'bell', access: true }),

  armed: event('opening', 'report', 1, 'CL', 3401, { ha: 'armed', access: true }),
  disarmed: event('opening', 'report', 1, 'OP', 1401, { ha: 'disarmed', access: true }),
  'arm-requested': journal('opening', { access: true }),
  'arm-refused': event('opening', 'report', 2, 'CI', 1454, { ha: 'arm_refused', access: true }),
  'arm-cancelled': journal('opening', { access: true }),
  'arm-failed': alarm('opening', 'raise', 4, 'CI', 1454, { ha: 'arm_failed' }),
  'arm-overridden': event('inhibit', 'report', 2, 'CF', 1450),
  unvacated: event('opening', 'report', 2, 'EE', 1458),
  'exit-restarted': journal('opening'),
  'entry-started': journal('opening'),
  'auto-arm-warned': journal('opening'),
  'auto-arm-postponed': event('opening', 'report', 2, 'CE', 1464),
  'late-to-arm': alarm('opening', 'raise', 4, 'CI', 1455, { ha: 'late_to_arm' }),
  'opening-normal': event('opening', 'report', 1, 'OR', 1450, { covert: true, access: true }),
  'opening-not-normal': alarm('opening', 'raise', 9, 'HA', 1121, { covert: true }),
  'opening-not-confirmed': alarm('opening', 'raise', 9, 'OI', 1453, { covert: true }),
  'memory-acknowledged': journal('intrusion', { access: true }),
  'checklist-ticked': journal('opening', { access: true }),

  inhibited: event('inhibit', 'raise', 2, 'BB', 1570),
  'inhibit-ended': event('inhibit', 'restore', 1, 'BU', 3570),
  isolated: event('inhibit', 'raise', 2, 'BB', 1570),
  'isolation-ended': event('inhibit', 'restore', 1, 'BU', 3570),
  omitted: event('inhibit', 'raise', 3, 'BB', 1573),
  reincluded: event('inhibit', 'restore', 1, 'BU', 3573),
  swinger: event('inhibit', 'raise', 3, 'BD', 1377, { ha: 'fault' }),
  'soak-activation': journal('test'),
  'not-seen': event('fault', 'raise', 3, 'NA', 1391, { ha: 'fault' }),
  'seen-again': event('fault', 'restore', 1, 'NS', 3391, { ha: 'restored' }),
  'zone-fault': event('fault', 'raise', 3, 'BT', 1380, { ha: 'fault' }),
  'zone-fault-restored': event('fault', 'restore', 1, 'BJ', 3380, { ha: 'restored' }),
  'zone-masked': event('fault', 'raise', 4, 'BT', 1380, { ha: 'fault' }),
  'zone-masked-restored': event('fault', 'restore', 1, 'BJ', 3380, { ha: 'restored' }),
  shunted: event('access', 'raise', 1, 'BB', 1570, { access: true }),
  'shunt-ended': event('access', 'restore', 1, 'BU', 3570, { access: true }),
  chime: journal('access', { ha: 'chime', access: true }),
  'short-pulses': journal('fault'),

  lockout: event('access', 'raise', 4, 'JA', 1461, { ha: 'lockout' }),
  'lockout-ended': event('access', 'restore', 1, 'JR', 3461),
  'code-refused': journal('access', { access: true }),
  'installer-allowed': event('access', 'raise', 2, 'LB', 1627),
  'installer-access-ended': event('access', 'restore', 2, 'LX', 1628),
  'person-added': event('access', 'report', 2, 'JY', 1306),
  'person-changed': event('access', 'report', 2, 'JV', 1306),
  'person-revoked': event('access', 'report', 2, 'JX', 1306),
  'operator-revoked': event('access', 'report', 2, 'DB', 1306),

  'walk-test-started': event('test', 'raise', 2, 'TS', 1607, { ha: 'test' }),
  'walk-test-zone': journal('test'),
  'walk-test-ended': event('test', 'restore', 2, 'TE', 3607, { ha: 'test' }),
  'exercise-started': event('test', 'raise', 2, 'TS', 1601, { ha: 'test' }),
  'exercise-ended': event('test', 'restore', 2, 'TE', 3601, { ha: 'test' }),
  'on-test-started': event('test', 'raise', 2, 'TS', 1601, { ha: 'test' }),
  'on-test-ended': event('test', 'restore', 2, 'TE', 3601, { ha: 'test' }),
  'test-report': event('test', 'report', 1, 'RP', 1602),

  'mains-lost': event('fault', 'raise', 3, 'AT', 1301, { ha: 'fault' }),
  'mains-restored': event('fault', 'restore', 1, 'AR', 3301, { ha: 'restored' }),
  'battery-low': event('fault', 'raise', 4, 'YT', 1302, { ha: 'fault' }),
  'battery-restored': event('fault', 'restore', 1, 'YR', 3302, { ha: 'restored' }),
  'charger-fault': event('fault', 'raise', 3, 'YP', 1312, { ha: 'fault' }),
  'charger-restored': event('fault', 'restore', 1, 'YQ', 3312, { ha: 'restored' }),
  'siren-fault': event('fault', 'raise', 4, 'YA', 1321, { ha: 'fault' }),
  'siren-restored': event('fault', 'restore', 1, 'YH', 3321, { ha: 'restored' }),
  'output-fault': event('fault', 'raise', 4, 'YA', 1320, { ha: 'fault' }),
  'output-restored': event('fault', 'restore', 1, 'YH', 3320, { ha: 'restored' }),
  'reader-offline': event('fault', 'raise', 3, 'EM', 1333, { ha: 'fault' }),
  'reader-restored': event('fault', 'restore', 1, 'EN', 3333, { ha: 'restored' }),
  'path-failed': event('fault', 'raise', 4, 'YC', 1350, { ha: 'fault' }),
  'path-restored': event('fault', 'restore', 1, 'YK', 3350, { ha: 'restored' }),
  'all-paths-failed': alarm('system', 'raise', 4, 'YC', 1350, { ha: 'fault' }),
  'all-paths-restored': alarm('system', 'restore', 2, 'YK', 3350, { ha: 'restored' }),
  'clock-not-set': event('fault', 'raise', 3, 'JT', 1626, { ha: 'fault' }),
  'clock-synchronised': event('fault', 'restore', 1, 'JT', 3626, { ha: 'restored' }),
  'clock-set': event('fault', 'report', 1, 'JT', 1625),
  'disk-nearly-full': event('fault', 'raise', 3, 'JL', 1623, { ha: 'fault' }),
  'disk-restored': event('fault', 'restore', 1, 'JL', 3623, { ha: 'restored' }),
  'storage-failed': alarm('system', 'raise', 7, 'YX', 1300, { ha: 'fault' }),
  'storage-restored': alarm('system', 'restore', 2, 'YZ', 3300, { ha: 'restored' }),
  'store-rolled-back': alarm('system', 'raise', 7, 'YX', 1300, { ha: 'fault' }),
  'state-lost': alarm('system', 'raise', 7, 'YF', 1303, { ha: 'fault' }),
  'config-changed': event('fault', 'report', 2, 'YG', 1306),
  'config-rejected': event('fault', 'raise', 4, 'YF', 1304, { ha: 'fault' }),
  'config-accepted': event('fault', 'restore', 1, 'YG', 3304, { ha: 'restored' }),
  restarted: event('fault', 'report', 3, 'RR', 1305),
  stopped: event('fault', 'report', 4, 'YX', 1308),
  'internal-fault': alarm('system', 'raise', 7, 'YW', 1300, { ha: 'fault' }),
  'bare-mode': alarm('system', 'raise', 7, 'YW', 1305, { ha: 'fault' }),
  'input-overflow': alarm('system', 'raise', 7, 'YX', 1300, { ha: 'fault' }),
  'substitution-suspected': alarm('system', 'raise', 7, 'YS', 1350, { ha: 'fault' }),
  'substitution-cleared': alarm('system', 'restore', 2, 'YK', 3350, { ha: 'restored' }),
  'centre-refused-message': event('fault', 'report', 4, 'YS', 1354),
  'acknowledgement-refused': event('fault', 'report', 3, 'YS', 1354),
  'command-refused': journal('access'),
  'messages-dropped': journal('fault'),
  dropped: alarm('system', 'report', 6, 'YS', 1354),
};

export const codeOf = (kind: EventKind): EventCode => EVENT_CODES[kind];

/** The lane an event goes to the centre by; undefined: it stays in the journal. */
export const laneOf = (kind: EventKind): Lane | undefined => {
  const { lane } = EVENT_CODES[kind];
  return lane === 'journal' ? undefined : lane;
};

// ---- refinements by how it happened

type Codes = { readonly sia: string; readonly cid: ContactId };
type Pair = readonly [sia: string, cid: number];
type Refinement = { readonly [cause in Cause]?: Pair };

/** Passages by the device that asked: a request to enter is heard from inside, a request to exit is an egress. */
const passages: Refinement = {
  interphone: ['DE', 1422],
  hatch: ['DE', 1422],
  'exit-request': ['DX', 1425],
  'green-box': ['DX', 1425],
  fire: ['DX', 1425],
};

const refinements: { readonly [kind in EventKind]?: Refinement } = {
  intrusion: { 'entry-expired': ['BA', 1134], 'exit-error': ['EA', 1374] },
  armed: { schedule: ['CA', 3403], remote: ['CQ', 3407], keyswitch: ['CS', 3409] },
  disarmed: { remote: ['OQ', 1407], keyswitch: ['OS', 1409] },
  technical: { 'too-high': ['KA', 1158], 'too-low': ['ZA', 1159], 'sensor-lost': ['UT', 1380] },
  tamper: { 'masked-while-armed': ['TA', 1144], 'line-lost': ['TA', 1145], 'fault-while-armed': ['TA', 1383] },
  // A bolt that is drawn back while nobody asked for it is an attack on the lock, not its failure.
  'lock-fault': { 'bolt-forced': ['TA', 1137] },
  'lock-fault-restored': { 'bolt-forced': ['TR', 3137] },
  'access-granted': passages,
  'access-used': passages,
};

/** Why somebody was not let in. */
const refusals: { readonly [reason in Refusal]?: Pair } = {
  'unknown-code': ['DD', 1421],
  'unknown-operator': ['DD', 1421],
  'locked-out': ['DD', 1421],
  'not-yet-valid': ['DP', 1421],
  expired: ['DP', 1421],
  'out-of-hours': ['DP', 1421],
  'clock-not-set': ['DP', 1421],
  'area-armed': ['DQ', 1421],
  'not-your-area': ['DV', 1421],
  'not-your-role': ['DV', 1421],
  'not-your-door': ['DV', 1421],
  'interlock-busy': ['DW', 1421],
  'door-blocked': ['DZ', 1421],
  'door-locked-down': ['DZ', 1421],
};

/** What became of a door: shut to everybody, open to everybody, or back to normal. */
const modes: Readonly<Record<DoorMode, Pair>> = {
  locked: ['DY', 1431],
  blocked: ['DC', 1431],
  'locked-down': ['DC', 1431],
  'locked-open': ['DO', 1431],
};

const isDoorMode = (value: unknown): value is DoorMode => typeof value === 'string' && Object.hasOwn(modes, value);

/** Partial and night arming close only part of the site. */
const isPartClosing = (happened: Event): boolean =>
  happened.kind === 'armed' && happened.mode !== undefined && happened.mode !== 'full';

const refined = (happened: Event): Pair | undefined => {
  const { kind, cause, reason, detail } = happened;
  if (isPartClosing(happened)) return ['CG', 3441];
  if (kind === 'access-refused') return reason && refusals[reason];
  const mode = detail?.['mode'];
  if (kind === 'door-mode-changed') return isDoorMode(mode) ? modes[mode] : undefined;
  return cause && refinements[kind]?.[cause];
};

/** SIA and Contact ID codes of this event; undefined for kinds that are never sent. */
export const codesOf = (happened: Event): Codes | undefined => {
  const base = EVENT_CODES[happened.kind];
  if (base.lane === 'journal') return undefined;
  const pair = refined(happened);
  return pair ? { sia: pair[0], cid: contactId(pair[1]) } : { sia: base.sia, cid: base.cid };
};
