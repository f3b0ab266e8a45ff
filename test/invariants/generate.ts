/**
 * Draws traces: days of a practice as they go, arming, leaving, coming back, being broken into, mixed with what nobody
 * plans: dead lines, chatter, clock steps, wrong codes, restarts at any instant.
 */
import type { ArmMode, ZoneConfig } from '../../src/core/config.ts';
import type { ConditionKind, Reading, Request, Way } from '../../src/core/input.ts';
import type { Site } from '../../src/core/site.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { doorNoise, doorStory } from './doorGenerate.ts';
import { CLOSED, OPEN, anyMeaning, anyUser, closes, keypadWay, opens, pass } from './draw.ts';
import type { Code, Drawing, Temper } from './draw.ts';
import type { Random } from './random.ts';
import type { Act } from './trace.ts';

export type { Temper } from './draw.ts';

export type Generator = { readonly next: () => Act };

export const generatorOf = (site: Site, random: Random, temper: Temper = { meanings: 'all', restarts: true }): Generator => {
  const drawing: Drawing = { site, random, temper, queue: [] };
  return {
    next: () => {
      if (drawing.queue.length === 0 && random.chance(0.3)) drawing.queue.push(...story(drawing));
      const planned = random.chance(0.85) ? drawing.queue.shift() : undefined;
      return planned ?? noise(drawing);
    },
  };
};

// ---- lines

const digitalReading = (random: Random): Reading => (random.chance(0.4) ? OPEN : CLOSED);

const RATIOS = [0.3, 0.3, 0.3, 0.5, 0.5, 0.05, 0.95, 0.7, 0.42, 0.375, 0.38, 0.43, 0.455, 0.28] as const;

const readingFor = ({ random }: Drawing, { sensing }: ZoneConfig): Reading => {
  if (random.chance(0.04)) return { kind: 'lost' };
  return sensing.kind === 'digital' ? digitalReading(random) : { kind: 'ratio', ratio: random.pick(RATIOS) };
};

const anyZone = ({ site, random }: Drawing): ZoneConfig | undefined => random.anyOf(site.config.zones);

const anyMove = (drawing: Drawing): Act => {
  const { random } = drawing;
  const zone = anyZone(drawing);
  if (!zone) return pass(SECOND);
  if (zone.sensing.kind === 'digital' && random.chance(0.08))
    return { do: 'bounce', line: zone.line, times: random.whole(2, 30), everyMs: random.pick([1, 5, 19, 20, 40, 100]) };
  const lateMs = random.chance(0.05) ? random.whole(1, 50) : 0;
  return { do: 'read', line: zone.line, reading: readingFor(drawing, zone), ...(lateMs > 0 && { lateMs }) };
};

// ---- time

const LENGTHS: readonly [number, ...number[]] = [
  1,
  20,
  500,
  SECOND,
  3 * SECOND,
  10 * SECOND,
  29 * SECOND,
  45 * SECOND,
  MINUTE,
  5 * MINUTE,
];
const LONG: readonly [number, ...number[]] = [15 * MINUTE, 31 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, DAY, 3 * DAY];

const anyTime = ({ random }: Drawing): Act => {
  if (random.chance(0.5)) return { do: 'deadline', offsetMs: random.pick([-1, 0, 0, 1] as const) };
  const ms = random.chance(0.06) ? random.pick(LONG) : random.whole(0, random.pick(LENGTHS));
  return random.chance(0.1) ? { do: 'jump', ms: Math.min(ms, 10 * MINUTE) } : pass(ms);
};

// ---- people

const anyWay = ({ site, random }: Drawing): Way => {
  if (random.chance(0.06)) return { kind: 'page' };
  if (random.chance(0.04)) return { kind: 'remote', operator: 'centre' };
  return keypadWay(random.chance(0.6) ? site.config.keypads[0] : random.anyOf(site.config.keypads));
};

const someAreas = ({ site, random }: Drawing): readonly string[] => {
  const area = random.anyOf(site.config.areas);
  return area && random.chance(0.4) ? [area.id] : [];
};

const someZones = (drawing: Drawing): readonly number[] => {
  const { random } = drawing;
  return random.chance(0.2) ? Array.from({ length: random.whole(1, 4) }, () => anyZone(drawing)?.number ?? 1) : [];
};

