/**
 * 5: two runs of one trace, in one of which some codes were duress or *not normal* codes. Whatever can be seen, heard or
 * read on site must be the same at every moment until the end.
 */
import { doorMode, lockStatus } from '../../src/core/door/status.ts';
import type { Meaning } from '../../src/core/config.ts';
import { isCovertZone } from '../../src/core/covert.ts';
import type { Event } from '../../src/core/event.ts';
import { keypadView } from '../../src/core/keypadView.ts';
import { outputsOf } from '../../src/core/output.ts';
import type { Site } from '../../src/core/site.ts';
import { step } from '../../src/core/step.ts';
import { monotonic } from '../../src/core/time.ts';
import { nextDeadline } from '../../src/core/timers.ts';
import { presentState } from '../../src/protocol/present.ts';
import { staffRows } from '../../src/protocol/staffJournal.ts';
import { generatorOf } from './generate.ts';
import { randomOf } from './random.ts';
import { siteNamed } from './sites.ts';
import type { SiteName } from './sites.ts';
import { perform, startRun } from './trace.ts';
import type { Act, Run, Stepping } from './trace.ts';
import { shorten } from './campaign.ts';

type Covert = Exclude<Meaning, 'normal'>;
export type Twin = { readonly run: Run; readonly events: Event[] };

const twinOf = (site: Site, stepping: Stepping): Twin => {
  const events: Event[] = [];
  const run = startRun(site, {
    stepping,
    watchers: [
      (stepped) => {
        events.push(...stepped.events);
        return [];
      },
    ],
  });
  return { run, events };
};

const covertZonesOf = ({ config }: Site): ReadonlySet<string> =>
  new Set(config.zones.filter(({ type }) => isCovertZone(type)).map(({ id }) => id));

const decoder = new TextDecoder();

/**
 * Everything that a person on site, a lamp, a display, the page or Home Assistant can tell at this instant, whenever the last
 * step was: a covert deadline is one, and is not to be seen.
 */
export const seenOnSite = ({ run, events }: Twin): Record<string, string> => {
  const { site } = run;
  const state = { ...run.state, at: monotonic(run.now) };
  const { keypads } = state.volatile;
  return {
    outputs: JSON.stringify(outputsOf(site, state)),
    keypads: JSON.stringify(site.config.keypads.map(({ id }) => keypadView(site, state, id))),
    choices: JSON.stringify(keypads.map(({ choosing, badge, noticeSince }) => [choosing?.areas, badge, noticeSince])),
    topics: JSON.stringify(
      presentState(site, state, { doorMode, lockStatus }).map(({ topic, payload }) => [topic, decoder.decode(payload)]),
    ),
    journal: JSON.stringify(staffRows(events, covertZonesOf(site))),
  };
};

export const differenceOf = (plain: Twin, other: Twin): string | undefined => {
  const [one, two] = [seenOnSite(plain), seenOnSite(other)];
  const part = Object.keys(one).find((name) => one[name] !== two[name]);
  return part && `the ${part} differ\n${one[part]}\n${two[part]}`;
};

/** A deadline of one twin may be covert: both go to the same instant. */
const sameFor = (run: Run, act: Act): Act => {
  if (act.do !== 'deadline') return act;
  const at = Math.max(run.now, (nextDeadline(run.state) ?? run.now) + act.offsetMs);
  return { do: 'pass', ms: at - run.now };
};

const asCovert = (act: Act, meaning: Covert): Act => (act.do === 'code' && act.user !== undefined ? { ...act, meaning } : act);

/** One act of a trace, and whether the second twin gives its code covertly. */
export type TwinAct = { readonly act: Act; readonly covert: Covert | undefined };

/** What first can be told apart, in words; undefined: nothing. */
export const tellApart = (site: Site, acts: readonly TwinAct[], stepping: Stepping = step): string | undefined => {
  const [plain, other] = [twinOf(site, stepping), twinOf(site, stepping)];
  for (const [index, { act, covert }] of acts.entries()) {
    for (const twin of [plain, other]) twin.events.length = 0;
    const same = sameFor(plain.run, act);
    perform(plain.run, same);
    perform(other.run, covert ? asCovert(same, covert) : same);
    const difference = differenceOf(plain, other);
    if (difference) return `act ${index + 1}, ${JSON.stringify(act)}: ${difference}`;
  }
  return undefined;
};

/** Never a covert code before the first tenth, so that there is something to compare with. */
export const drawTwins = (site: SiteName, seed: number, length: number): readonly TwinAct[] => {
  const random = randomOf(seed);
  const generator = generatorOf(siteNamed(site), random, { meanings: 'normal', restarts: true });
  return Array.from({ length }, (_, index) => {
    const act = generator.next();
    const isCovert = index > length / 10 && random.chance(0.2);
    return { act, covert: isCovert ? random.pick(['duress', 'not-normal'] as const) : undefined };
  });
};

export const shortenTwins = (site: Site, acts: readonly TwinAct[]): readonly TwinAct[] =>
  shorten(acts, (shorter) => tellApart(site, shorter) !== undefined);
