/** Recordings made step by step, as the runtime makes them, and what a replay says of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { replay } from '../../src/cli/replay.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import { initialState } from '../../src/core/initial.ts';
import type { Input } from '../../src/core/input.ts';
import { changedParts } from '../../src/core/parts.ts';
import { siteOf } from '../../src/core/site.ts';
import type { State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { RECORDING_FORM, recordedText, traceOf } from '../../src/runtime/recording.ts';
import { restingReadings } from '../../src/scenario/electric.ts';
import { SITE } from '../config/support.ts';
import { fakeIo } from './support.ts';

const test = suite('vigie replay');

const loaded = loadSite(SITE, siteTools);
if (!loaded.ok) throw new Error('the site of the tests is at fault');
const { core, hash } = loaded.site;
const site = siteOf(core);

const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
const recorder = join(folder, 'recorder');
mkdirSync(recorder);

type Heard = { readonly at: number; readonly input: Input };

const readings = restingReadings(core);
const [zone] = core.zones;
const line = zone?.line ?? '';

const DAY: readonly Heard[] = [
  { at: 10, input: { kind: 'clock', wall: wall(Date.parse('2026-03-02T08:00:00Z')), synchronised: true } },
  {
    at: 20,
    input: { kind: 'start', start: { cause: 'fresh', goneMs: undefined, stateLost: false, configChanged: false, readings } },
  },
  { at: 1_000, input: { kind: 'reading', line, reading: { kind: 'lost' } } },
  { at: 9_000, input: { kind: 'tick' } },
  { at: 12_000, input: { kind: 'condition', condition: 'disk-nearly-full', subject: '', on: true } },
  { at: 20_000, input: { kind: 'tick' } },
];

type Made = { readonly lines: readonly string[]; readonly state: State };

/** `boot` and `from`: where the recording stands among others. */
const record = (before: State, heard: readonly Heard[], from = 0, version = '0.1.0'): Made => {
  let state = before;
  const header = { recording: RECORDING_FORM, version, config: hash, boot: 1, step: from, snapshot: before };
  const lines = heard.map(({ at, input }, index) => {
    const done = step(site, state, input, monotonic(at));
    const trace = traceOf(done.events, changedParts(site, state, done.state));
    state = done.state;
    return recordedText({ step: from + index + 1, at, input, ...trace });
  });
  return { lines: [recordedText(header), ...lines], state };
};

