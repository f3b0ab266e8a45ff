/**
 * The HTTP API of 2N IP intercoms, as far as its log is read: the questions, the answers in JSON, and what their events mean.
 * Names: *HTTP API manual for 2N IP intercoms*, chapters 2.3 (answers), 5.1.1 (system info), 5.10.2 to 5.10.4 (log).
 *
 * - **subscription**: a queue of events that the station keeps for one reader, until nobody has read it for its duration.
 * - **originator**: who or what worked a switch, in the station's words.
 */
import type { StationEvent, StationPoint } from './event.ts';

/** `untold` is ours: older firmware does not say. */
export type Originator = 'dtmf' | 'idt' | 'api' | 'auth' | 'uni' | 'zone' | 'ap' | 'rex' | 'automation' | 'profile' | 'untold';

/** Which of its events are meant. */
export type TwoNRules = {
  /** What rings: a key of the station, or the call that it places. */
  readonly ringOn: 'key' | 'call';
  /** The keys that ring, as the station names them (`%1`); undefined: each of its call keys. */
  readonly keys: readonly string[] | undefined;
  /** The switch whose activation asks for the door. */
  readonly switch: number;
  readonly openedBy: readonly Originator[];
};

// ---- questions

type EventName = 'KeyPressed' | 'CallStateChanged' | 'SwitchStateChanged' | 'TamperSwitchActivated';

/** What has to be heard for these lines, and nothing else: a model may know no others, and each asks for a privilege. */
export const eventsFor = (points: ReadonlySet<StationPoint>, { ringOn }: TwoNRules): readonly EventName[] => [
  ...(points.has('ring') ? [ringOn === 'key' ? ('KeyPressed' as const) : ('CallStateChanged' as const)] : []),
  ...(points.has('open') ? (['SwitchStateChanged'] as const) : []),
  ...(points.has('tamper') ? (['TamperSwitchActivated'] as const) : []),
];

export const TWO_N_PATHS = {
  info: '/api/system/info',
  /** New events only: what happened before is nobody's business any more. */
  subscribe: (events: readonly EventName[], durationS: number): string =>
    `/api/log/subscribe?include=new&filter=${events.join(',')}&duration=${durationS}`,
  /** All that the station remembers of its tamper switch: the last one is its present state. */
  history: (durationS: number): string => `/api/log/subscribe?include=all&filter=TamperSwitchActivated&duration=${durationS}`,
  pull: (id: number, timeoutS: number): string => `/api/log/pull?id=${id}&timeout=${timeoutS}`,
  unsubscribe: (id: number): string => `/api/log/unsubscribe?id=${id}`,
} as const;

/** More wait when an answer is as long as this. */
export const EVENTS_PER_ANSWER = 128;

// ---- answers

export type TwoNEvent = {
  /** Rises with each event; begins again at 1 when the station starts. */
  readonly id: number;
  /** Seconds since the station started. */
  readonly upTimeS: number | undefined;
  /** Its clock, right or wrong: tells events apart, and nothing more. */
  readonly utcTimeS: number | undefined;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
};

export type TwoNRefusal = { readonly ok: false; readonly reason: 'garbled' } | TwoNError;
/** `code` as in chapter 2.3 of the manual; `parameter`: the one at fault. */
export type TwoNError = {
  readonly ok: false;
  readonly reason: 'refused';
  readonly code: number;
  readonly parameter: string | undefined;
};

export type TwoNAnswer<T> = { readonly ok: true; readonly value: T } | TwoNRefusal;

const GARBLED: TwoNRefusal = { ok: false, reason: 'garbled' };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A whole number that fits into 32 bits without a sign. */
const isUnsigned = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const refusalIn = (error: unknown): TwoNRefusal => {
  if (!isRecord(error) || !isUnsigned(error['code'])) return GARBLED;
  const { code, param } = error;
  return { ok: false, reason: 'refused', code, parameter: typeof param === 'string' ? param : undefined };
};

