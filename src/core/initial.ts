/** The state of a controller that has seen nothing yet: disarmed, every input unknown, no clock. */
import type {
  AreaState,
  DoorState,
  Durable,
  KeypadState,
  LineState,
  LockState,
  LockoutCounter,
  OutputState,
  State,
  Volatile,
  ZoneState,
} from './state.ts';
import type { Site } from './site.ts';
import { wall } from './time.ts';
import type { Monotonic } from './time.ts';

export const initialArea = (now: Monotonic): AreaState => ({
  arming: { state: 'disarmed', since: now },
  period: undefined,
  alarms: [],
  siren: undefined,
  sirenCycles: 0,
  faultTone: undefined,
  memory: [],
  held: [],
  opening: undefined,
  ticked: [],
  autoArm: {
    firedUpTo: wall(0),
    postponed: 0,
    postponedUntil: undefined,
    warnedFor: undefined,
    warnedUntil: undefined,
    late: false,
  },
});

export const initialZone = (now: Monotonic): ZoneState => ({
  signal: 'unknown',
  cause: undefined,
  since: now,
  lastActiveAt: undefined,
  inhibited: false,
  isolated: false,
  omitted: 'no',
  alarmsThisPeriod: 0,
  inAlarm: false,
  shunted: undefined,
  lastSeen: undefined,
  notSeenReported: false,
  soakUntil: undefined,
  walked: undefined,
  told: 'none',
  faultAlarmed: false,
});

export const initialLine: LineState = {
  reading: 'unknown',
  candidate: undefined,
  candidateCause: undefined,
  candidateSince: undefined,
  unstableSince: undefined,
  chattering: false,
  activations: [],
  shortPulses: 0,
  value: undefined,
  referenced: false,
};

export const initialDoor: DoorState = {
  mode: 'locked',
  forced: false,
  forcedSince: undefined,
  lockFault: 'none',
  releasedPending: 'no',
  egressHeld: false,
  emergency: undefined,
  interlockAlarm: false,
  exitRequestStuck: false,
  firstInFor: undefined,
  skipped: undefined,
  ladder: 'quiet',
  fault: 'none',
  ladderSince: undefined,
  silencedUntil: undefined,
  spent: false,
  latchFault: false,
  leafSeen: undefined,
  latchSeen: undefined,
  openingsWithoutLatch: 0,
  latchMovedSinceOpening: false,
};

export const initialLock: LockState = {
  release: undefined,
  passage: undefined,
  free: undefined,
  drive: undefined,
  bolt: 'locked',
  permitted: false,
  exitWaits: false,
  second: undefined,
};

export const initialOutput: OutputState = { on: false, lastOnAt: undefined, lastOffAt: undefined, limitAt: undefined };
export const initialLockout: LockoutCounter = { failures: [], lockedUntil: undefined, locked: false };
const initialKeypad: KeypadState = {
  notice: undefined,
  noticeSince: undefined,
  choosing: undefined,
  chimeSince: undefined,
  badge: undefined,
};

const initialDurable = ({ config }: Site, now: Monotonic): Durable => ({
  schema: 1,
  areas: config.areas.map(() => initialArea(now)),
  zones: config.zones.map(() => initialZone(now)),
  doors: config.doors.map(() => initialDoor),
  outputs: config.outputs.map(() => initialOutput),
  people: {
    shared: initialLockout,
    keypads: config.keypads.map(() => initialLockout),
    usedUp: [],
    installerUntil: undefined,
    roster: [],
    revoked: [],
    revokedOperators: [],
    passages: [],
    remoteUnlocks: [],
  },
  conditions: [],
  site: {
    exercise: undefined,
    walkTest: undefined,
    onTest: undefined,
    holdups: [],
    holdupVerified: false,
    reportedSupplies: [],
    firstStart: undefined,
    fireActive: [],
    warmUpUntil: undefined,
  },
  clock: { offsetMs: 0, synchronised: false, highWater: wall(0), trusted: wall(0) },
  timers: [],
});

export const initialVolatile = ({ config }: Site): Volatile => ({
  lines: config.zones.map(() => initialLine),
  locks: config.doors.map(() => initialLock),
  keypads: config.keypads.map(() => initialKeypad),
  attempts: [],
  windows: [],
  windowsUntil: undefined,
  timers: [],
});

export const initialState = (site: Site, now: Monotonic): State => ({
  at: now,
  durable: initialDurable(site, now),
  volatile: initialVolatile(site),
});
