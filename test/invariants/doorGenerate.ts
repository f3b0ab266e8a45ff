/**
 * Draws what goes on at doors that lock: people who come in and go out each in their way, buttons, leaves, latches and bolts
 * that follow or do not, emergencies, an airlock in a hurry, orders from afar, people who are changed meanwhile.
 */
import type { DoorConfig, UserConfig, ZoneConfig, ZoneId } from '../../src/core/config.ts';
import type { PersonChange, Request, Way } from '../../src/core/input.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { anyMeaning, anyUser, closes, keypadWay, opens, pass } from './draw.ts';
import type { Code, Drawing } from './draw.ts';
import type { Act } from './trace.ts';

const BOLTS: Act = { do: 'bolts' };
const CODE: Request = { verb: 'code' };

const zoneOf = ({ site }: Drawing, id: ZoneId): ZoneConfig | undefined => site.zones.get(id)?.config;

const press = (drawing: Drawing, id: ZoneId | undefined): readonly Act[] => {
  const zone = id === undefined ? undefined : zoneOf(drawing, id);
  if (!zone) return [];
  return [opens(zone), pass(drawing.random.pick([25, 25, 100, 100, SECOND, 3_500])), closes(zone)];
};

const moves = (drawing: Drawing, id: ZoneId | undefined, to: typeof opens): readonly Act[] => {
  const zone = id === undefined ? undefined : zoneOf(drawing, id);
  return zone ? [to(zone)] : [];
};

// ---- credentials

const credential = (drawing: Drawing, way: Way, given: Partial<Code>): Act => ({
  do: 'code',
  user: anyUser(drawing),
  meaning: anyMeaning(drawing),
  way,
  by: 'code',
  request: CODE,
  delayMs: drawing.random.chance(0.2) ? drawing.random.whole(1, 1_500) : 0,
  ...given,
});

const atReader = (drawing: Drawing, { access }: DoorConfig): readonly Act[] => {
  const { site, random } = drawing;
  const reader = random.anyOf([...(access?.entry ?? []), ...(access?.exit ?? [])]);
  if (!access || reader === undefined) return [];
  const way = keypadWay(site.keypads.get(reader)?.config);
  const user = anyUser(drawing);
  const badge = credential(drawing, way, { user, by: 'badge' });
  const code = credential(drawing, way, { user });
  const either = random.chance(0.5) ? [badge] : [code];
  if (access.credential === 'both') return random.chance(0.9) ? [badge, code] : either;
  const one = access.credential === 'badge' ? badge : code;
  const shown = access.credential === 'either' || random.chance(0.1) ? either : [one];
  return access.persons === 2 ? [...shown, credential(drawing, way, { by: random.pick(['badge', 'code'] as const) })] : shown;
};

const numberOf = (drawing: Drawing, { contact }: DoorConfig): number => zoneOf(drawing, contact)?.number ?? 0;

const INSIDE: readonly [Way, Way] = [{ kind: 'keypad', keypad: 'entree' }, { kind: 'page' }];

const byNumber = (drawing: Drawing, door: DoorConfig): readonly Act[] => [
  credential(drawing, drawing.random.pick(INSIDE), { request: { verb: 'open', zone: numberOf(drawing, door) } }),
];

const fromAfar = ({ site, random }: Drawing, { id }: DoorConfig): readonly Act[] => {
  const operator = random.chance(0.05) ? 'nobody' : (random.anyOf(site.config.operators)?.id ?? '');
  return [{ do: 'unlock', operator, door: random.chance(0.03) ? 'nowhere' : id }];
};

// ---- a door is opened, and what becomes of it

const ask = (drawing: Drawing, door: DoorConfig): readonly Act[] => {
  const { random } = drawing;
  const draw = random.next();
  if (draw < 0.35 && door.access) return atReader(drawing, door);
  if (draw < 0.55) return press(drawing, random.anyOf(door.requests));
  if (draw < 0.8) return press(drawing, door.exitRequest?.zone);
  if (draw < 0.88) return fromAfar(drawing, door);
  if (draw < 0.94) return press(drawing, random.anyOf(door.permits));
  return byNumber(drawing, door);
};

