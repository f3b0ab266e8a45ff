/** A process that is gone and comes back: nothing changes but the time it took. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config } from '../../src/core/config.ts';
import type { EventKind } from '../../src/core/event.ts';
import { changedParts, mirrorOf, stateFromMirror, stateFromParts } from '../../src/core/parts.ts';
import { siteOf } from '../../src/core/site.ts';
import { HOUR, MINUTE, monotonic, SECOND } from '../../src/core/time.ts';
import { areaConfig, practice, practiceConfig } from '../support/site.ts';
import {
  area,
  askToArm,
  at,
  close,
  code,
  comeBack,
  give,
  isSounding,
  lastOf,
  leave,
  lose,
  open,
  pass,
  pulse,
  restart,
  state,
  told,
  world,
  zone,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

// ---- the same with and without

const same = suite('a restart in the middle of anything changes nothing');

const site = () => practice({ areas: [areaConfig('cabinet', { openingConfirmMs: 5 * MINUTE })] });

const night = (made: World): void => {
  leave(made);
  pass(made, 5 * HOUR);
};

/** How each timed state is reached, and how long it is looked at afterwards. */
const TIMED: Readonly<Record<string, readonly [prepare: (made: World) => void, lookMs: number]>> = {
  exit: [(made) => (askToArm(made), pulse(made, 'porte')), 3 * MINUTE],
  'exit that fails': [(made) => (askToArm(made), open(made, 'fenetre')), 6 * MINUTE],
  'exit error': [(made) => (askToArm(made), open(made, 'porte'), pass(made, 50 * SECOND)), 5 * MINUTE],
  entry: [(made) => (night(made), open(made, 'porte')), 5 * MINUTE],
  'entry with a hold': [(made) => (night(made), open(made, 'porte'), open(made, 'fenetre')), 5 * MINUTE],
  hold: [(made) => (night(made), pulse(made, 'porte'), pass(made, 30 * SECOND)), 5 * MINUTE],
  siren: [(made) => (night(made), open(made, 'fenetre'), pass(made, 30 * SECOND)), 5 * MINUTE],
  'confirmation window': [(made) => (night(made), pulse(made, 'fenetre')), 5 * MINUTE],
  opening: [(made) => (night(made), code(made)), 7 * MINUTE],
  'fault while armed': [(made) => (night(made), lose(made, 'fenetre')), MINUTE],
  'door left open': [(made) => (open(made, 'cour-gache'), open(made, 'cour')), 3 * MINUTE],
  mains: [(made) => open(made, 'secteur'), 40 * MINUTE],
  shunt: [
    (made) => (
      give(made, { verb: 'code' }, { user: 'doc', way: at('armoire'), by: 'badge' }),
      give(made, { verb: 'code' }, { user: 'doc', way: at('armoire') })
    ),
    3 * MINUTE,
  ],
  guard: [(made) => (leave(made), code(made, 'garde')), 40 * MINUTE],
  lockout: [
    (made) => {
      for (let tries = 0; tries < 10; tries += 1) give(made, { verb: 'code' }, {});
    },
    3 * MINUTE,
  ],
};

const OF_THE_RESTART: readonly EventKind[] = ['restarted', 'clock-not-set', 'clock-synchronised'];
const STEPS = 12;

for (const [name, [prepare, lookMs]] of Object.entries(TIMED)) {
  same(name, () => {
    const plain = world(site());
    prepare(plain);
    plain.mark = plain.events.length;
    const [from, began] = [plain.now, state(plain)];
    pass(plain, lookMs);
    const expected = plain.events.slice(plain.mark).map(({ kind, mono, zone: of }) => `${mono - from} ${kind} ${of ?? ''}`);
    for (let step = 0; step < STEPS; step += 1) {
      const made = world(site());
      prepare(made);
      assert.is(state(made), began);
      made.mark = made.events.length;
      const beforeMs = Math.floor((lookMs * step) / STEPS) + 1;
      pass(made, beforeMs);
      restart(made, 'process', 0);
      pass(made, lookMs - beforeMs);
      const events = made.events.slice(made.mark).filter(({ kind }) => !OF_THE_RESTART.includes(kind));
      assert.equal(
        events.map(({ kind, mono, zone: of }) => `${mono - from} ${kind} ${of ?? ''}`),
        expected,
        `after ${beforeMs} ms`,
      );
      assert.is(state(made), state(plain));
      assert.is(JSON.stringify(area(made).memory), JSON.stringify(area(plain).memory));
    }
  });
}

