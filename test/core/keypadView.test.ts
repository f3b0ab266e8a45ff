import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BlockerKind, Meaning } from '../../src/core/config.ts';
import { EVENT_KINDS } from '../../src/core/event.ts';
import type { Blocker } from '../../src/core/event.ts';
import { isCovertEvent } from '../../src/core/covert.ts';
import { keypadView } from '../../src/core/keypadView.ts';
import type { KeypadView } from '../../src/core/keypadView.ts';
import { outputsOf } from '../../src/core/output.ts';
import type { Notice } from '../../src/core/state.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { english } from '../../src/core/words/english.ts';
import { french } from '../../src/core/words/french.ts';
import { sayBlocker, viewLines } from '../../src/core/words/say.ts';
import { codeOf } from '../../src/protocol/eventCodes.ts';
import { areaConfig, practice, practiceConfig } from '../support/site.ts';
import { askToArm, close, code, feed, give, leave, lose, open, pass, pulse, restart, world } from '../support/world.ts';
import type { World } from '../support/world.ts';

const viewOf = (site: World, keypad = 'entree'): KeypadView => keypadView(site.site, site.state, keypad);
const cabinet = (site: World) => {
  const [area] = viewOf(site).areas;
  if (!area) throw new Error('no area');
  return area;
};
const read = (site: World, words = french): readonly string[] =>
  viewLines({ site: site.site, words, now: monotonic(site.now) }, viewOf(site));
const says = (site: World, text: string): boolean => read(site).some((line) => line.includes(text));

// ---- what it shows

const view = suite('what a keypad shows');

view('at rest: disarmed, ready, nothing else', () => {
  const site = world(practice());
  assert.equal(read(site), ['cabinet : Hors service', 'Prêt. Mettre en service : 1*CODE#.']);
  assert.equal(read(site, english), ['cabinet: Disarmed', 'Ready. Arm: 1*CODE#.']);
});

view('what is in the way of arming is shown before anybody asks, and goes away by itself', () => {
  const site = world(practice());
  open(site, 'fenetre');
  assert.equal(cabinet(site).blockers, [{ kind: 'zone-open', zone: 'fenetre' }]);
  assert.ok(says(site, 'Ouvert : fenetre (3). Fermez, ou laissez de côté : 1*3*CODE#.'));
  assert.not(says(site, 'Prêt'));
  close(site, 'fenetre');
  assert.ok(says(site, 'Prêt'));
});

view('exit and entry count down; armed, no blockers are listed', () => {
  const site = world(practice());
  askToArm(site);
  pass(site, 10_000);
  assert.is(cabinet(site).word, 'exiting');
  assert.ok(says(site, 'Sortez dans 50 s.'));
  open(site, 'porte');
  close(site, 'porte');
  pass(site, 60_000);
  assert.is(cabinet(site).word, 'armed');
  assert.is(cabinet(site).mode, 'full');
  assert.is(cabinet(site).deadline, undefined);
  pass(site, 400_000);
  open(site, 'porte');
  pass(site, 1_500);
  assert.equal(cabinet(site).blockers, []);
  assert.ok(says(site, 'Tapez votre code dans 29 s.'));
});

view('a refusal lists every reason with what to do, then the state comes back', () => {
  const site = world(practice());
  open(site, 'fenetre');
  lose(site, 'salle');
  askToArm(site);
  const lines = read(site);
  assert.ok(lines[0]?.startsWith('Mise en service impossible'));
  assert.ok(lines.some((line) => line.startsWith('Ouvert : fenetre')));
  assert.ok(lines.some((line) => line.startsWith('En panne : salle')));
  pass(site, 60_000);
  assert.is(viewOf(site).notice, undefined);
});

view('a door left open is named until it is closed and latched; silenced, it says so', () => {
  const site = world(practice());
  open(site, 'cour-gache');
  open(site, 'cour');
  assert.equal(cabinet(site).doors, []);
  pass(site, 35_000);
  assert.equal(cabinet(site).doors, [{ door: 'cour', fault: 'left-open', silenced: false }]);
  assert.ok(says(site, 'Porte cour est ouverte. Fermez, ou faites taire : 4*CODE#.'));
  give(site, { verb: 'silence' }, { user: 'claire' });
  assert.equal(cabinet(site).doors, [{ door: 'cour', fault: 'left-open', silenced: true }]);
  close(site, 'cour');
  close(site, 'cour-gache');
  assert.equal(cabinet(site).doors, []);
});

view('alarm, then memory until it is acknowledged', () => {
  const site = world(practice());
  leave(site);
  pass(site, 600_000);
  open(site, 'fenetre');
  assert.ok(cabinet(site).sounding);
  assert.ok(says(site, 'Intrusion : fenetre (3)'));
  close(site, 'fenetre');
  code(site);
  assert.not(cabinet(site).sounding);
  assert.ok(says(site, 'En mémoire : Intrusion'));
  assert.ok(says(site, '6*CODE#'));
  give(site, { verb: 'acknowledge' }, { user: 'claire' });
  assert.equal(cabinet(site).memory, []);
});