const goThrough = (drawing: Drawing, { contact, latch }: DoorConfig): readonly Act[] => {
  const { random } = drawing;
  const shut = random.chance(0.85);
  return [
    ...moves(drawing, latch, opens),
    ...moves(drawing, contact, opens),
    ...(random.chance(0.8) ? [BOLTS] : []),
    pass(random.pick([20, 400, 2 * SECOND, 9 * SECOND, 45 * SECOND])),
    ...(shut ? moves(drawing, contact, closes) : []),
    pass(random.pick([1, 500, 3 * SECOND])),
    ...(shut && random.chance(0.9) ? moves(drawing, latch, closes) : []),
    ...(random.chance(0.8) ? [BOLTS, pass(SECOND)] : []),
  ];
};

const visit = (drawing: Drawing, door: DoorConfig): readonly Act[] => {
  const { random } = drawing;
  const asked = ask(drawing, door);
  const followed = random.chance(0.8) ? [BOLTS] : [];
  const waited = pass(random.pick([0, 300, SECOND, 4 * SECOND, 6 * SECOND, 16 * SECOND]));
  return [...asked, ...followed, waited, ...(random.chance(0.7) ? goThrough(drawing, door) : [])];
};

const anyDoor = ({ site, random }: Drawing): DoorConfig | undefined => random.anyOf(site.config.doors);

const withDoor = (drawing: Drawing, story: (door: DoorConfig) => readonly Act[]): readonly Act[] => {
  const door = anyDoor(drawing);
  return door ? story(door) : [];
};

// ---- stories

const tidyUp = ({ site }: Drawing): readonly Act[] => [...site.config.zones.map(closes), BOLTS];

const visits = (drawing: Drawing): readonly Act[] => [
  ...(drawing.random.chance(0.5) ? tidyUp(drawing) : []),
  ...Array.from({ length: drawing.random.whole(1, 3) }, () => withDoor(drawing, (door) => visit(drawing, door))).flat(),
];

/** Several at once: what each asks for falls into what the others do. */
const rush = (drawing: Drawing): readonly Act[] => {
  const { random } = drawing;
  const each = Array.from({ length: random.whole(2, 3) }, () => [...withDoor(drawing, (door) => visit(drawing, door))]);
  const woven: Act[] = random.chance(0.5) ? [...tidyUp(drawing)] : [];
  while (each.some((acts) => acts.length > 0)) {
    const next = random.anyOf(each.filter((acts) => acts.length > 0))?.shift();
    if (next) woven.push(next);
  }
  return woven;
};

const byOwner = (drawing: Drawing, request: Request): Act =>
  credential(drawing, INSIDE[0], { user: 'doc', request, delayMs: 0, meaning: 'normal' });

/** A box is pulled or there is smoke; people go on; it is put back, and somebody may say that it is over. */
const emergency = (drawing: Drawing): readonly Act[] => {
  const { site, random } = drawing;
  const zone = random.anyOf(site.config.zones.filter(({ type }) => type === 'green-box' || type === 'fire-sense'));
  if (!zone) return [];
  const meanwhile = random.chance(0.7) ? visits(drawing) : [];
  const early = random.chance(0.3) ? [byOwner(drawing, { verb: 'acknowledge' })] : [];
  const cut: readonly Act[] = random.chance(0.15) ? [{ do: 'read', line: zone.line, reading: { kind: 'lost' } }] : [];
  const late = random.chance(0.7) ? [byOwner(drawing, { verb: random.chance(0.5) ? 'acknowledge' : 'code' })] : [];
  return [opens(zone), ...meanwhile, ...cut, ...early, closes(zone), pass(random.whole(0, 5_000)), ...late];
};

const MODES = ['blocked', 'locked-down', 'locked-open', 'locked'] as const;

const otherwise = (drawing: Drawing): readonly Act[] =>
  withDoor(drawing, (door) => {
    const { random } = drawing;
    const change = (mode: (typeof MODES)[number]): Act =>
      byOwner(drawing, { verb: 'door-mode', zone: numberOf(drawing, door), mode });
    const back = random.chance(0.8) ? [change('locked')] : [];
    return [change(random.pick(MODES)), ...visit(drawing, door), ...visits(drawing), ...back];
  });

const WRONG_WAYS: readonly [Way, Way] = [{ kind: 'page' }, { kind: 'remote', operator: 'centre' }];

/** Somebody tries codes at every way that leads in, and then knows one. */
const guesses = (drawing: Drawing): readonly Act[] => {
  const { site, random } = drawing;
  const readers = site.config.keypads.filter(({ place }) => place === 'outside');
  const way = (): Way => (random.chance(0.7) ? keypadWay(random.anyOf(readers)) : random.pick(WRONG_WAYS));
  const wrong = Array.from({ length: random.whole(2, 8) }, () => credential(drawing, way(), { user: undefined }));
  const right = credential(drawing, keypadWay(random.anyOf(readers)), { user: 'doc' });
  return [...wrong, right, pass(random.pick([SECOND, 89 * SECOND, 91 * SECOND])), right];
};