const readAnswer = <T>(text: string, read: (result: Readonly<Record<string, unknown>>) => T | undefined): TwoNAnswer<T> => {
  const answer = parsed(text);
  if (!isRecord(answer)) return GARBLED;
  if (answer['success'] === false) return refusalIn(answer['error']);
  const value = answer['success'] === true && isRecord(answer['result']) ? read(answer['result']) : undefined;
  return value === undefined ? GARBLED : { ok: true, value };
};

export const readSubscription = (text: string): TwoNAnswer<number> =>
  readAnswer(text, ({ id }) => (isUnsigned(id) ? id : undefined));

const eventOf = (value: unknown): TwoNEvent | undefined => {
  if (!isRecord(value) || !isUnsigned(value['id']) || typeof value['event'] !== 'string') return undefined;
  const { id, event, upTime, utcTime, params } = value;
  return {
    id,
    name: event,
    upTimeS: isUnsigned(upTime) ? upTime : undefined,
    utcTimeS: isUnsigned(utcTime) ? utcTime : undefined,
    parameters: isRecord(params) ? params : {},
  };
};

/** What is not an event is left out; the others count all the same. */
export const readEvents = (text: string): TwoNAnswer<readonly TwoNEvent[]> =>
  readAnswer(text, ({ events }) => (Array.isArray(events) ? events.flatMap((event) => eventOf(event) ?? []) : undefined));

const shortText = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 60) : '');

/** What it is, in its own words: `2N IP Verso 2.40.0.51.8`. */
export const readTwoNInfo = (text: string): TwoNAnswer<string> =>
  readAnswer(text, ({ variant, swVersion }) => {
    const words = [shortText(variant), shortText(swVersion)].filter((word) => word !== '');
    return words.length === 0 ? undefined : words.join(' ');
  });

// ---- what they mean

const ORIGINATORS: ReadonlySet<string> = new Set<Originator>([
  'dtmf',
  'idt',
  'api',
  'auth',
  'uni',
  'zone',
  'ap',
  'rex',
  'automation',
  'profile',
]);

const isOriginator = (value: unknown): value is Originator => typeof value === 'string' && ORIGINATORS.has(value);

const originatorIn = ({ originator }: TwoNEvent['parameters']): Originator | 'other' => {
  if (originator === undefined) return 'untold';
  return isOriginator(originator) ? originator : 'other';
};

const isRing = ({ name, parameters }: TwoNEvent, { ringOn, keys }: TwoNRules): boolean => {
  if (ringOn === 'call')
    return name === 'CallStateChanged' && parameters['direction'] === 'outgoing' && parameters['state'] === 'ringing';
  const { key } = parameters;
  if (name !== 'KeyPressed' || typeof key !== 'string') return false;
  return keys ? keys.includes(key) : /^%\d{1,3}$/.test(key);
};

const isSwitchedOn = ({ name, parameters }: TwoNEvent, rules: TwoNRules): boolean =>
  name === 'SwitchStateChanged' && parameters['switch'] === rules.switch && parameters['state'] === true;

/**
 * - `not-asked-for`: the switch that opens was worked by what the rules do not name, such as a card at the station itself:
 *   the people whom the station knows are not those whom the controller knows.
 */
export type Meant = StationEvent | { readonly kind: 'not-asked-for'; readonly originator: Originator | 'other' };

/** undefined: it means nothing to a controller. */
export const meaningOf = (event: TwoNEvent, rules: TwoNRules): Meant | undefined => {
  if (isRing(event, rules)) return { kind: 'ring' };
  if (isSwitchedOn(event, rules)) {
    const originator = originatorIn(event.parameters);
    const isAsked = originator !== 'other' && rules.openedBy.includes(originator);
    return isAsked ? { kind: 'open' } : { kind: 'not-asked-for', originator };
  }
  const { state } = event.parameters;
  if (event.name !== 'TamperSwitchActivated' || (state !== 'in' && state !== 'out')) return undefined;
  return { kind: 'tamper', on: state === 'in' };
};
