/**
 * The shapes of single values. What is wrong with one is told by a token (`EXPECTED`), so that the sentence for the
 * reader stands in one place, in both languages.
 */
import { z } from 'zod';
import {
  BROKER_PATTERN,
  CALL_KEY_PATTERN,
  DATE_PATTERN,
  DIGEST_PATTERN,
  DURATION_PATTERN,
  HOURS_PATTERN,
  ID_PATTERN,
  LINE_PATTERN,
  LOGIN_PATTERN,
  PERCENT_PATTERN,
  PUBLIC_KEY_PATTERN,
  RESISTANCE_PATTERN,
  SALT_PATTERN,
  STATION_URL_PATTERN,
  WEEKDAYS_PATTERN,
  ZONE_NAME_PATTERN,
  readDate,
  readDuration,
  readHours,
  readPercent,
  readResistance,
  writeDuration,
} from './text.ts';

export type Sentence = { readonly en: string; readonly fr: string };

/** What a value should look like, by token. */
export const EXPECTED: Readonly<Record<string, Sentence>> = {
  id: {
    en: 'Use 1 to 40 small letters, digits and hyphens, beginning with a letter or digit.',
    fr: 'Mettez 1 à 40 minuscules sans accent, chiffres ou tirets, en commençant par une lettre ou un chiffre.',
  },
  line: {
    en: 'Write a line: GPIO17, its header pin (pin-11), one of an expander (cellar.D4) or of a station (front.ring).',
    fr: 'Mettez une ligne : GPIO17, sa broche (pin-11), celle d’une extension (cave.D4) ou d’une platine (rue.ring).',
  },
  duration: {
    en: 'Write a duration with its unit: 500ms, 30s, 5min, 4h, 1h30min.',
    fr: 'Mettez une durée avec son unité : 500ms, 30s, 5min, 4h, 1h30min.',
  },
  resistance: {
    en: 'Write a resistor value such as 4k7, 10k or 470R.',
    fr: 'Mettez une valeur de résistance, par exemple 4k7, 10k ou 470R.',
  },
  percent: { en: 'Write a percentage such as 5%.', fr: 'Mettez un pourcentage, par exemple 5%.' },
  hours: {
    en: 'Write hours such as 08:00-12:30 (or a list of them); 20:00-07:00 ends on the next day.',
    fr: 'Mettez des heures telles que 08:00-12:30 (ou une liste) ; 20:00-07:00 finit le lendemain.',
  },
  date: { en: 'Write a date such as 2026-08-01.', fr: 'Mettez une date, par exemple 2026-08-01.' },
  weekdays: {
    en: 'Write a day or a span of days: mon, sat or mon-fri (mon tue wed thu fri sat sun).',
    fr: 'Mettez un jour ou une suite de jours : mon, sat ou mon-fri (mon tue wed thu fri sat sun).',
  },
  broker: {
    en: 'Write mqtts://host:8883 (or mqtt:// for a broker on this machine), without user name or password.',
    fr: 'Mettez mqtts://hote:8883 (ou mqtt:// pour un broker sur cette machine), sans nom ni mot de passe.',
  },
  'station-url': {
    en: 'Write https://address of the station, without user name, password or page.',
    fr: 'Mettez https://adresse de la platine, sans nom, mot de passe ni page.',
  },
  login: {
    en: 'Write 1 to 60 letters without accent, digits or signs, without a space or a colon.',
    fr: 'Mettez 1 à 60 lettres sans accent, chiffres ou signes, sans espace ni deux-points.',
  },
  'call-key': {
    en: 'Write a key as the station names it, in quotes: "%1" for its first call key.',
    fr: 'Mettez une touche comme la platine la nomme, entre guillemets : "%1" pour sa première touche d’appel.',
  },
  digest: {
    en: 'Put here what `vigie code hash` prints (v1- and 32 characters), never the code itself.',
    fr: 'Mettez ici ce qu’affiche `vigie code hash` (v1- et 32 caractères), jamais le code lui-même.',
  },
  salt: {
    en: 'Write 16 to 64 random letters, digits, points, hyphens; put them in quotes.',
    fr: 'Mettez 16 à 64 lettres, chiffres, points ou tirets tirés au hasard, entre guillemets.',
  },
  'public-key': {
    en: 'Write the 32 bytes of an Ed25519 public key, as 64 hexadecimal digits or 44 characters of base64.',
    fr: 'Mettez les 32 octets d’une clé publique Ed25519 : 64 chiffres hexadécimaux, ou 44 caractères de base64.',
  },
  timezone: { en: 'Write a time zone such as Europe/Paris.', fr: 'Mettez un fuseau horaire, par exemple Europe/Paris.' },
  text: { en: 'Write 1 to 60 characters of text.', fr: 'Mettez un texte de 1 à 60 caractères.' },
  path: { en: 'Write the path of a file.', fr: 'Mettez le chemin d’un fichier.' },
};

