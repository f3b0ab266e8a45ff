/** What each reader is to show, from the first screen on: only what has changed goes over the line. */
import type { KeypadId } from '../../core/config.ts';
import type { KeypadScreen } from '../../ports/lines.ts';
import type { Timers } from '../../ports/player.ts';
import type { Command } from '../../protocol/osdp/commands.ts';
import type { Capabilities } from '../../protocol/osdp/replies.ts';
import { ledOf, textsOf, toneOf } from './feedback.ts';
import type { Tone } from './feedback.ts';
import type { Want } from './readerLines.ts';

export type Screens = {
  readonly show: (reader: KeypadId, screen: KeypadScreen) => void;
  /** A reader is there, and this is what it can show. */
  readonly met: (reader: KeypadId, capabilities: Capabilities) => void;
  readonly stop: () => void;
};

type Shown = {
  screen: KeypadScreen | undefined;
  capabilities: Capabilities | undefined;
  /** By slot, what was ordered last. */
  readonly ordered: Map<string, string>;
  cancelTone: () => void;
};

type Desk = { readonly timers: Timers; readonly want: Want; readonly shown: ReadonlyMap<KeypadId, Shown> };

const nothing = (): void => {};

/** True: this is new. */
const order = ({ want }: Desk, reader: KeypadId, { ordered }: Shown, slot: string, command: Command | undefined): boolean => {
  const text = command === undefined ? '' : JSON.stringify(command);
  if ((ordered.get(slot) ?? '') === text) return false;
  ordered.set(slot, text);
  want(reader, slot, command);
  return true;
};

const soundAgain = (desk: Desk, reader: KeypadId, shown: Shown, { command, repeatMs = 0 }: Tone): void => {
  shown.cancelTone = desk.timers.later(repeatMs, () => {
    desk.want(reader, 'buzzer', command);
    soundAgain(desk, reader, shown, { command, repeatMs });
  });
};

/** A tone that goes on keeps its rhythm, whatever else the screen changes. */
const sound = (desk: Desk, reader: KeypadId, shown: Shown, tone: Tone | undefined): void => {
  if (!order(desk, reader, shown, 'buzzer', tone?.command)) return;
  shown.cancelTone();
  shown.cancelTone = nothing;
  if (tone?.repeatMs !== undefined) soundAgain(desk, reader, shown, tone);
};

/** A reader of which nothing is known yet shows the screen when it has been met. */
const refresh = (desk: Desk, reader: KeypadId, shown: Shown): void => {
  const { screen, capabilities } = shown;
  if (screen === undefined || capabilities === undefined) return;
  order(desk, reader, shown, 'led', ledOf(screen, capabilities));
  textsOf(screen, capabilities).forEach((text, row) => order(desk, reader, shown, `text${row}`, text));
  sound(desk, reader, shown, toneOf(screen, capabilities));
};

const change = (desk: Desk, reader: KeypadId, news: Partial<Pick<Shown, 'screen' | 'capabilities'>>): void => {
  const shown = desk.shown.get(reader);
  if (shown === undefined) return;
  Object.assign(shown, news);
  refresh(desk, reader, shown);
};

const stop = ({ shown }: Desk): void => {
  for (const each of shown.values()) {
    each.cancelTone();
    each.cancelTone = nothing;
    each.ordered.clear();
  }
};

const blank = (): Shown => ({ screen: undefined, capabilities: undefined, ordered: new Map(), cancelTone: nothing });

export const makeScreens = (readers: readonly KeypadId[], timers: Timers, want: Want): Screens => {
  const desk: Desk = { timers, want, shown: new Map(readers.map((reader) => [reader, blank()])) };
  return {
    show: (reader, screen) => change(desk, reader, { screen }),
    met: (reader, capabilities) => change(desk, reader, { capabilities }),
    stop: () => stop(desk),
  };
};