const anyMode = (random: Random): ArmMode => random.pick(['full', 'full', 'full', 'partial', 'night'] as const);

const armRequest = (drawing: Drawing): Request => ({
  verb: 'arm',
  mode: anyMode(drawing.random),
  areas: someAreas(drawing),
  override: drawing.random.chance(0.6),
  inhibit: someZones(drawing),
});

const PLAIN = [
  'silence',
  'confirm-normal',
  'acknowledge',
  'acknowledge',
  'reset-tamper',
  'postpone',
  'walk-test',
  'exercise',
  'on-test',
  'allow-installer',
] as const;

const anyRequest = (drawing: Drawing): Request => {
  const { random } = drawing;
  const draw = random.next();
  if (draw < 0.25) return { verb: 'code' };
  if (draw < 0.65) return armRequest(drawing);
  if (draw < 0.7) return { verb: 'disarm', areas: someAreas(drawing) };
  if (draw < 0.76) return { verb: 'tick', item: random.whole(1, 2) };
  if (draw < 0.82) return { verb: 'isolate', zone: anyZone(drawing)?.number ?? 1, on: random.chance(0.5) };
  return { verb: random.pick(PLAIN) };
};

const anyCode = (drawing: Drawing, given: Partial<Code> = {}): Act => ({
  do: 'code',
  user: anyUser(drawing),
  meaning: anyMeaning(drawing),
  way: anyWay(drawing),
  by: drawing.random.chance(0.06) ? 'badge' : 'code',
  request: anyRequest(drawing),
  delayMs: drawing.random.chance(0.3) ? drawing.random.whole(1, 1_500) : 0,
  ...given,
});

const ownersCode = (drawing: Drawing, request: Request): Act => {
  const { site } = drawing;
  const owner = site.config.users.find(({ role }) => role === 'owner');
  return anyCode(drawing, { user: owner?.id, by: 'code', way: keypadWay(site.config.keypads[0]), request, delayMs: 0 });
};

const wrongCodes = (drawing: Drawing): readonly Act[] => {
  const way = anyWay(drawing);
  const count = drawing.random.whole(2, 14);
  return Array.from({ length: count }, () => anyCode(drawing, { user: undefined, way, by: 'code' })).concat(
    anyCode(drawing, { way }),
  );
};

// ---- stories

const routeOf = ({ site, random }: Drawing): readonly Act[] => {
  const doors = site.config.zones.filter(({ type }) => type === 'entry-exit');
  const door = doors.find(({ final }) => final && random.chance(0.7)) ?? random.anyOf(doors);
  const room = random.anyOf(site.config.zones.filter(({ type }) => type === 'follower'));
  const buttons = site.config.zones.filter(({ type }) => type === 'push-to-set');
  if (!door) return [];
  const shut = random.chance(0.85) ? [closes(door)] : [];
  const walked = room && random.chance(0.5) ? [opens(room), closes(room)] : [];
  const pressed = buttons.flatMap((button) => (random.chance(0.5) ? [opens(button), closes(button)] : []));
  return [...walked, pass(random.whole(0, 9_000)), opens(door), pass(random.whole(0, 4_000)), ...shut, ...pressed];
};

const closeUp = (drawing: Drawing): readonly Act[] => {
  const forgotten = drawing.random.chance(0.2) ? anyZone(drawing) : undefined;
  const tidy = drawing.site.config.zones.filter((zone) => zone !== forgotten).map(closes);
  const areas = drawing.site.config.areas.filter(({ common }) => common.length === 0).map(({ id }) => id);
  const inhibit = someZones(drawing);
  const arm: Request = { verb: 'arm', mode: anyMode(drawing.random), areas, override: drawing.random.chance(0.9), inhibit };
  return [...tidy, pass(MINUTE), ownersCode(drawing, { verb: 'acknowledge' }), ownersCode(drawing, arm), ...routeOf(drawing)];
};

const isDetection = ({ type }: ZoneConfig): boolean => ['instant', 'interior', 'exit-guard', 'follower'].includes(type);

const breakIn = (drawing: Drawing): readonly Act[] => {
  const { site, random } = drawing;
  const zones = site.config.zones.filter((zone) => isDetection(zone) || random.chance(0.1));
  const acts = Array.from({ length: random.whole(1, 5) }, () => random.anyOf(zones)).flatMap((zone) => {
    if (!zone) return [];
    const stays = random.chance(0.3);
    return [opens(zone), pass(random.whole(0, 20_000)), ...(stays ? [] : [closes(zone)])];
  });
  return random.chance(0.5) ? [...routeOf(drawing), ...acts] : acts;
};

