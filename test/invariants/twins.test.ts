// deadline: 120s
/** Drawn twins: one trace played twice, once with ordinary codes, once with covert ones here and there. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { siteNamed } from './sites.ts';
import type { SiteName } from './sites.ts';
import { drawTwins, shortenTwins, tellApart } from './twins.ts';

const test = suite('covert codes look like any other');

const ACTS = 300;
const RUNS = 30;

const compare = (name: SiteName, firstSeed: number, runs = RUNS): void => {
  const site = siteNamed(name);
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const acts = drawTwins(name, seed, ACTS);
    if (tellApart(site, acts) === undefined) continue;
    const short = shortenTwins(site, acts);
    assert.unreachable(`seed ${seed}: ${tellApart(site, short)}\n${short.map((act) => JSON.stringify(act)).join('\n')}`);
  }
  console.log(`${name}: ${runs} twins of ${ACTS} acts from seed ${firstSeed} could not be told apart`);
};

test('at a practice', () => compare('practice', 60_000));
test('at a practice with a final door', () => compare('practice-final-door', 61_000));
test('at a pharmacy', () => compare('pharmacy', 62_000));
test('at doors that lock', () => compare('locks', 63_000, 15));
test('at an airlock', () => compare('airlock', 64_000, 10));

test.run();
