/**
 * `vigie simulate STORY… [--svg FILE]`: plays stories in virtual time against the controller's own core and says what did
 * not hold. Exit 0: all of it held; 1: something did not; 2: a story or its site cannot be read.
 */
import { windowsOf } from '../calendar/windows.ts';
import { DEMO_CODES } from '../config/demo.ts';
import type { SiteFile } from '../config/siteFile.ts';
import { siteOf } from '../core/site.ts';
import { step } from '../core/step.ts';
import { zoneOffset } from '../drivers/zones/zones.ts';
import { parseStory } from '../scenario/parseStory.ts';
import { playStory } from '../scenario/play.ts';
import type { Played, Stage } from '../scenario/play.ts';
import type { Story, StoryCode, StoryProblem } from '../scenario/story.ts';
import { drawStory, stopwatch } from '../scenario/svg.ts';
import { loadSiteFile, problemsText, readFailureText } from './check.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';

export type SimulateIo = Pick<Io, 'out' | 'err' | 'readFile'> & {
  /** Why it could not be written; undefined: it was. */
  readonly writeFile: (path: string, text: string) => Promise<string | undefined>;
};

export const SIMULATE_USAGE = `Usage: vigie simulate STORY… [--svg FILE]
Plays stories (docs/scenarios.md) in virtual time. --svg draws the one story that is given.
`;

export type Told =
  | { readonly ok: true; readonly story: Story; readonly played: Played & { ok: true } }
  /** What is wrong with the story or its site, ready to be printed. */
  | { readonly ok: false; readonly text: string };

// ---- one story

const problemLines = (path: string, problems: readonly StoryProblem[]): string =>
  problems.map(({ line, message }) => `${path}:${line}: ${message}\n`).join('');

/** The demo codes that the site's file still has, and those the story gives. */
const codesOf = ({ credentials }: SiteFile, { codes }: Story): readonly StoryCode[] => {
  const known = new Map(DEMO_CODES.map(({ digest, text }) => [digest, text]));
  const demo = credentials.flatMap(({ user, kind, meaning, digest }) => {
    const text = known.get(digest);
    return text === undefined ? [] : [{ user, kind, meaning, text }];
  });
  return [...codes, ...demo];
};

const stageOf = (site: SiteFile, story: Story): Stage => ({
  site: siteOf(site.core),
  step,
  windows: (from, to) => windowsOf(site.schedules, site.core.timezone, from, to, zoneOffset),
  offsetOf: zoneOffset,
  codes: codesOf(site, story),
});

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The site beside the story, or else where the command runs. */
const loadSiteOf = async (storyPath: string, { site }: Story, io: SimulateIo) => {
  const beside = `${folderOf(storyPath)}${site}`;
  const found = await loadSiteFile(beside, io);
  if (!('reason' in found) || found.reason !== 'not-found') return { path: beside, result: found };
  return { path: site, result: await loadSiteFile(site, io) };
};

/** Reads a story and its site, and plays it. */
export const tellStory = async (path: string, io: SimulateIo): Promise<Told> => {
  const read = await io.readFile(path);
  if (!read.ok) return { ok: false, text: readFailureText(path, read.reason) };
  const parsed = parseStory(new TextDecoder().decode(read.bytes));
  if (!parsed.ok) return { ok: false, text: problemLines(path, parsed.problems) };
  const site = await loadSiteOf(path, parsed.story, io);
  if ('reason' in site.result) return { ok: false, text: readFailureText(site.path, site.result.reason) };
  if (!site.result.ok) return { ok: false, text: problemsText(site.path, site.result.problems) };
  const played = playStory(stageOf(site.result.site, parsed.story), parsed.story);
  if (!played.ok) return { ok: false, text: problemLines(path, played.problems) };
  return { ok: true, story: parsed.story, played };
};

// ---- the verb

export const reportOf = (path: string, { story, played }: Told & { ok: true }): string => {
  const mark = played.failures.length === 0 ? '✓' : '✗';
  const failures = played.failures.map(
    ({ line, text, atMs, message }) => `    ${path}:${line}: ${text}\n        at ${stopwatch(atMs)}: ${message}\n`,
  );
  return `${mark} ${story.title}\n${failures.join('')}`;
};

type Asked = { readonly stories: readonly string[]; readonly svg: string | undefined };

const readArguments = (args: readonly string[]): Asked | undefined => {
  const at = args.indexOf('--svg');
  const svg = at < 0 ? undefined : args[at + 1];
  const stories = at < 0 ? args : args.toSpliced(at, 2);
  if (stories.length === 0 || stories.some((each) => each.startsWith('--')) || (at >= 0 && svg === undefined)) return undefined;
  return svg !== undefined && stories.length > 1 ? undefined : { stories, svg };
};

const draw = async (io: SimulateIo, svg: string | undefined, { story, played }: Told & { ok: true }): Promise<boolean> => {
  if (svg === undefined) return true;
  const trouble = await io.writeFile(svg, drawStory(story.title, story.about, played.trace));
  if (trouble !== undefined) io.err(`${svg}: ${trouble}\n`);
  return trouble === undefined;
};

const simulateOne = async (path: string, svg: string | undefined, io: SimulateIo): Promise<number> => {
  const told = await tellStory(path, io);
  if (!told.ok) {
    io.err(told.text);
    return EXIT.badInput;
  }
  io.out(reportOf(path, told));
  const drawn = await draw(io, svg, told);
  return drawn && told.played.failures.length === 0 ? EXIT.ok : EXIT.failed;
};

/** Several stories in turn; one drawing needs one story. */
export const simulate = async (args: readonly string[], io: SimulateIo): Promise<number> => {
  if (args.includes('--help')) {
    io.out(SIMULATE_USAGE);
    return EXIT.ok;
  }
  const asked = readArguments(args);
  if (!asked) {
    io.err(SIMULATE_USAGE);
    return EXIT.badInput;
  }
  let worst: number = EXIT.ok;
  for (const path of asked.stories) worst = Math.max(worst, await simulateOne(path, asked.svg, io));
  return worst;
};
