/** Where the demo keeps its things: a temporary folder that goes away with it, and data that a person may want to keep. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSite } from '../../config/load.ts';
import type { SiteFile } from '../../config/siteFile.ts';
import { siteTools } from '../siteTools.ts';
import { fastSite } from './siteConfig.ts';

export type Places = {
  readonly temporary: string;
  /** The controller's folder is `site` in it, the centre's `centre`. */
  readonly data: string;
  readonly config: string;
  readonly levels: string;
  /** In the temporary folder: a socket's path may have 107 bytes. */
  readonly socket: string;
  readonly log: string;
};

/** `kept`: the folder that the person named. */
export const makePlaces = (kept: string | undefined): Places => {
  const temporary = mkdtempSync(join(tmpdir(), 'vigie-demo-'));
  const data = kept === undefined ? join(temporary, 'data') : resolve(kept);
  mkdirSync(data, { recursive: true });
  return {
    temporary,
    data,
    config: join(data, 'site.yaml'),
    levels: join(temporary, 'levels.json'),
    socket: join(temporary, 'board.sock'),
    log: join(data, 'controller.log'),
  };
};

export const removePlaces = ({ temporary }: Places): void => rmSync(temporary, { recursive: true, force: true });

const EXAMPLE = fileURLToPath(new URL('../../../../config/cabinet.yaml', import.meta.url));
/** What starts the controller. */
export const PROGRAM = fileURLToPath(new URL('../../main.js', import.meta.url));

/** Writes the site's file that the demo runs, and reads it. */
export const writeSite = (places: Places, isFast: boolean): SiteFile => {
  const text = readFileSync(EXAMPLE, 'utf8');
  const chosen = isFast ? fastSite(text) : text;
  writeFileSync(places.config, chosen);
  const loaded = loadSite(chosen, siteTools);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.site;
};

const TAIL_LINES = 12;

/** The end of the controller's log, for a person who has to know why it did not start. */
export const logTail = ({ log }: Places): string => {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } catch {
    return '';
  }
};
