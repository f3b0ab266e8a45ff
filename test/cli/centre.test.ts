/** The reference receiver between a broker in memory and a real folder: what it stores, answers, and tells. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCentre } from '../../src/cli/centre/start.ts';
import type { Centre } from '../../src/cli/centre/start.ts';
import type { CentreEvent } from '../../src/cli/centre/events.ts';
import { parseCentreArgs } from '../../src/cli/centre/args.ts';
import { lineOf, printed } from '../../src/cli/centre/view.ts';
import { recordOf } from '../../src/drivers/centre-store/record.ts';
import { RECORDS_FILE } from '../../src/drivers/centre-store/store.ts';
import { fakeBroker } from '../../src/drivers/mqtt/fake.ts';
import type { FakeBroker, FakeBrokerOptions } from '../../src/drivers/mqtt/fake.ts';
import { bytes, text } from '../support/linkEars.ts';
import { AT, birth, eventMessage, heartbeat, lanes, speakingSite } from '../support/speakingSite.ts';
import type { SpeakingSite } from '../support/speakingSite.ts';

const test = suite('reference receiver');
const URL = 'mqtt://fake';

type Told = { readonly events: CentreEvent[]; readonly until: (kind: CentreEvent['kind']) => Promise<CentreEvent> };

const ears = (): Told & { readonly hear: (event: CentreEvent) => void } => {
  const events: CentreEvent[] = [];
  const waiting = new Set<(event: CentreEvent) => void>();
  return {
    events,
    hear: (event) => {
      events.push(event);
      for (const wait of waiting) wait(event);
    },
    until: (kind) =>
      new Promise((resolve, reject) => {
        const past = events.find((event) => event.kind === kind);
        if (past) return resolve(past);
        const timer = setTimeout(() => reject(new Error(`${kind}: not told, but ${JSON.stringify(events)}`)), 5_000);
        waiting.add((event) => {
          if (event.kind !== kind) return;
          clearTimeout(timer);
          resolve(event);
        });
      }),
  };
};

type Scene = {
  readonly broker: FakeBroker;
  readonly folder: string;
  /** The centre's clock. */
  readonly clock: { ms: number };
  readonly start: () => Promise<{ readonly centre: Centre; readonly told: Told }>;
  readonly site: (name: string) => Promise<SpeakingSite>;
  readonly stored: () => readonly { readonly seq: number; readonly lane: string; readonly conflict: boolean }[];
};

const linesIn =
  (folder: string): Scene['stored'] =>
  () =>
    readFileSync(join(folder, RECORDS_FILE), 'utf8')
      .split('\n')
      .map(recordOf)
      .flatMap((record) => (record?.kind === 'event' ? [{ ...record.message, conflict: record.conflict }] : []))
      .map(({ seq, lane, conflict }) => ({ seq, lane, conflict }));

