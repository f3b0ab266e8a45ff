/** What is said of a door: to whoever waits before it, to whoever hears its bell, and when something is the matter with it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LockConfig } from '../../src/core/config.ts';
import type { DoorOutcome } from '../../src/core/state.ts';
import { monotonic } from '../../src/core/time.ts';
import { english } from '../../src/core/words/english.ts';
import { french } from '../../src/core/words/french.ts';
import { doorModeLine, doorTroubleLine, sayNotice } from '../../src/core/words/say.ts';
import type { DoorTrouble, DoorWord, Words } from '../../src/core/words/words.ts';
import { doorConfig, practice } from '../support/site.ts';

const test = suite('what is said of a door');

const STRIKE: LockConfig = {
  kind: 'strike-fail-secure',
  releaseMs: 5_000,
  relockDelayMs: 500,
  relockOn: 'open',
  extendedMs: 10_000,
  driveMs: 500,
  bolt: undefined,
};
const doors = [
  doorConfig('entree', 'porte', undefined, { name: 'Porte entrée', lock: STRIKE, egress: 'handle' }),
  doorConfig('cour', 'cour', 'cour-gache', { name: 'Porte cour' }),
];
const site = practice({ doors });
const number = site.zones.get('porte')?.config.number;

const said = (door: string, outcome: DoorOutcome, words: Words = french): string =>
  sayNotice({ site, words, now: monotonic(0) }, [], { kind: 'door', door, outcome }).join('|');

test('the bell says which keys open; a door without a lock is gone to', () => {
  assert.is(said('entree', 'bell'), `On sonne : Porte entrée. Pour ouvrir : 35*${number}*CODE#.`);
  assert.is(said('entree', 'bell', english), `Bell: Porte entrée. To open: 35*${number}*CODE#.`);
  assert.is(said('cour', 'bell'), 'On sonne : Porte cour. Allez voir.');
  assert.is(said('gone', 'bell'), 'On sonne : gone. Allez voir.', 'a door that the config no longer has');
});

const OUTCOMES: readonly (readonly [DoorOutcome, string])[] = [
  ['released', 'Porte entrée est déverrouillée. Ouvrez.'],
  ['opened', 'Porte entrée a été ouverte.'],
  ['not-opened', "Porte entrée n'a pas été ouverte à temps. Redemandez au besoin."],
  ['closed', 'Porte entrée est refermée.'],
  ['held', "Porte entrée est restée ouverte. Fermez-la jusqu'au déclic."],
];

test('what became of an opening is one exact sentence that names the door', () => {
  for (const [outcome, line] of OUTCOMES) assert.is(said('entree', outcome), line);
  for (const [outcome] of OUTCOMES) assert.match(said('entree', outcome, english), /^Porte entrée (is|was) /);
});

const TROUBLES: readonly (readonly [DoorTrouble, RegExp, boolean])[] = [
  ['left-open', /Fermez/, true],
  ['not-latched', /déclic/, true],
  ['forced', /sans autorisation.*Allez voir/, true],
  ['unlock-failed', /ne se déverrouille pas.*autre porte/, false],
  ['lock-failed', /ne se verrouille pas.*installateur/, false],
  ['bolt-forced', /pêne.*Allez voir/, false],
  ['interlock', /bloque le sas.*Fermez/, false],
  ['exit-request-stuck', /bouton de sortie.*Dégagez/, false],
  ['egress-held', /libre.*6\*CODE#/, false],
  ['released-pending', /libérée.*Ouvrez-la, puis refermez-la/, false],
];

test('every trouble names the door and says what to do', () => {
  assert.equal(TROUBLES.map(([trouble]) => trouble).toSorted(), Object.keys(french.doorTroubles).toSorted());
  for (const [trouble, act] of TROUBLES) {
    assert.match(doorTroubleLine(french, 'Porte cour', trouble, false), act);
    for (const words of [french, english]) {
      const line = doorTroubleLine(words, 'Porte cour', trouble, false);
      assert.ok(line.startsWith('Porte cour') && line.split(/[.:,] /).length >= 2, line);
    }
  }
});

test('silence is said of what sounds, and hides nothing else', () => {
  for (const [trouble, , sounds] of TROUBLES) {
    for (const words of [french, english]) {
      const aloud = doorTroubleLine(words, 'Porte cour', trouble, false);
      const silenced = doorTroubleLine(words, 'Porte cour', trouble, true);
      assert.is(/4\*CODE#/.test(aloud), sounds, `${trouble} offers to be silenced`);
      assert.is(silenced !== aloud, sounds, trouble);
      assert.not.match(silenced, '4*CODE#');
      assert.match(silenced, 'Porte cour');
    }
  }
});

test('every mode has its word', () => {
  const modes: readonly DoorWord[] = ['locked', 'unlocked', 'accessed', 'blocked', 'locked-down', 'locked-open'];
  for (const words of [french, english]) {
    assert.is(new Set(modes.map((mode) => doorModeLine(words, 'Porte cour', mode))).size, modes.length);
  }
  assert.is(doorModeLine(french, 'Porte cour', 'blocked'), 'Porte cour : bloquée');
});

test.run();
