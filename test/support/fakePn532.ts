/** A PN532 at the other end of the line: it answers what it is asked, as the chip's manual has it, and knows nothing else. */
import { encodeAnswer, PN532_COMMAND } from '../../src/protocol/readers/pn532Frames.ts';

export type FakePn532 = {
  /** Bytes from the host; the answer, acknowledgement and all. */
  readonly hear: (bytes: Uint8Array) => Uint8Array;
  /** A card's number; undefined: none lies there. */
  card: readonly number[] | undefined;
  /** Without supply it says nothing and forgets that it was woken. */
  isAlive: boolean;
  readonly asked: number[];
};

const ACK = [0, 0, 0xff, 0, 0xff, 0];
const OK = {
  [PN532_COMMAND.samConfiguration]: [],
  [PN532_COMMAND.rfConfiguration]: [],
  [PN532_COMMAND.firmwareVersion]: [0x32, 1, 6, 7],
};

/** Questions: from `00 FF` on, whose lengths and sums are right. */
const questionsIn = (
  bytes: readonly number[],
): { readonly questions: readonly (readonly number[])[]; readonly rest: readonly number[] } => {
  const questions: (readonly number[])[] = [];
  let at = 0;
  for (let next = 0; next < bytes.length; next++) {
    const [zero, start, length = 0] = bytes.slice(next);
    const body = bytes.slice(next + 4, next + 4 + length);
    if (zero !== 0 || start !== 0xff || length === 0 || length === 0xff || bytes.length < next + length + 6) continue;
    const sum = body.reduce((total, byte) => total + byte, bytes[next + 4 + length] ?? 0);
    if (sum % 256 !== 0 || body[0] !== 0xd4) continue;
    questions.push(body.slice(1));
    at = next + length + 6;
    next = at - 1;
  }
  return { questions, rest: bytes.slice(Math.max(at, bytes.length - 40)) };
};

const targets = (card: readonly number[] | undefined): readonly number[] =>
  card === undefined ? [0] : [1, 1, 0, card.length === 4 ? 0x04 : 0x44, 0x08, card.length, ...card];

export const fakePn532 = (): FakePn532 => {
  let held: readonly number[] = [];
  let isAwake = false;
  const asked: number[] = [];
  const answerTo = ([command = -1]: readonly number[], card: readonly number[] | undefined): readonly number[] => {
    asked.push(command);
    const data = command === PN532_COMMAND.listTargets ? targets(card) : (OK[command as keyof typeof OK] ?? undefined);
    return data === undefined ? [...ACK, 0, 0, 0xff, 1, 0xff, 0x7f, 0x81, 0] : [...ACK, ...encodeAnswer(command, data)];
  };
  const chip: FakePn532 = {
    card: undefined,
    isAlive: true,
    asked,
    hear: (bytes) => {
      if (!chip.isAlive) {
        isAwake = false;
        return new Uint8Array();
      }
      const { questions, rest } = questionsIn([...held, ...bytes]);
      isAwake = isAwake || bytes[0] === 0x55;
      held = rest;
      return Uint8Array.from(isAwake ? questions.flatMap((question) => answerTo(question, chip.card)) : []);
    },
  };
  return chip;
};
