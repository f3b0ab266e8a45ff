/**
 * Drawn traces for as long as you like, checked against the invariants after every step:
 *
 *     node dist/scripts/longTraces.js [--site NAME] [--seed N] [--steps N] [--deep N] [--twins N]
 *
 * Without `--site` all sites take turns. A failing trace is shortened and printed as test/invariants/kept/ keeps it; exit 1.
 * `--twins`: so many pairs of runs that differ in covert codes alone, instead.
 */
import { campaign, keptText } from '../test/invariants/campaign.ts';
import { SITES, siteNamed } from '../test/invariants/sites.ts';
import type { SiteName } from '../test/invariants/sites.ts';
import { drawTwins, shortenTwins, tellApart } from '../test/invariants/twins.ts';

const given = process.argv.slice(2);

const option = (name: string): string | undefined => {
  const at = given.indexOf(`--${name}`);
  return at < 0 ? undefined : given[at + 1];
};

const number = (name: string, otherwise: number): number => {
  const value = Number(option(name) ?? otherwise);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} wants a whole number\n`);
  process.exit(2);
};

const isSiteName = (name: string): name is SiteName => Object.hasOwn(SITES, name);
const ALL = Object.keys(SITES).filter(isSiteName);

const sitesToPlay = (): readonly SiteName[] => {
  const name = option('site');
  if (name === undefined) return ALL;
  if (isSiteName(name)) return [name];
  process.stderr.write(`no such site ${name}: one of ${ALL.join(', ')}\n`);
  process.exit(2);
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const PART = 200_000;

const playTraces = (sites: readonly SiteName[], seed: number, steps: number, deepEvery: number): boolean => {
  let done = 0;
  for (let part = 0; done < steps; part++) {
    const site = sites[part % sites.length] ?? 'practice';
    const startedAt = performance.now();
    const result = campaign({ site, seed: seed + part * 1_000, steps: Math.min(PART, steps - done), deepEvery });
    done += result.steps;
    const rate = Math.round(result.steps / ((performance.now() - startedAt) / 1_000));
    print(`${site} from seed ${seed + part * 1_000}: ${result.steps} steps, ${rate} steps/s; ${done} in all`);
    if (!result.broken) continue;
    const { violation, seed: own } = result.broken;
    print(`seed ${own} broke ${violation.invariant} ${violation.rule}: ${violation.text}\n${keptText(result.broken)}`);
    return false;
  }
  return true;
};

const TWIN_ACTS = 500;

const playTwins = (sites: readonly SiteName[], seed: number, pairs: number): boolean => {
  for (let pair = 0; pair < pairs; pair++) {
    const name = sites[pair % sites.length] ?? 'practice';
    const site = siteNamed(name);
    const acts = drawTwins(name, seed + pair, TWIN_ACTS);
    if (tellApart(site, acts) === undefined) continue;
    const short = shortenTwins(site, acts);
    print(`${name}, seed ${seed + pair}: ${tellApart(site, short)}\n${short.map((act) => JSON.stringify(act)).join('\n')}`);
    return false;
  }
  print(`${pairs} twins could not be told apart`);
  return true;
};

const seed = number('seed', Date.now() % 1_000_000_000);
const twins = number('twins', 0);
print(`seed ${seed}`);
const good =
  twins > 0
    ? playTwins(sitesToPlay(), seed, twins)
    : playTraces(sitesToPlay(), seed, number('steps', 10_000_000), number('deep', 200));
process.exitCode = good ? 0 : 1;
