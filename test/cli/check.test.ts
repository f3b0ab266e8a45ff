import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/cli/check.ts';
import { code } from '../../src/cli/code.ts';
import { SITE, changed } from '../config/support.ts';
import { fakeIo } from './support.ts';

const BAD = changed('site: test', 'site: centre', changed('number: 2', 'number: 1'));
const WARNED = changed('type: mains', 'type: instant');
const files = { 'good.yaml': SITE, 'bad.yaml': BAD, 'warned.yaml': WARNED };

const verb = suite('vigie check');

type Ended = { readonly status: number; readonly out: string; readonly err: string };

const run = async (...args: readonly string[]): Promise<Ended> => {
  const io = fakeIo(files);
  const status = await check(args, io);
  return { status, ...io.written };
};

verb('a good file: 0, and a word', async () => {
  assert.equal(await run('good.yaml'), { status: 0, out: 'good.yaml: fine, 0 warnings\n', err: '' });
});

verb('faults: 2, each as a compiler tells it', async () => {
  const { status, out } = await run('bad.yaml');
  assert.is(status, 2);
  const lines = out.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^bad\.yaml:2:7: `centre` is .*\. \[reserved-site\]$/);
  assert.match(lines[1] ?? '', /^bad\.yaml:11:19: .* \[duplicate-number\]$/);
  assert.is(lines[2], 'bad.yaml: 2 faults, 0 warnings');
});

verb('warnings alone: 0, and shown', async () => {
  const { status, out } = await run('warned.yaml');
  assert.is(status, 0);
  assert.match(out, /^warned\.yaml:9:1: warning: .* \[backup-not-supervised\]\nwarned\.yaml: fine, 1 warning\n$/);
});

verb('in French', async () => {
  assert.match(
    (await run('warned.yaml', '--fr')).out,
    /^warned\.yaml:9:1: attention: Secours non surveillé .*\nwarned\.yaml : correct, 1 remarque\n$/,
  );
  assert.match((await run('bad.yaml', '--fr')).out, 'bad.yaml : 2 fautes, 0 remarques');
});

verb('as JSON for machines', async () => {
  const bad: unknown = JSON.parse((await run('bad.yaml', '--json')).out);
  assert.is(Reflect.get(Object(bad), 'ok'), false);
  const good = await run('good.yaml', '--json');
  assert.match(good.out, /^\{"file":"good\.yaml","ok":true,"site":"test","hash":"[0-9a-f]{64}","problems":\[\]\}\n$/);
});

verb('no such file: 2', async () => {
  assert.equal(await run('none.yaml'), { status: 2, out: '', err: 'none.yaml: There is no such file.\n' });
});

for (const args of [[], ['--json'], ['good.yaml', 'bad.yaml'], ['good.yaml', '--jsno']]) {
  verb(`usage: check ${args.join(' ')}`, async () => {
    const { status, out, err } = await run(...args);
    assert.equal([status, out], [2, '']);
    assert.match(err, /^Usage: vigie check FILE/);
  });
}
verb.run();

const codes = suite('vigie code');

const runCode = async (stdin: string, ...args: readonly string[]): Promise<Ended> => {
  const io = fakeIo(files, stdin);
  const status = await code(args, io, { asked: () => Promise.resolve() });
  return { status, ...io.written };
};

codes('hash: a digest for each line, and never the code', async () => {
  const { status, out, err } = await runCode('2580\n471305\n', 'hash', 'good.yaml');
  assert.equal([status, err], [0, '']);
  assert.match(out, /^v1-[0-9a-f]{32}\nv1-[0-9a-f]{32}\n$/);
  assert.not.match(out, '2580');
});

codes('hash: a badge in small or large letters is one badge, and no code', async () => {
  const [small, large] = [
    await runCode('80981cc0', 'hash', 'good.yaml', '--badge'),
    await runCode('80981CC0\r\n', 'hash', 'good.yaml', '--badge'),
  ];
  assert.is(small.out, large.out);
  const [badge, number] = [await runCode('2580', 'hash', 'good.yaml', '--badge'), await runCode('2580', 'hash', 'good.yaml')];
  assert.is.not(badge.out, number.out);
});

for (const [name, stdin] of [
  ['nothing', ''],
  ['three digits', '258'],
  ['nine digits', '258025802'],
  ['letters', '25a0'],
  ['a fault on the second line', '2580\n25 80\n'],
] as const) {
  codes(`hash: ${name} is refused without a word of it`, async () => {
    const { status, out, err } = await runCode(stdin, 'hash', 'good.yaml');
    assert.equal([status, out], [2, '']);
    assert.match(err, /^Give a code of 4 to 8 digits on each line/);
    assert.not.match(err, '25');
  });
}

codes('draw: as many as asked, of the length asked, each with its digest', async () => {
  const { status, out } = await runCode('', 'draw', 'good.yaml', '--digits', '8', '--count', '3');
  assert.is(status, 0);
  assert.match(out, /^([0-9]{8} v1-[0-9a-f]{32}\n){3}$/);
});

codes('draw: four digits where all readers are inside', async () => {
  assert.match((await runCode('', 'draw', 'good.yaml')).out, /^[0-9]{4} v1-/);
});

codes('a file with faults, or none: 2', async () => {
  assert.match((await runCode('2580', 'hash', 'bad.yaml')).err, 'reserved-site');
  assert.is((await runCode('2580', 'hash', 'none.yaml')).status, 2);
});

for (const args of [
  [],
  ['hash'],
  ['show', 'good.yaml'],
  ['draw', 'good.yaml', '--digits', '3'],
  ['draw', 'good.yaml', '--count'],
  ['hash', 'good.yaml', '2580'],
]) {
  codes(`usage: code ${args.join(' ')}`, async () => {
    const { status, err } = await runCode('', ...args);
    assert.is(status, 2);
    assert.match(err, /^Usage: vigie code hash FILE/);
  });
}
codes.run();
