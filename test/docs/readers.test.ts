/** The frames that docs/readers.md shows are the ones that are spoken. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeFrame, lookForFrame, readerLine } from '../../src/protocol/readers/readerLine.ts';
import { lineOf } from '../support/readerEvents.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/readers.md', import.meta.url)), 'utf8');

type Shown = { readonly bytes: Uint8Array; readonly says: string };

const shown: readonly Shown[] = [...page.matchAll(/^ {4}(A5(?: [0-9A-F]{2})+) {2,}(.+)$/gm)].map(([, hex = '', says = '']) => ({
  bytes: Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16)),
  says,
}));

const frameOf = (says: string): Uint8Array => shown.find((frame) => frame.says.startsWith(says))?.bytes ?? new Uint8Array();

const test = suite('docs/readers.md');

test('every frame is whole, and its check is right', () => {
  assert.is(shown.length, 6);
  for (const { bytes, says } of shown) {
    const found = lookForFrame(bytes);
    assert.equal([found.kind, found.kind === 'frame' && found.length], ['frame', bytes.length], says);
  }
});

test('the board’s frames tell what is written beside them', () => {
  const feed = [frameOf('version'), frameOf('heartbeat'), frameOf('input 1, 26'), frameOf('input 2, 4')].flatMap((bytes) => [
    ...bytes,
  ]);
  const { events } = readerLine.feed(readerLine.begin(0).state, Uint8Array.from(feed), 1);
  assert.equal(events.map(lineOf), [
    'Wiegand board, reader line 1, firmware 1.0',
    '1 there',
    '2 there',
    '1 badge 26 80981CC0',
    '2 keys #',
  ]);
});

test('the controller’s frames are what it sends', () => {
  assert.equal(encodeFrame(0x10, []), frameOf('ask version'));
  const signal = { colour: 'amber', onMs: 500, offMs: 500, beats: [100, 900] } as const;
  const { state } = readerLine.feed(readerLine.begin(0).state, frameOf('version'), 1);
  assert.equal(readerLine.show?.(state, 1, signal).events, [{ kind: 'send', bytes: frameOf('input 1: amber') }]);
});

test.run();
