/**
 * Whether the latch contact of a secondary exit can be believed.
 *
 * *Latch fault*: the leaf is open and the latch is said to be engaged for 1 s (stuck or bridged contact), or the latch
 * was not seen to move over five openings. Such a latch counts as not latched for arming, drives no ladder, is reported
 * once, and is believed again when it is seen to engage behind a closed leaf.
 */
import type { DoorConfig } from '../config.ts';
import { clearTimer, doorState, emit, setDoor, setTimerIn, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { SECOND } from '../time.ts';
import { latchOf, leafOf } from './position.ts';
import type { Latch, Leaf } from './position.ts';

type Door = Place<DoorConfig>;

const ENGAGED_WHILE_OPEN_MS = SECOND;
const OPENINGS_WITHOUT_LATCH = 5;

const report = (frame: Frame, { config, index }: Door, latchFault: boolean): void => {
  setDoor(frame, { config, index }, { latchFault, openingsWithoutLatch: 0 });
  const { area, id: door, latch: zone } = config;
  emit(frame, latchFault ? 'latch-fault' : 'latch-fault-restored', { area, door, ...(zone === undefined ? {} : { zone }) });
};

/** A fault between two levels is no movement: what was seen last is kept through it. */
const seeLatch = (frame: Frame, door: Door, latch: Latch, leaf: Leaf): void => {
  if (latch !== 'engaged' && latch !== 'free') return;
  const before = doorState(frame, door);
  if (before.latchSeen === latch) return;
  const moved = before.latchSeen !== undefined;
  setDoor(frame, door, { latchSeen: latch, latchMovedSinceOpening: before.latchMovedSinceOpening || moved });
  if (before.latchFault && moved && latch === 'engaged' && leaf === 'closed') report(frame, door, false);
};

/** An opening is over, and counted, when the leaf has been back for as long as a latch may take: a swing is no opening. */
const countOpening = (frame: Frame, door: Door): void => {
  const { latchMovedSinceOpening, openingsWithoutLatch, latchFault } = doorState(frame, door);
  const unmoved = latchMovedSinceOpening ? 0 : openingsWithoutLatch + 1;
  setDoor(frame, door, { openingsWithoutLatch: unmoved, latchMovedSinceOpening: false });
  if (!latchFault && unmoved >= OPENINGS_WITHOUT_LATCH) report(frame, door, true);
};

const isContrary = (leaf: Leaf, latch: Latch): boolean => leaf === 'open' && latch === 'engaged';
const isRead = (latch: Latch): boolean => latch === 'engaged' || latch === 'free';

/** While the leaf is open: is the latch contrary to it? Once it is back: has the latch moved? */
const seeLeaf = (frame: Frame, door: Door, leaf: Leaf, latch: Latch): void => {
  const { leafSeen, latchFault } = doorState(frame, door);
  const { id, latchMs } = door.config;
  if (leaf === 'unknown') return;
  if (leaf !== leafSeen) setDoor(frame, door, { leafSeen: leaf });
  if (!isRead(latch) || (leaf === 'open' && (!isContrary(leaf, latch) || latchFault)))
    return clearTimer(frame, 'latch-check', id);
  if (leaf === 'closed' && leafSeen === 'open') return setTimerIn(frame, 'latch-check', id, latchMs);
  if (leaf === 'open' && (leafSeen !== 'open' || !timerOf(frame, 'latch-check', id)))
    setTimerIn(frame, 'latch-check', id, ENGAGED_WHILE_OPEN_MS);
};

/** Takes note of where leaf and latch are. Nothing moves when nothing changed. */
export const watchLatch = (frame: Frame, door: Door): void => {
  const leaf = leafOf(frame.site, frame.state.durable, door.config);
  const latch = latchOf(frame.site, frame.state.durable, door.config);
  seeLatch(frame, door, latch, leaf);
  seeLeaf(frame, door, leaf, latch);
};

export const onLatchCheck = (frame: Frame, door: Door): void => {
  const leaf = leafOf(frame.site, frame.state.durable, door.config);
  const latch = latchOf(frame.site, frame.state.durable, door.config);
  if (isContrary(leaf, latch) && !doorState(frame, door).latchFault) report(frame, door, true);
  else if (leaf === 'closed' && isRead(latch)) countOpening(frame, door);
};
