/** Names in a story against the site it is played on: all that are unknown at once, with their lines. */
import { EVENT_KINDS } from '../core/event.ts';
import { assertNever } from '../core/frame.ts';
import type { Config } from '../core/config.ts';
import type { Site } from '../core/site.ts';
import type { Act, EventFilter, Fact, Sentence, Step, Story, StoryProblem } from './story.ts';

type Kind = 'zone' | 'area' | 'door' | 'output' | 'keypad' | 'user' | 'operator' | 'thing' | 'who';
type Use = { readonly kind: Kind; readonly name: string };

const ROLES = ['owner', 'staff', 'cleaner', 'delivery', 'installer', 'guard'];
/** Somebody whose code, if it is one, may be anybody's. */
export const ANYBODY = 'someone';

const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

const namesOf = (config: Config): Readonly<Record<Kind, readonly string[]>> => {
  const zones = ids(config.zones);
  const doors = ids(config.doors);
  const users = ids(config.users);
  return {
    zone: zones,
    area: ids(config.areas),
    door: doors,
    output: ids(config.outputs),
    keypad: ids(config.keypads),
    user: users,
    operator: ids(config.operators),
    thing: [...zones, ...doors, ...config.zones.map(({ line }) => line)],
    who: [...users, ...ROLES, ANYBODY],
  };
};

const usesOfCondition = ({ condition, subject }: Extract<Act, { kind: 'condition' }>): readonly Use[] => {
  if (condition === 'output-fault') return [{ kind: 'output', name: subject }];
  return condition === 'reader-offline' ? [{ kind: 'keypad', name: subject }] : [];
};

const usesOfAct = (act: Act): readonly Use[] => {
  switch (act.kind) {
    case 'open':
    case 'close':
    case 'tear':
    case 'mend':
      return [{ kind: 'thing', name: act.thing }];
    case 'leave-ajar':
      return [{ kind: 'door', name: act.door }];
    case 'pulse':
    case 'chatter':
    case 'signal':
    case 'value':
      return [{ kind: 'zone', name: act.zone }];
    case 'type':
    case 'badge':
      return [
        { kind: 'who', name: act.who },
        { kind: 'keypad', name: act.keypad },
      ];
    case 'remote-unlock':
      return [
        { kind: 'operator', name: act.operator },
        { kind: 'door', name: act.door },
      ];
    case 'gone':
    case 'clock-steps':
    case 'clock-quality':
    case 'wait':
    case 'wire':
    case 'retained-command':
      return [];
    case 'condition':
      return usesOfCondition(act);
    default:
      return assertNever(act);
  }
};

const FACT_KINDS: Readonly<Record<string, Kind>> = {
  zone: 'zone',
  area: 'area',
  door: 'door',
  output: 'output',
  keypad: 'keypad',
  user: 'user',
  operator: 'operator',
};

const usesOfFilter = ({ facts }: EventFilter): readonly Use[] =>
  facts.flatMap(({ name, value }) => {
    const kind = FACT_KINDS[name];
    return kind === undefined || typeof value !== 'string' ? [] : [{ kind, name: value }];
  });

const usesOfFact = (fact: Fact): readonly Use[] => {
  switch (fact.kind) {
    case 'event':
    case 'sent':
    case 'centre-has':
      return usesOfFilter(fact.filter);
    case 'event-order':
    case 'centre-complete':
      return [];
    case 'area':
    case 'alarm':
    case 'held':
    case 'memory':
      return [{ kind: 'area', name: fact.area }];
    case 'output':
      return [{ kind: 'output', name: fact.output }];
    case 'zone':
      return [{ kind: 'zone', name: fact.zone }];
    case 'door':
    case 'lock':
      return [{ kind: 'door', name: fact.door }];
    case 'keypad':
    case 'blocker':
      return [{ kind: 'keypad', name: fact.keypad }];
    default:
      return assertNever(fact);
  }
};

const usesOf = (sentence: Sentence): readonly Use[] =>
  sentence.kind === 'act' ? usesOfAct(sentence.act) : usesOfFact(sentence.fact);

const memoryNames = (config: Config): readonly string[] => [...ids(config.zones), ...ids(config.doors), ...EVENT_KINDS];

const unknownMemory = (config: Config, { sentence, line }: Step): readonly StoryProblem[] => {
  if (sentence.kind === 'act' || sentence.fact.kind !== 'memory') return [];
  const known = memoryNames(config);
  const unknown = sentence.fact.zones.filter((name) => !known.includes(name));
  return unknown.map((name) => ({ line, message: `the site has no zone or door "${name}"` }));
};

/** What a story calls by names that its site does not have. */
export const unknownNames = ({ config, users }: Site, { steps }: Story): readonly StoryProblem[] => {
  const names = namesOf(config);
  const named = steps.flatMap(({ sentence, line }) =>
    usesOf(sentence)
      .filter(({ kind, name }) => !names[kind].includes(name) && !users.has(name))
      .map(({ kind, name }) => ({ line, message: `the site has no ${kind} "${name}": it has ${names[kind].join(', ')}` })),
  );
  return [...named, ...steps.flatMap((step) => unknownMemory(config, step))];
};
