/**
 * One line per event for an operator: time, site, class, words. What comes from a site is printed only after its control
 * characters are taken out: a message must not be able to rewrite the screen.
 */
import type { DownReason } from '../../ports/link.ts';
import { wallOfIso } from '../../protocol/instant.ts';
import type { EventMessage } from '../../protocol/messages.ts';
import type { CentreEvent } from './events.ts';
import { refusalText } from './refusalWords.ts';
import { kindWords } from './kindWords.ts';
import type { Language } from './kindWords.ts';
import { centreWords } from './words.ts';
import type { CentreWords } from './words.ts';

export type Shade = 'alarm' | 'warning' | 'good' | 'plain';
export type Line = {
  readonly at: number;
  readonly site: string;
  readonly class: string;
  readonly text: string;
  readonly shade: Shade;
};

const SITE_COLUMNS = 16;
const CLASS_COLUMNS = 10;

/** Control and format characters, the ones that turn the writing direction among them, and line separators. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
export const printable = (text: string): string => text.replace(CONTROL, '·');

const durationOf = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
};

/** Why there is no connection, in words. */
export const downText = (words: CentreWords, reason: DownReason): string => {
  switch (reason.kind) {
    case 'tls':
      return `${words.tls[reason.problem]} (${reason.code})`;
    case 'timeout':
      return words.timeouts[reason.during];
    case 'refused':
    case 'disconnected':
      return `${words.down[reason.kind]} (0x${reason.code.toString(16)})`;
    case 'unreachable':
      return `${words.down.unreachable} (${reason.code})`;
    default:
      return words.down[reason.kind];
  }
};

// ---- events

const shadeOf = ({ priority, phase }: EventMessage): Shade => {
  if (phase === 'restore' || phase === 'cancel') return 'good';
  if (priority >= 6) return 'alarm';
  return priority >= 3 ? 'warning' : 'plain';
};

const facts = (words: CentreWords, message: EventMessage): readonly string[] => [
  ...(message.area === undefined ? [] : [`${words.area} ${message.area}`]),
  ...(message.zone === undefined ? [] : [`${words.zone} ${message.zone}`]),
  ...(message.door === undefined ? [] : [`${words.door} ${message.door}`]),
  ...(message.user === undefined ? [] : [`${words.user} ${message.user}`]),
  ...(message.operator === undefined ? [] : [`${words.operator} ${message.operator}`]),
];

/** Later than this, the time of the line is not that of the event. */
const LATE_MS = 120_000;

const twoDigits = (part: number): string => String(part).padStart(2, '0');

const clockOf = (at: number): string => {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
};

const dayOf = (at: number): string => {
  const date = new Date(at);
  return `${twoDigits(date.getDate())}/${twoDigits(date.getMonth() + 1)}`;
};

const lateness = (words: CentreWords, message: EventMessage, receivedAt: number): readonly string[] => {
  const happenedAt = wallOfIso(message.at);
  if (happenedAt === undefined || Math.abs(receivedAt - happenedAt) <= LATE_MS) return [];
  return [words.happened(`${dayOf(happenedAt)} ${clockOf(happenedAt)}`)];
};

const cautions = (words: CentreWords, message: EventMessage, receivedAt: number): readonly string[] => [
  ...lateness(words, message, receivedAt),
  ...(message.confirmed === false && message.phase === 'raise' ? [words.unconfirmed] : []),
  ...(message.durable === false ? [words.notDurable] : []),
  ...(message.atQuality === 'unsynchronised' ? [words.unsynchronised] : []),
];

const eventText = (language: Language, message: EventMessage, receivedAt: number): string => {
  const words = centreWords[language];
  // A newer site may know kinds that this centre has no words for.
  const known: Readonly<Record<string, string>> = kindWords[language];
  const what = known[message.kind] ?? message.kind;
  const exercise = message.exercise ? `[${words.exercise}] ` : '';
  const where = facts(words, message).join(', ');
  const why = message.reason === undefined ? '' : `${words.colon}${refusalText(language, message.reason)}`;
  const doubts = cautions(words, message, receivedAt).join(', ');
  return `${exercise}${what}${where === '' ? '' : ` – ${where}`}${why}${doubts === '' ? '' : ` (${doubts})`}`;
};

