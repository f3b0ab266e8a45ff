/** What of a board's reports is told: contacts, channels and the check of a pin, without any board. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hearSample, isStale, NEW_CHANNEL, STALE_MS } from '../../src/drivers/firmata/channel.ts';
import { answerContact, askContact, hearContact, needsAsking, newContact } from '../../src/drivers/firmata/contact.ts';
import type { Contact } from '../../src/drivers/firmata/contact.ts';
import { answer, ANSWER_MAX_MS, asked, canAsk, newCheck, order } from '../../src/drivers/firmata/pinCheck.ts';
import { MODE } from '../../src/protocol/firmata.ts';
import type { Level } from '../../src/ports/lines.ts';

/** A report of a level, the questions going out, or the state of the pin coming in, as it was asked for at a time. */
type Step = readonly [atMs: number, what: Level | 'asked'] | readonly [atMs: number, what: 'state', askedAtMs: number];

/** A contact that stands at 1 and hears these: what is told, and whether it still wants to ask. */
const contactHears = (steps: readonly Step[]): { told: [number, Level][]; wantsToAsk: boolean; unconfirmed: number } => {
  let contact: Contact = { ...newContact(), told: 1, latest: 1 };
  const told: [number, Level][] = [];
  for (const [atMs, what, askedAtMs = 0] of steps) {
    if (what === 'asked') contact = askContact(contact, atMs);
    else if (what === 'state') {
      const step = answerContact(contact, askedAtMs);
      ({ contact } = step);
      if (step.tell) told.push([step.tell.observedAtMs, step.tell.level]);
    } else contact = hearContact(contact, what, atMs);
  }
  return { told, wantsToAsk: needsAsking(contact), unconfirmed: contact.unconfirmed };
};

const contacts = suite('a contact');

const CONTACTS: readonly (readonly [string, readonly Step[], ReturnType<typeof contactHears>])[] = [
  ['the level that it has', [[10, 1]], { told: [], wantsToAsk: false, unconfirmed: 0 }],
  ['another level is doubted first', [[10, 0]], { told: [], wantsToAsk: true, unconfirmed: 0 }],
  [
    'a change, and the same when asked: told with the time it was seen first',
    [
      [10, 0],
      [10, 'asked'],
      [11, 0],
      [12, 'state', 10],
    ],
    { told: [[10, 0]], wantsToAsk: false, unconfirmed: 0 },
  ],
  [
    'a disturbance that says low, and the board that says high',
    [
      [10, 0],
      [10, 'asked'],
      [11, 1],
      [12, 'state', 10],
    ],
    { told: [], wantsToAsk: false, unconfirmed: 1 },
  ],
  [
    'the same disturbance many times before the board has its say',
    [
      [10, 0],
      [10, 'asked'],
      [10.3, 0],
      [10.9, 0],
      [11, 1],
      [12, 'state', 10],
    ],
    { told: [], wantsToAsk: false, unconfirmed: 1 },
  ],
  [
    'the state of the pin that was asked for before is no answer',
    [
      [10, 0],
      [10.2, 'state', 9],
    ],
    { told: [], wantsToAsk: true, unconfirmed: 0 },
  ],
  [
    'nor is it when it comes late, after the questions went out',
    [
      [10, 0],
      [10, 'asked'],
      [10.5, 0],
      [10.8, 'state', 9],
      [11, 1],
      [12, 'state', 10],
    ],
    { told: [], wantsToAsk: false, unconfirmed: 1 },
  ],
  [
    'an answer that was lost is asked for again',
    [
      [10, 0],
      [10, 'asked'],
      [12, 'state', 10],
    ],
    { told: [], wantsToAsk: true, unconfirmed: 0 },
  ],
  [
    'a bounce between question and answer changes nothing of the time',
    [
      [10, 0],
      [10, 'asked'],
      [10.5, 1],
      [11, 0],
      [11.5, 0],
      [12, 'state', 10],
    ],
    { told: [[10, 0]], wantsToAsk: false, unconfirmed: 0 },
  ],
  [
    'there and back',
    [
      [10, 0],
      [10, 'asked'],
      [11, 0],
      [12, 'state', 10],
      [30, 1],
      [30, 'asked'],
      [31, 1],
      [32, 'state', 30],
    ],
    {
      told: [
        [10, 0],
        [30, 1],
      ],
      wantsToAsk: false,
      unconfirmed: 0,
    },
  ],
];
for (const [name, steps, expected] of CONTACTS) {
  contacts(name, () => assert.equal(contactHears(steps), expected));
}

contacts('whatever is invented before the true answer, a level that the board does not have is never told', () => {
  const invented = fc.array(fc.constantFrom<Level>(0, 1), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(invented, { maxLength: 12 }), (bursts) => {
      const steps = bursts.flatMap((burst, index): Step[] => [
        ...burst.map((level): Step => [index * 10, level]),
        [index * 10, 'asked'],
        ...burst.map((level): Step => [index * 10 + 1, level]),
        [index * 10 + 2, 1],
        [index * 10 + 3, 'state', index * 10],
      ]);
      return contactHears(steps).told.length === 0;
    }),
  );
});
contacts.run();

const toldOf = (told: number | undefined, samples: readonly number[]): readonly (readonly [number, number])[] => {
  let channel = { ...NEW_CHANNEL, told };
  return samples.flatMap((value, index) => {
    const step = hearSample(channel, value, index * 20);
    ({ channel } = step);
    return step.tell ? [[step.tell.observedAtMs, Math.round(step.tell.ratio * 1023)] as const] : [];
  });
};

