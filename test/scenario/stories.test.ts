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

for (const path of paths) {
  test(path, async () => {
    const told = await tellStory(path, storyIo());
    if (!told.ok) assert.unreachable(told.text);
    else assert.is(told.played.failures.length, 0, reportOf(path, told));
  });
}

test.run();
