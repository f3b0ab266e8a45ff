/** The language of stories: strict, every mistake with its line. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseStory } from '../../src/scenario/parseStory.ts';
import { parseSentence } from '../../src/scenario/sentence.ts';
import { parseDuration, parseSignedDuration, parseStopwatch, splitWords } from '../../src/scenario/words.ts';

const HEAD = `title: Une histoire
about: pour voir
site: config/cabinet.yaml
start: 2026-03-02T19:00 Europe/Paris, synchronised
steps:
`;

const words = suite('words of a story');

words('durations and instants', () => {
  assert.equal(['40s', '1h30min', '10ms', '2.5s', '1d'].map(parseDuration), [40_000, 5_400_000, 10, 2_500, 86_400_000]);
  assert.equal(['', '40', 's', '40 s', '-40s', '4x'].map(parseDuration), Array(6).fill(undefined));
  assert.equal(['+1d', '-40s', '1d', '+'].map(parseSignedDuration), [86_400_000, -40_000, undefined, undefined]);
  assert.equal(['00:30', '00:29.9', '1:05:00', '90:00'].map(parseStopwatch), [30_000, 29_900, 3_900_000, 5_400_000]);
  assert.equal(['30', '00:60', '0:0', 'abc'].map(parseStopwatch), Array(4).fill(undefined));
});

words('quoted text stays whole, commas are breath', () => {
  const split = splitWords('martin types "1*2580#, x" at entrance, now');
  assert.equal(split.ok && split.words.map(({ text }) => text), ['martin', 'types', '1*2580#, x', 'at', 'entrance', 'now']);
  assert.is(splitWords('martin types "1*2580#').ok, false);
});

words.run();

const sentences = suite('sentences of a story');

sentences('each part is understood', () => {
  const table: readonly [string, unknown][] = [
    ['open yard-window', { timing: { kind: 'now' }, sentence: { kind: 'act', act: { kind: 'open', thing: 'yard-window' } } }],
    [
      'at 00:05 tear GPIO17',
      { timing: { kind: 'at', ms: 5_000 }, sentence: { kind: 'act', act: { kind: 'tear', thing: 'GPIO17' } } },
    ],
    [
      'after 40s value fridge 9.5',
      { timing: { kind: 'after', ms: 40_000 }, sentence: { kind: 'act', act: { kind: 'value', zone: 'fridge', value: 9.5 } } },
    ],
    [
      'on 2026-03-03 at 07:30 expect not area cabinet armed full',
      {
        timing: { kind: 'local', time: { date: '2026-03-03', minute: 450, second: 0 } },
        sentence: { kind: 'expect', fact: { kind: 'area', area: 'cabinet', state: 'armed', mode: 'full' }, not: true },
      },
    ],
    [
      'expect no event intrusion zone yard, unconfirmed',
      {
        timing: { kind: 'now' },
        sentence: {
          kind: 'expect',
          fact: {
            kind: 'event',
            filter: {
              kind: 'intrusion',
              facts: [
                { name: 'zone', value: 'yard' },
                { name: 'confirmed', value: false },
              ],
            },
            times: undefined,
          },
          not: true,
        },
      },
    ],
  ];
  for (const [text, parsed] of table) assert.equal(parseSentence(text), { ok: true, ...(parsed as object) }, text);
});

sentences('what nobody understands is an error, never passed over', () => {
  const table: readonly [string, RegExp][] = [
    ['opens yard-window', /nobody understands "opens yard-window"/],
    ['open', /near it: open <thing>/],
    ['open yard window', /near it: open <thing>/],
    ['expect area cabinet asleep', /near it: area <area> <state>/],
    ['expect event burglary', /near it: event <event...>/],
    ['expect event intrusion colour red', /nobody understands/],
    ['expect 0 times event intrusion', /nobody understands/],
    ['expect events armed intrusion', /nobody understands/],
    ['expect', /nobody understands/],
    ['power cut for a while', /near it: power cut for <duration>/],
    ['martin types "12a#" at entrance', /near it: <who> types <keys> at <keypad>/],
    ['at noon open yard-window', /the time cannot be read/],
    ['at 00:05', /nothing happens here/],
    ['martin types "12# at entrance', /quotation mark/],
  ];
  for (const [text, message] of table) {
    const parsed = parseSentence(text);
    assert.is(parsed.ok, false, text);
    if (!parsed.ok) assert.match(parsed.error, message, text);
  }
});

sentences.run();

const files = suite('story files');
const problems = (source: string): string[] => {
  const result = parseStory(source);
  return result.ok ? [] : result.problems.map(({ line, message }) => `${line}: ${message}`);
};

files('all problems at once, each with its line', () => {
  const found = problems(`${HEAD}  - open the window\n  - expect area cabinet armed\n  - expect area cabinet asleep\n`);
  assert.is(found.length, 2);
  assert.match(found[0] ?? '', /^6: nobody understands "open the window"/);
  assert.match(found[1] ?? '', /^8: nobody understands "area cabinet asleep"/);
});

files('a story that expects nothing proves nothing', () => {
  assert.match(problems(`${HEAD}  - open yard-window\n  - never area cabinet armed\n`)[0] ?? '', /without an "expect"/);
});

files('head lines are checked as well', () => {
  assert.match(problems(HEAD.replace('title', 'titel'))[0] ?? '', /^1: "titel" is not part of a story/);
  assert.match(problems(HEAD.replace(', synchronised', ''))[0] ?? '', /^4: "start" must read like/);
  assert.match(problems(`${HEAD}  - expect area: cabinet\n`)[0] ?? '', /^6: a step is one sentence/);
  assert.match(problems(`codes: [1]\n${HEAD}  - expect event\n`)[0] ?? '', /^1: "codes" must be/);
  assert.match(problems(`codes:\n  "2580": martin, hurried\n${HEAD}  - expect event\n`)[0] ?? '', /^2: a code must read like/);
  assert.match(problems('steps: [\n')[0] ?? '', /^\d+: /);
  assert.equal(problems('- a list\n'), ['1: a story has title, about, site, start and steps']);
});

files('a line that YAML would cut at " #" is an error', () => {
  assert.match(
    problems(`${HEAD.replace('pour voir', 'alarmo#1, #2')}  - expect event\n`)[0] ?? '',
    /^2: what stands after " #" is a comment/,
  );
  assert.match(problems(`${HEAD}  - expect event # not this\n`)[0] ?? '', /^6: what stands after/);
  assert.equal(problems(`${HEAD}  # a comment of its own\n  - expect event\n`), []);
});

files('a code keeps its leading zero', () => {
  const result = parseStory(`codes:\n  0123: martin\n  badge 80981CC0: martin\n${HEAD}  - expect event\n`);
  assert.equal(result.ok && result.story.codes, [
    { kind: 'code', text: '0123', user: 'martin', meaning: 'normal' },
    { kind: 'badge', text: '80981CC0', user: 'martin', meaning: 'normal' },
  ]);
});

files.run();
