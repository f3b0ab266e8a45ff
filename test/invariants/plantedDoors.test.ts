// deadline: 120s
/** Each invariant sees the fault it is there for where doors lock: a core with one planted fault is found out. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config } from '../../src/core/config.ts';
import type { Input } from '../../src/core/input.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import type { DoorState, LockState, Release, State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { Step } from '../../src/core/step.ts';
import { after } from '../../src/core/time.ts';
import { airlockSpace } from './airlockExploration.ts';
import { campaign } from './campaign.ts';
import { areasSpoiled, disarmed, keypadsSpoiled, spoiled, withDurable, without } from './planting.ts';
import { leafIn, lockingDoors } from './doorModel.ts';
import { explore } from './search.ts';
import { siteNamed } from './sites.ts';
import type { SiteName } from './sites.ts';
import type { Stepping } from './trace.ts';
import { drawTwins, tellApart } from './twins.ts';
import type { Invariant } from './violation.ts';

const test = suite('planted faults at doors');

// ---- ways to spoil a step

const withVolatile = ({ state, events }: Step, change: Partial<State['volatile']>): Step => ({
  state: { ...state, volatile: { ...state.volatile, ...change } },
  events,
});

const locksSpoiled = (done: Step, change: (lock: LockState, index: number) => Partial<LockState>): Step =>
  withVolatile(done, { locks: done.state.volatile.locks.map((lock, index) => ({ ...lock, ...change(lock, index) })) });

const doorsSpoiled = (done: Step, change: (door: DoorState) => Partial<DoorState>): Step =>
  withDurable(done, { doors: done.state.durable.doors.map((door) => ({ ...door, ...change(door) })) });

const releaseBy = ({ at }: State, cause: Release['cause']): Release => ({
  cause,
  since: at,
  user: undefined,
  operator: undefined,
  keypad: undefined,
  command: undefined,
  extended: false,
  opened: false,
  egress: false,
});

const isTold = ({ events }: Step, kind: Step['events'][number]['kind']): boolean => events.some((event) => event.kind === kind);

/** A core that knows the site otherwise than it is. */
const misled = (change: (config: Config) => Config): Stepping => {
  const made = new WeakMap<Site, Site>();
  return (site, state, input, now) => {
    const other = made.get(site) ?? siteOf(change(site.config));
    made.set(site, other);
    return step(other, state, input, now);
  };
};

const doorsChanged =
  (change: Partial<Config['doors'][number]>) =>
  (config: Config): Config => ({ ...config, doors: config.doors.map((door) => ({ ...door, ...change })) });

const asked = (input: Input, type: string, site: Site): boolean =>
  input.kind === 'reading' && site.zoneOfLine.get(input.line)?.config.type === type;

// ---- the faults

type Fault = {
  readonly fault: string;
  readonly site: SiteName;
  readonly breaks: readonly Invariant[];
  readonly stepping: Stepping;
};

const withoutWait = spoiled((done) =>
  withVolatile(done, { timers: done.state.volatile.timers.filter(({ kind }) => kind !== 'door-exit-wait') }),
);