const scene = async (play: (scene: Scene) => Promise<void>, options: FakeBrokerOptions = {}): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-centre-'));
  const broker = fakeBroker(options);
  const running: Centre[] = [];
  const sites: SpeakingSite[] = [];
  const clock = { ms: Date.parse('2026-03-02T07:00:00Z') };
  const start: Scene['start'] = async () => {
    const { hear, ...told } = ears();
    const started = await startCentre({ broker: URL, dataFolder: folder, makeLink: broker.makeLink, now: () => clock.ms }, hear);
    if (!started.ok) throw new Error(started.reason);
    running.push(started.centre);
    await told.until('connected');
    return { centre: started.centre, told };
  };
  const site: Scene['site'] = async (name) => {
    const made = speakingSite(name, broker.makeLink);
    sites.push(made);
    await made.connect(URL);
    return made;
  };
  try {
    await play({ broker, folder, clock, start, site, stored: linesIn(folder) });
  } finally {
    for (const { link } of sites) link.destroy();
    for (const centre of running) await centre.stop();
    broker.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

test('an event is stored, told and then acknowledged', () =>
  scene(async ({ start, site, stored }) => {
    const { told } = await start();
    const cabinet = await site('cabinet');
    cabinet.send(eventMessage('cabinet', 'alarm', 1));
    await cabinet.untilAcknowledged('alarm', 1);
    assert.equal(stored(), [{ seq: 1, lane: 'alarm', conflict: false }]);
    const event = await told.until('event');
    assert.is(event.kind === 'event' && event.message.kind, 'intrusion');
    assert.is(cabinet.acknowledged('event'), 0);
  }));

test('lanes are numbered and acknowledged apart, a burst by one cumulative answer or a few', () =>
  scene(async ({ start, site, stored }) => {
    await start();
    const cabinet = await site('cabinet');
    for (let seq = 1; seq <= 15; seq += 1) cabinet.send(eventMessage('cabinet', 'event', seq));
    cabinet.send(eventMessage('cabinet', 'alarm', 1));
    await cabinet.untilAcknowledged('event', 15);
    await cabinet.untilAcknowledged('alarm', 1);
    assert.is(stored().length, 16);
    assert.ok(cabinet.acks().length < 16, `${cabinet.acks().length} acknowledgements`);
  }));

test('a repetition is acknowledged again and stored once', () =>
  scene(async ({ start, site, stored }) => {
    const { centre } = await start();
    const cabinet = await site('cabinet');
    const message = eventMessage('cabinet', 'alarm', 1);
    cabinet.send(message);
    await cabinet.untilAcknowledged('alarm', 1);
    cabinet.ears.forget();
    cabinet.send(message);
    cabinet.send(message);
    await cabinet.untilAcknowledged('alarm', 1);
    assert.equal(stored(), [{ seq: 1, lane: 'alarm', conflict: false }]);
    assert.is(centre.view().stored, 1);
    assert.ok(centre.view().repeated >= 1);
  }));

test('a gap is told, not acknowledged over, and filled', () =>
  scene(async ({ start, site }) => {
    const { told } = await start();
    const cabinet = await site('cabinet');
    cabinet.send(eventMessage('cabinet', 'alarm', 1));
    cabinet.send(eventMessage('cabinet', 'alarm', 4));
    const gap = await told.until('gap');
    assert.equal(gap, { kind: 'gap', site: 'cabinet', epoch: 'e1', lane: 'alarm', from: 2, to: 3, cause: 'missing' });
    await cabinet.untilAcknowledged('alarm', 1);
    assert.is(cabinet.acknowledged('alarm'), 1);
    cabinet.send(eventMessage('cabinet', 'alarm', 3));
    cabinet.send(eventMessage('cabinet', 'alarm', 2));
    await cabinet.untilAcknowledged('alarm', 4);
    assert.is((await told.until('gap-filled')).kind, 'gap-filled');
  }));

test('the same number with other contents: both are kept, and it is shown', () =>
  scene(async ({ start, site, stored }) => {
    const { told } = await start();
    const cabinet = await site('cabinet');
    cabinet.send(eventMessage('cabinet', 'alarm', 1));
    await cabinet.untilAcknowledged('alarm', 1);
    cabinet.send(eventMessage('cabinet', 'alarm', 1, { zone: 'another' }));
    assert.equal(await told.until('conflict'), { kind: 'conflict', site: 'cabinet', epoch: 'e1', lane: 'alarm', seq: 1 });
    assert.equal(stored(), [
      { seq: 1, lane: 'alarm', conflict: false },
      { seq: 1, lane: 'alarm', conflict: true },
    ]);
  }));

test('at each birth it tells what it has, after a restart as well', () =>
  scene(async ({ start, site }) => {
    const first = await start();
    const cabinet = await site('cabinet');
    cabinet.send(eventMessage('cabinet', 'alarm', 1));
    cabinet.send(eventMessage('cabinet', 'event', 1));
    cabinet.send(eventMessage('cabinet', 'event', 2));
    await cabinet.untilAcknowledged('event', 2);
    await first.centre.stop();
    const second = await start();
    cabinet.say('status', birth('cabinet', lanes(1, 2)));
    assert.equal(await cabinet.untilMarks(), { v: 1, epoch: 'e1', alarm: 1, event: 2 });
    await second.told.until('site-online');
    assert.is(second.centre.view().stored, 0);
  }));

test('what the site had acknowledged and the centre does not have is told as lost, once, and kept so', () =>
  scene(async ({ start, site }) => {
    const first = await start();
    const cabinet = await site('cabinet');
    cabinet.say('status', birth('cabinet', lanes(7, 0, { alarm: 5, event: 0 })));
    const gap = await first.told.until('gap');
    assert.equal(gap, { kind: 'gap', site: 'cabinet', epoch: 'e1', lane: 'alarm', from: 1, to: 5, cause: 'lost' });
    cabinet.send(eventMessage('cabinet', 'alarm', 6));
    await cabinet.untilAcknowledged('alarm', 6);
    await first.centre.stop();
    const second = await start();
    cabinet.say('heartbeat', heartbeat('cabinet', lanes(7, 0, { alarm: 6, event: 0 })));
    cabinet.send(eventMessage('cabinet', 'alarm', 7));
    await cabinet.untilAcknowledged('alarm', 7);
    assert.not.ok(second.told.events.some(({ kind }) => kind === 'gap'));
  }));

test('its own status is retained, and its will says when it is gone', () =>
  scene(async ({ broker, start, site }) => {
    const { centre } = await start();
    const cabinet = await site('cabinet');
    const status = (): readonly string[] =>
      cabinet.ears
        .messages()
        .filter(({ topic }) => topic === 'vigie/v1/centre/status')
        .map(({ payload }) => text(payload));
    await cabinet.ears.until('its status', (event) => (event.kind === 'message' ? event : undefined));
    assert.equal(status(), ['{"v":1,"status":"online"}']);
    await centre.stop();
    await cabinet.ears.until('the goodbye', (event) =>
      event.kind === 'message' && text(event.message.payload).includes('offline') ? event : undefined,
    );
    assert.equal(status(), ['{"v":1,"status":"online"}', '{"v":1,"status":"offline"}']);
    assert.not.ok(broker.isConnected('vigie-centre'));
  }));

test('silence is told: missed heartbeats, a hold that ran out, a lost connection; and so is its end', () =>
  scene(async ({ clock, start, site }) => {
    const { told } = await start();
    const [quiet, holding, lively] = [await site('quiet'), await site('holding'), await site('lively')];
    quiet.say('heartbeat', heartbeat('quiet', lanes(0, 0)));
    holding.say('heartbeat', heartbeat('holding', lanes(0, 0), '2026-03-02T07:00:30.000Z'));
    lively.say('status', birth('lively', lanes(0, 0)));
    await lively.untilMarks();
    clock.ms += 45_000;
    lively.ears.forget();
    lively.say('status', birth('lively', lanes(0, 0)));
    await lively.untilMarks();
    const silent = (): readonly string[] =>
      told.events.flatMap((event) => (event.kind === 'silent' ? [`${event.site} ${event.silence.reason}`] : []));
    assert.equal(silent(), ['holding pending-expired']);
    clock.ms += 50_000;
    lively.ears.forget();
    lively.say('status', birth('lively', lanes(0, 0)));
    await lively.untilMarks();
    assert.equal(silent(), ['holding pending-expired', 'quiet heartbeat-missed']);
    quiet.say('heartbeat', heartbeat('quiet', lanes(0, 0)));
    assert.equal(await told.until('heard-again'), { kind: 'heard-again', site: 'quiet', silentMs: 95_000 });
  }));

test('a birth is told before what follows it, and its repetition not at all', () =>
  scene(async ({ start, site }) => {
    const { told } = await start();
    const cabinet = await site('cabinet');
    cabinet.say('status', birth('cabinet', lanes(0, 0)));
    cabinet.say('status', birth('cabinet', lanes(0, 0)));
    cabinet.send(eventMessage('cabinet', 'alarm', 1));
    await cabinet.untilAcknowledged('alarm', 1);
    assert.equal(
      told.events.map(({ kind }) => kind),
      ['connected', 'site-online', 'event'],
    );
  }));

test('a birth that its heartbeat overtook is told all the same', () =>
  scene(async ({ start, site }) => {
    const { told } = await start();
    const cabinet = await site('cabinet');
    cabinet.say('heartbeat', heartbeat('cabinet', lanes(0, 0)));
    cabinet.say('status', birth('cabinet', lanes(0, 0)));
    await told.until('site-online');
    assert.equal(
      told.events.map(({ kind }) => kind),
      ['connected', 'site-online'],
    );
  }));

test('what is not by the contract is put aside, counted, and never acknowledged', () =>
  scene(async ({ start, site, stored }) => {
    const { told } = await start();
    const cabinet = await site('cabinet');
    const send = (topic: string, payload: Uint8Array) => cabinet.ears.publish({ topic, payload });
    const valid = JSON.stringify(eventMessage('cabinet', 'alarm', 1));
    await send('vigie/v1/cabinet/alarm/intrusion', bytes('{'));
    await send('vigie/v1/cabinet/alarm/intrusion', bytes('{}'));
    await send('vigie/v1/cabinet/alarm/intrusion', Uint8Array.from([0xff, 0xfe]));
    await send('vigie/v1/other/alarm/intrusion', bytes(valid));
    await send('vigie/v1/cabinet/alarm/tamper', bytes(valid));
    await send('vigie/v1/cabinet/alarm/unheard-of', bytes(valid));
    cabinet.send(eventMessage('cabinet', 'event', 1));
    await cabinet.untilAcknowledged('event', 1);
    const aside = told.events.flatMap((event) => (event.kind === 'put-aside' ? [`${event.site} ${event.reason}`] : []));
    assert.equal(aside, [
      'cabinet not-json',
      'cabinet invalid',
      'cabinet not-utf8',
      'other topic-mismatch',
      'cabinet topic-mismatch',
      ' unknown-topic',
    ]);
    assert.equal(stored(), [{ seq: 1, lane: 'event', conflict: false }]);
    assert.is(cabinet.acknowledged('alarm'), 0);
  }));

test('a centre without its rights says which', () =>
  scene(
    async ({ start, site }) => {
      const { told } = await start();
      const cabinet = await site('cabinet');
      cabinet.send(eventMessage('cabinet', 'alarm', 1));
      assert.equal(await told.until('acknowledgement-refused'), { kind: 'acknowledgement-refused', site: 'cabinet', code: 0x87 });
    },
    { authorise: (clientId, action, topic) => clientId !== 'vigie-centre' || action !== 'publish' || topic.includes('centre') },
  ));

test('the broker goes and comes back: told with the delay, and taken up again', () =>
  scene(async ({ broker, start, site }) => {
    const { told } = await start();
    broker.kill();
    const down = await told.until('disconnected');
    assert.ok(down.kind === 'disconnected' && down.reason.kind === 'closed' && down.retryMs >= 500 && down.retryMs <= 1_000);
    told.events.length = 0;
    broker.restart();
    await told.until('connected');
    const cabinet = await site('cabinet');
    cabinet.send(eventMessage('cabinet', 'alarm', 1));
    await cabinet.untilAcknowledged('alarm', 1);
  }));

test.run();

// ---- what an operator reads, and types

const screen = suite('centre in the terminal');

const NOW = Date.parse(AT);

const said = (event: CentreEvent, language: 'fr' | 'en' = 'fr', at = NOW): string => {
  const line = lineOf(language, event, at);
  return `${line.site} | ${line.class} | ${line.text}`;
};

screen('one line says where, of what class, and what', () => {
  const message = eventMessage('cabinet', 'alarm', 1, { area: 'soins', zone: 'cour', confirmed: false });
  assert.is(
    said({ kind: 'event', message, conflict: false }),
    'cabinet | INTRUSION | Intrusion – secteur soins, zone cour (non confirmée)',
  );
  assert.is(
    said({ kind: 'event', message, conflict: false }, 'en'),
    'cabinet | INTRUSION | Intrusion – area soins, zone cour (unconfirmed)',
  );
  const exercise = eventMessage('cabinet', 'alarm', 2, { kind: 'duress', class: 'holdup', exercise: true, user: 'martin' });
  assert.match(
    said({ kind: 'event', message: exercise, conflict: false }),
    /\[EXERCICE\] CODE SOUS CONTRAINTE – zone z2, par martin/,
  );
});

screen('what comes late says when it happened', () => {
  const event = { kind: 'event', message: eventMessage('cabinet', 'alarm', 1), conflict: false } as const;
  assert.match(said(event, 'fr', NOW + 3_600_000), /zone z1 \(survenu le 02\/03 \d\d:00:00\)$/);
  assert.not.match(said(event, 'fr', NOW + 60_000), /survenu/);
});

screen('a site silent during an entry reads as an alarm', () => {
  const silence = { since: 0 as never, reason: 'pending-expired', pending: true } as const;
  const line = lineOf('fr', { kind: 'silent', site: 'cabinet', silence }, 0);
  assert.match(line.text, /à traiter comme une alarme/);
  assert.is(line.shade, 'alarm');
});

screen('nothing from a site can rewrite the screen', () => {
  const message = { ...eventMessage('cabinet', 'alarm', 1), zone: 'z\u001b[2J\r\n\u202eevil' };
  const text = printed(lineOf('fr', { kind: 'event', message, conflict: false }, 0), false);
  assert.not.match(text, /[\p{Cc}\p{Cf}]/u);
});

screen('a kind that this centre does not know is shown by its name', () => {
  const message = { ...eventMessage('cabinet', 'alarm', 1), kind: 'flood-of-frogs' as never };
  assert.match(said({ kind: 'event', message, conflict: false }), /flood-of-frogs/);
});

const wrong = (...args: readonly string[]): string => {
  const parsed = parseCentreArgs(args);
  return parsed.ok ? 'fine' : (parsed.text.split('\n')[0] ?? '');
};

screen('arguments: what is missing or wrong is said', () => {
  assert.is(wrong('--broker', 'mqtt://h'), 'fine');
  assert.is(wrong(), '--broker is missing.');
  assert.match(wrong('--broker', 'http://h'), /must be mqtt/);
  assert.match(wrong('--broker', 'mqtt://h', '--lang', 'de'), /fr or en/);
  assert.match(wrong('--broker', 'mqtt://h', '--cert', 'c'), /go together/);
  assert.match(wrong('--broker', 'mqtt://h', '--nonsense'), /nonsense/);
  assert.match(wrong('--broker', 'mqtt://h', 'word'), /word/);
});

screen.run();
