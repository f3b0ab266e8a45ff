/** Two practices behind one hall: the common area arms with the last of them and disarms with the first. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AreaConfig } from '../../src/core/config.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { areaConfig, keypadConfig, practice, userConfig, zoneConfig } from '../support/site.ts';
import {
  area,
  askToArm,
  at,
  choose,
  close,
  code,
  give,
  isSounding,
  keypad,
  lastOf,
  lose,
  open,
  pass,
  pulse,
  state,
  told,
  world,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

const BOTH = ['hall', 'medecin', 'kine'];

/** The hall's id sorts before and after its members' ids, since equal deadlines fire in the order of their names. */
const house = (hallChange: Partial<AreaConfig> = {}, change: Partial<AreaConfig> = {}): World =>
  world(
    practice({
      areas: [
        areaConfig('medecin', change),
        areaConfig('hall', { common: ['medecin', 'kine'], ...hallChange }),
        areaConfig('kine', change),
      ],
      zones: [
        zoneConfig('porte', 'entry-exit', { area: 'hall', final: true }),
        zoneConfig('couloir', 'follower', { area: 'hall' }),
        zoneConfig('verriere', 'instant', { area: 'hall' }),
        zoneConfig('fenetre-m', 'instant', { area: 'medecin' }),
        zoneConfig('volet-m', 'instant', { area: 'medecin' }),
        zoneConfig('pas-m', 'follower', { area: 'medecin' }),
        zoneConfig('fenetre-k', 'instant', { area: 'kine' }),
        zoneConfig('pas-k', 'follower', { area: 'kine' }),
      ],
      doors: [],
      outputs: practice().config.outputs.flatMap((output) =>
        output.role.kind === 'siren' ? [{ ...output, role: { ...output.role, areas: BOTH } }] : [],
      ),
      keypads: [keypadConfig('entree', { areas: BOTH })],
      users: [
        userConfig('mona', { areas: ['hall', 'medecin'] }),
        userConfig('karim', { areas: ['hall', 'kine'] }),
        userConfig('chef', { role: 'owner', areas: BOTH }),
      ],
    }),
  );

const states = (site: World): readonly string[] => BOTH.map((id) => state(site, id));
const out = (site: World, user: string): void => {
  askToArm(site, 'full', {}, { user });
  pulse(site, 'porte');
  pass(site, MINUTE);
};

const setting = suite('setting a house with a common hall');

setting('the first to leave sets their own, the last one the hall too', () => {
  const site = house();
  out(site, 'mona');
  assert.equal(states(site), ['disarmed', 'armed full', 'disarmed']);
  out(site, 'karim');
  assert.equal(states(site), ['armed full', 'armed full', 'armed full']);
});

setting('both leave together: the hall waits for the later one', () => {
  const site = house();
  askToArm(site, 'full', {}, { user: 'mona' });
  pass(site, 30 * SECOND);
  askToArm(site, 'full', {}, { user: 'karim' });
  pulse(site, 'porte');
  pass(site, 30 * SECOND);
  assert.is(state(site, 'hall'), 'exiting full');
  pass(site, 90 * SECOND);
  assert.equal(states(site), ['armed full', 'armed full', 'armed full']);
});

for (const exitEnd of ['timed', 'final-door', 'push-to-set', 'immediate'] as const) {
  setting(`the hall's own exit (${exitEnd}) does not set it before its members`, () => {
    const site = house({ exitEnd });
    out(site, 'mona');
    askToArm(site, 'full', {}, { user: 'karim' });
    pulse(site, 'porte');
    pass(site, 30 * SECOND);
    assert.is(state(site, 'hall'), 'exiting full');
    pass(site, 30 * SECOND);
    assert.equal(states(site), ['armed full', 'armed full', 'armed full']);
  });
}

setting('a member that fails takes the hall with it', () => {
  const site = house();
  out(site, 'mona');
  askToArm(site, 'full', {}, { user: 'karim' });
  pulse(site, 'porte');
  open(site, 'fenetre-k');
  pass(site, MINUTE);
  assert.equal(states(site), ['disarmed', 'armed full', 'disarmed']);
  const failed = site.events.filter(({ kind }) => kind === 'arm-failed').map(({ area }) => area);
  assert.equal(failed, ['kine', 'hall']);
  pass(site, 10 * MINUTE);
  assert.equal(states(site), ['disarmed', 'armed full', 'disarmed']);
});

