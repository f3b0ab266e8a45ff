/** What is typed at the demo's prompt, and what it is taken for. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { actsOf, makePractice } from '../../src/cli/demo/board.ts';
import { complete, understand } from '../../src/cli/demo/commands.ts';
import { news } from '../../src/cli/demo/keypads.ts';
import { makePrompt } from '../../src/cli/demo/prompt.ts';
import { fastSite } from '../../src/cli/demo/siteConfig.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import type { SiteFile } from '../../src/config/siteFile.ts';

const test = suite('demo commands');

const text = readFileSync('config/cabinet.yaml', 'utf8');

const siteOf = (yaml: string): SiteFile => {
  const loaded = loadSite(yaml, siteTools);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.site;
};

const { core } = siteOf(text);

/** `open yard-window`, `keys entrance 1*2580#`, `confused which`… */
const meant = (line: string): string => {
  const understood = understand(core, line);
  if (understood.kind === 'nothing') return 'nothing';
  if (understood.kind === 'confused') return `confused ${understood.confusion.kind}`;
  const { command } = understood;
  const parts = [
    command.verb,
    ...('zone' in command ? [command.zone.id] : []),
    ...('door' in command ? [command.door.id] : []),
    ...('keypad' in command ? [command.keypad.id] : []),
    ...('user' in command ? [command.user.id] : []),
    ...('text' in command ? [command.text] : []),
    ...('value' in command ? [command.value] : []),
    ...('supply' in command ? [command.supply] : []),
    ...('seconds' in command ? [command.seconds] : []),
  ];
  return parts.join(' ');
};

const TABLE: readonly (readonly [typed: string, meaning: string])[] = [
  ['', 'nothing'],
  ['   ', 'nothing'],
  ['ouvre porte-entree', 'open entrance-door'],
  ['ouvre entrance-door', 'open entrance-door'],
  ['ouvre Porte d’entrée', 'open entrance-door'],
  ["OUVRE la porte d'entree", 'open entrance-door'],
  ['ouvre 1', 'open entrance-door'],
  ['ouv 5', 'open yard-window'],
  ['o 5', 'confused unknown-verb'],
  ['open yard', 'open yard-window'],
  ['ouvre fenêtre cour', 'open yard-window'],
  ['ouvre fenetre', 'confused which'],
  ['ouvre livraison', 'open delivery-door'],
  ['ouvre delivery', 'open delivery-door'],
  ['ouvre fond', 'open delivery-latch'],
  ['ouvre rue', 'open street-door'],
  ['sonne', 'ring street'],
  ['distance rue', 'remote street'],
  ['remote cupboard', 'remote drug-cupboard'],
  ['réponds', 'answer street'],
  ['answer street', 'answer street'],
  ['sonne livraison', 'confused which'],
  ['appuie bouton de sortie', 'press street-exit'],
  ['press street-handle', 'press street-handle'],
  ['ouvre 99', 'confused unknown-zone'],
  ['ouvre', 'confused needs'],
  ['referme livr', 'close delivery-door'],
  ['bouge cabinet 1', 'move consulting-1'],
  ['arrache 15', 'tear box-tamper'],
  ['répare 15', 'mend box-tamper'],
  ['2580#', 'keys entrance 2580#'],
  ['1**2580#', 'keys entrance 1**2580#'],
  ['clavier 1*2580#', 'keys entrance 1*2580#'],
  ['clavier rue 2580#', 'keys street 2580#'],
  ['keypad street 2580#', 'keys street 2580#'],
  ['clavier', 'confused needs'],
  ['clavier deux mille', 'confused not-keys'],
  ['clavier grenier 2580#', 'confused which'],
  ['badge martin', 'badge entrance martin'],
  ['badge cupboard durand', 'badge cupboard durand'],
  ['badge personne', 'confused which'],
  ['frigo 9,5', 'temperature vaccine-fridge 9.5'],
  ['frigo -3 °C', 'temperature vaccine-fridge -3'],
  ['frigo chaud', 'confused needs'],
  ['coupe réseau', 'cut network'],
  ['coupe le courant', 'cut power'],
  ['rétablis secteur', 'restore mains'],
  ['coupe', 'confused needs'],
  ['coupe tout', 'confused needs'],
  ['attends 2', 'wait 2'],
  ['attends', 'confused needs'],
  ['attends 1000', 'confused needs'],
  ['etat', 'state'],
  ['status', 'state'],
  ['?', 'help'],
  ['zones', 'zones'],
  ['quitte', 'quit'],
  ['zzz', 'confused unknown-verb'],
  ['c 5', 'confused unknown-verb'],
  ['e', 'confused unknown-verb'],
];

for (const [typed, meaning] of TABLE) test(`« ${typed} » is ${meaning}`, () => assert.is(meant(typed), meaning));

