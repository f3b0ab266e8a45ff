/** Rules for people of a practice whose days begin at midnight UTC. */
import { wall } from '../../src/core/time.ts';
import type { PeopleRules } from '../../src/runtime/people/rules.ts';

const DAY_MS = 86_400_000;
const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

export const anyDay: PeopleRules = {
  canDigest: true,
  isId: (text) => /^[a-z0-9][a-z0-9-]{0,39}$/.test(text),
  schedules: ['bureau'],
  dayStart: (date) => (Number.isNaN(startOf(date)) ? undefined : wall(startOf(date))),
  dayEnd: (date) => (Number.isNaN(startOf(date)) ? undefined : wall(startOf(date) + DAY_MS)),
  dateOf: (instant) => new Date(instant).toISOString().slice(0, 10),
  doorsByDefault: () => [],
};