setting('so does one that is cancelled', () => {
  const site = house();
  out(site, 'mona');
  askToArm(site, 'full', {}, { user: 'karim' });
  give(site, { verb: 'disarm', areas: ['kine'] }, { user: 'karim' });
  assert.equal(states(site), ['disarmed', 'armed full', 'disarmed']);
});

setting("what is open in the hall is in the last one's way, not in the first one's", () => {
  const site = house();
  open(site, 'verriere');
  out(site, 'mona');
  assert.is(state(site, 'medecin'), 'armed full');
  askToArm(site, 'full', {}, { user: 'karim' });
  assert.is(state(site, 'kine'), 'disarmed');
  assert.equal(lastOf(site, 'arm-refused').blockers, [{ kind: 'zone-open', zone: 'verriere' }]);
  askToArm(site, 'full', { inhibit: ['verriere'] }, { user: 'karim' });
  pulse(site, 'porte');
  pass(site, MINUTE);
  assert.equal(states(site), ['armed full', 'armed full', 'armed full']);
});

setting("nobody went through the hall's door: the last one stays inside, and the hall with them", () => {
  const site = house();
  out(site, 'mona');
  askToArm(site, 'full', {}, { user: 'karim' });
  pass(site, MINUTE);
  assert.equal(states(site), ['armed partial', 'armed full', 'armed partial']);
});

setting('several areas to set: by number, 0 for all; zones are left out wherever they are', () => {
  const site = house();
  askToArm(site, 'full', {}, { user: 'chef' });
  assert.equal(keypad(site).notice, { kind: 'choose', areas: ['medecin', 'kine'] });
  choose(site, 2);
  assert.equal(states(site), ['disarmed', 'disarmed', 'exiting full']);
  const all = house();
  open(all, 'fenetre-k');
  open(all, 'fenetre-m');
  askToArm(all, 'full', { inhibit: ['fenetre-k', 'fenetre-m'] }, { user: 'chef' });
  choose(all, 0);
  assert.equal(states(all), ['exiting full', 'exiting full', 'exiting full']);
});

setting('a number that is in none of the areas is refused, and nothing is set', () => {
  const site = house();
  give(site, { verb: 'arm', mode: 'full', areas: BOTH, override: false, inhibit: [99] }, { user: 'chef' });
  assert.equal(states(site), ['disarmed', 'disarmed', 'disarmed']);
  assert.equal(keypad(site).notice, { kind: 'refused', reason: 'no-such-zone', blockers: [] });
});

setting('a choice that is not offered is asked again; one that nobody makes is forgotten', () => {
  const site = house();
  askToArm(site, 'full', {}, { user: 'chef' });
  choose(site, 7);
  assert.equal(states(site), ['disarmed', 'disarmed', 'disarmed']);
  pass(site, 20 * SECOND);
  choose(site, 1);
  assert.equal(states(site), ['disarmed', 'disarmed', 'disarmed']);
});

setting('where nobody can be asked, the choice is a refusal', () => {
  const site = house();
  askToArm(site, 'full', {}, { user: 'chef', way: { kind: 'page' } });
  assert.equal(states(site), ['disarmed', 'disarmed', 'disarmed']);
  assert.is(lastOf(site, 'code-refused').reason, 'choose-area');
});

setting.run();

// ---- coming in

const entry = suite('entering a house with a common hall');

const closed = (): World => {
  const site = house();
  out(site, 'mona');
  out(site, 'karim');
  pass(site, 10 * MINUTE);
  told(site);
  return site;
};

entry('the hall and the own practice are disarmed, the other stays armed', () => {
  const site = closed();
  open(site, 'porte');
  pass(site, 10 * SECOND);
  pulse(site, 'couloir');
  pulse(site, 'pas-m');
  code(site, 'mona');
  assert.equal(states(site), ['disarmed', 'disarmed', 'armed full']);
  assert.equal(told(site), ['entry-started', 'disarmed', 'disarmed']);
  pass(site, 10 * MINUTE);
  assert.equal(told(site), []);
  assert.equal(states(site), ['disarmed', 'disarmed', 'armed full']);
});

entry('whoever has every area disarms them all', () => {
  const site = closed();
  open(site, 'porte');
  code(site, 'chef');
  assert.equal(states(site), ['disarmed', 'disarmed', 'disarmed']);
});

entry('nobody gives a code: the hall alarms', () => {
  const site = closed();
  open(site, 'porte');
  pass(site, 30 * SECOND);
  assert.equal(states(site), ['armed full', 'armed full', 'armed full']);
  assert.ok(isSounding(site, 'sirene-ext'));
  pass(site, 30 * SECOND);
  assert.equal(told(site), ['entry-started', 'alarm-held', 'intrusion']);
});

