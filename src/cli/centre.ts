/**
 * `vigie centre`: the reference receiver of a monitoring centre, in a terminal.
 *
 *     vigie centre --broker mqtt://host[:port] [--data FOLDER] [--lang fr|en] [--json]
 *                  [--ca FILE] [--cert FILE --key FILE] [--server-name NAME]
 *                  [--user NAME] [--client-id ID]
 *
 * `--data` defaults to `centre-data`. The password of `--user` is read from the environment, VIGIE_CENTRE_PASSWORD, so that
 * it shows in no list of processes. With `--json` standard output carries one JSON object a line and nothing else:
 * `{"at":"2026-…Z","kind":…}` with the fields of `CentreEvent` (src/cli/centre/events.ts), the first of them
 * `{"kind":"ready","damagedLines":…}`. Without it, one line per event: time, site, class, words; in colour on a terminal.
 *
 * Exit codes: 0 stopped by SIGINT or SIGTERM; 1 the folder cannot be used (another centre runs on it, disk full, not
 * writable); 2 wrong arguments or an unreadable certificate file. A broker that is not there is no reason to end: it is tried
 * again for ever.
 */
import { wall } from '../core/time.ts';
import type { TlsOptions } from '../ports/link.ts';
import { isoOf } from '../protocol/instant.ts';
import { parseCentreArgs } from './centre/args.ts';
import type { CentreArgs } from './centre/args.ts';
import type { CentreEvent } from './centre/events.ts';
import { startCentre } from './centre/start.ts';
import type { Centre, CentreOptions } from './centre/start.ts';
import { lineOf, printed } from './centre/view.ts';
import { centreWords } from './centre/words.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { readTls } from './tlsFiles.ts';

const PASSWORD_VARIABLE = 'VIGIE_CENTRE_PASSWORD';

// ---- showing

type Screen = {
  readonly show: (event: CentreEvent, at: number) => void;
  readonly ready: (centre: Centre) => void;
  readonly end: () => void;
};

const jsonScreen = (io: Io): Screen => {
  const line = (at: number, fields: object): void => io.out(`${JSON.stringify({ at: isoOf(wall(at)), ...fields })}\n`);
  return {
    show: (event, at) => line(at, event),
    ready: (centre) => line(Date.now(), { kind: 'ready', damagedLines: centre.view().damagedLines }),
    end: () => undefined,
  };
};

/** Lines, and on a terminal below them one that is rewritten: how many sites, how many silent. */
const terminalScreen = (io: Io, args: CentreArgs): Screen => {
  const words = centreWords[args.language];
  const isTerminal = process.stdout.isTTY;
  const colours = isTerminal && io.env['NO_COLOR'] === undefined;
  let centre: Centre | undefined;
  const summary = (): string => {
    const view = centre?.view();
    if (!view || !isTerminal) return '';
    const silent = view.sites.filter(({ silence }) => silence !== undefined).length;
    return `\u001b[2m${words.summary(view.sites.length, silent, view.connected)}\u001b[0m`;
  };
  const clear = isTerminal ? '\r\u001b[2K' : '';
  const line = (text: string): void => io.out(`${clear}${text}\n${summary()}`);
  return {
    show: (event, at) => line(printed(lineOf(args.language, event, at), colours)),
    ready: (started) => {
      centre = started;
      line(words.waiting(args.broker));
      const { damagedLines } = started.view();
      if (damagedLines > 0) line(words.damaged(damagedLines));
    },
    end: () => io.out(clear),
  };
};

// ---- running

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

const optionsOf = (args: CentreArgs, io: Io, tls: TlsOptions | undefined): CentreOptions => {
  const password = io.env[PASSWORD_VARIABLE];
  return {
    broker: args.broker,
    dataFolder: args.dataFolder,
    ...(args.clientId === undefined ? {} : { clientId: args.clientId }),
    ...(args.username === undefined ? {} : { username: args.username }),
    ...(args.username === undefined || password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
  };
};

/** Runs until it is told to stop; resolves with the exit code. */
export const centre = async (args: readonly string[], io: Io): Promise<number> => {
  const parsed = parseCentreArgs(args);
  if (!parsed.ok) {
    io.err(parsed.text);
    return parsed.help ? EXIT.ok : EXIT.badInput;
  }
  const files = await readTls(parsed.args, io);
  if (!files.ok) {
    io.err(files.text);
    return EXIT.badInput;
  }
  const screen = parsed.args.json ? jsonScreen(io) : terminalScreen(io, parsed.args);
  const stopped = untilStopped();
  const start = await startCentre(optionsOf(parsed.args, io, files.tls), screen.show);
  if (!start.ok) {
    io.err(`${parsed.args.dataFolder}: ${centreWords[parsed.args.language].storage[start.reason]} [${start.reason}]\n`);
    return EXIT.failed;
  }
  screen.ready(start.centre);
  await stopped;
  await start.centre.stop();
  screen.end();
  return EXIT.ok;
};
