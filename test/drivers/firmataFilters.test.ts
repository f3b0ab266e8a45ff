/** What of a board's reports is told: contacts, channels and the check of a pin, without any board. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hearSample, isStale, NEW_CHANNEL, STALE_MS } from '../../src/drivers/firmata/channel.ts';
import { ASK_AGAIN_MS, askContactAgain, hearContact, newContact } from '../../src/drivers/firmata/contact.ts';
import { answer, ANSWER_MAX_MS, asked, canAsk, newCheck, order } from '../../src/drivers/firmata/pinCheck.ts';
import { MODE } from '../../src/protocol/firmata.ts';
import type { Level } from '../../src/ports/lines.ts';

type Report = readonly [atMs: number, level: Level];

/** A contact that stands at 1 and hears these reports: what is told, and when it was asked again. */
const contactHears = (reports: readonly Report[]): { told: [number, Level][]; asked: number[]; unconfirmed: number } => {
  let contact = { ...newContact(), told: 1 as Level | undefined };
  const told: [number, Level][] = [];
  const asked: number[] = [];
  for (const [atMs, level] of reports) {
    const step = hearContact(contact, level, atMs);
    ({ contact } = step);
    if (step.ask) asked.push(atMs);
    if (step.tell) told.push([step.tell.observedAtMs, step.tell.level]);
  }
  return { told, asked, unconfirmed: contact.unconfirmed };
};

const contacts = suite('a contact');

const CONTACTS: readonly (readonly [string, readonly Report[], ReturnType<typeof contactHears>])[] = [
  ['the level that it has', [[10, 1]], { told: [], asked: [], unconfirmed: 0 }],
  [
    'a change, and the same when asked again: told with the time it was seen first',
    [
      [10, 0],
      [11.5, 0],
    ],
    { told: [[10, 0]], asked: [10], unconfirmed: 0 },
  ],
  [
    'a disturbance that says low, and the board that says high',
    [
      [10, 0],
      [11.5, 1],
    ],
    { told: [], asked: [10], unconfirmed: 1 },
  ],
  [
    'the same disturbance twice, too soon for an answer',
    [
      [10, 0],
      [10.1, 0],
      [11.5, 1],
    ],
    { told: [], asked: [10], unconfirmed: 1 },
  ],
  [
    'a change and its answer disturbed: the next report has it',
    [
      [10, 0],
      [11.5, 1],
      [200, 0],
      [201.5, 0],
    ],
    { told: [[200, 0]], asked: [10, 200], unconfirmed: 1 },
  ],
  [
    'there and back',
    [
      [10, 0],
      [11.5, 0],
      [30, 1],
      [31.5, 1],
    ],
    {
      told: [
        [10, 0],
        [30, 1],
      ],
      asked: [10, 30],
      unconfirmed: 0,
    },
  ],
];
for (const [name, reports, expected] of CONTACTS) {
  contacts(name, () => assert.equal(contactHears(reports), expected));
}

contacts('a question that nobody answered is asked again, a settled contact is not', () => {
  const { contact } = hearContact({ ...newContact(), told: 1 }, 0, 10);
  assert.is(askContactAgain(contact, 10 + ASK_AGAIN_MS - 1).ask, false);
  const again = askContactAgain(contact, 10 + ASK_AGAIN_MS);
  assert.is(again.ask, true);
  assert.equal(hearContact(again.contact, 0, 40).tell, { level: 0, observedAtMs: 10 });
  assert.is(askContactAgain({ ...newContact(), told: 1 }, 99).ask, false);
});

contacts('no single wrong report among right ones is ever told', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (wrongs) => {
      const reports = wrongs.flatMap((isWrong, index): Report[] => {
        const atMs = index * 5;
        return isWrong
          ? [
              [atMs, 0],
              [atMs + 1.5, 1],
            ]
          : [[atMs, 1]];
      });
      return contactHears(reports).told.length === 0;
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

checks('an output that is what it is to be', () => {
  const check = asked(newCheck(MODE.output, 1, 0), 5);
  const { outcome, check: after } = answer(check, MODE.output, 1);
  assert.is(outcome, 'right');
  assert.is(after.verified, true);
});

checks('an answer older than the last order proves nothing', () => {
  const check = order(asked(newCheck(MODE.output, 0, 0), 5), 1, 6);
  assert.is(answer(check, MODE.output, 0).outcome, 'ask-again');
});

checks('wrong twice is mended, three times and the board has lost its settings', () => {
  let check = newCheck(MODE.pullUp, 0, 0);
  for (const expected of ['mend', 'mend', 'settings-lost'] as const) {
    const answered = answer(asked(check, 5), MODE.output, 0);
    assert.is(answered.outcome, expected);
    ({ check } = answered);
  }
});

checks('a right answer forgives a wrong one', () => {
  const wrong = answer(asked(newCheck(MODE.output, 1, 0), 5), MODE.output, 0).check;
  assert.is(answer(asked(wrong, 6), MODE.output, 1).check.wrong, 0);
});

checks('the state of an input is its pull-up, not its level: only the mode counts', () => {
  assert.is(answer(asked(newCheck(MODE.input, 0, 0), 5), MODE.input, 1).outcome, 'right');
  assert.is(answer(asked(newCheck(MODE.input, 0, 0), 5), MODE.pullUp, 1).outcome, 'mend');
});

checks('one question at a time, and an answer that nobody asked for is none', () => {
  const check = asked(newCheck(MODE.output, 1, 0), 5);
  assert.is(canAsk(check, 5 + ANSWER_MAX_MS - 1), false);
  assert.is(canAsk(check, 5 + ANSWER_MAX_MS), true);
  assert.is(answer(newCheck(MODE.output, 1, 0), MODE.output, 0).outcome, 'not-asked');
});
checks.run();