entry("a member's window during the entry by the hall: local at once, told after the hold, confirms nothing", () => {
  const site = closed();
  open(site, 'porte');
  pass(site, 5 * SECOND);
  open(site, 'fenetre-m');
  assert.ok(isSounding(site, 'sirene-int'));
  assert.not(isSounding(site, 'sirene-ext'));
  pass(site, SECOND);
  open(site, 'volet-m');
  assert.equal(told(site), ['entry-started', 'alarm-held', 'alarm-held']);
  code(site, 'mona');
  assert.equal(told(site), ['alarm-aborted', 'disarmed', 'disarmed'].toSorted(), 'an employee by the wrong door');
});

entry('after it, two independent zones off the route are needed in the member as well', () => {
  const site = closed();
  open(site, 'porte');
  pass(site, 61 * SECOND);
  told(site);
  open(site, 'pas-m');
  open(site, 'fenetre-m');
  assert.not(told(site).includes('intrusion-confirmed'));
  open(site, 'volet-m');
  assert.ok(told(site).includes('intrusion-confirmed'));
});

entry('the practice that stays armed is guarded as before once the other has come in', () => {
  const site = closed();
  open(site, 'porte');
  code(site, 'mona');
  close(site, 'porte');
  told(site);
  open(site, 'pas-k');
  open(site, 'fenetre-k');
  assert.equal(told(site), ['intrusion', 'intrusion', 'intrusion-confirmed']);
});

entry('leaving again: the hall is set with the last', () => {
  const site = closed();
  open(site, 'porte');
  code(site, 'mona');
  close(site, 'porte');
  out(site, 'mona');
  assert.equal(states(site), ['armed full', 'armed full', 'armed full']);
});

entry('without an entry, several set areas are chosen by number', () => {
  const site = closed();
  code(site, 'chef');
  assert.equal(keypad(site).notice, { kind: 'choose', areas: ['medecin', 'kine'] });
  choose(site, 1);
  assert.equal(states(site), ['disarmed', 'disarmed', 'armed full']);
});

entry('a code acts on the areas common to keypad and person', () => {
  const site = world(
    practice({
      areas: [areaConfig('a'), areaConfig('b')],
      zones: [zoneConfig('za', 'instant', { area: 'a' }), zoneConfig('zb', 'instant', { area: 'b' })],
      doors: [],
      outputs: [],
      keypads: [keypadConfig('ka', { areas: ['a'] }), keypadConfig('kb', { areas: ['b'] })],
      users: [userConfig('ann', { areas: ['a'] })],
    }),
  );
  askToArm(site, 'full', {}, { user: 'ann', way: at('kb') });
  assert.equal([state(site, 'a'), state(site, 'b')], ['disarmed', 'disarmed']);
  assert.equal(keypad(site, 'kb').notice, { kind: 'refused', reason: 'not-your-area', blockers: [] });
  askToArm(site, 'full', { areas: ['b'] }, { user: 'ann', way: at('ka') });
  assert.equal([state(site, 'a'), state(site, 'b')], ['disarmed', 'disarmed']);
  askToArm(site, 'full', {}, { user: 'ann', way: at('ka') });
  assert.equal([state(site, 'a'), state(site, 'b')], ['exiting full', 'disarmed']);
});

entry('a covert code that has to choose is told once, and acts as chosen', () => {
  for (const [meaning, kind] of [
    ['duress', 'duress'],
    ['not-normal', 'opening-not-normal'],
  ] as const) {
    const site = closed();
    code(site, 'chef', meaning);
    assert.equal(told(site), [kind]);
    choose(site, 0);
    assert.equal(told(site), ['disarmed', 'disarmed', 'disarmed']);
  }
});

entry('disarming under duress in the hall releases what its member holds', () => {
  const site = closed();
  open(site, 'porte');
  open(site, 'fenetre-m');
  code(site, 'mona', 'duress');
  assert.ok(told(site).includes('intrusion'));
  assert.is(area(site, 'medecin').held.length, 0);
});

entry('a line that is lost and found again in the hall changes nothing', () => {
  const site = closed();
  lose(site, 'couloir');
  close(site, 'couloir');
  lose(site, 'porte');
  close(site, 'porte');
  assert.equal(told(site), ['zone-fault', 'zone-fault-restored', 'zone-fault', 'zone-fault-restored']);
  assert.equal(states(site), ['armed full', 'armed full', 'armed full']);
});

entry.run();