/** What a custom check leaves in its issue. */
export type CustomIssue = { readonly code: string } & Sentence;

const refuse = (context: z.core.$RefinementCtx, input: unknown, issue: CustomIssue): never => {
  context.issues.push({ code: 'custom', params: issue, input, message: issue.code });
  return z.NEVER;
};

const pattern = (token: string, expression: RegExp) => z.string(token).regex(expression, token);

export const id = (description: string) => pattern('id', ID_PATTERN).describe(description);
export const line = (description: string) => pattern('line', LINE_PATTERN).describe(description);
export const text = (description: string) =>
  z
    .string('text')
    .regex(/^[^\p{Cc}]{1,60}$/u, 'text')
    .describe(description);
export const filePath = (description: string) =>
  z
    .string('path')
    .regex(/^[^\p{Cc}]{1,255}$/u, 'path')
    .describe(description);
export const digest = (description: string) => pattern('digest', DIGEST_PATTERN).describe(description);
export const salt = (description: string) => pattern('salt', SALT_PATTERN).describe(description);
export const publicKey = (description: string) => pattern('public-key', PUBLIC_KEY_PATTERN).describe(description);
export const broker = (description: string) => pattern('broker', BROKER_PATTERN).describe(description);
export const stationUrl = (description: string) => pattern('station-url', STATION_URL_PATTERN).describe(description);
export const login = (description: string) => pattern('login', LOGIN_PATTERN).describe(description);
export const callKey = (description: string) => pattern('call-key', CALL_KEY_PATTERN).describe(description);
export const timezone = (description: string) => pattern('timezone', ZONE_NAME_PATTERN).describe(description);
export const weekdays = () => pattern('weekdays', WEEKDAYS_PATTERN);
export const dateKey = () => pattern('date', DATE_PATTERN);

export const date = (description: string) =>
  pattern('date', DATE_PATTERN)
    .transform((value, context) => {
      const day = readDate(value);
      if (day !== undefined) return day;
      return refuse(context, value, {
        code: 'no-such-date',
        en: `There is no ${value} in the calendar. Correct the day or the month.`,
        fr: `Le ${value} n’existe pas. Corrigez le jour ou le mois.`,
      });
    })
    .describe(description);

export const percent = (description: string) => pattern('percent', PERCENT_PATTERN).transform(readPercent).describe(description);

const resistanceText = pattern('resistance', RESISTANCE_PATTERN).transform(readResistance);
export const resistance = (description: string) =>
  z
    .union([z.number('resistance').positive('resistance').max(9_999_999, 'resistance'), resistanceText], 'resistance')
    .describe(description);

const oneHours = pattern('hours', HOURS_PATTERN).transform((value, context) => {
  const hours = readHours(value);
  if (hours.to - hours.from !== 1440 || value.endsWith('24:00')) return hours;
  return refuse(context, value, {
    code: 'empty-hours',
    en: `${value} begins and ends at the same time. Write 00:00-24:00 for a whole day.`,
    fr: `${value} commence et finit à la même heure. Mettez 00:00-24:00 pour une journée entière.`,
  });
});

/** `closed`, one span, or a list of spans. */
export const hours = (description: string) =>
  z
    .union(
      [
        z.literal('closed').transform((): z.output<typeof oneHours>[] => []),
        oneHours.transform((one) => [one]),
        z.array(oneHours).max(8),
      ],
      'hours',
    )
    .describe(description);

/** Limits of a duration, in milliseconds. */
export type Limits = { readonly min: number; readonly max: number };

export const outOfRange = (value: string, min: string, max: string): CustomIssue => ({
  code: 'out-of-range',
  en: `${value} is outside the limits. Write a value from ${min} to ${max}.`,
  fr: `${value} est hors limites. Mettez une valeur de ${min} à ${max}.`,
});

export const duration = (limits: Limits, description: string) =>
  pattern('duration', DURATION_PATTERN)
    .transform((value, context) => {
      const ms = readDuration(value);
      if (ms >= limits.min && ms <= limits.max) return ms;
      return refuse(context, value, outOfRange(value, writeDuration(limits.min), writeDuration(limits.max)));
    })
    .describe(`${description} From ${writeDuration(limits.min)} to ${writeDuration(limits.max)}.`);