const write = (name: string, lines: readonly string[]): string => {
  const path = join(recorder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};

const start = initialState(site, monotonic(0));

type Ended = { readonly status: number; readonly out: string; readonly err: string };

const run = async (...args: readonly string[]): Promise<Ended> => {
  const io = fakeIo({ [join(folder, 'accepted.yaml')]: SITE, 'other.yaml': SITE.replace('site: test', 'site: other') });
  const status = await replay(args, io);
  return { status, ...io.written };
};

test.before.each(() => {
  rmSync(recorder, { recursive: true });
  mkdirSync(recorder);
});

test('what was heard, heard again, comes to the same: 0', async () => {
  write('000001.jsonl', record(start, DAY).lines);
  const { status, out } = await run(folder);
  assert.is(status, 0);
  assert.is(out, '000001.jsonl (start 1, version 0.1.0): identical, 6 steps\n');
});

test('the day has events, or this test would compare nothing', () => {
  assert.ok(record(start, DAY).lines.filter((text) => text.includes('"events"')).length >= 2);
});

test('other events: 1, and the first step where they are', async () => {
  const { lines } = record(start, DAY);
  const at = lines.findIndex((text) => text.includes('"events"'));
  write('000001.jsonl', lines.with(at, (lines[at] ?? '').replace(/"events":\["[^"]*"/, '"events":["fire"')));
  const { status, out } = await run(folder);
  assert.is(status, 1);
  assert.match(out, new RegExp(`DIFFERS after ${at - 1} identical steps: step ${at}, .*: recorded fire.*; replayed `));
});

test('the same events with another state: 1', async () => {
  const { lines } = record(start, DAY);
  const at = lines.findIndex((text) => text.includes('"sum"'));
  write('000001.jsonl', lines.with(at, (lines[at] ?? '').replace(/"sum":"[0-9a-f]{8}"/, '"sum":"00000000"')));
  const { status, out } = await run(folder);
  assert.is(status, 1);
  assert.match(out, /the same events \(.*\), with other facts or another state/);
});

test('an input that was changed is found at the step it changes, not before', async () => {
  const honest = record(start, DAY).lines;
  write('000001.jsonl', [...honest.slice(0, 5), (honest[5] ?? '').replace('"on":true', '"on":false'), ...honest.slice(6)]);
  const changed = await run(folder);
  assert.is(changed.status, 1);
  assert.match(
    changed.out,
    /DIFFERS after 4 identical steps: step 5, 12\.000 s, input condition: recorded disk-nearly-full; replayed nothing/,
  );
});

test('a recording that goes on begins in the state that the one before ends in', async () => {
  const first = record(start, DAY.slice(0, 4));
  const second = record(first.state, DAY.slice(4), 4);
  write('000001.jsonl', first.lines);
  write('000002.jsonl', second.lines);
  assert.is((await run(folder)).status, 0);
  const other = record(start, DAY.slice(4), 4);
  write('000002.jsonl', other.lines);
  const { status, out } = await run(folder);
  assert.is(status, 1);
  assert.match(out, /000001\.jsonl .*: DIFFERS after 4 steps: the next recording begins in another state/);
});

test('a line that is missing: 1, and no word on what follows it', async () => {
  const { lines } = record(start, DAY);
  write('000001.jsonl', lines.toSpliced(3, 1));
  const { status, out } = await run(folder);
  assert.is(status, 1);
  assert.match(out, /INCOMPLETE: identical for 2 steps; nothing is recorded of what came after step 2/);
});

test('a last line cut off by a kill is told', async () => {
  const path = write('000001.jsonl', record(start, DAY).lines);
  writeFileSync(path, `${record(start, DAY).lines.slice(0, -1).join('\n')}\n{"step":6,"at":20`);
  const { status, out } = await run(folder);
  assert.is(status, 1);
  assert.match(out, /INCOMPLETE: identical for 5 steps/);
});

test('another version’s recording is named as such', async () => {
  write('000001.jsonl', record(start, DAY, 0, '0.0.9').lines);
  assert.match((await run(folder)).out, /recorded by version 0\.0\.9, replayed by /);
});

test('another site’s file, no recording, nothing there: 2', async () => {
  const path = write('000001.jsonl', record(start, DAY).lines);
  const other = await run(path, '--config', 'other.yaml');
  assert.is(other.status, 2);
  assert.match(other.out, /recorded with another site’s file/);
  assert.is((await run(folder, '--config', 'nowhere.yaml')).status, 2);
  write('000001.jsonl', ['hello']);
  assert.match((await run(folder)).out, /no recording/);
  write('000001.jsonl', ['{"recording":99}']);
  assert.match((await run(folder)).out, /in a form of a later version/);
  rmSync(join(recorder, '000001.jsonl'));
  assert.is((await run(folder)).status, 2);
  assert.is((await run(join(folder, 'nowhere'))).status, 2);
  assert.is((await run()).status, 2);
});

test('for machines, one JSON object a recording', async () => {
  write('000001.jsonl', record(start, DAY).lines);
  const { out } = await run(folder, '--json');
  const told: unknown = JSON.parse(out);
  assert.equal(told, { file: join(recorder, '000001.jsonl'), boot: 1, version: '0.1.0', outcome: 'identical', steps: 6 });
});

test.after(() => rmSync(folder, { recursive: true, force: true }));

test.run();