view('what is out of order, what is left out, what is being tested', () => {
  const site = world(practice());
  lose(site, 'hall');
  feed(site, { kind: 'condition', condition: 'all-paths-failed', subject: '', on: true });
  give(site, { verb: 'isolate', zone: 3, on: true }, { user: 'doc' });
  give(site, { verb: 'exercise' }, { user: 'doc' });
  assert.ok(says(site, 'En panne : hall'));
  assert.ok(says(site, 'Le centre est injoignable'));
  assert.ok(says(site, 'Isolé : fenetre (3)'));
  assert.ok(says(site, 'EXERCICE en cours'));
  assert.equal(viewOf(site).tests, ['exercise']);
});

view('a locked-out keypad says so, and only that one', () => {
  const site = world(practice());
  for (let wrong = 0; wrong < 10; wrong += 1) give(site, { verb: 'code' }, {});
  assert.ok(viewOf(site).lockedOut);
  assert.not(viewOf(site, 'dehors').lockedOut);
});

view('several areas: the choice is numbered', () => {
  const config = practiceConfig();
  const site = world(
    practice({
      areas: [areaConfig('cabinet'), areaConfig('officine')],
      keypads: config.keypads.map((keypad) => (keypad.id === 'entree' ? { ...keypad, areas: ['cabinet', 'officine'] } : keypad)),
      users: config.users.map((user) => ({ ...user, areas: ['cabinet', 'officine'] })),
    }),
  );
  askToArm(site);
  assert.equal(read(site).slice(0, 3), ['Choisissez, puis # :', '1# cabinet', '2# officine']);
});

view('check-list items are numbered as they are ticked', () => {
  const checklist = [
    { id: 'toilettes', text: 'Toilettes vides' },
    { id: 'coffre', text: 'Coffre fermé' },
  ];
  const site = world(practice({ areas: [areaConfig('cabinet', { checklist })] }));
  assert.ok(says(site, 'À vérifier : Coffre fermé. Cochez : 10*2*CODE#.'));
  give(site, { verb: 'tick', item: 2 }, { user: 'claire' });
  assert.not(says(site, 'Coffre'));
  assert.ok(says(site, 'Toilettes vides'));
});

view('the same after a restart, but for the answer to the last request', () => {
  const site = world(practice());
  leave(site);
  open(site, 'porte');
  pass(site, 5_000);
  const before = viewOf(site);
  restart(site);
  assert.equal(viewOf(site).areas, before.areas);
});

view.run();

// ---- what it must not show

const covert = suite('nothing covert can be seen or heard on site');

const NIGHT_MS = 8 * 3_600_000;

const night = (): World => {
  const site = world(practice({ areas: [areaConfig('cabinet', { openingConfirmMs: 300_000 })] }));
  leave(site);
  pass(site, NIGHT_MS);
  open(site, 'porte');
  pass(site, 5_000);
  return site;
};

/** Everything a person on site can take in: displays, in both languages, and every output. */
const surface = (site: World): unknown => ({
  views: site.site.config.keypads.map(({ id }) => viewOf(site, id)),
  french: read(site),
  english: read(site, english),
  outputs: outputsOf(site.site, site.state),
});

/** Two sites live through the same minutes, told apart by one covert thing alone. */
const alike = (plain: World, secret: World, minutes: number): void => {
  for (let second = 0; second < minutes * 60; second += 5) {
    assert.equal(surface(secret), surface(plain), `after ${second} s`);
    pass(plain, 5_000);
    pass(secret, 5_000);
  }
};

const MEANINGS: readonly Meaning[] = ['duress', 'not-normal'];

for (const meaning of MEANINGS) {
  covert(`disarming with the ${meaning} code looks and sounds like any other, for the next quarter of an hour`, () => {
    const plain = night();
    const secret = night();
    code(plain);
    code(secret, 'claire', meaning);
    alike(plain, secret, 15);
  });

  covert(`answering with the ${meaning} code looks like answering that all is normal`, () => {
    const plain = night();
    const secret = night();
    for (const site of [plain, secret]) {
      code(site);
      pass(site, 130_000);
    }
    give(plain, { verb: 'confirm-normal' }, { user: 'claire' });
    give(secret, { verb: 'confirm-normal' }, { user: 'claire', meaning });
    assert.ok(secret.events.length >= plain.events.length);
    alike(plain, secret, 15);
  });

  covert(`asking to arm with the ${meaning} code looks like asking with the other`, () => {
    const plain = world(practice());
    const secret = world(practice());
    askToArm(plain);
    askToArm(secret, 'full', {}, { user: 'claire', meaning });
    alike(plain, secret, 3);
  });

  covert(`refused: the ${meaning} code out of its areas is refused like the other`, () => {
    const config = practiceConfig();
    const make = (): World => world(practice({ users: config.users.map((user) => ({ ...user, areas: [] })) }));
    const plain = make();
    const secret = make();
    code(plain);
    code(secret, 'claire', meaning);
    alike(plain, secret, 2);
  });
}

