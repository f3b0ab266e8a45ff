/** What a running controller needs of the site's file to judge people who are added to it. */
import { dayOfLocal, localOf } from '../../calendar/localTime.ts';
import type { SiteFile } from '../../config/siteFile.ts';
import { DATE_PATTERN, ID_PATTERN, readDate } from '../../config/text.ts';
import { opensByDefault } from '../../config/userDoors.ts';
import { dateOf } from '../../core/schedule.ts';
import type { CivilDay } from '../../core/schedule.ts';
import type { Wall } from '../../core/time.ts';
import { zoneOffset } from '../../drivers/zones/zones.ts';
import type { PeopleRules } from '../../runtime/people/rules.ts';
import { siteTools } from '../siteTools.ts';

const dayIn = (text: string): CivilDay | undefined => (DATE_PATTERN.test(text) ? readDate(text) : undefined);

const twoDigits = (number: number): string => String(number).padStart(2, '0');

const dateText = (day: CivilDay): string => {
  const { year, month, day: ofMonth } = dateOf(day);
  return `${year}-${twoDigits(month)}-${twoDigits(ofMonth)}`;
};

export const peopleRulesOf = ({ core, schedules }: SiteFile, canDigest: boolean): PeopleRules => {
  const midnight = (day: CivilDay | undefined): Wall | undefined =>
    day === undefined ? undefined : siteTools.midnight(day, core.timezone);
  const common = core.areas.map((area): [string, { common: string[] }] => [area.id, { common: [...area.common] }]);
  return {
    canDigest,
    isId: (text) => ID_PATTERN.test(text),
    schedules: schedules.map(({ id }) => id),
    dayStart: (date) => midnight(dayIn(date)),
    dayEnd: (date) => {
      const day = dayIn(date);
      return midnight(day === undefined ? undefined : day + 1);
    },
    dateOf: (instant) => dateText(dayOfLocal(localOf(instant, core.timezone, zoneOffset) ?? 0)),
    doorsByDefault: (role, areas) =>
      core.doors
        .filter(({ kind, area }) => opensByDefault({ role, areas: [...areas] }, { kind, area }, common))
        .map(({ id }) => id),
  };
};