const FAULTS: readonly Fault[] = [
  {
    fault: 'a button that nothing answers',
    site: 'locks',
    breaks: [1],
    stepping: spoiled((done) => (isTold(done, 'exit-requested') ? locksSpoiled(done, () => ({ release: undefined })) : done)),
  },
  {
    fault: 'a way out that is closed after a second',
    site: 'locks',
    breaks: [1],
    stepping: spoiled((done, _input, before) =>
      locksSpoiled(done, ({ release }, index) => {
        const since = before.volatile.locks[index]?.release?.since;
        return release?.cause === 'exit-request' && since !== undefined && done.state.at > after(since, 1_000)
          ? { release: undefined }
          : {};
      }),
    ),
  },
  { fault: 'a wait in the airlock without end', site: 'airlock', breaks: [1], stepping: withoutWait },
  {
    fault: 'fire that holds the doors',
    site: 'locks',
    breaks: [1],
    stepping: spoiled((done) => doorsSpoiled(done, () => ({ egressHeld: false }))),
  },
  {
    fault: 'a box put back that locks at once',
    site: 'locks',
    breaks: [1],
    stepping: spoiled((done) => doorsSpoiled(done, ({ emergency, egressHeld }) => ({ egressHeld: egressHeld && !!emergency }))),
  },
  {
    fault: 'a motor that throws its bolt whatever the leaf does',
    site: 'locks',
    breaks: [1],
    stepping: (site, state, input, now) => {
      const done = step(site, state, input, now);
      const motors = lockingDoors(site).filter(({ config }) => config.lock?.kind === 'motor');
      const opened = motors.filter((door) => leafIn(site, done.state, door) === 'open');
      return locksSpoiled(done, ({ bolt }, index) => {
        const isInTheWay = bolt === 'unlocked' && opened.some((door) => door.index === index);
        return isInTheWay ? { drive: { direction: 'close', since: done.state.at } } : {};
      });
    },
  },
  {
    fault: 'a button that is stuck and not told',
    site: 'locks',
    breaks: [1],
    stepping: spoiled((done) => doorsSpoiled(done, () => ({ exitRequestStuck: false }))),
  },
  {
    fault: 'a cupboard that is left unguarded by whoever tries',
    site: 'locks',
    breaks: [2],
    stepping: spoiled(({ state, events }, input) => {
      const isThere = input.kind === 'verdict' && input.way.kind === 'keypad' && input.way.keypad === 'armoire';
      const refused = events.find(({ kind }) => kind === 'code-refused' || kind === 'access-refused');
      return isThere && refused
        ? { state, events: [...events, { ...refused, kind: 'shunted', zone: 'armoire' }] }
        : { state, events };
    }),
  },
  {
    fault: 'an order from afar that disarms as well',
    site: 'locks',
    breaks: [3, 7],
    stepping: spoiled((done, input) => (input.kind === 'remote-unlock' ? areasSpoiled(done, disarmed) : done)),
  },
  {
    fault: 'the interphone that disarms',
    site: 'locks',
    breaks: [3],
    stepping: (site, state, input, now) => {
      const done = step(site, state, input, now);
      return asked(input, 'door-request', site) ? areasSpoiled(done, disarmed) : done;
    },
  },
  {
    fault: 'a release that a restart takes up again',
    site: 'locks',
    breaks: [4],
    stepping: spoiled((done, input) =>
      input.kind === 'start' ? locksSpoiled(done, () => ({ release: releaseBy(done.state, 'interphone') })) : done,
    ),
  },
  {
    fault: 'outside readers that count for nothing',
    site: 'locks',
    breaks: [6],
    stepping: (site, state, input, now) => {
      const isOutside = (input.kind === 'attempt' || input.kind === 'verdict') && input.way.kind === 'keypad';
      const { people } = state.durable;
      const shared = { failures: [], lockedUntil: undefined, locked: false };
      return step(
        site,
        isOutside ? { ...state, durable: { ...state.durable, people: { ...people, shared } } } : state,
        input,
        now,
      );
    },
  },
  {
    fault: 'a door that opens to anybody’s badge',
    site: 'locks',
    breaks: [6],
    stepping: (site, state, input, now) => {
      const isBadge = input.kind === 'verdict' && input.by === 'badge' && input.credential !== undefined;
      return step(site, state, isBadge ? { ...input, credential: { user: 'doc', meaning: 'normal' } } : input, now);
    },
  },
  {
    fault: 'two people where one is enough',
    site: 'locks',
    breaks: [6],
    stepping: misled((config) => ({
      ...config,
      doors: config.doors.map((door) => (door.access ? { ...door, access: { ...door.access, persons: 1 } } : door)),
    })),
  },
  {
    fault: 'free access without a clock',
    site: 'locks',
    breaks: [6],
    stepping: spoiled((done) =>
      done.state.durable.clock.synchronised ? done : locksSpoiled(done, () => ({ free: done.state.at })),
    ),
  },
  {
    fault: 'a cupboard that an operator opens',
    site: 'locks',
    breaks: [7],
    stepping: misled(doorsChanged({ kind: 'door' })),
  },
  {
    fault: 'an operator who opens without count',
    site: 'locks',
    breaks: [7],
    stepping: misled((config) => ({ ...config, operators: config.operators.map((each) => ({ ...each, perHour: 99 })) })),
  },
  {
    fault: 'an operator revoked in vain',
    site: 'locks',
    breaks: [7],
    stepping: (site, state, input, now) => {
      const { people } = state.durable;
      const forgiven = { ...state, durable: { ...state.durable, people: { ...people, revokedOperators: [] } } };
      const done = step(site, input.kind === 'remote-unlock' ? forgiven : state, input, now);
      const { revokedOperators } = input.kind === 'person' ? done.state.durable.people : people;
      return withDurable(done, { people: { ...done.state.durable.people, revokedOperators } });
    },
  },
  {
    fault: 'an order that is carried out twice',
    site: 'locks',
    breaks: [7, 10],
    stepping: (site, state, input, now) => {
      const once = step(site, state, input, now);
      if (input.kind !== 'remote-unlock') return once;
      const twice = step(site, once.state, input, now);
      return { state: twice.state, events: [...once.events, ...twice.events] };
    },
  },
  { fault: 'an operator who hears nothing', site: 'locks', breaks: [7], stepping: spoiled(without('access-ended')) },
  {
    fault: 'somebody let in before the disk has it',
    site: 'locks',
    breaks: [8],
    stepping: spoiled((done) => locksSpoiled(done, ({ release }) => (release ? { release: { ...release, egress: true } } : {}))),
  },
  {
    fault: 'a coil that is never let cool',
    site: 'locks',
    breaks: [8],
    stepping: misled((config) => ({
      ...config,
      outputs: config.outputs.map((output) => ({ ...output, maxOnMs: undefined, minOffMs: 0 })),
    })),
  },
  {
    fault: 'an airlock that opens both leaves',
    site: 'airlock',
    breaks: [8],
    stepping: misled(doorsChanged({ interlock: undefined })),
  },
  {
    fault: 'an airlock that is overridden in silence',
    site: 'airlock',
    breaks: [8],
    stepping: spoiled(without('interlock-overridden')),
  },
  { fault: 'a forced door that is not told', site: 'locks', breaks: [9], stepping: spoiled(without('door-forced')) },
  { fault: 'a lock that recovers in silence', site: 'locks', breaks: [9], stepping: spoiled(without('lock-fault-restored')) },
  { fault: 'a time-out that nobody takes back', site: 'airlock', breaks: [9], stepping: spoiled(without('interlock-restored')) },
  { fault: 'free access that ends in silence', site: 'locks', breaks: [9], stepping: spoiled(without('free-access-ended')) },
  { fault: 'an emergency that ends in silence', site: 'locks', breaks: [9], stepping: spoiled(without('egress-restored')) },
  { fault: 'a strike that stays open in silence', site: 'locks', breaks: [9], stepping: spoiled(without('released-pending')) },
  {
    fault: 'a button that comes back in silence',
    site: 'locks',
    breaks: [9],
    stepping: spoiled(without('exit-request-restored')),
  },
  { fault: 'a visitor refused without a word', site: 'locks', breaks: [10], stepping: spoiled(without('access-refused')) },
];