same.run();

// ---- zones found open

const found = suite('found open at a restart while armed');

const armed = (): World => {
  const made = world(practice());
  leave(made);
  pass(made, 10 * MINUTE);
  told(made);
  return made;
};

/** Gone while something was opened. */
const openMeanwhile = (made: World, id: string, cause: 'process' | 'machine' = 'process'): void => {
  made.levels.set(`line-${id}`, 1);
  restart(made, cause);
};

found('an entry door: the entry delay', () => {
  const made = armed();
  openMeanwhile(made, 'porte');
  assert.is(state(made), 'entering full');
  assert.ok(told(made).includes('entry-started'));
});

for (const id of ['fenetre', 'salle', 'hall', 'cour']) {
  found(`${id}: an alarm with its cause`, () => {
    const made = armed();
    openMeanwhile(made, id);
    assert.is(lastOf(made, 'intrusion').cause, 'open-at-restart');
    assert.ok(isSounding(made, 'sirene-ext'));
  });
}

found('24 h, tamper, hold-up, fire: their own alarms', () => {
  for (const [id, kind] of [
    ['armoire', 'alarm-24h'],
    ['capot', 'tamper'],
    ['panique', 'holdup-silent'],
    ['feu', 'fire'],
    ['fuite', 'technical'],
  ] as const) {
    const made = armed();
    openMeanwhile(made, id);
    assert.ok(told(made).includes(kind), kind);
  }
});

found('not what was in alarm already', () => {
  const made = armed();
  open(made, 'fenetre');
  told(made);
  restart(made);
  assert.not(told(made).includes('intrusion'));
  close(made, 'fenetre');
  open(made, 'fenetre');
  assert.ok(told(made).includes('intrusion'));
});

found('not what is inhibited or isolated', () => {
  const made = world(practice());
  give(made, { verb: 'isolate', zone: 4, on: true }, { user: 'doc' });
  open(made, 'fenetre');
  leave(made, 'full', { inhibit: ['fenetre'] });
  told(made);
  openMeanwhile(made, 'salle');
  assert.not(told(made).includes('intrusion'));
  assert.ok(zone(made, 'fenetre').inhibited && zone(made, 'salle').isolated);
});

found('not the key switch: its first level is only the reference', () => {
  const made = armed();
  openMeanwhile(made, 'cle');
  assert.is(state(made), 'armed full');
  close(made, 'cle');
  assert.is(state(made), 'armed full');
  open(made, 'cle');
  assert.is(state(made), 'disarmed', 'a turn that was seen');
});

found('motion is ignored for a minute after the machine was started, and looked at then', () => {
  const made = armed();
  openMeanwhile(made, 'salle', 'machine');
  pass(made, MINUTE - 1);
  assert.not(told(made).includes('intrusion'));
  pass(made, 1);
  assert.is(lastOf(made, 'intrusion').cause, 'open-at-restart');
});

found('a detector that has settled by then is no alarm; a window is one at once', () => {
  const made = armed();
  openMeanwhile(made, 'salle', 'machine');
  pass(made, 20 * SECOND);
  close(made, 'salle');
  pass(made, MINUTE);
  assert.not(told(made).includes('intrusion'));
  const window = armed();
  openMeanwhile(window, 'fenetre', 'machine');
  assert.ok(told(window).includes('intrusion'));
});

found('closed meanwhile: what stood is restored', () => {
  const made = armed();
  open(made, 'fenetre');
  open(made, 'capot');
  told(made);
  made.levels.set('line-fenetre', 0).set('line-capot', 0);
  restart(made);
  assert.equal(told(made, ...OF_THE_RESTART).toSorted(), ['intrusion-restored', 'tamper-restored']);
});

