/**
 * Topics of the contract, under `vigie/v1/{site}/`. Identifiers are letters, digits, `-` and `_`, at most 64 of them:
 * nothing of a name can reach into another level. The site id `centre` is reserved for the centre's own status.
 */
import type { EventMessage } from './messages.ts';
import { ALARM_CLASSES, EVENT_CATEGORIES } from './classes.ts';
import type { AlarmClass, EventCategory } from './classes.ts';
import { ID_PATTERN } from './fields.ts';

const ROOT = 'vigie/v1';
export const RESERVED_SITE = 'centre';

export const isId = (id: string): boolean => ID_PATTERN.test(id);
export const isSiteId = (id: string): boolean => isId(id) && id !== RESERVED_SITE;

export type Topic =
  | { readonly kind: 'status' | 'heartbeat' | 'ack' | 'marks'; readonly site: string }
  | { readonly kind: 'alarm'; readonly site: string; readonly class: AlarmClass }
  | { readonly kind: 'event'; readonly site: string; readonly category: EventCategory }
  | { readonly kind: 'state'; readonly site: string; readonly of: 'area' | 'zone' | 'door'; readonly id: string }
  | { readonly kind: 'state-health'; readonly site: string }
  | { readonly kind: 'command'; readonly site: string; readonly verb: string }
  | { readonly kind: 'reply'; readonly site: string; readonly id: string }
  | { readonly kind: 'centre-status' };

const under = (site: string, rest: string): string => `${ROOT}/${site}/${rest}`;

/** The topic's text. Its identifiers must be valid: they come from a checked config or a checked message. */
export const topicOf = (topic: Topic): string => {
  switch (topic.kind) {
    case 'status':
    case 'heartbeat':
    case 'ack':
    case 'marks':
      return under(topic.site, topic.kind);
    case 'alarm':
      return under(topic.site, `alarm/${topic.class}`);
    case 'event':
      return under(topic.site, `event/${topic.category}`);
    case 'state':
      return under(topic.site, `state/${topic.of}/${topic.id}`);
    case 'state-health':
      return under(topic.site, 'state/health');
    case 'command':
      return under(topic.site, `command/${topic.verb}`);
    case 'reply':
      return under(topic.site, `reply/${topic.id}`);
    case 'centre-status':
      return `${ROOT}/${RESERVED_SITE}/status`;
  }
};

/** Where an event goes: lane and class say it. */
export const topicOfEvent = (message: Pick<EventMessage, 'site' | 'lane' | 'class'>): string =>
  under(message.site, `${message.lane}/${message.class}`);

/** What a site subscribes to. */
export const siteSubscriptions = (site: string): readonly string[] => [
  topicOf({ kind: 'ack', site }),
  topicOf({ kind: 'marks', site }),
  under(site, 'command/+'),
  topicOf({ kind: 'centre-status' }),
];

/** What a centre subscribes to, for all its sites. */
export const centreSubscriptions: readonly string[] = ['status', 'heartbeat', 'alarm/+', 'event/+'].map((rest) =>
  under('+', rest),
);

const find = <T extends string>(known: readonly T[], word: string): T | undefined => known.find((entry) => entry === word);

const siteTopic = (site: string, level: string): Topic | undefined => {
  switch (level) {
    case 'status':
    case 'heartbeat':
    case 'ack':
    case 'marks':
      return { kind: level, site };
    default:
      return undefined;
  }
};

const siteSubTopic = (site: string, level: string, last: string): Topic | undefined => {
  if (!isId(last)) return undefined;
  const alarmClass = find(ALARM_CLASSES, last);
  const category = find(EVENT_CATEGORIES, last);
  if (level === 'alarm' && alarmClass) return { kind: 'alarm', site, class: alarmClass };
  if (level === 'event' && category) return { kind: 'event', site, category };
  if (level === 'state' && last === 'health') return { kind: 'state-health', site };
  if (level === 'command') return { kind: 'command', site, verb: last };
  if (level === 'reply') return { kind: 'reply', site, id: last };
  return undefined;
};

const stateTopic = (site: string, of: string, id: string): Topic | undefined =>
  (of === 'area' || of === 'zone' || of === 'door') && isId(id) ? { kind: 'state', site, of, id } : undefined;

/** Undefined: not a topic of this contract. */
export const parseTopic = (text: string): Topic | undefined => {
  const [root, version, site = '', level = '', third, fourth, ...rest] = text.split('/');
  if (`${root}/${version}` !== ROOT || rest.length > 0 || !isId(site)) return undefined;
  if (site === RESERVED_SITE) return level === 'status' && third === undefined ? { kind: 'centre-status' } : undefined;
  if (third === undefined) return siteTopic(site, level);
  if (fourth === undefined) return siteSubTopic(site, level, third);
  return level === 'state' ? stateTopic(site, third, fourth) : undefined;
};
