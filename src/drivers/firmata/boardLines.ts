/**
 * The lines of one board: what they were made, what they say, and what they are ordered. Lives as long as the driver is
 * open, over any number of connections; each connection is *armed* with it.
 */
import type { LineId } from '../../core/config.ts';
import type { Reading } from '../../core/input.ts';
import { MODE } from '../../protocol/firmata.ts';
import type { PinMode } from '../../protocol/firmata.ts';
import type { Level, LineProblem, LineRequest } from '../../ports/lines.ts';
import type { Player } from '../../ports/player.ts';
import { NEW_CHANNEL } from './channel.ts';
import type { Channel } from './channel.ts';
import { newContact } from './contact.ts';
import type { Contact } from './contact.ts';
import { newCheck } from './pinCheck.ts';
import type { PinCheck } from './pinCheck.ts';
import type { FiveRelay } from './packages.ts';

/** Where a line is on its board; `channel` of an analog input, undefined where the pin has none. */
export type PinPlace = { readonly pin: number; readonly channel: number | undefined };
export type PinPlaces = Readonly<Record<LineId, PinPlace>>;

export type ContactLine = { readonly line: LineId; readonly pin: number; readonly mode: PinMode; contact: Contact };
export type ChannelLine = { readonly line: LineId; readonly pin: number; readonly channel: number; state: Channel };
export type OutputLine = {
  readonly line: LineId;
  readonly pin: number;
  readonly restLevel: Level;
  readonly player: Player;
  /** What it is ordered, whether the board is there or not. */
  level: Level;
  relay: FiveRelay | undefined;
  /** Its listener was told that it does nothing. */
  isGone: boolean;
};

export type BoardLines = {
  /** By pin. */
  readonly contacts: ReadonlyMap<number, ContactLine>;
  /** By channel, rising. */
  readonly channels: ReadonlyMap<number, ChannelLine>;
  readonly outputs: ReadonlyMap<LineId, OutputLine>;
  /** By pin: contacts and outputs. */
  readonly checks: Map<number, PinCheck>;
  /** What was told last, while the board is heard. */
  readonly readings: Map<LineId, Reading>;
};

export const LOST: Reading = { kind: 'lost' };

// ---- what is asked for

const problemOf = (request: LineRequest, place: PinPlace | undefined): Omit<LineProblem, 'line'> | undefined => {
  if (!place) return { trouble: 'no-such-line', detail: 'the board has no such line' };
  if (request.direction === 'analog' && place.channel === undefined)
    return { trouble: 'wrong-direction', detail: 'this pin measures nothing: take one of the analog pins, A0 and up' };
  if (request.direction === 'input' && request.bias === 'pull-down')
    return {
      trouble: 'not-supported',
      detail: 'an Arduino has no pull-downs: wire a resistor to ground and set the bias to none',
    };
  return undefined;
};

export const problemsOf = (requests: readonly LineRequest[], places: PinPlaces): readonly LineProblem[] => {
  const taken = new Set<number>();
  return requests.flatMap((request): LineProblem[] => {
    const place = places[request.line];
    const problem = problemOf(request, place);
    if (problem) return [{ line: request.line, ...problem }];
    const isTaken = place !== undefined && taken.has(place.pin);
    if (place) taken.add(place.pin);
    return isTaken ? [{ line: request.line, trouble: 'requested-twice', detail: 'two parts of the config name this pin' }] : [];
  });
};

const contactLine = (request: Extract<LineRequest, { direction: 'input' }>, { pin }: PinPlace): ContactLine => ({
  line: request.line,
  pin,
  mode: request.bias === 'pull-up' ? MODE.pullUp : MODE.input,
  contact: newContact(),
});

export type MakePlayer = (request: Extract<LineRequest, { direction: 'output' }>) => Player;

/** `requests` without problems. */
export const makeBoardLines = (requests: readonly LineRequest[], places: PinPlaces, makePlayer: MakePlayer): BoardLines => {
  const contacts = new Map<number, ContactLine>();
  const channels = new Map<number, ChannelLine>();
  const outputs = new Map<LineId, OutputLine>();
  for (const request of requests) {
    const { line, direction } = request;
    const place = places[line];
    if (!place) continue;
    const { pin, channel } = place;
    if (direction === 'input') contacts.set(pin, contactLine(request, place));
    else if (direction === 'analog') channels.set(channel ?? 0, { line, pin, channel: channel ?? 0, state: NEW_CHANNEL });
    else {
      const player = makePlayer(request);
      const { restLevel, initialLevel: level } = request;
      outputs.set(line, { line, pin, restLevel, player, level, relay: undefined, isGone: false });
    }
  }
  const rising = new Map([...channels].toSorted(([a], [b]) => a - b));
  return { contacts, channels: rising, outputs, checks: new Map(), readings: new Map() };
};

// ---- what they are

export const inputLines = ({ contacts, channels }: BoardLines): readonly LineId[] =>
  [...contacts.values(), ...channels.values()].map(({ line }) => line);

export const pinsNeeded = ({ contacts, channels, outputs }: BoardLines): readonly { pin: number; mode: PinMode }[] => [
  ...[...contacts.values()].map(({ pin, mode }) => ({ pin, mode })),
  ...[...channels.values()].map(({ pin }) => ({ pin, mode: MODE.analog })),
  ...[...outputs.values()].map(({ pin }) => ({ pin, mode: MODE.output })),
];

export const digitalPorts = ({ contacts }: BoardLines): readonly number[] => [
  ...new Set([...contacts.keys()].map((pin) => pin >> 3)),
];

/** Bits of our outputs in a port of eight pins. */
export const outputBits = ({ outputs }: BoardLines, port: number): number =>
  [...outputs.values()].filter(({ pin }) => pin >> 3 === port).reduce((bits, { pin }) => bits | (1 << (pin & 7)), 0);

/** Nothing that was heard before holds: after a connection, a restart or a doubt. */
export const forgetHeard = (lines: BoardLines, now: number): void => {
  for (const line of lines.contacts.values()) {
    line.contact = newContact(line.contact.unconfirmed);
    lines.checks.set(line.pin, newCheck(line.mode, 0, now));
  }
  for (const line of lines.channels.values()) line.state = NEW_CHANNEL;
  for (const output of lines.outputs.values()) lines.checks.set(output.pin, newCheck(MODE.output, output.level, now));
};

/** Every level known, every value steady, every pin verified. */
export const isWholeBoardKnown = ({ contacts, channels, checks }: BoardLines): boolean =>
  [...contacts.values()].every(({ contact }) => contact.told !== undefined) &&
  [...channels.values()].every(({ state }) => state.told !== undefined) &&
  [...checks.values()].every(({ verified }) => verified);

const SAMPLE_SCALE = 1023;

export const contactReading = ({ contact }: ContactLine): Reading =>
  contact.told === undefined ? LOST : { kind: 'level', level: contact.told };

export const channelReading = ({ state }: ChannelLine): Reading =>
  state.told === undefined ? LOST : { kind: 'ratio', ratio: state.told / SAMPLE_SCALE };
