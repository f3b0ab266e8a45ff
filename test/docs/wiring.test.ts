/**
 * The installer's pages and their drawings: every drawing is sound and shown, every link leads somewhere, every piece of a
 * site's file is accepted, and every table is what the code or Ohm's law gives. `VIGIE_WRITE_DOCS=1` writes the tables.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { bandsOf, overlaps } from '../../src/config/loops.ts';
import type { LoopDraft } from '../../src/config/shapes.ts';
import { SITE, problemsOf, siteOf } from '../config/support.ts';
import { blocksOf, brokenLinksOf, readPage, targetsOf, withBlocks, yamlOf } from './page.ts';
import { readXml } from './xml.ts';

const PAGE = 'docs/wiring.md';
const DRAWINGS = 'docs/wiring';
const PAGES = [PAGE, 'docs/installer.md', 'docs/stations.md'];

type Contact = 'normally-closed' | 'normally-open';
/** What was done to the loop, and the resistance from the line to 0 V that the drawing then has. */
type Case = readonly [what: string, ohms: number];
type LoopTable = { readonly loop: LoopDraft; readonly contact: Contact; readonly cases: readonly Case[] };

const BASICS = { endOfLine: 4_700, pullUp: 4_700, tolerance: 0.05, cable: 100 };
const DOUBLE: LoopDraft = { kind: 'double', alarm: 4_700, ...BASICS };
const ENDS: readonly Case[] = [
  ['cable shorted', 0],
  ['cable cut, tamper contact open', Infinity],
];

const LOOPS: Readonly<Record<string, LoopTable>> = {
  single: {
    loop: { kind: 'single', ...BASICS },
    contact: 'normally-closed',
    cases: [
      ['cable shorted', 0],
      ['all well', 4_700],
      ['contact open, cable cut', Infinity],
    ],
  },
  double: {
    loop: DOUBLE,
    contact: 'normally-closed',
    cases: [...ENDS, ['all well', 4_700], ['alarm contact open', 4_700 + 4_700]],
  },
  'double-open': {
    loop: DOUBLE,
    contact: 'normally-open',
    cases: [...ENDS, ['contact closed', 4_700], ['at rest, contact open', 4_700 + 4_700]],
  },
  triple: {
    loop: { kind: 'triple', alarm: 4_700, mask: 12_000, ...BASICS, tolerance: 0.02 },
    contact: 'normally-closed',
    cases: [
      ...ENDS,
      ['all well', 4_700],
      ['alarm contact open', 4_700 + 4_700],
      ['masking contact open', 4_700 + 12_000],
      ['both open', 4_700 + 12_000 + 4_700],
    ],
  },
};

const ratioOf = (ohms: number, pullUp: number): number => (ohms === Infinity ? 1 : ohms / (ohms + pullUp));
const ohmsText = (ohms: number): string => (ohms === Infinity ? 'open' : `${ohms / 1_000} kΩ`);
const volts = (ratio: number): string => (ratio * 5).toFixed(2);

const loopRow = ({ loop, contact }: LoopTable, [what, ohms]: Case): string => {
  const ratio = ratioOf(ohms, loop.pullUp);
  const bands = bandsOf(loop, contact).filter(({ from, to }) => from <= ratio && ratio <= to);
  const [band] = bands;
  if (!band || bands.some(({ signal }) => signal !== band.signal)) throw new Error(`${what}: no single meaning`);
  const range = `${(band.from * 100).toFixed(1)}–${(band.to * 100).toFixed(1)} %`;
  const cells = [
    what,
    ohmsText(ohms),
    `${volts(ratio)} V`,
    range,
    `${volts(band.from)}–${volts(band.to)} V`,
    `**${band.signal}**`,
  ];
  return `| ${cells.join(' | ')} |`;
};

const loopTable = (table: LoopTable): string => {
  const cases = table.cases.toSorted(([, a], [, b]) => a - b);
  return [
    '| the loop | line to 0 V | at 5 V | band of the supply | band at 5 V | Vigie |',
    '|---|---|---|---|---|---|',
    ...cases.map((row) => loopRow(table, row)),
  ].join('\n');
};

/** Ω/km of each core, IEC 60228: the strike's current and voltage over a cable. */
const CORES: readonly (readonly [mm2: string, ohmsPerKm: number])[] = [
  ['0.22', 96],
  ['0.5', 39],
  ['0.75', 26],
  ['1', 19.5],
  ['1.5', 13.3],
  ['2.5', 7.98],
];
const STRIKE_OHMS = 24;
const CABLE_KM = 0.03;

