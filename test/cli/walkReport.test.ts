/** What a walk test has shown, as a report says it: which detectors count as tested, and what is never shown. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { siteTools } from '../../src/cli/siteTools.ts';
import { reportPage } from '../../src/cli/walkTest/page.ts';
import { leftOut, missing, walkReport } from '../../src/cli/walkTest/report.ts';
import type { WalkFacts, ZoneStatus } from '../../src/cli/walkTest/report.ts';
import { reportText, screenLines } from '../../src/cli/walkTest/text.ts';
import { loadSite } from '../../src/config/load.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import { initialState } from '../../src/core/initial.ts';
import { siteOf } from '../../src/core/site.ts';
import type { State, ZoneState } from '../../src/core/state.ts';
import { MINUTE, monotonic, wall } from '../../src/core/time.ts';

const test = suite('walk test report');

const loaded = loadSite(readFileSync('config/cabinet.yaml', 'utf8'), siteTools);
if (!loaded.ok) throw new Error('config/cabinet.yaml is at fault');
const { core: config, hash } = loaded.site;
const START = Date.parse('2026-11-28T12:02:00Z');

const eventOf = (kind: EventKind, minutes: number, facts: Partial<Event> = {}): Event => ({
  kind,
  at: wall(START + minutes * MINUTE),
  atQuality: 'synchronised',
  mono: monotonic(0),
  exercise: false,
  ...facts,
});

const UNDER_TEST = ['entrance-door', 'yard-window', 'toilets'];
const started = eventOf('walk-test-started', 0, { user: 'durand', zones: UNDER_TEST });
const ended = eventOf('walk-test-ended', 20, { cause: 'user', zones: ['toilets'] });

const stateWith = (zones: Readonly<Record<string, Partial<ZoneState>>>): State => {
  const fresh = initialState(siteOf(config), monotonic(0));
  const all = config.zones.map(({ id }, index) => ({ ...fresh.durable.zones[index], ...zones[id] }) as ZoneState);
  return { ...fresh, durable: { ...fresh.durable, zones: all } };
};

const walked = (minutes: number): Partial<ZoneState> => ({ walked: wall(START + minutes * MINUTE) });

const factsOf = (change: Partial<WalkFacts> = {}): WalkFacts => ({
  config,
  configHash: hash,
  isOtherConfig: false,
  version: '0.1.0',
  madeAt: START + 30 * MINUTE,
  runningMs: undefined,
  state: stateWith({ 'entrance-door': walked(3), 'yard-window': walked(4), safe: walked(-5000) }),
  present: undefined,
  events: [started, ended],
  journal: { kind: 'sound', records: 12, purged: 0, head: 'ab'.repeat(32), gaps: [] },
  ...change,
});

const statusIn = (facts: WalkFacts, id: string): ZoneStatus | undefined =>
  walkReport(facts).rows.find((row) => row.id === id)?.status;

type Case = { readonly what: string; readonly zone: string; readonly facts: WalkFacts; readonly is: ZoneStatus };

const seenLateToo = stateWith({ toilets: walked(2) });
const CASES: readonly Case[] = [
  { what: 'seen in the test', zone: 'entrance-door', facts: factsOf(), is: 'tested' },
  { what: 'not seen by a test that runs', zone: 'toilets', facts: factsOf({ events: [started] }), is: 'waiting' },
  { what: 'not seen when it ended', zone: 'toilets', facts: factsOf(), is: 'not-tested' },
  {
    what: 'named unseen at the end, whatever the state says',
    zone: 'toilets',
    facts: factsOf({ state: seenLateToo }),
    is: 'not-tested',
  },
  { what: 'in an earlier test only', zone: 'safe', facts: factsOf(), is: 'earlier' },
  { what: 'in none', zone: 'consulting-1', facts: factsOf(), is: 'never' },
  { what: 'a silent hold-up device that was not named', zone: 'panic-button', facts: factsOf(), is: 'by-other-means' },
  { what: 'a key switch', zone: 'key-switch', facts: factsOf(), is: 'by-other-means' },
  { what: 'seen, but there is no record of a test', zone: 'entrance-door', facts: factsOf({ events: [] }), is: 'earlier' },
];

for (const { what, zone, facts, is } of CASES) {
  test(`${zone}, ${what}: ${is}`, () => assert.is(statusIn(facts, zone), is));
}

test('a new test begins anew: what the one before saw does not count', () => {
  const again = eventOf('walk-test-started', 40, { zones: ['safe'] });
  const facts = factsOf({ events: [started, ended, again] });
  assert.is(statusIn(facts, 'entrance-door'), 'earlier');
  assert.ok(missing(walkReport(facts)).some(({ id }) => id === 'entrance-door'));
});

test('the time left is that of the running test, and nothing once it ended or nobody answers', () => {
  const fresh = stateWith({});
  const running: State = {
    ...fresh,
    durable: { ...fresh.durable, timers: [{ kind: 'walk-test', subject: '', at: monotonic(100_000) }] },
  };
  const left = (change: Partial<WalkFacts>): number | undefined => walkReport(factsOf({ state: running, ...change })).leftMs;
  assert.is(left({ events: [started], runningMs: 40_000 }), 60_000);
  assert.is(left({ events: [started], runningMs: 140_000 }), 0);
  assert.is(left({ events: [started], runningMs: undefined }), undefined);
  assert.is(left({ runningMs: 40_000 }), undefined);
});

test('the level of a covert zone is never shown, that of others is', () => {
  const present = stateWith({ 'panic-button': { signal: 'active' }, 'yard-window': { signal: 'active' } });
  const { rows } = walkReport(factsOf({ present }));
  const rowOf = (id: string) => rows.find((row) => row.id === id);
  assert.is(rowOf('yard-window')?.signal, 'active');
  assert.is(rowOf('panic-button')?.signal, undefined);
  assert.is(rowOf('panic-button')?.shortPulses, undefined);
  assert.is(rowOf('safe')?.signal, undefined, 'unknown is not shown as a level');
});

test('what is left out is named, and tested or not stays a matter of its own', () => {
  const report = walkReport(
    factsOf({ state: stateWith({ safe: { isolated: true }, 'entrance-door': { ...walked(3), inhibited: true } }) }),
  );
  assert.equal(
    leftOut(report).map(({ id }) => id),
    ['entrance-door', 'safe'],
  );
  assert.is(report.rows.find(({ id }) => id === 'entrance-door')?.status, 'tested');
});

// ---- said

test('in words: when, by whom, what is missing, and the chain', () => {
  const text = reportText('fr', walkReport(factsOf()));
  assert.match(text, 'Essai commencé le 28/11/2026 13:02:00 par Dr Durand. Essai terminé le 28/11/2026 13:22:00 (au clavier).');
  assert.match(text, /^ {3}1 {2}Porte d’entrée +entrée-sortie +essayé +28\/11\/2026 13:05:00$/m);
  assert.match(text, /Détecteurs non essayés : .*Toilettes \(9\)/);
  assert.match(text, 'ab'.repeat(32));
  assert.match(reportText('en', walkReport(factsOf())), '2 of 18 detectors tested.');
});

test('a journal that is not sound is said so', () => {
  const report = walkReport(factsOf({ journal: { kind: 'broken', fault: 'altered', number: 7 } }));
  assert.match(reportText('fr', report), 'NON INTACT à partir de l’enregistrement n° 7');
  assert.match(reportPage('fr', report), '<strong>NON INTACT à partir de l’enregistrement n° 7</strong>');
});

test('on a small screen what is missing comes first, and what does not fit is counted', () => {
  const lines = screenLines('fr', walkReport(factsOf({ events: [started] })), { rows: 9, columns: 40 });
  assert.ok(lines.length < 9, 'the last line is the cursor’s');
  assert.ok(
    lines.every((line) => line.length < 40),
    lines.join('\n'),
  );
  assert.is(lines[4], 'Reste à essayer :');
  assert.match(lines[5] ?? '', 'Toilettes');
  assert.match(lines.at(-1) ?? '', /et \d+ de plus/);
});

// ---- printed

test('the page: untested rows in bold, left out by name, two boxes to sign', () => {
  const page = reportPage(
    'fr',
    walkReport(factsOf({ state: stateWith({ 'entrance-door': walked(3), safe: { isolated: true } }) })),
  );
  assert.match(page, /<tr class="untested"><td class="number">9<\/td><td>Toilettes<\/td>/);
  assert.match(page, /<tr><td class="number">1<\/td><td>Porte d’entrée<\/td>/);
  assert.match(page, '<li>11 – Coffre <em>(ISOLÉE)</em></li>');
  assert.match(page, 'le 28 novembre 2026, de 13:02 à 13:22 (au clavier)');
  assert.match(page, hash);
  assert.is(page.match(/class="box"/g)?.length, 2);
  assert.match(page, '@page { size: A4;');
});

test('the page loads nothing and runs nothing', () => {
  assert.not.match(reportPage('en', walkReport(factsOf())), /<script|<link|<img|url\(|@import|https?:/);
});

test('what a site’s file says cannot become markup', () => {
  const [first, ...rest] = config.zones;
  if (!first) throw new Error('no zone');
  const hostile = { ...config, name: '<b>&"', zones: [{ ...first, name: '</td><script>x</script>' }, ...rest] };
  const page = reportPage('fr', walkReport(factsOf({ config: hostile })));
  assert.not.match(page, '<script');
  assert.match(page, '&lt;/td&gt;&lt;script&gt;x&lt;/script&gt;');
  assert.match(page, '&lt;b&gt;&amp;&quot;');
});

test.run();