/** An operator who asks more often than is their share of the hour. */
const insists = ({ site, random }: Drawing): readonly Act[] => {
  const operator = random.anyOf(site.config.operators)?.id ?? '';
  const door = random.anyOf(site.config.doors.filter(({ remote }) => remote))?.id ?? '';
  const ask: Act = { do: 'unlock', operator, door };
  return Array.from({ length: random.whole(3, 7) }, () => [ask, pass(random.pick([SECOND, MINUTE]))]).flat();
};

// ---- people who are changed

const changedUser = ({ site, random }: Drawing): UserConfig | undefined => {
  const user = random.anyOf(site.config.users);
  if (!user) return undefined;
  const doors = site.config.doors.map(({ id }) => id).filter(() => random.chance(0.7));
  const id = random.chance(0.3) ? 'nouveau' : user.id;
  return { ...user, id, doors: random.chance(0.05) ? [...doors, 'nowhere'] : doors, oneShot: random.chance(0.1) };
};

const anyChange = (drawing: Drawing): PersonChange => {
  const { site, random } = drawing;
  const user = changedUser(drawing);
  const draw = random.next();
  if (draw < 0.6 && user) return { kind: 'put', user };
  if (draw < 0.9) return { kind: 'revoke', user: random.chance(0.2) ? 'nouveau' : (random.anyOf(site.config.users)?.id ?? '') };
  return { kind: 'revoke-operator', operator: random.anyOf(site.config.operators)?.id ?? '' };
};

const put = (user: UserConfig): Act => ({ do: 'person', change: { kind: 'put', user } });

const changes = (drawing: Drawing): readonly Act[] => {
  const { random } = drawing;
  const change: Act = { do: 'person', change: anyChange(drawing) };
  const back = random.chance(0.7) ? drawing.site.config.users.map(put) : [];
  return [change, ...visits(drawing), ...back];
};

// ---- hours of free access

const openHours = (drawing: Drawing): readonly Act[] => {
  const { random } = drawing;
  const hours = random.pick([1, 11, 12, 23]);
  const step: Act = { do: 'clock', stepMs: random.pick([0, HOUR, -HOUR]), synchronised: random.chance(0.9) };
  return [
    ...tidyUp(drawing),
    byOwner(drawing, { verb: 'disarm', areas: [] }),
    { do: 'clock', stepMs: 0, synchronised: true },
    { do: 'calendar' },
    pass(hours * HOUR),
    { do: 'calendar' },
    ...visits(drawing),
    ...(random.chance(0.3) ? [step] : []),
    pass(random.pick([MINUTE, HOUR])),
    ...visits(drawing),
  ];
};

const locksUp = (drawing: Drawing): readonly Act[] => [
  ...tidyUp(drawing),
  byOwner(drawing, {
    verb: 'arm',
    mode: drawing.random.pick(['full', 'night'] as const),
    areas: [],
    override: true,
    inhibit: [],
  }),
  ...visits(drawing),
  byOwner(drawing, { verb: 'disarm', areas: [] }),
];

export const doorStory = (drawing: Drawing): readonly Act[] => {
  const draw = drawing.random.next();
  if (draw < 0.3) return visits(drawing);
  if (draw < 0.46) return rush(drawing);
  if (draw < 0.5) return insists(drawing);
  if (draw < 0.63) return emergency(drawing);
  if (draw < 0.73) return otherwise(drawing);
  if (draw < 0.8) return guesses(drawing);
  if (draw < 0.85) return changes(drawing);
  return draw < 0.92 ? openHours(drawing) : locksUp(drawing);
};

const restart = ({ random, temper }: Drawing): Act =>
  temper.restarts ? { do: 'restart', cause: 'process', goneMs: random.pick([0, 500, HOUR]), stateLost: false } : pass(SECOND);

/** One thing, in the middle of whatever goes on. */
export const doorNoise = (drawing: Drawing): Act => {
  const { random } = drawing;
  const draw = random.next();
  if (draw < 0.3) return BOLTS;
  if (draw < 0.36) return restart(drawing);
  if (draw < 0.4) return { do: 'condition', condition: 'storage-failed', subject: '', on: random.chance(0.5) };
  const [first, ...others] = withDoor(drawing, (door) => ask(drawing, door));
  drawing.queue.unshift(...others);
  return first ?? pass(SECOND);
};
