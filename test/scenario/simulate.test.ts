/** `vigie simulate`: a story that fails says so, and a drawing shows what was seen. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simulate } from '../../src/cli/simulate.ts';
import { storyIo } from './storyFiles.ts';

const test = suite('simulate');

const HEAD = `title: Une <histoire>
about: pour voir
site: config/cabinet.yaml
start: 2026-03-02T10:00 Europe/Paris, synchronised
`;
const story = (...steps: readonly string[]): string => `${HEAD}steps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;

const run = async (files: Readonly<Record<string, string>>, args: readonly string[] = Object.keys(files)) => {
  const io = storyIo(files);
  const code = await simulate(args, io);
  return { code, said: io.said(), complained: io.complained(), written: io.written };
};

test('what holds ends with 0', async () => {
  const { code, said } = await run({ 'a.yaml': story('open yard-window', 'expect zone yard-window active') });
  assert.equal([code, said], [0, '✓ Une <histoire>\n']);
});

test('what does not hold is told with its line, its time and what was there instead', async () => {
  const { code, said } = await run({
    'a.yaml': story('at 00:10 open yard-window', 'expect zone yard-window normal', 'expect event armed'),
  });
  assert.is(code, 1);
  assert.match(said, /✗ Une <histoire>/);
  assert.match(said, /a\.yaml:7: expect zone yard-window normal\n +at 00:10\.1: zone yard-window is active/);
  assert.match(said, /a\.yaml:8: expect event armed\n +at 00:10\.1: nothing happened/);
});

test('one story that fails is enough, and the others are told as well', async () => {
  const files = { 'a.yaml': story('expect area cabinet armed'), 'b.yaml': story('expect area cabinet disarmed') };
  const { code, said } = await run(files);
  assert.is(code, 1);
  assert.match(said, /✗[^✓]*✓/);
});

test('a rule that must hold throughout is broken where it is broken, once', async () => {
  const { code, said } = await run({
    'a.yaml': story(
      'never zone yard-window active',
      'open yard-window',
      'close yard-window',
      'after 1s open yard-window',
      'expect area cabinet disarmed',
    ),
  });
  assert.is(code, 1);
  assert.is(said.split('never zone').length, 2);
});

test('several expectations at one instant see the same events, a later one does not see them again', async () => {
  const { said } = await run({
    'a.yaml': story(
      'leave delivery ajar',
      'at 00:40 expect event door-not-latched',
      'at 02:00 expect event door-not-latched',
      'expect event door-not-latched zone delivery-latch',
      'expect no event door-not-latched',
      'at 02:01 expect no event door-not-latched',
    ),
  });
  assert.match(said, /a\.yaml:7: /);
  assert.not.match(said, /a\.yaml:8: /);
  assert.match(said, /a\.yaml:10: /);
  assert.not.match(said, /a\.yaml:11: /);
});

test('names the site does not have are errors before anything is played', async () => {
  const { code, complained } = await run({
    'a.yaml': story(
      'open cellar',
      'expect area attic armed',
      'expect event intrusion zone roof',
      'nobody types "1#" at entrance',
      'expect memory cabinet lists cellar',
    ),
  });
  assert.is(code, 2);
  assert.match(complained, /a\.yaml:6: the site has no thing "cellar"/);
  assert.match(complained, /a\.yaml:7: the site has no area "attic"/);
  assert.match(complained, /a\.yaml:8: the site has no zone "roof"/);
  assert.match(complained, /a\.yaml:9: the site has no who "nobody"/);
  assert.match(complained, /a\.yaml:10: the site has no zone or door "cellar"/);
});

test('a story may not lend codes, go back in time, or ask wires for what they cannot tell', async () => {
  const { code, said } = await run({
    'a.yaml': story(
      'at 00:10 durand types "2580#" at entrance',
      'at 00:05 open yard-window',
      'mask yard-window',
      'expect area cabinet disarmed',
    ),
  });
  assert.is(code, 1);
  assert.match(said, /a\.yaml:6: .*\n.*the code is martin's, not durand's/);
  assert.match(said, /a\.yaml:7: .*\n.*earlier than the sentence before/);
  assert.match(said, /a\.yaml:8: .*\n.*cannot tell masked/);
});

test('two stories that can be told apart on site are found out', async () => {
  const codes = 'looks like:\n  "2580": "4815"\n';
  const { code, said } = await run({
    'a.yaml': codes + story('at 00:10 martin types "1**2580#" at entrance', 'expect area cabinet exiting'),
  });
  assert.is(code, 1);
  assert.match(said, /on site it can be told apart/);
});

test('an alarm that has not reached the centre is seen to be missing there', async () => {
  const { code, said } = await run({
    'a.yaml': story(
      'at 00:10 broker goes away',
      'at 00:20 open drug-cupboard',
      'at 00:40 expect centre has alarm-24h',
      'expect centre complete',
      'broker comes back',
      'after 3min expect centre has once alarm-24h zone drug-cupboard',
      'expect centre complete',
    ),
  });
  assert.is(code, 1);
  assert.match(said, /a\.yaml:8: .*\n.*the centre has alarm 0 of 1, event \d+ of \d+; 1 wait in the outbox/);
  assert.match(said, /a\.yaml:9: /);
  assert.not.match(said, /a\.yaml:1[01]: /);
});

test('files that are not there, and arguments that make no sense, end with 2', async () => {
  assert.is((await run({}, ['nowhere.yaml'])).code, 2);
  assert.is((await run({}, [])).code, 2);
  assert.is((await run({}, ['a.yaml', '--svg'])).code, 2);
  assert.is((await run({}, ['a.yaml', '--png', 'x'])).code, 2);
  assert.is((await run({}, ['a.yaml', 'b.yaml', '--svg', 'x.svg'])).code, 2);
  const lost = await run({ 'a.yaml': story('expect event').replace('config/cabinet.yaml', 'config/nowhere.yaml') });
  assert.equal([lost.code, lost.complained.includes('config/nowhere.yaml')], [2, true]);
});

test('the drawing has a row for what moved, every act and event, and no mark-up of its own in the texts', async () => {
  const files = { 'a.yaml': story('at 00:10 open yard-window', 'at 00:20 power cut for 40s', 'at 01:10 expect event restarted') };
  const { code, written } = await run(files, ['a.yaml', '--svg', 'a.svg']);
  const drawing = written.get('a.svg') ?? '';
  assert.is(code, 0);
  assert.match(drawing, /^<svg /);
  assert.match(drawing, /Une &lt;histoire&gt;/);
  assert.match(drawing, /Fenêtre sur cour/);
  assert.match(drawing, /open yard-window/);
  assert.match(drawing, /restarted/);
  assert.match(drawing, /coupure/);
  assert.not.match(drawing, /Réfrigérateur/);
});

test.run();
