/** Every story under test/scenario/stories holds, each a test of its own. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportOf, tellStory } from '../../src/cli/simulate.ts';
import { storyIo, storyPaths } from './storyFiles.ts';

const test = suite('stories');
const paths = storyPaths();

test('there are stories', () => {
  assert.ok(paths.length > 0);
});

/** Requirements that stories must show, and complaints about other panels: what failed there must hold here. */
const OWED = `
  R3 R7 R14 R15 R16 R17
  alarmo#1321 alarmo#1146 alarmo#339 alarmo#1222 alarmo#659 alarmo#1174 alarmo#1213 alarmo#1099
  alarmo#917 alarmo#463 alarmo#1238 alarmo#331 alarmo#1430 alarmo#313 alarmo#248 alarmo#1128
  alarmo#1388 openqiara#33 core#10793 core#7196 esphome#9959 esphome/issues#7094 PAI#536
  texecom2mqtt#124 konnected-security#156 ioBroker.alarm#103
`
  .trim()
  .split(/\s+/);

test('every requirement and complaint that is owed a story has one', async () => {
  const io = storyIo();
  const texts = await Promise.all(paths.map(async (path) => io.readFile(path)));
  const abouts = texts.map((read) => (read.ok ? (/^about: .*$/m.exec(new TextDecoder().decode(read.bytes))?.[0] ?? '') : ''));
  assert.equal(
    OWED.filter((mark) => !abouts.some((about) => new RegExp(`\\b${mark}\\b`).test(about))),
    [],
  );
});

for (const path of paths) {
  test(path, async () => {
    const told = await tellStory(path, storyIo());
    if (!told.ok) assert.unreachable(told.text);
    else assert.is(told.played.failures.length, 0, reportOf(path, told));
  });
}

test.run();
