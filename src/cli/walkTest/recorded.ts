/**
 * The state of a running controller with what its lines say, followed in its recording: the snapshot that begins the newest
 * file, and every input since, played through the core. Nothing is asked of the controller. What is recorded reaches the
 * disk with the next event, and after 10 s at the latest.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Site } from '../../core/site.ts';
import type { State } from '../../core/state.ts';
import { step } from '../../core/step.ts';
import { monotonic } from '../../core/time.ts';
import { findRecordings, headerOf, lineOf } from '../replay/recordings.ts';

export type Follower = {
  /** As last recorded; undefined: nothing is recorded of this site's file, or it cannot be read on. */
  readonly present: () => State | undefined;
};

type Place = { readonly path: string; readonly offset: number; readonly state: State | undefined };

/** What a file has grown by since `offset`. */
const readFrom = (path: string, offset: number): Buffer => {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let at = offset; ;) {
      const chunk = Buffer.alloc(64 * 1024);
      const count = readSync(file, chunk, 0, chunk.length, at);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      at += count;
    }
  } finally {
    closeSync(file);
  }
};

const begun = (text: string, configHash: string): State | undefined => {
  const header = headerOf(text);
  return typeof header === 'string' || header.config !== configHash ? undefined : header.snapshot;
};

const played = (site: Site, state: State, text: string): State | undefined => {
  const line = lineOf(text);
  if (!line) return undefined;
  try {
    return step(site, state, line.input, monotonic(line.at)).state;
  } catch {
    return undefined;
  }
};

const advance = (site: Site, configHash: string, place: Place): Place => {
  const grown = readFrom(place.path, place.offset);
  // A line is whole once its end is written; a character is never cut in two there.
  const end = grown.lastIndexOf(0x0a) + 1;
  const lines = grown.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  let { state } = place;
  for (const [index, text] of lines.entries()) {
    if (place.offset === 0 && index === 0) state = begun(text, configHash);
    else state = state && played(site, state, text);
  }
  return { ...place, offset: place.offset + end, state };
};

export const followRecording = (folder: string, site: Site, configHash: string): Follower => {
  let place: Place | undefined;
  return {
    present: () => {
      try {
        const newest = findRecordings(folder)?.files.at(-1);
        if (newest === undefined) return undefined;
        if (place?.path !== newest) place = { path: newest, offset: 0, state: undefined };
        place = advance(site, configHash, place);
        return place.state;
      } catch {
        // The ring went on while it was read, or it is not ours to read.
        return undefined;
      }
    },
  };
};
