/** The siren: how long, how often, how far; and zones that are left out by the controller, until when. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { areaConfig, practice, practiceConfig } from '../support/site.ts';
import {
  area,
  close,
  code,
  give,
  isSounding,
  lastOf,
  leave,
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

const armed = (): World => {
  const site = world(practice());
  leave(site);
  pass(site, 10 * MINUTE);
  told(site);
  return site;
};

const loud = (site: World): boolean => isSounding(site, 'sirene-ext');

const siren = suite('siren');

siren('180 s, and the area stays armed', () => {
  const site = armed();
  pulse(site, 'fenetre');
  pass(site, 3 * MINUTE - 1);
  assert.ok(loud(site));
  pass(site, 1);
  assert.not(loud(site));
  assert.is(state(site), 'armed full');
});

siren('another zone never lengthens a running one', () => {
  const site = armed();
  for (const id of ['fenetre', 'salle', 'bureau']) {
    pulse(site, id);
    pass(site, MINUTE);
  }
  assert.not(loud(site));
});

siren('an entry that times out makes a local one reach outdoors, no longer', () => {
  const site = armed();
  open(site, 'porte');
  open(site, 'fenetre');
  pass(site, 30 * SECOND);
  assert.ok(loud(site));
  pass(site, 150 * SECOND);
  assert.not(loud(site));
});

siren('at most three cycles per armed period; every alarm is told all the same', () => {
  const site = armed();
  const heard: boolean[] = [];
  for (const id of ['fenetre', 'salle', 'bureau', 'cour', 'hall']) {
    pulse(site, id);
    heard.push(loud(site));
    pass(site, 5 * MINUTE);
  }
  assert.equal(heard, [true, true, true, false, false]);
  assert.is(told(site).filter((kind) => kind === 'intrusion').length, 5);
});

siren('tamper, 24 h and hold-up share the cycles of the period', () => {
  const site = armed();
  const heard: boolean[] = [];
  for (const id of ['capot', 'armoire', 'agression', 'fenetre']) {
    pulse(site, id);
    heard.push(loud(site));
    pass(site, 5 * MINUTE);
  }
  assert.equal(heard, [true, true, true, false]);
});

siren('arming anew gives three more', () => {
  const site = armed();
  for (const id of ['fenetre', 'salle', 'bureau']) {
    pulse(site, id);
    pass(site, 5 * MINUTE);
  }
  code(site);
  leave(site, 'full', { override: true });
  pulse(site, 'fenetre');
  assert.ok(loud(site));
});

siren('by day each silencing gives them back: somebody is there', () => {
  const site = world(practice());
  for (let times = 0; times < 5; times += 1) {
    pulse(site, 'agression');
    assert.ok(loud(site), `${times + 1}.`);
    code(site);
    assert.not(loud(site));
    pass(site, MINUTE);
  }
});

siren('only disarming silences it', () => {
  const acts = {
    acknowledge: (site: World) => give(site, { verb: 'acknowledge' }, { user: 'claire' }),
    silence: (site: World) => give(site, { verb: 'silence' }, { user: 'claire' }),
    'a wrong code': (site: World) => give(site, { verb: 'code' }, {}),
    'the zone closes': (site: World) => close(site, 'fenetre'),
    'a restart': (site: World) => restart(site),
    'the installer': (site: World) => give(site, { verb: 'code' }, { user: 'tech' }),
  };
  for (const [what, act] of Object.entries(acts)) {
    const site = armed();
    open(site, 'fenetre');
    act(site);
    assert.ok(loud(site), what);
  }
  const site = armed();
  open(site, 'fenetre');
  code(site);
  assert.not(loud(site));
});

siren('a restart keeps what is left of it', () => {
  const site = armed();
  open(site, 'fenetre');
  pass(site, 2 * MINUTE);
  restart(site, 'machine', HOUR);
  assert.ok(loud(site));
  pass(site, MINUTE - 1);
  assert.ok(loud(site));
  pass(site, 1);
  assert.not(loud(site));
});

siren('a hold-up that was heard is not cancelled by the code that silences it', () => {
  const site = world(practice());
  pulse(site, 'agression');
  told(site);
  code(site);
  assert.not(loud(site));
  assert.not(told(site).includes('alarm-cancelled'));
});

siren('an open safe silenced by day is cancelled', () => {
  const site = world(practice());
  pulse(site, 'armoire');
  told(site);
  code(site);
  assert.equal(told(site), ['alarm-cancelled']);
});

siren.run();

// ---- zones still open when it ends

const omitted = suite('zones still open when the siren ends');

omitted('left out until they close, then live again, and said at both ends', () => {
  const site = armed();
  open(site, 'fenetre');
  told(site);
  pass(site, 3 * MINUTE);
  assert.equal(told(site), ['omitted']);
  assert.is(lastOf(site, 'omitted').cause, 'siren-ended');
  pass(site, HOUR);
  close(site, 'fenetre');
  assert.equal(told(site), ['reincluded', 'intrusion-restored']);
  open(site, 'fenetre');
  assert.equal(told(site), ['intrusion']);
  assert.ok(loud(site));
});

omitted('others stay live meanwhile', () => {
  const site = armed();
  open(site, 'fenetre');
  pass(site, 5 * MINUTE);
  told(site);
  pulse(site, 'salle');
  assert.ok(told(site).includes('intrusion-confirmed'));
});

omitted('a zone that closed before is not left out', () => {
  const site = armed();
  pulse(site, 'fenetre');
  pass(site, 3 * MINUTE);
  assert.is(zone(site, 'fenetre').omitted, 'no');
});

omitted('the entry door left open after an entry that timed out, too', () => {
  const site = armed();
  open(site, 'porte');
  pass(site, 30 * SECOND + 3 * MINUTE);
  assert.is(zone(site, 'porte').omitted, 'until-closed');
  close(site, 'porte');
  told(site);
  open(site, 'porte');
  assert.equal(told(site), ['entry-started']);
});

omitted('kept over a restart; disarming ends it', () => {
  const site = armed();
  open(site, 'fenetre');
  pass(site, 3 * MINUTE);
  told(site);
  restart(site);
  assert.not(told(site).includes('intrusion'));
  assert.is(zone(site, 'fenetre').omitted, 'until-closed');
  code(site);
  assert.is(zone(site, 'fenetre').omitted, 'no');
});

omitted('while the fire keeps it quiet, the end of its time leaves out as well', () => {
  const site = armed();
  open(site, 'feu');
  open(site, 'fenetre');
  pass(site, 3 * MINUTE);
  assert.is(zone(site, 'fenetre').omitted, 'until-closed');
  assert.is(area(site).siren, undefined);
});

omitted.run();

// ---- swinger

const swinger = suite('swinger');

const swing = (site: World, times: number, id = 'fenetre'): void => {
  for (let count = 0; count < times; count += 1) {
    pulse(site, id);
    pass(site, MINUTE);
  }
};

swinger('the third alarm of a period is the last: told, then left out', () => {
  const site = armed();
  swing(site, 2);
  assert.is(zone(site, 'fenetre').omitted, 'no');
  told(site);
  swing(site, 5);
  assert.equal(told(site), ['intrusion', 'swinger', 'intrusion-restored']);
});

swinger('another zone is not left out with it', () => {
  const site = armed();
  swing(site, 3);
  told(site);
  swing(site, 1, 'salle');
  assert.ok(told(site).includes('intrusion'));
});

swinger('live again after eight hours without activation, told', () => {
  const site = armed();
  swing(site, 3);
  pass(site, 7 * HOUR);
  pulse(site, 'fenetre');
  told(site);
  pass(site, 8 * HOUR - 1);
  assert.equal(told(site), []);
  pass(site, 1);
  assert.equal(told(site), ['reincluded']);
  pulse(site, 'fenetre');
  assert.ok(told(site).includes('intrusion'));
});

swinger('live again after disarming', () => {
  const site = armed();
  swing(site, 3);
  code(site);
  assert.is(zone(site, 'fenetre').omitted, 'no');
  leave(site, 'full', { override: true });
  told(site);
  pulse(site, 'fenetre');
  assert.ok(told(site).includes('intrusion'));
});

swinger('a lost line in between brings it no earlier back', () => {
  const site = armed();
  swing(site, 3);
  restart(site);
  told(site);
  pulse(site, 'fenetre');
  assert.equal(told(site), []);
});

const alarms = (site: World): number => told(site).filter((kind) => kind === 'intrusion').length;

swinger('0 switches it off; the limit is config', () => {
  const config = practiceConfig();
  const make = (limit: number): World => {
    const site = world(
      practice({
        areas: [areaConfig('cabinet')],
        zones: config.zones.map((one) => (one.id === 'fenetre' ? { ...one, swinger: limit } : one)),
      }),
    );
    leave(site);
    pass(site, 10 * MINUTE);
    told(site);
    swing(site, 6);
    return site;
  };
  assert.is(alarms(make(0)), 6);
  assert.is(alarms(make(1)), 1);
  assert.is(alarms(make(5)), 5);
});

swinger.run();