const numbers = (from: number, to: number): string => (from === to ? String(from) : `${from}–${to}`);

type Said = Omit<Line, 'at'>;

const ofCentre = (words: CentreWords, text: string, shade: Shade): Said => ({ site: words.centre, class: '', text, shade });

const siteLine = (words: CentreWords, site: string, text: string, shade: Shade): Said => ({
  site,
  class: words.site,
  text,
  shade,
});

const ofSite = (words: CentreWords, event: Extract<CentreEvent, { readonly site: string }>): Said => {
  const line = (text: string, shade: Shade): Said => siteLine(words, event.site, text, shade);
  switch (event.kind) {
    case 'site-online':
      return line(words.online(event.version, event.boot), 'good');
    case 'site-offline':
      return line(words.offline[event.reason], 'warning');
    case 'silent': {
      const pending = event.silence.pending && event.silence.reason !== 'pending-expired' ? ` ${words.silentPending}` : '';
      return line(`${words.silent[event.silence.reason]}${pending}`, 'alarm');
    }
    case 'heard-again':
      return line(words.heardAgain(durationOf(event.silentMs)), 'good');
    case 'gap':
      return line(words.gap[event.cause](words.lanes[event.lane], numbers(event.from, event.to)), 'warning');
    case 'gap-filled':
      return line(words.gapFilled(words.lanes[event.lane], event.upTo), 'good');
    case 'conflict':
      return line(words.conflict(words.lanes[event.lane], event.seq), 'alarm');
    case 'new-epoch':
      return line(words.newEpoch(event.previous ?? '–'), 'warning');
    case 'put-aside':
      return line(words.putAside(event.count, words.asides[event.reason]), 'warning');
    case 'acknowledgement-refused':
      return line(words.acknowledgementRefused, 'alarm');
  }
};

const saidOf = (language: Language, event: CentreEvent, at: number): Said => {
  const words = centreWords[language];
  switch (event.kind) {
    case 'event': {
      const { message } = event;
      return {
        site: message.site,
        class: words.classes[message.class],
        text: eventText(language, message, at),
        shade: shadeOf(message),
      };
    }
    case 'connected':
      return ofCentre(
        words,
        event.certificateNotYetValid ? `${words.connected} ${words.certificateNotYetValid}` : words.connected,
        'good',
      );
    case 'disconnected': {
      const text = words.disconnected(downText(words, event.reason), Math.ceil(event.retryMs / 1_000));
      return ofCentre(words, text, 'alarm');
    }
    case 'subscription-refused':
      return ofCentre(words, words.subscriptionRefused(event.filter), 'alarm');
    case 'mass-loss':
      return ofCentre(words, words.massLoss(event.sites.length, event.sites.slice(0, 20).join(', ')), 'alarm');
    case 'mass-loss-over':
      return ofCentre(words, words.massLossOver, 'good');
    case 'storage-failed':
      return ofCentre(words, words.storageFailed(words.storage[event.reason]), 'alarm');
    case 'storage-restored':
      return ofCentre(words, words.storageRestored, 'good');
    default:
      return ofSite(words, event);
  }
};

export const lineOf = (language: Language, event: CentreEvent, at: number): Line => ({
  at,
  ...saidOf(language, event, at),
});

const COLOURS: Readonly<Record<Shade, string>> = { alarm: '\u001b[1;31m', warning: '\u001b[33m', good: '\u001b[32m', plain: '' };

/** The line as it is printed, without its end. Local time. */
export const printed = (line: Line, colours: boolean): string => {
  const site = printable(line.site).padEnd(SITE_COLUMNS);
  const text = `${clockOf(line.at)}  ${site} ${line.class.padEnd(CLASS_COLUMNS)} ${printable(line.text)}`;
  const colour = COLOURS[line.shade];
  return colours && colour !== '' ? `${colour}${text}\u001b[0m` : text;
};