found('a line that nobody hears from any more is a fault after ten seconds, and a tamper while armed', () => {
  const made = armed();
  made.levels.delete('line-fenetre');
  restart(made);
  pass(made, 10 * SECOND);
  assert.ok(told(made).includes('zone-fault'));
  assert.is(zone(made, 'fenetre').signal, 'fault');
  pass(made, 10 * SECOND);
  assert.ok(told(made).includes('tamper'));
  close(made, 'fenetre');
  assert.ok(told(made).includes('zone-fault-restored'));
});

found('a line that is heard within them is none', () => {
  const made = armed();
  made.levels.delete('line-fenetre');
  restart(made);
  pass(made, 5 * SECOND);
  close(made, 'fenetre');
  pass(made, MINUTE);
  assert.not(told(made).includes('zone-fault'));
});

found.run();

// ---- the state is gone

const lost = suite('nothing readable of the state');

const withoutState = (change: Partial<Config> = {}): World => {
  const made = world(practice(change));
  const fresh = world(practice(change));
  made.state = { ...fresh.state, at: made.state.at };
  comeBack(made, { cause: 'process', stateLost: true });
  return made;
};

lost('every area is armed full, and said so', () => {
  const made = withoutState();
  assert.is(state(made), 'armed full');
  assert.is(lastOf(made, 'armed').cause, 'restart');
  assert.ok(told(made).includes('state-lost'));
});

lost('alarms are sent, sirens stay off, until a user sets the mode', () => {
  const made = withoutState();
  told(made);
  for (const [id, kind] of [
    ['fenetre', 'intrusion'],
    ['salle', 'intrusion-confirmed'],
    ['capot', 'tamper'],
    ['armoire', 'alarm-24h'],
    ['agression', 'holdup-audible'],
  ] as const) {
    open(made, id);
    assert.ok(told(made).includes(kind), kind);
    assert.not(isSounding(made, 'sirene-int'));
    assert.not(isSounding(made, 'sirene-ext'));
    close(made, id);
  }
  open(made, 'porte');
  pass(made, MINUTE);
  assert.not(isSounding(made, 'sirene-int'));
  close(made, 'porte');
  code(made);
  assert.is(state(made), 'disarmed');
  leave(made, 'full', { override: true });
  pass(made, 5 * MINUTE);
  open(made, 'fenetre');
  assert.ok(isSounding(made, 'sirene-ext'));
});

lost('what the mirror kept: modes and what is left out', () => {
  const made = world(practice());
  open(made, 'fenetre');
  leave(made, 'partial', { inhibit: ['fenetre'] });
  const mirrored = stateFromMirror(made.site, mirrorOf(made.site, made.state), monotonic(made.now));
  assert.ok(mirrored);
  made.state = mirrored;
  comeBack(made, { cause: 'process' });
  assert.is(state(made), 'armed partial');
  assert.ok(zone(made, 'fenetre').inhibited);
  assert.not(told(made).includes('intrusion'));
});

lost.run();

// ---- another config

const changed = suite('after a change of the config');

/** The same stored parts, read for a site without these zones and users. */
const without = (made: World, gone: { readonly zones?: readonly string[]; readonly users?: readonly string[] }): World => {
  const { zones = [], users = [] } = gone;
  const config = practiceConfig();
  const smaller = siteOf({
    ...config,
    zones: config.zones.filter(({ id }) => !zones.includes(id)),
    users: config.users.filter(({ id }) => !users.includes(id)),
  });
  const parts = new Map(changedParts(made.site, undefined, made.state).map(({ key, json }) => [key, json]));
  const restored = stateFromParts(smaller, parts, monotonic(made.now));
  if (!restored.ok) throw new Error('unreadable');
  const after: World = { ...made, site: smaller, state: restored.state, events: [], mark: 0 };
  comeBack(after, { cause: 'process', configChanged: true });
  return after;
};

changed('alarms of a zone that is gone are closed by their restores', () => {
  const made = world(practice());
  for (const id of ['capot', 'armoire', 'agression', 'fuite', 'feu']) open(made, id);
  const after = without(made, { zones: ['capot', 'armoire', 'agression', 'fuite', 'feu'] });
  assert.equal(area(after).alarms, []);
  assert.equal(told(after, ...OF_THE_RESTART, 'config-changed').toSorted(), [
    'alarm-24h-restored',
    'fire-restored',
    'holdup-restored',
    'tamper-restored',
    'technical-restored',
  ]);
});

