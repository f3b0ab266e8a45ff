/** What reading a site's file needs, from Node. */
import { createHash } from 'node:crypto';
import { midnight } from '../calendar/localTime.ts';
import type { SiteTools } from '../config/siteFile.ts';
import { zoneOffset } from '../drivers/zones/zones.ts';

export const siteTools: SiteTools = {
  hash: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  midnight: (day, zone) => midnight(day, zone, zoneOffset),
};
