/** What the people inside are shown of a door: who rang, and what became of the answer. */
import type { DoorConfig } from '../config.ts';
import { keypadState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import { tellKeypad } from '../people/notice.ts';
import type { Place } from '../site.ts';
import type { DoorOutcome, Notice } from '../state.ts';

type Door = Place<DoorConfig>;

/** Inside keypads of the door's area that are not on the door itself, and where nobody is being asked something. */
const desksOf = (frame: Frame, { config }: Door) =>
  [...frame.site.keypads.values()].filter(
    (keypad) =>
      keypad.config.place === 'inside' &&
      keypad.config.areas.includes(config.area) &&
      !frame.site.doorsOfKeypad.has(keypad.config.id) &&
      keypadState(frame, keypad).choosing === undefined,
  );

export const tellDesks = (frame: Frame, door: Door, outcome: DoorOutcome): void =>
  noticeDesks(frame, door, { kind: 'door', door: door.config.id, outcome });

export const noticeDesks = (frame: Frame, door: Door, notice: Notice): void => {
  for (const { config } of desksOf(frame, door)) tellKeypad(frame, config.id, notice);
};
