/** What reading a site's file needs, from Node. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { midnight } from '../calendar/localTime.ts';
import type { BoardLibrary } from '../config/boards.ts';
import type { SiteTools } from '../config/siteFile.ts';
import { zoneOffset } from '../drivers/zones/zones.ts';

const BOARDS = fileURLToPath(new URL('../../../boards/', import.meta.url));
const ENDING = '.yaml';
const BOARD_NAME = /^(headers\/)?[a-z0-9][a-z0-9-]*$/;

/** The boards that came with this Vigie: `boards/` beside `dist/`. */
export const packageBoards: BoardLibrary = {
  models: () =>
    readdirSync(BOARDS)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length))
      .toSorted(),
  text: (name) => {
    const path = `${BOARDS}${name}${ENDING}`;
    return BOARD_NAME.test(name) && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  },
};

export const siteTools: SiteTools = {
  hash: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  midnight: (day, zone) => midnight(day, zone, zoneOffset),
  boards: packageBoards,
};
