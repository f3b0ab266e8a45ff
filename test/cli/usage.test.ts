/** Which verb is meant, and that every verb of the program answers to its name. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { usageOf, verbOf } from '../../src/cli/usage.ts';
import type { VerbTable } from '../../src/cli/usage.ts';
import { runProgram } from './program.ts';

const test = suite('usage');

const act = async (): Promise<number> => 0;
const verbs: VerbTable<undefined> = {
  run: { about: 'watch', usage: 'Usage: run\n', act },
  replay: { about: 'play again', usage: 'Usage: replay\n', act },
  centre: { about: 'listen', usage: undefined, act },
};

const meant = (...words: readonly string[]): string => {
  const found = verbOf(verbs, words[0], words.slice(1));
  return found.kind === 'act' ? `act ${found.verb.about}` : `${found.kind} ${found.text.split('\n')[0] ?? ''}`;
};

test('a verb acts, with or without arguments', () => {
  assert.is(meant('run'), 'act watch');
  assert.is(meant('run', '--config', 'x'), 'act watch');
});

test('help is told of the verb it is asked of, and of all otherwise', () => {
  for (const words of [
    ['run', '--help'],
    ['run', 'x', '-h'],
    ['--help', 'run'],
    ['help', 'run'],
  ])
    assert.is(meant(...words), 'help Usage: run', words.join(' '));
  for (const words of [['--help'], ['help'], ['-h'], ['help', 'nothing']]) assert.is(meant(...words), 'help Usage: vigie VERB …');
  assert.is(meant('centre', '--help'), 'act listen', 'it tells by itself');
});

test('an unknown verb is answered with the nearest', () => {
  assert.is(meant('relpay'), 'unknown vigie: unknown verb relpay. Did you mean replay?');
  assert.is(meant('xyzzy'), 'unknown vigie: unknown verb xyzzy.');
  assert.is(meant('toString'), 'unknown vigie: unknown verb toString.');
  assert.ok(usageOf(verbs).includes('  replay  play again\n'));
});

test('the program: usage on 2, help and version on 0, each verb its own help', async () => {
  const all = ['run', 'demo', 'centre', 'check', 'code', 'people', 'journal', 'simulate', 'replay'];
  const [none, wrong, version, ...helps] = await Promise.all([
    runProgram([]),
    runProgram(['journel']),
    runProgram(['--version']),
    ...all.map((verb) => runProgram([verb, '--help'])),
  ]);
  assert.is(none.code, 2);
  for (const verb of all) assert.match(none.err, new RegExp(`^ {2}${verb} `, 'm'));
  assert.is(wrong.code, 2);
  assert.match(wrong.err, /^vigie: unknown verb journel\. Did you mean journal\?/);
  assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
  for (const [index, { code, out, err }] of helps.entries()) {
    assert.is(code, 0, all[index]);
    assert.match(out + err, new RegExp(`^Usage: vigie ${all[index] ?? ''} `));
  }
});

test.run();
