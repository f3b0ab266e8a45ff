/**
 * `vigie code read FILE`: hold a badge to a reader of the site, and the digest to write into its file is printed. The number
 * itself, which could be copied, is shown nowhere. A port has one holder: the service is stopped meanwhile.
 */
import type { SiteFile } from '../config/siteFile.ts';
import { joinKeypads } from '../ports/joinedKeypads.ts';
import type { KeypadListener } from '../ports/lines.ts';
import { normalBadge } from '../ports/secrets.ts';
import type { Secrets } from '../ports/secrets.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { portReaderParts } from './portReaders.ts';

const NO_READERS = 'No keypad of this site has a reader on a port of its own: give one its `reader` (docs/readers.md).\n';
const LISTENING = 'Hold a badge to a reader. Ctrl-C ends.\n';

/** One digest after the other, in the order the badges were shown. */
const digestsTo = (secrets: Secrets, io: Io) => {
  let queue: Promise<void> = Promise.resolve();
  return {
    add: (keypad: string, hex: string): void => {
      queue = queue.then(async () => {
        const result = await secrets.digest('badge', normalBadge(hex));
        if (result.ok) io.out(`${keypad} ${result.digest}\n`);
        else io.err(`${keypad}: no digest could be made (${result.reason}). Show it again.\n`);
      });
    },
    done: async (): Promise<void> => queue,
  };
};

/** Until `ended`. */
export const readBadges = async (site: SiteFile, secrets: Secrets, io: Io, ended: Promise<void>): Promise<number> => {
  const parts = portReaderParts(site.portReaders, (level, message, facts) => {
    if (level === 'warn' || level === 'error') io.err(`${message} ${JSON.stringify(facts ?? {})}\n`);
  });
  if (parts.length === 0) {
    io.err(NO_READERS);
    return EXIT.badInput;
  }
  const digests = digestsTo(secrets, io);
  const listener: KeypadListener = {
    onKeys: (keypad) => io.err(`${keypad}: a key\n`),
    onBadge: (keypad, { hex }) => digests.add(keypad, hex),
    onPresence: (keypad, present) => io.err(`${keypad}: ${present ? 'there' : 'not heard'}\n`),
  };
  const keypads = joinKeypads(parts);
  await keypads.open(
    site.portReaders.map(({ keypad }) => keypad),
    listener,
  );
  io.err(LISTENING);
  await ended;
  await keypads.close();
  await digests.done();
  return EXIT.ok;
};
