/**
 * Whether a station answers as it must for its lines to be heard, tried once: a 2N gives a subscription, which is given back at
 * once, a DoorBird its information page. Nothing at the station changes, and whoever listens to it goes on.
 */
import { DOORBIRD_PATHS, readDoorBirdInfo } from '../../protocol/stations/doorBird.ts';
import type { StationPoint } from '../../protocol/stations/event.ts';
import { eventsFor, readSubscription, readTwoNInfo, TWO_N_PATHS } from '../../protocol/stations/twoN.ts';
import type { TwoNRules } from '../../protocol/stations/twoN.ts';
import type { Timers } from '../../ports/player.ts';
import { httpTransport } from './http.ts';
import type { MakeTransport } from './http.ts';
import type { Secrets, StationSettings } from './settings.ts';
import { failed } from './transport.ts';
import type { Answer, Failed, Transport } from './transport.ts';
import { refusalFailure } from './twoNSession.ts';

/** `what`: the station in its own words, or '' where it does not tell us that. */
export type Probed = { readonly ok: true; readonly what: string } | Failed;

const DEADLINE_MS = 5_000;
const BYTES_MAX = 16_384;
const SUBSCRIPTION_S = 10;
const RING_AND_OPEN: ReadonlySet<StationPoint> = new Set(['ring', 'open']);

const asked = (transport: Transport, path: string): Promise<Answer> =>
  new Promise((resolve) => void transport.ask({ path, deadlineMs: DEADLINE_MS, bytesMax: BYTES_MAX }, resolve));

const probeTwoN = async (transport: Transport, rules: TwoNRules): Promise<Probed> => {
  const answer = await asked(transport, TWO_N_PATHS.subscribe(eventsFor(RING_AND_OPEN, rules), SUBSCRIPTION_S));
  if (!answer.ok) return answer;
  const subscription = readSubscription(answer.text);
  if (!subscription.ok) return refusalFailure(subscription);
  await asked(transport, TWO_N_PATHS.unsubscribe(subscription.value));
  // The system service may be off, or not be this user's to ask: its name is a courtesy.
  const info = await asked(transport, TWO_N_PATHS.info);
  const what = info.ok ? readTwoNInfo(info.text) : undefined;
  return { ok: true, what: what?.ok ? what.value : '' };
};

const probeDoorBird = async (transport: Transport): Promise<Probed> => {
  const answer = await asked(transport, DOORBIRD_PATHS.info);
  if (!answer.ok) return answer;
  const what = readDoorBirdInfo(answer.text);
  return what === undefined ? failed('garbled', 'no information of a DoorBird') : { ok: true, what };
};

const transportOf = (
  station: StationSettings,
  secrets: Secrets,
  timers: Timers,
  makeTransport: MakeTransport,
): Transport | Failed => {
  try {
    return makeTransport(station, secrets, timers);
  } catch (error) {
    return failed('no-certificate', String(error));
  }
};

export const probeStation = async (
  station: StationSettings,
  secrets: Secrets,
  timers: Timers,
  makeTransport: MakeTransport = httpTransport,
): Promise<Probed> => {
  const transport = transportOf(station, secrets, timers, makeTransport);
  if ('failure' in transport) return transport;
  try {
    return await (station.kind === '2n' ? probeTwoN(transport, station) : probeDoorBird(transport));
  } finally {
    transport.close();
  }
};