const channels = suite('a channel');

const CHANNELS: readonly (readonly [string, number | undefined, readonly number[], readonly (readonly [number, number])[]])[] = [
  ['three that agree are the first value', undefined, [500, 501, 500], [[0, 500]]],
  ['two are not', undefined, [500, 501], []],
  ['noise of two steps says nothing', 500, [502, 498, 501, 500, 499], []],
  ['a loop that opens: told once, with the time of its first sample', 512, [512, 682, 682, 682, 682], [[20, 682]]],
  ['one sample between two values is not told', 512, [600, 682, 682, 682], [[20, 682]]],
  ['a slow edge over several samples is not told on its way', 512, [540, 570, 600, 640, 682, 682, 682], [[80, 682]]],
  ['a single disturbance is not told', 512, [512, 1023, 512, 512], []],
  ['two in a row are not told', 512, [1023, 1023, 512, 512], []],
  ['a value that stays between is told', 512, [600, 600, 600], [[0, 600]]],
  ['a drift of a step at a time is followed', 512, [513, 514, 515, 516, 516], [[40, 516]]],
  ['a loop that hums is told by its middle', 512, [700, 690, 710, 695, 705, 688, 712, 699, 701], [[0, 700]]],
  ['and a hum about the value that was told is not an alarm', 512, [515, 512, 509, 512, 515, 512, 509], []],
];
for (const [name, told, samples, expected] of CHANNELS) {
  channels(name, () => assert.equal(toldOf(told, samples), expected));
}

channels('whatever the samples, what is told is one of them or between, and a change that stays is told within nine', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 1023 }), { maxLength: 60 });
  fc.assert(
    fc.property(samples, fc.integer({ min: 0, max: 1023 }), (values, last) => {
      const told = toldOf(undefined, [...values, ...Array.from({ length: 9 }, () => last)]);
      const final = told.at(-1)?.[1] ?? -99;
      assert.ok(Math.abs(final - last) <= 2, `${final} is not ${last}`);
      assert.ok(told.every(([, value]) => value >= 0 && value <= 1023));
    }),
    { numRuns: 2_000 },
  );
});

channels('it is stale after half a second without samples, and not before it has had one', () => {
  const { channel } = hearSample(NEW_CHANNEL, 500, 1_000);
  assert.is(isStale(channel, 1_000 + STALE_MS), false);
  assert.is(isStale(channel, 1_001 + STALE_MS), true);
  assert.is(isStale(NEW_CHANNEL, 99_999), false);
});
channels.run();

const checks = suite('the check of a pin');

const says = (mode: number, state: number): { mode: number; state: number } => ({ mode, state });

checks('an output that is what it is to be', () => {
  const check = asked(newCheck(MODE.output, 1, 0), 5);
  const { outcome, check: after } = answer(check, says(MODE.output, 1), 7);
  assert.is(outcome, 'right');
  assert.is(after.verified, true);
});

checks('an answer older than the last order proves nothing', () => {
  const check = order(asked(newCheck(MODE.output, 0, 0), 5), 1, 6);
  assert.is(answer(check, says(MODE.output, 0), 7).outcome, 'ask-again');
});

checks('answers that come late are those of the questions they belong to', () => {
  let check = asked(newCheck(MODE.output, 0, 0), 5);
  check = asked(order(check, 1, 20), 60);
  const first = answer(check, says(MODE.output, 0), 70);
  assert.is(first.outcome, 'ask-again');
  assert.is(answer(first.check, says(MODE.output, 1), 71).outcome, 'right');
});

checks('an answer that never came is given up, and those after it are right again', () => {
  const lost = asked(newCheck(MODE.output, 0, 0), 5);
  const check = asked(order(lost, 1, 20), 310);
  const { outcome, askedAtMs } = answer(check, says(MODE.output, 1), 312);
  assert.equal([outcome, askedAtMs], ['right', 310]);
});

checks('wrong twice is mended, three times and the board has lost its settings', () => {
  let check = newCheck(MODE.pullUp, 0, 0);
  for (const expected of ['mend', 'mend', 'settings-lost'] as const) {
    const answered = answer(asked(check, 5), says(MODE.output, 0), 6);
    assert.is(answered.outcome, expected);
    ({ check } = answered);
  }
});

checks('a right answer forgives a wrong one', () => {
  const wrong = answer(asked(newCheck(MODE.output, 1, 0), 5), says(MODE.output, 0), 6).check;
  assert.is(answer(asked(wrong, 7), says(MODE.output, 1), 8).check.wrong, 0);
});

checks('the state of an input is its pull-up, not its level: only the mode counts', () => {
  assert.is(answer(asked(newCheck(MODE.input, 0, 0), 5), says(MODE.input, 1), 6).outcome, 'right');
  assert.is(answer(asked(newCheck(MODE.input, 0, 0), 5), says(MODE.pullUp, 1), 6).outcome, 'mend');
});

checks('one question at a time, and an answer that nobody asked for is none', () => {
  const check = asked(newCheck(MODE.output, 1, 0), 5);
  assert.is(canAsk(check, 5 + ANSWER_MAX_MS - 1), false);
  assert.is(canAsk(check, 5 + ANSWER_MAX_MS), true);
  assert.is(answer(newCheck(MODE.output, 1, 0), says(MODE.output, 0), 6).outcome, 'not-asked');
});
checks.run();
