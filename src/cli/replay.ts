/**
 * `vigie replay FOLDER|FILE [--config FILE] [--json]`: plays what a controller heard through the core of this version. The same
 * version must come to the same events and state, step by step; another one may differ, and the first step where it does is told.
 * Exit 0: identical; 1: something differs, or steps are missing; 2: command line at fault, nothing recorded there, or the
 * site's file is not the one it was recorded with.
 */
import { basename, join } from 'node:path';
import type { SiteFile } from '../config/siteFile.ts';
import { siteOf } from '../core/site.ts';
import type { Site } from '../core/site.ts';
import { loadSiteFile, problemsText, readFailureText } from './check.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { continues, isSameState, playRecording } from './replay/play.ts';
import type { Difference, Outcome } from './replay/play.ts';
import { findRecordings, readRecording } from './replay/recordings.ts';
import type { Place, Recording, RecordingRead } from './replay/recordings.ts';
import { packageVersion } from './version.ts';

export const REPLAY_USAGE = `Usage: vigie replay FOLDER|FILE [--config FILE] [--json]
FOLDER is a data folder (or its recorder/), FILE one recording of it. The site's file is the one that ran last there, or --config.
`;

const ACCEPTED = 'accepted.yaml';

export const replay = async (args: readonly string[], io: Io): Promise<number> => {
  const parsed = parseOptions(args, { options: ['config'], flags: ['json'] });
  const path = parsed.ok ? parsed.words[0] : undefined;
  if (!parsed.ok || path === undefined || parsed.words.length > 1) {
    io.err(`vigie replay: ${parsed.ok ? 'name one folder or file' : parsed.problem}\n${REPLAY_USAGE}`);
    return EXIT.badInput;
  }
  const place = findRecordings(path);
  if (!place || place.files.length === 0) {
    io.err(`${path}: nothing is recorded there. Give the folder of --data, or a file of its recorder/.\n`);
    return EXIT.badInput;
  }
  const file = await siteFileOf(place, parsed.options.get('config'), io);
  if (!file) return EXIT.badInput;
  return replayAll(place, file, io, parsed.flags.has('json'));
};

const siteFileOf = async (place: Place, given: string | undefined, io: Io): Promise<SiteFile | undefined> => {
  const path = given ?? join(place.data, ACCEPTED);
  const loaded = await loadSiteFile(path, io);
  if (loaded.ok) return loaded.site;
  io.err('reason' in loaded ? readFailureText(path, loaded.reason) : problemsText(path, loaded.problems));
  io.err('The site’s file is needed to replay: give it with --config.\n');
  return undefined;
};

// ---- each recording

type Report =
  | { readonly kind: 'played'; readonly recording: Recording; readonly outcome: Outcome }
  | { readonly kind: 'other-config'; readonly recording: Recording }
  | { readonly kind: 'unreadable'; readonly read: RecordingRead & { readonly ok: false } }
  /** It ended in another state than the next one begins with. */
  | { readonly kind: 'other-end'; readonly recording: Recording; readonly steps: number };

const replayAll = (place: Place, file: SiteFile, io: Io, isJson: boolean): number => {
  const site = siteOf(file.core);
  const reads = place.files.map(readRecording);
  const reports = reads.map((read, index) => reportOn(site, file, read, reads[index + 1]));
  for (const report of reports) io.out(isJson ? `${JSON.stringify(jsonOf(report))}\n` : textOf(report));
  return exitOf(reports);
};

const reportOn = (site: Site, file: SiteFile, read: RecordingRead, next: RecordingRead | undefined): Report => {
  if (!read.ok) return { kind: 'unreadable', read };
  const { recording } = read;
  if (recording.header.config !== file.hash) return { kind: 'other-config', recording };
  const outcome = playRecording(site, recording);
  const follower = next?.ok && continues(recording, next.recording.header) ? next.recording.header : undefined;
  if (outcome.kind === 'identical' && follower && !isSameState(outcome.state, follower.snapshot))
    return { kind: 'other-end', recording, steps: outcome.steps };
  return { kind: 'played', recording, outcome };
};

const isWell = (report: Report): boolean => report.kind === 'played' && report.outcome.kind === 'identical';

const exitOf = (reports: readonly Report[]): number => {
  if (reports.every(({ kind }) => kind === 'other-config' || kind === 'unreadable')) return EXIT.badInput;
  return reports.every((report) => isWell(report) || report.kind === 'other-config') ? EXIT.ok : EXIT.failed;
};

// ---- telling

const listOf = (kinds: readonly string[]): string => (kinds.length === 0 ? 'nothing' : kinds.join(', '));

const differenceText = ({ step, at, input, recorded, replayed, what }: Difference): string => {
  const place = `step ${step}, ${(at / 1_000).toFixed(3)} s, input ${input}`;
  if (what === 'threw') return `${place}: recorded ${listOf(recorded)}; the core of this version fails`;
  if (what === 'events') return `${place}: recorded ${listOf(recorded)}; replayed ${listOf(replayed)}`;
  return `${place}: the same events (${listOf(recorded)}), with other facts or another state`;
};

const versionsOf = ({ version }: Recording['header']): string => {
  const ours = packageVersion();
  return version === ours ? `version ${version}` : `recorded by version ${version}, replayed by ${ours}`;
};

const outcomeText = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'identical':
      return `identical, ${outcome.steps} steps`;
    case 'differs':
      return `DIFFERS after ${outcome.steps - 1} identical steps: ${differenceText(outcome.difference)}`;
    case 'incomplete':
      return `INCOMPLETE: identical for ${outcome.steps} steps; nothing is recorded of what came after step ${outcome.after}`;
  }
};

const textOf = (report: Report): string => {
  if (report.kind === 'unreadable') {
    const why = report.read.reason === 'newer-form' ? 'recorded in a form of a later version' : 'no recording';
    return `${report.read.path}: ${why}\n`;
  }
  const { path, header } = report.recording;
  const name = `${basename(path)} (start ${header.boot}, ${versionsOf(header)})`;
  if (report.kind === 'other-config') return `${name}: recorded with another site’s file; give it with --config\n`;
  if (report.kind === 'other-end')
    return `${name}: DIFFERS after ${report.steps} steps: the next recording begins in another state\n`;
  return `${name}: ${outcomeText(report.outcome)}\n`;
};

const jsonOf = (report: Report): object => {
  if (report.kind === 'unreadable') return { file: report.read.path, outcome: report.read.reason };
  const { path, header } = report.recording;
  const base = { file: path, boot: header.boot, version: header.version };
  if (report.kind === 'other-config') return { ...base, outcome: report.kind };
  if (report.kind === 'other-end') return { ...base, outcome: report.kind, steps: report.steps };
  const { outcome } = report;
  return {
    ...base,
    outcome: outcome.kind,
    steps: outcome.steps,
    ...(outcome.kind === 'differs' && { difference: outcome.difference }),
    ...(outcome.kind === 'incomplete' && { after: outcome.after }),
  };
};
