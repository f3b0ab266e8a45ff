/** The clock: who sets it, what keeps it without current, and whether the site's time zone is known. */
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type ClockFacts = {
  readonly wallMs: number;
  readonly isSynchronised: boolean;
  /** What the clock that a battery keeps says; undefined: nothing. */
  readonly keptMs: number | undefined;
  readonly hasKeeper: boolean;
  /** Undefined: no site's file. */
  readonly timezone: string | undefined;
  readonly knowsTimezone: boolean;
};

const said = saidOf('clock');
/** No controller was made before. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
const KEEPER_OFF_MS = 60_000;

const setFinding = ({ wallMs, isSynchronised }: ClockFacts): Finding => {
  if (isSynchronised)
    return said.ok('synchronised', 'The clock is set by a time source.', 'L’heure est réglée par une source de temps.');
  if (wallMs < EARLIEST_MS)
    return said.fault(
      'not-set',
      'The clock is not set, and no time source sets it: no schedule runs. Check the network and systemd-timesyncd.',
      'L’heure n’est pas réglée : aucun horaire ne fonctionne. Vérifiez le réseau et systemd-timesyncd.',
    );
  return said.warn(
    'not-synchronised',
    'No time source has set the clock: schedules wait for one. Check the network, and timedatectl.',
    'Aucune source de temps n’a réglé l’heure : les horaires attendent. Vérifiez le réseau, et timedatectl.',
  );
};

const keeperFinding = ({ hasKeeper, keptMs, wallMs, isSynchronised }: ClockFacts): Finding => {
  if (!hasKeeper)
    return said.warn(
      'no-keeper',
      'No clock with a battery (RTC): after a power cut the time is unknown until the network is back. Fit one.',
      'Pas d’horloge à pile (RTC) : après une coupure, l’heure est inconnue jusqu’au retour du réseau. Ajoutez-en une.',
    );
  const offMs = keptMs === undefined ? undefined : Math.abs(keptMs - wallMs);
  if (offMs === undefined || (isSynchronised && offMs > KEEPER_OFF_MS))
    return said.warn(
      'keeper-wrong',
      'The clock with a battery does not have the right time: change its battery, then sudo hwclock --systohc.',
      'L’horloge à pile n’est pas à l’heure : changez sa pile, puis sudo hwclock --systohc.',
    );
  return said.ok('keeper', 'A clock with a battery keeps the time.', 'Une horloge à pile garde l’heure.');
};

const zoneFinding = ({ timezone, knowsTimezone }: ClockFacts): Finding => {
  if (timezone === undefined)
    return said.skipped('no-timezone', 'No site’s file, no time zone.', 'Pas de fichier du site, pas de fuseau.');
  return knowsTimezone
    ? said.ok('timezone', `The time zone ${timezone} is known.`, `Le fuseau ${timezone} est connu.`)
    : said.fault(
        'timezone-unknown',
        `This Node does not know ${timezone}: install one with all time zones (full-icu).`,
        `Ce Node ne connaît pas ${timezone} : installez-en un avec tous les fuseaux (full-icu).`,
      );
};

export const judgeClock = (facts: ClockFacts): readonly Finding[] => [
  setFinding(facts),
  keeperFinding(facts),
  zoneFinding(facts),
];
