/** An emulated 2N intercom: its log, its subscriptions, its running time, and the ways in which it is known to fail. */
import { misbehaves, PASSWORD, USERNAME } from './station.ts';
import type { Asker, Station, StationOptions } from './station.ts';

type Logged = {
  readonly id: number;
  readonly tzShift: number;
  readonly utcTime: number;
  readonly upTime: number;
  readonly event: string;
  readonly params: Readonly<Record<string, unknown>>;
};

type Subscription = {
  readonly filter: readonly string[];
  queue: Logged[];
  /** Who waits for the next event. */
  waiting: ((events: readonly Logged[]) => void) | undefined;
};

export type TwoN = Station & {
  /** How much later than it happens an event is told, its time being that at which it happened. */
  holdMs: number;
  /** Gives its memory to nobody. */
  isForgetful: boolean;
  /** Answers at once though nothing has happened. */
  isHasty: boolean;
  readonly log: (event: string, params: Readonly<Record<string, unknown>>) => void;
  readonly press: (key?: string) => void;
  readonly call: (state: string) => void;
  readonly work: (number: number, on: boolean, originator?: string) => void;
  readonly tamper: (on: boolean) => void;
  /** Tells the last event once more, with the same id. */
  readonly repeat: () => void;
  /** Subscriptions, log and running time are gone. */
  readonly restart: () => void;
  readonly subscriptions: () => number;
  /** As many events nobody asks for, to fill its memory. */
  readonly chatter: (count: number) => void;
};

const BATCH = 128;
const START_UTC_S = 1_700_000_000;

const ok = (asker: Asker, result: unknown): void =>
  asker.answer(200, 'application/json', JSON.stringify({ success: true, result }));
const refuse = (asker: Asker, code: number, param: string): void =>
  asker.answer(200, 'application/json', JSON.stringify({ success: false, error: { code, param, description: 'refused' } }));

export const emulatedTwoN = ({ timers }: StationOptions): TwoN => {
  let startedMs = timers.now();
  let nextId = 1;
  let nextSubscription = 1;
  let history: Logged[] = [];
  let subscriptions = new Map<number, Subscription>();
  const asked: string[] = [];

  const hand = (subscription: Subscription): void => {
    const { waiting } = subscription;
    if (!waiting || subscription.queue.length === 0) return;
    subscription.waiting = undefined;
    waiting(subscription.queue.splice(0, BATCH));
  };

  const tell = (logged: Logged): void => {
    for (const subscription of subscriptions.values()) {
      if (!subscription.filter.includes(logged.event)) continue;
      subscription.queue.push(logged);
      hand(subscription);
    }
  };

  const log = (event: string, params: Readonly<Record<string, unknown>>): void => {
    const upTime = Math.floor((timers.now() - startedMs) / 1_000);
    const logged = { id: nextId, tzShift: 0, utcTime: START_UTC_S + upTime, upTime, event, params };
    nextId += 1;
    history.push(logged);
    if (station.holdMs === 0) tell(logged);
    else timers.later(station.holdMs, () => tell(logged));
  };

  const subscribe = (query: URLSearchParams, asker: Asker): void => {
    if (station.isForgetful && query.get('include') !== 'new') return refuse(asker, 12, 'include');
    const filter = (query.get('filter') ?? '').split(',');
    const id = nextSubscription;
    nextSubscription += 1;
    const past = query.get('include') === 'all' ? history.filter(({ event }) => filter.includes(event)) : [];
    subscriptions.set(id, { filter, queue: [...past], waiting: undefined });
    return ok(asker, { id });
  };

  const pull = (query: URLSearchParams, asker: Asker): void => {
    const subscription = subscriptions.get(Number(query.get('id')));
    if (!subscription) return refuse(asker, 12, 'id');
    const give = (events: readonly Logged[]): void => ok(asker, { events });
    const waitMs = station.isHasty ? 0 : Number(query.get('timeout') ?? 0) * 1_000;
    if (subscription.queue.length > 0 || waitMs === 0) return give(subscription.queue.splice(0, BATCH));
    subscription.waiting = give;
    timers.later(waitMs, () => {
      if (subscription.waiting !== give) return;
      subscription.waiting = undefined;
      give([]);
    });
  };

  const ask = (path: string, asker: Asker): void => {
    asked.push(path);
    if (misbehaves(station.mode, asker)) return;
    const { pathname, searchParams } = new URL(path, 'http://station');
    if (pathname === '/api/system/info') return ok(asker, { variant: '2N IP Verso', swVersion: '2.40.0.51.8' });
    if (pathname === '/api/log/subscribe') return subscribe(searchParams, asker);
    if (pathname === '/api/log/pull') return pull(searchParams, asker);
    if (pathname !== '/api/log/unsubscribe') return refuse(asker, 2, 'path');
    subscriptions.delete(Number(searchParams.get('id')));
    return asker.answer(200, 'application/json', '{"success":true}');
  };

  const station: TwoN = {
    username: USERNAME,
    password: PASSWORD,
    mode: 'well',
    holdMs: 0,
    isForgetful: false,
    isHasty: false,
    asked,
    ask,
    log,
    press: (key = '%1') => log('KeyPressed', { key }),
    call: (state) => log('CallStateChanged', { direction: 'outgoing', state, peer: 'sip:101@192.168.1.30', session: 1, call: 1 }),
    work: (number, on, originator) =>
      log('SwitchStateChanged', { switch: number, state: on, ...(originator !== undefined && { originator }) }),
    tamper: (on) => log('TamperSwitchActivated', { state: on ? 'in' : 'out' }),
    repeat: () => {
      const last = history.at(-1);
      if (last) tell(last);
    },
    restart: () => {
      startedMs = timers.now();
      nextId = 1;
      history = [];
      for (const subscription of subscriptions.values()) subscription.waiting = undefined;
      subscriptions = new Map();
    },
    subscriptions: () => subscriptions.size,
    chatter: (count) => {
      for (let left = count; left > 0; left -= 1) log('TamperSwitchActivated', { state: left % 2 === 0 ? 'in' : 'out' });
    },
  };
  return station;
};
