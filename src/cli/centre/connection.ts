/** Keeps the centre connected: subscribes, says that it is there, and comes back with growing, uneven delays. */
import type { ConnectOptions, DownReason, IncomingMessage, Link, LinkUp, MakeLink, TlsOptions } from '../../ports/link.ts';
import { LINK_DEFAULTS } from '../../ports/link.ts';
import { encode } from '../../protocol/payloads.ts';
import { centreSubscriptions, topicOf } from '../../protocol/topics.ts';
import type { CentreListener } from './events.ts';

export type BrokerAccess = {
  readonly broker: string;
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: TlsOptions;
};

export type ConnectionWorld = {
  readonly makeLink: MakeLink;
  readonly now: () => number;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  readonly onMessage: (message: IncomingMessage) => void;
  readonly onUp: (up: LinkUp) => void;
  readonly onDown: () => void;
  readonly tell: CentreListener;
};

export type Connection = { readonly link: Link; readonly start: () => void; readonly stop: () => Promise<void> };

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 30_000;
/** A connection that lasted this long was a good one. */
const STABLE_MS = 30_000;
const PARTING_MS = 2_000;
const WILL_DELAY_S = 5;

const STATUS_TOPIC = topicOf({ kind: 'centre-status' });
const online = encode({ v: 1, status: 'online' });
const offline = encode({ v: 1, status: 'offline' });

const optionsOf = ({ broker, clientId, username, password, tls }: BrokerAccess): ConnectOptions => ({
  ...LINK_DEFAULTS,
  url: broker,
  clientId: clientId ?? 'vigie-centre',
  receiveMaximum: 200,
  will: { topic: STATUS_TOPIC, payload: offline, qos: 1, retain: true, delayS: WILL_DELAY_S },
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls === undefined ? {} : { tls }),
});

/** 1 s, 2 s, 4 s… at most 30 s, each between half and all of it: centres and sites do not all come back at one instant. */
const retryAfter = (failures: number, random: number): number =>
  Math.min(RETRY_MIN_MS * 2 ** Math.min(failures, 10), RETRY_MAX_MS) * (0.5 + random / 2);

export const makeConnection = (access: BrokerAccess, world: ConnectionWorld): Connection => {
  const { tell, now } = world;
  let failures = 0;
  let upSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped: (() => void) | undefined;

  const sayOnline = (): void => {
    link.publish({ topic: STATUS_TOPIC, payload: online, qos: 1, retain: true }, (result) => {
      if (result.kind === 'refused') tell({ kind: 'acknowledgement-refused', site: 'centre', code: result.code }, now());
    });
  };

  /** It says that it is there only once it hears: a site sends as soon as it reads it. */
  const subscribe = (up: LinkUp): void => {
    link.subscribe(centreSubscriptions, 1, (result) => {
      if (result.kind !== 'answered') return;
      const refused = result.filters.filter((filter) => filter.kind === 'refused');
      for (const { filter, code } of refused) tell({ kind: 'subscription-refused', filter, code }, now());
      if (refused.length > 0) return link.destroy();
      tell({ kind: 'connected', certificateNotYetValid: up.certificateNotYetValid }, now());
      sayOnline();
    });
  };

  const onUp = (up: LinkUp): void => {
    upSince = now();
    world.onUp(up);
    subscribe(up);
  };

  const onDown = (reason: DownReason): void => {
    world.onDown();
    failures = upSince !== undefined && now() - upSince >= STABLE_MS ? 0 : failures + 1;
    upSince = undefined;
    if (stopped) return stopped();
    const retryMs = Math.round(retryAfter(failures - 1, world.random()));
    tell({ kind: 'disconnected', reason, retryMs }, now());
    timer = setTimeout(() => link.connect(optionsOf(access)), retryMs);
  };

  const link = world.makeLink((event) => {
    if (event.kind === 'message') world.onMessage(event.message);
    else if (event.kind === 'up') onUp(event);
    else onDown(event.reason);
  });

  const stop = async (): Promise<void> => {
    clearTimeout(timer);
    stopped = () => undefined;
    if (upSince === undefined) return link.destroy();
    const gone = new Promise<void>((resolve) => {
      stopped = resolve;
      setTimeout(resolve, PARTING_MS).unref();
    });
    link.publish({ topic: STATUS_TOPIC, payload: offline, qos: 1, retain: true }, () => link.disconnect());
    await gone;
    link.destroy();
  };

  return { link, start: () => link.connect(optionsOf(access)), stop };
};
