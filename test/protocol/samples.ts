/** Real messages of every kind, made by the encoders from events, states and a path at work. */
import { doorMode, lockStatus } from '../../src/core/door/status.ts';
import { EVENT_KINDS } from '../../src/core/event.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import { initialState } from '../../src/core/initial.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { eventBodyOf } from '../../src/protocol/eventBody.ts';
import type { EventMessage } from '../../src/protocol/messages.ts';
import { eventMessageOf } from '../../src/protocol/payloads.ts';
import { presentState } from '../../src/protocol/present.ts';
import { parseTopic, topicOf, topicOfEvent } from '../../src/protocol/topics.ts';
import { practice } from '../support/site.ts';
import { SITE, begin, give, happen, makeWorld, run } from '../paths/world.ts';
import type { World } from '../paths/world.ts';

export type Sample = { readonly topic: string; readonly message: unknown };
export type EventSample = { readonly topic: string; readonly message: EventMessage };

const AT = wall(Date.UTC(2026, 10, 23, 19, 42, 7, 318));

const everyFact: Partial<Event> = {
  area: 'cabinet',
  zone: 'fenetre-cour',
  door: 'porte-livraison',
  output: 'sirene',
  keypad: 'entree',
  user: 'claire',
  operator: 'paul',
  command: '01JD8Z',
  mode: 'full',
  cause: 'zone',
  confirmed: true,
  recentClosing: true,
  reason: 'out-of-hours',
  blockers: [{ kind: 'zone-open', zone: 'fenetre-cour' }, { kind: 'checklist', item: 'caisse vidée' }, { kind: 'mains-lost' }],
  zones: ['fenetre-cour', 'salle'],
  detail: { goneMs: 1200, note: 'é', known: true },
};

export const eventOf = (kind: EventKind, facts: Partial<Event> = {}): Event => ({
  kind,
  at: AT,
  atQuality: 'synchronised',
  mono: monotonic(5),
  exercise: false,
  ...facts,
});

export const eventSample = (kind: EventKind, facts: Partial<Event>, seq = 41): EventSample | undefined => {
  const body = eventBodyOf({ site: SITE, boot: 7, durable: true }, eventOf(kind, facts));
  if (!body) return undefined;
  const message = eventMessageOf(body, { epoch: '9f2c1b7a4e5d6038', seq });
  return { topic: topicOfEvent(message), message };
};

/** Every kind bare and with every fact there is, durable and not, first of a new epoch and not. */
export const eventSamples = (): readonly EventSample[] =>
  EVENT_KINDS.flatMap((kind) => {
    const bare = eventSample(kind, {});
    const full = eventSample(kind, everyFact);
    const body = eventBodyOf({ site: SITE, boot: 7, durable: false }, eventOf(kind, everyFact));
    const first = body && eventMessageOf(body, { epoch: 'e2', seq: 1, previousEpoch: 'e1' });
    return [bare, full, first && { topic: topicOfEvent(first), message: first }].filter((sample) => sample !== undefined);
  });

const parsed = (payload: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(payload));

const command = (world: World, verb: string, message: unknown, retain = false): void =>
  give(world, {
    kind: 'message',
    topic: topicOf({ kind: 'command', site: SITE, verb }),
    payload: new TextEncoder().encode(JSON.stringify(message)),
    retain,
    properties: {},
  });

/** What a path really published in a day with a loss, a stop and commands. */
export const pathSamples = (): readonly Sample[] => {
  const world = makeWorld();
  const site = practice();
  begin(world);
  run(world, 5_000);
  give(world, { kind: 'states', publications: presentState(site, initialState(site, monotonic(0)), { doorMode, lockStatus }) });
  for (const kind of EVENT_KINDS.filter((name) => eventSample(name, {}))) happen(world, kind);
  run(world, 60_000);
  const facts = { at: AT, atQuality: 'unsynchronised' as const, uptimeMs: 5, chainHead: 'ab', stateDigest: 'cd' };
  give(world, { kind: 'heartbeat', facts: { ...facts, faults: ['disk-nearly-full'], pendingUntil: wall(AT + 30_000) } });
  command(world, 'unlock', { v: 1, id: 'c1', operator: 'paul', door: 'entree' });
  command(world, 'unlock', { v: 1, id: 'c1', operator: 'paul', door: 'entree' });
  command(world, 'sing', { v: 1, id: 'c2', operator: 'paul' });
  command(world, 'challenge', { v: 1, id: 'c3', operator: 'paul' });
  command(world, 'challenge', { v: 1, id: 'c4', operator: 'paul' }, true);
  run(world, 1_000);
  give(world, { kind: 'stop' });
  return world.sends.flatMap(({ send }) => {
    if (send.kind === 'publish') return [{ topic: send.publication.topic, message: parsed(send.publication.payload) }];
    return send.kind === 'connect' ? [{ topic: send.will.topic, message: parsed(send.will.payload) }] : [];
  });
};

/** Which published schema a topic has. */
export const schemaOfTopic = (topic: string): string | undefined => {
  const found = parseTopic(topic);
  if (!found) return undefined;
  if (found.kind === 'alarm' || found.kind === 'event') return 'event';
  return found.kind === 'state' ? `state-${found.of}` : found.kind;
};