const dropRow = ([mm2, ohmsPerKm]: (typeof CORES)[number]): string => {
  const cable = 2 * CABLE_KM * ohmsPerKm;
  const current = 12 / (STRIKE_OHMS + cable);
  const left = current * STRIKE_OHMS;
  const lost = (1 - left / 12) * 100;
  return `| ${mm2} mm² | ${cable.toFixed(2)} Ω | ${current.toFixed(2)} A | ${left.toFixed(1)} V | ${lost.toFixed(0)} % |`;
};

const dropTable = (): string =>
  ['| core | there and back | current | at the strike | lost |', '|---|---|---|---|---|', ...CORES.map(dropRow)].join('\n');

const generated = (name: string): string => {
  const loop = LOOPS[name];
  return loop ? loopTable(loop) : dropTable();
};

if (process.env['VIGIE_WRITE_DOCS']) writeFileSync(PAGE, withBlocks(readPage(PAGE), generated));

// ---- the page

const entries = z.record(z.string(), z.unknown());
const siteShape = z.record(z.string(), entries.or(z.string()).or(z.number()));

/** The page's own board, zones, doors and outputs, in place of those of the test's small site. */
const wholeSite = (): string => {
  const pieces = yamlOf(readPage(PAGE)).map((piece) => z.record(z.string(), entries).parse(parse(piece)));
  const part = (name: string) => Object.fromEntries(pieces.flatMap((piece) => Object.entries(piece[name] ?? {})));
  const parts = ['board', 'expanders', 'zones', 'doors', 'outputs'].map((name) => [name, part(name)] as const);
  return stringify({ ...siteShape.parse(parse(SITE)), ...Object.fromEntries(parts) });
};

const page = suite('the pages for the installer');

page('have every table as the code computes it', () => {
  const wiring = readPage(PAGE);
  assert.equal(blocksOf(wiring), [...Object.keys(LOOPS), 'drop']);
  assert.is(withBlocks(wiring, generated), wiring.text);
});

page('tell apart all states of the loops they show', () => {
  for (const { loop, contact } of Object.values(LOOPS)) assert.equal(overlaps(bandsOf(loop, contact)), []);
});

page('have no link that leads nowhere', () => {
  for (const path of PAGES) assert.equal(brokenLinksOf(readPage(path)), [], path);
});

page('are reached from the README', () => {
  const targets = targetsOf(readPage('README.md'));
  for (const path of PAGES) assert.ok(targets.includes(path), path);
});

page('show pieces of a site’s file that are accepted together, with the warning that they tell of', () => {
  assert.ok(yamlOf(readPage(PAGE)).length > 5);
  const problems = problemsOf(wholeSite());
  assert.equal(
    problems.map(({ code }) => code),
    ['output-on-at-boot', 'output-on-at-boot'],
  );
  const page = readPage(PAGE).text;
  for (const { message } of problems) assert.ok(page.includes(`\`${/gpio=\d+=op,d[hl]/.exec(message)?.[0]}\``), message);
});

page('show a door station that is accepted', () => {
  const [piece, ...others] = yamlOf(readPage('docs/stations.md')).map((text) => z.record(z.string(), entries).parse(parse(text)));
  assert.is(others.length, 0);
  const site = siteShape.parse(parse(SITE));
  const zones = { ...entries.parse(site['zones']), ...piece?.['zones'] };
  assert.equal(problemsOf(stringify({ ...site, ...piece, zones })), []);
});
page.run();

// ---- the fridge

const fridge = suite('the fridge probe');

/** Vishay NTC of 10 kΩ, B25/85 3977 K: extended Steinhart-Hart formula of its datasheet. */
const ntcOhms = (celsius: number): number => {
  const t = celsius + 273.15;
  return 10_000 * Math.exp(-14.6337 + 4791.842 / t - 115_334 / t ** 2 - 3.730535e6 / t ** 3);
};

const shown = (celsius: number): number => {
  const sensing = siteOf(wholeSite()).core.zones.find(({ id }) => id === 'vaccine-fridge')?.sensing;
  if (sensing?.kind !== 'measure') throw new Error('the page has no fridge that measures');
  return sensing.offset + ratioOf(ntcOhms(celsius), 20_000) * sensing.scale;
};

fridge('reads straight where a vaccine may be, and low when it is warm', () => {
  assert.ok(Math.abs(ntcOhms(0) - 32_560) < 10);
  for (let celsius = 0; celsius <= 10; celsius += 0.5) assert.ok(Math.abs(shown(celsius) - celsius) <= 0.03, `${celsius} °C`);
  assert.ok(shown(15) < 15 && shown(15) > 14.75);
  assert.ok(shown(20) > 8);
});
fridge.run();