changed('a fire contact that is gone mutes nothing any more', () => {
  const made = world(practice());
  open(made, 'feu');
  const after = without(made, { zones: ['feu'] });
  pulse(after, 'agression');
  assert.ok(isSounding(after, 'sirene-int'));
});

changed('a supply input that is gone is nothing out of order any more', () => {
  const made = world(practice());
  open(made, 'secteur');
  pass(made, 31 * MINUTE);
  const after = without(made, { zones: ['secteur'] });
  assert.equal(after.state.durable.site.reportedSupplies, []);
});

changed('a one-shot code that is given out again serves again once its old user was gone', () => {
  const made = world(practice());
  leave(made);
  code(made, 'garde');
  const after = without(made, { users: ['garde'] });
  assert.equal(after.state.durable.people.usedUp, []);
});

changed('deadlines of what is gone fire nothing', () => {
  const made = world(practice());
  leave(made);
  lose(made, 'fenetre');
  open(made, 'secteur');
  const after = without(made, { zones: ['fenetre', 'secteur'] });
  told(after);
  pass(after, HOUR);
  assert.equal(told(after), []);
});

changed('an area and a zone of one name keep their deadlines apart', () => {
  const config = practiceConfig();
  const named = { ...config, zones: config.zones.map((one) => (one.id === 'armoire' ? { ...one, id: 'cabinet' } : one)) };
  const made = world(siteOf(named));
  give(made, { verb: 'code' }, { user: 'doc', way: at('armoire'), by: 'badge' });
  give(made, { verb: 'code' }, { user: 'doc', way: at('armoire') });
  const after = without(made, { zones: ['armoire', 'cabinet'] });
  pass(after, HOUR);
  assert.is(state(after), 'disarmed');
});

changed('coming in by a door that is gone: the entry ends as it would have', () => {
  const made = world(practice());
  leave(made);
  pass(made, 10 * MINUTE);
  open(made, 'porte');
  const after = without(made, { zones: ['porte'] });
  assert.is(state(after), 'entering full');
  pass(after, MINUTE);
  assert.is(state(after), 'armed full');
  assert.ok(told(after).includes('intrusion'));
});

changed('held alarms of a zone that is gone are sent all the same', () => {
  const made = world(practice());
  leave(made);
  pass(made, 10 * MINUTE);
  open(made, 'porte');
  open(made, 'fenetre');
  const after = without(made, { zones: ['fenetre'] });
  pass(after, 2 * MINUTE);
  assert.ok(after.events.some(({ kind, zone: of }) => kind === 'intrusion' && of === 'fenetre'));
});

changed('damaged parts are named, not guessed', () => {
  const made = world(practice());
  const parts = new Map(changedParts(made.site, undefined, made.state).map(({ key, json }) => [key, json]));
  parts.set('areas/cabinet', '{"arming":');
  assert.equal(stateFromParts(made.site, parts, monotonic(made.now)), { ok: false, unreadable: ['areas/cabinet'] });
});

changed.run();

// ---- the restart itself

const itself = suite('the restart itself');

itself('is an event, with how long nobody watched', () => {
  const made = world(practice());
  restart(made, 'machine', 90 * SECOND);
  const event = lastOf(made, 'restarted');
  assert.equal(event.detail, { start: 'machine', goneMs: 90 * SECOND });
});

itself('never arms and never disarms', () => {
  const idle = world(practice());
  for (let times = 0; times < 20; times += 1) restart(idle, times % 2 === 0 ? 'process' : 'machine');
  assert.is(state(idle), 'disarmed');
  const set = armed();
  for (let times = 0; times < 20; times += 1) restart(set, times % 2 === 0 ? 'process' : 'machine');
  assert.is(state(set), 'armed full');
  assert.not(told(set).includes('disarmed'));
});

itself('tells nothing twice', () => {
  const made = world(practice());
  open(made, 'capot');
  lose(made, 'hall');
  open(made, 'panique');
  told(made);
  restart(made);
  assert.equal(told(made, ...OF_THE_RESTART), []);
});

itself.run();
