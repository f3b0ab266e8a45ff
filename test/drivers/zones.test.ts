import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wall } from '../../src/core/time.ts';
import { zoneOffset } from '../../src/drivers/zones/zones.ts';

const zones = suite('minutes ahead of UTC');

for (const [zone, instant, minutes] of [
  ['Europe/Paris', '2026-01-15T12:00:00Z', 60],
  ['Europe/Paris', '2026-07-15T12:00:00Z', 120],
  ['Europe/Paris', '2026-03-29T00:59:59.999Z', 60],
  ['Europe/Paris', '2026-03-29T01:00:00Z', 120],
  ['Europe/Paris', '2026-10-25T00:59:59.999Z', 120],
  ['Europe/Paris', '2026-10-25T01:00:00Z', 60],
  ['America/Martinique', '2026-07-15T12:00:00Z', -240],
  ['America/St_Johns', '2026-01-15T12:00:00Z', -210],
  ['Indian/Reunion', '2026-07-15T12:00:00Z', 240],
  ['Pacific/Noumea', '2026-07-15T12:00:00Z', 660],
  ['Pacific/Marquesas', '2026-07-15T12:00:00Z', -570],
  ['UTC', '2026-07-15T12:00:00Z', 0],
] as const) {
  zones(`${zone} at ${instant}`, () => assert.is(zoneOffset(wall(Date.parse(instant)), zone), minutes));
}

zones('no such zone', () => {
  assert.is(zoneOffset(wall(0), 'Europe/Pariss'), undefined);
  assert.is(zoneOffset(wall(0), ''), undefined);
});
zones.run();