// ---- the drawings

const drawings = suite('the drawings');
const names = readdirSync(DRAWINGS).toSorted();

const withName = (name: string): string => readFileSync(`${DRAWINGS}/${name}`, 'utf8');

drawings('are all shown on the page, and all that it shows are there', () => {
  const targets = targetsOf(readPage(PAGE)).filter((target) => target.startsWith('wiring/'));
  assert.equal(
    targets.toSorted(),
    names.map((name) => `wiring/${name}`),
  );
});

const kilo = (ohms: number): string => `${ohms / 1_000} kΩ`;

const textsOf = (name: string): string =>
  readXml(withName(name))
    .elements.map(({ text }) => text.trim())
    .join(' ');

drawings('show the resistors whose values the tables give', () => {
  for (const kind of ['single', 'double', 'triple'] as const) {
    const loop = LOOPS[kind]?.loop;
    assert.is(loop?.kind, kind);
    const shown = textsOf(`loop-${kind}.svg`);
    assert.ok(loop && shown.includes(`pullUp ${kilo(loop.pullUp)}`) && shown.includes(`endOfLine ${kilo(loop.endOfLine)}`), kind);
    if (loop.kind !== 'single') assert.ok(shown.includes(`alarm ${kilo(loop.alarm)}`), kind);
    if (loop.kind === 'triple') assert.ok(shown.includes(`mask ${kilo(loop.mask)}`), kind);
  }
});

for (const name of names) {
  drawings(`${name}: well-formed, titled, described`, () => {
    const { elements, faults } = readXml(withName(name));
    assert.equal(faults, []);
    const [root] = elements;
    assert.is(root?.name, 'svg');
    assert.is(root?.attributes.get('xmlns'), 'http://www.w3.org/2000/svg');
    for (const part of ['title', 'desc']) {
      const found = elements.filter((element) => element.name === part);
      assert.is(found.length, 1, part);
      assert.ok((found[0]?.text.trim().length ?? 0) > 10, part);
    }
  });

  drawings(`${name}: stands alone, on white, 720 wide`, () => {
    const text = withName(name);
    const { elements } = readXml(text);
    const [root] = elements;
    assert.is(root?.attributes.get('width'), '720');
    assert.is(root?.attributes.get('viewBox'), `0 0 720 ${root?.attributes.get('height')}`);
    const background = elements.find((element) => element.name === 'rect' && element.attributes.get('fill') === '#fff');
    assert.is(background?.attributes.get('height'), root?.attributes.get('height'));
    assert.ok(statSync(`${DRAWINGS}/${name}`).size < 12_000);
    assert.not.match(text.replace('http://www.w3.org/2000/svg', ''), /https?:|<script|<image|@import|@font-face/);
    const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    assert.is(new Set(ids).size, ids.length);
    for (const { attributes } of elements) {
      const href = attributes.get('href');
      if (href !== undefined) assert.ok(ids.includes(href.slice(1)), href);
    }
  });

  drawings(`${name}: no text begins off the sheet`, () => {
    const { elements } = readXml(withName(name));
    const height = Number(elements[0]?.attributes.get('height'));
    for (const { attributes, text } of elements.filter((element) => element.name === 'text')) {
      const [x, y] = [Number(attributes.get('x')), Number(attributes.get('y'))];
      assert.ok(x >= 0 && x <= 720 && y >= 10 && y <= height, text);
    }
  });
}
drawings.run();

// ---- the check itself

const reader = suite('what is not well-formed');

const BAD: readonly (readonly [text: string, fault: RegExp])[] = [
  ['<svg><g></svg>', /closes <g>/],
  ['<svg><g></g>', /never closed/],
  ['<svg/><svg/>', /second root/],
  ['<svg a="1" a="2"/>', /a twice/],
  ['<svg a=1/>', /not a tag/],
  ['<svg>a & b</svg>', /stray &/],
  ['<svg>1 < 2</svg>', /not a tag/],
  ['<svg/>text', /outside the root/],
  ['', /no element/],
];
for (const [text, fault] of BAD) reader(`refused: ${text}`, () => assert.match(readXml(text).faults.join('; '), fault));

reader('what is, is taken', () => assert.equal(readXml('<svg a="x > y"><!-- <g> --><g>a &lt; b</g></svg>').faults, []));
reader.run();