const comeBack = (drawing: Drawing): readonly Act[] => [
  ...routeOf(drawing),
  pass(drawing.random.whole(0, 50_000)),
  anyCode(drawing, { way: keypadWay(drawing.site.config.keypads[0]), request: { verb: 'code' } }),
];

const night = (drawing: Drawing): readonly Act[] => [...closeUp(drawing), pass(drawing.random.pick(LONG)), ...comeBack(drawing)];

/** Badge, then code, at the keypad of what is guarded; opened, and perhaps not closed again. */
const openGuarded = (drawing: Drawing): readonly Act[] => {
  const { site, random } = drawing;
  const zone = site.config.zones.find(({ accessKeypad }) => accessKeypad !== undefined);
  const way = keypadWay(site.config.keypads.find(({ id }) => id === zone?.accessKeypad));
  const user = anyUser(drawing);
  if (!zone) return [];
  const shown: Act = anyCode(drawing, { way, user, by: 'badge' });
  const typed: Act = anyCode(drawing, { way, user, by: 'code', request: { verb: 'code' } });
  return [shown, typed, pass(random.whole(0, 70_000)), opens(zone), pass(random.whole(0, 90_000)), closes(zone)];
};

/** Sites without locks are drawn as ever: their seeds are worth keeping. */
const hasLocks = ({ site }: Drawing): boolean => site.config.doors.some(({ lock }) => lock);

const story = (drawing: Drawing): readonly Act[] => {
  if (hasLocks(drawing) && drawing.random.chance(0.7)) return doorStory(drawing);
  const draw = drawing.random.next();
  if (draw < 0.3) return night(drawing);
  if (draw < 0.5) return [...closeUp(drawing), pass(90 * SECOND), ...breakIn(drawing)];
  if (draw < 0.65) return comeBack(drawing);
  if (draw < 0.8) return breakIn(drawing);
  if (draw < 0.88) return wrongCodes(drawing);
  return openGuarded(drawing);
};

// ---- what nobody plans

const CONDITIONS: readonly [ConditionKind, ...ConditionKind[]] = [
  'path-failed',
  'all-paths-failed',
  'disk-nearly-full',
  'storage-failed',
  'output-fault',
  'config-rejected',
  'substitution-suspected',
];

const anyCondition = ({ site, random }: Drawing): Act => {
  const condition = random.pick(CONDITIONS);
  const subject =
    condition === 'output-fault' ? (random.anyOf(site.config.outputs)?.id ?? '') : condition === 'path-failed' ? 'mqtt' : '';
  return { do: 'condition', condition, subject, on: random.chance(0.5) };
};

const anyClock = ({ random }: Drawing): Act => ({
  do: 'clock',
  stepMs: random.chance(0.5)
    ? 0
    : random.pick([-1, 1] as const) * random.pick([50, 500, 5 * SECOND, HOUR, DAY, 400 * DAY] as const),
  synchronised: random.chance(0.85),
});

const anyRestart = ({ random }: Drawing): Act => ({
  do: 'restart',
  cause: random.chance(0.7) ? 'process' : 'machine',
  goneMs: random.pick([0, 200, 5_000, HOUR, DAY]),
  stateLost: random.chance(0.05),
});

const noise = (drawing: Drawing): Act => {
  const { random, temper } = drawing;
  if (hasLocks(drawing) && random.chance(0.3)) return doorNoise(drawing);
  const draw = random.next();
  if (draw < 0.36) return anyTime(drawing);
  if (draw < 0.82) return anyMove(drawing);
  if (draw < 0.9) return anyCode(drawing);
  if (draw < 0.92)
    return { do: 'choose', keypad: random.anyOf(drawing.site.config.keypads)?.id ?? '', number: random.whole(0, 3) };
  if (draw < 0.94) return anyCondition(drawing);
  if (draw < 0.955) return anyClock(drawing);
  if (draw < 0.975) return { do: 'calendar' };
  if (draw < 0.995 && temper.restarts) return anyRestart(drawing);
  return draw > 0.998 ? { do: 'stop' } : anyTime(drawing);
};
