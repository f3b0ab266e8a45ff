/**
 * The service that keeps Vigie running, the watchdogs over it, and the supply under it. The Pi tells under-voltage as bits of
 * `get_throttled`: 0 now, 16 since the start; 2 and 18 slowed down; 3 and 19 too hot.
 */
import { saidOf } from './finding.ts';
import type { Finding } from './finding.ts';

export type UnitSeen = {
  /** `loaded`, `not-found` … as systemd says. */
  readonly load: string;
  readonly active: string;
  readonly restarts: number;
  readonly hasWatchdog: boolean;
};

export type ServiceFacts = {
  /** Undefined: there is no systemd to ask. */
  readonly unit: UnitSeen | undefined;
  readonly hasWatchdogDevice: boolean;
  /** Bits of get_throttled; undefined: the board does not tell. */
  readonly throttled: number | undefined;
  /** Thousandths of a degree; undefined: not told. */
  readonly milliDegrees: number | undefined;
};

const said = saidOf('service');

// ---- the unit

const activeFinding = ({ active, restarts }: UnitSeen): Finding => {
  if (active === 'failed')
    return said.fault(
      'failed',
      'The service has failed: journalctl -u vigie tells why.',
      'Le service a échoué : journalctl -u vigie dit pourquoi.',
    );
  if (active !== 'active')
    return said.warn(
      'not-running',
      `The service does not run (${active}): sudo systemctl enable --now vigie.`,
      `Le service ne tourne pas (${active}) : sudo systemctl enable --now vigie.`,
    );
  if (restarts > 0)
    return said.warn(
      'restarted',
      `The service runs, and was started anew ${restarts} time(s) by itself: journalctl -u vigie tells why.`,
      `Le service tourne, et a redémarré ${restarts} fois de lui-même : journalctl -u vigie dit pourquoi.`,
    );
  return said.ok('running', 'The service runs.', 'Le service tourne.');
};

const unitFindings = ({ unit }: ServiceFacts): readonly Finding[] => {
  if (!unit) return [said.skipped('no-systemd', 'There is no systemd to ask.', 'Il n’y a pas de systemd à interroger.')];
  if (unit.load !== 'loaded')
    return [
      said.warn(
        'no-unit',
        'Vigie is not installed as a service: nothing starts it after a power cut.',
        'Vigie n’est pas installée en service : rien ne la relance après une coupure.',
      ),
    ];
  return [
    activeFinding(unit),
    unit.hasWatchdog
      ? said.ok('watchdog', 'systemd starts it anew when it hangs.', 'systemd la relance si elle se fige.')
      : said.warn(
          'no-watchdog',
          'Nothing starts it anew when it hangs: set WatchdogSec in the unit.',
          'Rien ne la relance si elle se fige : mettez WatchdogSec dans l’unité.',
        ),
  ];
};

const deviceFinding = ({ hasWatchdogDevice }: ServiceFacts): Finding =>
  hasWatchdogDevice
    ? said.ok('watchdog-device', 'The machine has a hardware watchdog.', 'La machine a un chien de garde matériel.')
    : said.warn(
        'no-watchdog-device',
        'No /dev/watchdog: nothing starts the machine anew when it hangs. On a Pi: dtparam=watchdog=on.',
        'Pas de /dev/watchdog : rien ne relance la machine figée. Sur un Pi : dtparam=watchdog=on.',
      );

// ---- the supply

const UNDER_VOLTAGE = 1 << 0;
const UNDER_VOLTAGE_SEEN = 1 << 16;
const HOT = (1 << 3) | (1 << 19);

const supplyFinding = ({ throttled }: ServiceFacts): Finding => {
  if (throttled === undefined)
    return said.skipped('supply-unknown', 'The board does not tell of its supply.', 'La carte ne dit rien de son alimentation.');
  if ((throttled & UNDER_VOLTAGE) !== 0)
    return said.fault(
      'under-voltage',
      'The supply is too weak now: use a better one, and a short thick cable.',
      'L’alimentation est trop faible en ce moment : prenez-en une meilleure, avec un câble court et épais.',
    );
  if ((throttled & UNDER_VOLTAGE_SEEN) !== 0)
    return said.warn(
      'under-voltage-seen',
      'The supply was too weak at some time since the machine started: use a better one.',
      'L’alimentation a été trop faible depuis le démarrage : prenez-en une meilleure.',
    );
  return said.ok('supply', 'The supply has held since the machine started.', 'L’alimentation a tenu depuis le démarrage.');
};

const HOT_MILLIDEGREES = 80_000;

const heatFindings = ({ milliDegrees, throttled = 0 }: ServiceFacts): readonly Finding[] => {
  if (milliDegrees === undefined) return [];
  const degrees = Math.round(milliDegrees / 1_000);
  return milliDegrees >= HOT_MILLIDEGREES || (throttled & HOT) !== 0
    ? [
        said.warn(
          'hot',
          `The processor is or was too hot (now ${degrees} °C): give the box air.`,
          `Le processeur est ou a été trop chaud (${degrees} °C à présent) : aérez le coffret.`,
        ),
      ]
    : [said.ok('temperature', `The processor has ${degrees} °C.`, `Le processeur est à ${degrees} °C.`)];
};

export const judgeService = (facts: ServiceFacts): readonly Finding[] => [
  ...unitFindings(facts),
  deviceFinding(facts),
  supplyFinding(facts),
  ...heatFindings(facts),
];
