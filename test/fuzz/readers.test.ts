/** What the fuzzers of readers do to a frame. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawFrom } from './fuzzer.ts';
import { damaged, pieces, playRounds } from './noise.ts';

const WHOLE = [1, 2, 3, 4, 5, 6, 7, 8];

test('damage is mostly damage, pieces are the whole', () => {
  const draw = drawFrom(1);
  let same = 0;
  for (let round = 0; round < 1_000; round++) {
    if (damaged(draw, WHOLE).join() === WHOLE.join()) same += 1;
    assert.equal(
      pieces(draw, WHOLE, [1, 4, 16]).flatMap((piece) => [...piece]),
      WHOLE,
    );
  }
  assert.ok(same < 10, `${same} of 1000 undamaged`);
});

test('the first round that throws is the failure, with what was fed', () => {
  const failure = playRounds(10, 1, () => {
    let rounds = 0;
    return (note) => {
      note([rounds, 255]);
      rounds += 1;
      if (rounds === 4) throw new Error('told and never sent');
    };
  });
  assert.equal(failure, { at: 3, what: 'told and never sent', input: '03FF' });
  assert.is(
    playRounds(10, 1, () => () => undefined),
    undefined,
  );
});

test.run();
