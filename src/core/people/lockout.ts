/**
 * Wrong codes. Outside keypads, page and MQTT share one counter; an inside keypad has its own. `tries` wrong ones within
 * `windowMs` lock for `lockMs`, and so does each further wrong one. A success clears nobody's failures; badges never lock.
 */
import { emit, keypadPlace, must, setDurable, setTimer } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Way } from '../input.ts';
import type { LockoutCounter } from '../state.ts';
import { after } from '../time.ts';

const SHARED = 'shared';

const counterName = (frame: Frame, way: Way): string =>
  way.kind === 'keypad' && keypadPlace(frame, way.keypad).config.place === 'inside' ? way.keypad : SHARED;

const counterOf = (frame: Frame, name: string): LockoutCounter => {
  const { people } = frame.state.durable;
  return name === SHARED ? people.shared : must(people.keypads[keypadPlace(frame, name).index], 'lockout counter');
};

const setCounter = (frame: Frame, name: string, counter: LockoutCounter): void => {
  const { people } = frame.state.durable;
  if (name === SHARED) setDurable(frame, { people: { ...people, shared: counter } });
  else setDurable(frame, { people: { ...people, keypads: people.keypads.with(keypadPlace(frame, name).index, counter) } });
};

const keypadFacts = (name: string) => (name === SHARED ? {} : { keypad: name });

export const isLockedOut = (frame: Frame, way: Way): boolean => {
  const { lockedUntil } = counterOf(frame, counterName(frame, way));
  return lockedUntil !== undefined && frame.now < lockedUntil;
};

export const countFailure = (frame: Frame, way: Way): void => {
  const { tries, windowMs, lockMs } = frame.site.config.lockout;
  const name = counterName(frame, way);
  const counter = counterOf(frame, name);
  const failures = [...counter.failures.filter((at) => frame.now - at < windowMs), frame.now].slice(-tries);
  if (failures.length < tries) return setCounter(frame, name, { ...counter, failures });
  const lockedUntil = after(frame.now, lockMs);
  setCounter(frame, name, { failures, lockedUntil, locked: true });
  setTimer(frame, 'lockout', name, lockedUntil);
  if (!counter.locked) emit(frame, 'lockout', { ...keypadFacts(name), detail: { tries: failures.length } });
};

export const endLockout = (frame: Frame, name: string): void => {
  setCounter(frame, name, { ...counterOf(frame, name), lockedUntil: undefined, locked: false });
  emit(frame, 'lockout-ended', keypadFacts(name));
};
