/** What is said in the log of a reader in trouble, with what to do. docs/osdp.md says more. */
import type { ReaderTrouble } from '../../protocol/osdp/reader.ts';
import type { SerialTrouble } from '../../ports/serialLine.ts';
import type { KeyFileTrouble } from './keyFile.ts';

export const READER_WORDS: Readonly<Record<ReaderTrouble, string>> = {
  silent: 'the reader does not answer: check its supply, A and B, its address and its speed',
  'no-key': 'the reader has no key of this controller yet: open an install window for it',
  'wrong-key': 'the reader has another key: it is another reader, or one that was reset; open an install window if that is right',
  'no-secure-channel': 'the reader has no secure channel: replace it, or write `secure: plain` for it inside the building only',
  downgrade: 'the reader had a secure channel once and says now that it has none: look at it; nothing is taken from it',
  'secure-channel-needed': 'the reader refuses to be read in plain: write `secure: required` for it',
  swapped: 'another reader answers in its place: look at it; open an install window to accept it',
  'key-not-stored': 'the new key could not be stored, so the reader did not get it: look at the data folder',
};

export const PORT_WORDS: Readonly<Record<SerialTrouble, string>> = {
  'not-installed': 'the package serialport is missing',
  'no-such-port': 'there is no such port: is the adapter plugged in?',
  'no-permission': 'this user may not use the port: add it to the group dialout',
  busy: 'another program holds the port',
  io: 'the port cannot be used',
};

export const KEY_FILE_WORDS: Readonly<Record<KeyFileTrouble, string>> = {
  damaged: 'the file of reader keys cannot be read: restore it, or move it away and install every reader anew',
  'no-pepper': 'without the pepper the file of reader keys cannot be read: check `security.pepperFile`',
  'not-readable': 'the file of reader keys may not be read: check who owns it',
};