const STEPS = 60_000;

for (const { fault, site, breaks, stepping } of FAULTS) {
  test(fault, () => {
    const { broken } = campaign({ site, seed: 1, steps: STEPS, deepEvery: 20, stepping });
    assert.ok(broken, 'not found out');
    assert.ok(
      breaks.some((invariant) => broken.invariants.includes(invariant)),
      `found as ${broken.violation.invariant} ${broken.violation.rule}`,
    );
  });
}

test('a duress code at a door that is answered otherwise', () => {
  const stepping = spoiled((done) => {
    const isAtDoor = isTold(done, 'duress') && isTold(done, 'access-granted');
    return isAtDoor ? keypadsSpoiled(done, { notice: undefined }) : done;
  });
  const told = [1, 2, 3, 4].map((seed) => tellApart(siteNamed('locks'), drawTwins('locks', seed, 300), stepping));
  assert.ok(told.some((difference) => difference !== undefined));
});

const MOST_STATES = 3_000;

test('the exploration of the airlock finds a wait without end, and two leaves at once', () => {
  for (const stepping of [withoutWait, misled(doorsChanged({ interlock: undefined }))]) {
    const { violation } = explore(airlockSpace(), MOST_STATES, stepping);
    assert.ok(violation);
  }
});

test.run();