test('a slip of the finger is answered with what was meant', () => {
  const understood = understand(core, 'ouvrre 5');
  assert.equal(understood, {
    kind: 'confused',
    confusion: { kind: 'unknown-verb', word: 'ouvrre', guess: 'ouvre' },
  });
});

test('the last word is completed, and nothing is offered where nothing fits', () => {
  assert.equal(complete(core, 'fr', 'ou'), [['ouvre '], 'ou']);
  assert.equal(complete(core, 'en', 'op'), [['open '], 'op']);
  assert.equal(complete(core, 'fr', 'ouvre yar'), [['yard-window '], 'yar']);
  assert.equal(complete(core, 'fr', 'coupe r'), [['réseau '], 'r']);
  assert.equal(complete(core, 'fr', 'ouvre zz'), [[], 'zz']);
  assert.equal(complete(core, 'fr', 'état '), [[], '']);
});

// ---- on the board

const lineOf = (id: string): string => core.zones.find((zone) => zone.id === id)?.line ?? '';

const levelsAfter = (...typed: readonly string[]): Readonly<Record<string, unknown>> => {
  const practice = makePractice(core);
  for (const line of typed) {
    const understood = understand(core, line);
    if (understood.kind !== 'command') throw new Error(line);
    for (const act of actsOf(core, understood.command) ?? []) practice.apply(act);
  }
  const levels: unknown = JSON.parse(practice.levels());
  return Object.fromEntries(Object.entries(levels ?? {}));
};

test('a door opens with its bolt out of the strike, and is latched once it is closed', () => {
  const open = levelsAfter('ouvre livraison');
  assert.equal(open[lineOf('delivery-door')], { kind: 'level', level: 1 });
  assert.equal(open[lineOf('delivery-latch')], { kind: 'level', level: 1 });
  assert.equal(levelsAfter('ouvre livraison', 'ferme livraison'), levelsAfter('zones'));
});

test('a door pushed to is closed and not latched, wherever it was before', () => {
  for (const before of ['ouvre livraison', 'ferme livraison']) {
    const ajar = levelsAfter(before, 'pousse livraison');
    assert.equal(ajar[lineOf('delivery-door')], { kind: 'level', level: 0 });
    assert.equal(ajar[lineOf('delivery-latch')], { kind: 'level', level: 1 });
  }
});

test('a torn cable is lost to a controller that starts, and what moved meanwhile is there once it is mended', () => {
  const torn = levelsAfter('arrache 5', 'ouvre 5');
  assert.equal(torn[lineOf('yard-window')], { kind: 'lost' });
  assert.equal(levelsAfter('arrache 5', 'ouvre 5', 'répare 5')[lineOf('yard-window')], { kind: 'level', level: 1 });
});

test('who passes, leaves or comes in leaves everything as it was', () => {
  for (const typed of ['bouge cabinet 1', 'ouvre 7', 'sors', 'entre', 'panique', 'clé'])
    assert.equal(levelsAfter(typed), levelsAfter('zones'), typed);
});

// ---- the rest

test('the fast site differs in its delays alone', () => {
  const fast = siteOf(fastSite(text)).core;
  const [area, fastArea] = [core.areas[0], fast.areas[0]];
  assert.is(fastArea?.exitEnd, 'final-door');
  assert.is(fastArea?.entryDelayMs, 10_000);
  assert.equal(fastArea?.checklist, area?.checklist);
  assert.equal(
    fast.zones.map(({ id, type, line }) => [id, type, line]),
    core.zones.map(({ id, type, line }) => [id, type, line]),
  );
  assert.equal(fast.users, core.users);
});

test('a keypad’s news are its new lines; a countdown is none', () => {
  assert.equal(news([], ['Hors service']), ['Hors service']);
  assert.equal(news(['En service', 'Intrusion'], ['En service']), ['En service']);
  assert.equal(news(['Sortez dans 60 s.'], ['Sortez dans 59 s.']), []);
  assert.equal(news(['Hors service', 'Prêt'], ['Hors service', 'Pas prêt']), ['Pas prêt']);
});

test('lines are obeyed in order, those that are there still after the input has ended', async () => {
  const prompt = makePrompt();
  const obeyed: string[] = [];
  prompt.take('one');
  prompt.take('two');
  prompt.finish();
  await prompt.serve(async (line) => {
    obeyed.push(line);
    return false;
  });
  assert.equal(obeyed, ['one', 'two']);
});

test('whoever leaves waits for nothing', async () => {
  const prompt = makePrompt();
  prompt.take('wait');
  prompt.take('never');
  const obeyed: string[] = [];
  const served = prompt.serve(async (line) => {
    obeyed.push(line);
    setImmediate(prompt.leave);
    await prompt.pause(600_000);
    return false;
  });
  await served;
  await prompt.pause(600_000);
  assert.equal(obeyed, ['wait']);
});

test.run();