covert('an alarm at night, disarmed under duress', () => {
  const plain = night();
  const secret = night();
  for (const site of [plain, secret]) {
    open(site, 'salle');
    pass(site, 20_000);
  }
  code(plain);
  code(secret, 'claire', 'duress');
  alike(plain, secret, 15);
});

covert('the silent button, by day and while armed', () => {
  for (const isArmed of [false, true]) {
    const plain = world(practice());
    const secret = world(practice());
    for (const site of [plain, secret]) if (isArmed) leave(site);
    pulse(secret, 'panique');
    assert.ok(secret.events.some(({ kind }) => kind === 'holdup-silent'));
    alike(plain, secret, 5);
    open(secret, 'panique');
    alike(plain, secret, 5);
  }
});

covert('even if a covert alarm came to stand in the state, no display would show it', () => {
  const plain = world(practice());
  const secret = world(practice());
  const { durable } = secret.state;
  const at = wall(0);
  for (const kind of EVENT_KINDS.filter(isCovertEvent)) {
    const areas = durable.areas.map((area) => ({
      ...area,
      alarms: [{ kind, zone: 'panique', door: undefined, since: monotonic(0) }],
      memory: [{ kind, zone: 'panique', door: undefined, at, cause: undefined, level: 3 as const }],
    }));
    secret.state = { ...secret.state, durable: { ...durable, areas } };
    assert.equal(surface(secret), surface(plain), kind);
  }
});

covert('every kind that the centre is told covertly is left out here too', () => {
  const shown = EVENT_KINDS.filter((kind) => codeOf(kind).covert && !isCovertEvent(kind));
  assert.equal(shown, []);
});

covert.run();

// ---- words

const wording = suite('every word, in French and English');

const leaves = (value: unknown, path: string): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
    : [[path, value]];

wording('both dictionaries say the same things, and each says something', () => {
  const [fr, en] = [leaves(french, ''), leaves(english, '')];
  assert.equal(
    fr.map(([path]) => path),
    en.map(([path]) => path),
  );
  for (const [path, text] of [...fr, ...en])
    assert.ok(typeof text === 'function' || (typeof text === 'string' && text !== ''), path);
});

wording('every refusal says why, then what to do', () => {
  for (const words of [french, english]) {
    for (const [reason, text] of Object.entries(words.refusals)) {
      assert.ok(/[.:] ?.+/.test(text) && text.length > 25, reason);
      assert.ok(text.split(/[.:,;]\s/).length >= 2, `${reason}: a reason and an act`);
    }
  }
});

wording('every blocker says what it is about and what to do', () => {
  const site = practice();
  const [area] = site.config.areas;
  if (!area) throw new Error('no area');
  const kinds: readonly BlockerKind[] = Object.keys(area.blockers).filter((kind): kind is BlockerKind => kind in french.blockers);
  assert.is(kinds.length, 12);
  for (const words of [french, english]) {
    for (const kind of kinds) {
      const blocker: Blocker = { kind, zone: 'fenetre' };
      const line = sayBlocker({ site, words, now: monotonic(0) }, [area], blocker);
      assert.ok(line.split(/[.,] /).length >= 2, line);
      assert.not.match(line, 'undefined');
    }
  }
});

wording('every alarm that can stand on site has a word of its own', () => {
  const wordless = EVENT_KINDS.filter((kind) => {
    const code = codeOf(kind);
    // The class `system` is said by the standing conditions, not by alarms of an area.
    return (
      code.lane === 'alarm' &&
      code.class !== 'system' &&
      code.phase === 'raise' &&
      !isCovertEvent(kind) &&
      french.alarms[kind] === undefined
    );
  });
  assert.equal(wordless, []);
});

wording('every notice can be said', () => {
  const notices: readonly Notice[] = [
    { kind: 'refused', reason: 'unknown-code', blockers: [] },
    { kind: 'accepted', verb: 'disarm' },
    { kind: 'choose', areas: ['cabinet'] },
    { kind: 'arm-failed', zones: ['fenetre'] },
    { kind: 'remind-opening' },
    { kind: 'door', door: 'cour', outcome: 'bell' },
  ];
  const site = world(practice());
  for (const notice of notices) {
    for (const words of [french, english]) {
      const lines = viewLines({ site: site.site, words, now: monotonic(site.now) }, { ...viewOf(site), notice });
      assert.ok(lines.length > 2 && lines.every((line) => line !== ''), notice.kind);
    }
  }
});

wording.run();
