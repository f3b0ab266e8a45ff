/** What the people inside are shown of a door: who rang, and what became of the answer. */
import type { DoorConfig } from '../config.ts';
import { keypadState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import { tellKeypad } from '../people/notice.ts';
import type { Place } from '../site.ts';
import type { DoorOutcome, Notice } from '../state.ts';

type Door = Place<DoorConfig>;

/** Inside keypads of the door's area that are not on the door itself. */
const desksOf = ({ site }: Frame, { config }: Door) =>
  [...site.keypads.values()].filter(
    ({ config: keypad }) => keypad.place === 'inside' && keypad.areas.includes(config.area) && !site.doorsOfKeypad.has(keypad.id),
  );

export const tellDesks = (frame: Frame, door: Door, outcome: DoorOutcome): void =>
  noticeDesks(frame, door, { kind: 'door', door: door.config.id, outcome });

/** The answer to somebody at the keypad stays: a door that is passed tells nobody there why arming was refused. */
export const noticeDesks = (frame: Frame, door: Door, notice: Notice): void => {
  for (const keypad of desksOf(frame, door)) {
    const shown = keypadState(frame, keypad).notice;
    if (shown === undefined || shown.kind === 'door') tellKeypad(frame, keypad.config.id, notice);
  }
};
