/**
 * `vigie pins [--config FILE] [--watch | --identify] [--json] [--lang fr|en]`: the board's header as the site uses it, with the
 * levels of its inputs. Outputs are never asked for. Lines that a running controller holds are its alone.
 * Exit 0: shown; 1: nothing can be shown: no header, no chip, no line to read; 2: command line or site's file.
 */
import { boardsOf } from '../config/boards.ts';
import type { SiteFile } from '../config/siteFile.ts';
import type { Kernel } from '../drivers/gpio-chardev/kernel.ts';
import { loadSiteFile, problemsText, readFailureText } from './check.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import type { Language } from './journal/words.ts';
import { parseOptions } from './options.ts';
import { expanderLines, headerPins } from './pins/header.ts';
import type { HeaderPin } from './pins/header.ts';
import { openPins } from './pins/reader.ts';
import type { PinReader, PinState } from './pins/reader.ts';
import { headerLines, movedLine, noteLines, pinWords } from './pins/text.ts';
import { packageBoards } from './siteTools.ts';
import { CLEAR_BELOW, CLEAR_LINE, HOME, OTHER_SCREEN, OWN_SCREEN } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { USUAL_CONFIG } from './usualPlaces.ts';

export const PINS_USAGE = `Usage: vigie pins [--config FILE] [--watch | --identify] [--json] [--lang fr|en]
  --watch     draws the header anew as lines move
  --identify  open a door, and see which line moved
FILE is ${USUAL_CONFIG} by default. Lines that a running Vigie holds cannot be read: see vigie walk-test.
`;

/** `pause`: a moment; false: somebody asked to end. `kernel` undefined: koffi does not load. */
export type PinsWorld = {
  readonly kernel: Kernel | undefined;
  readonly terminal: Terminal;
  readonly pause: () => Promise<boolean>;
};

type Mode = 'once' | 'watch' | 'identify';
type Asked = { readonly config: string; readonly mode: Mode; readonly isJson: boolean; readonly language: Language };

const asked = (args: readonly string[]): Asked | string => {
  const parsed = parseOptions(args, { options: ['config', 'lang'], flags: ['watch', 'identify', 'json'] });
  if (!parsed.ok) return parsed.problem;
  const { options, flags, words } = parsed;
  if (words.length > 0) return `unexpected ${words.join(' ')}`;
  if (flags.has('watch') && flags.has('identify')) return 'choose one of --watch and --identify';
  const language = options.get('lang') ?? 'fr';
  if (language !== 'fr' && language !== 'en') return '--lang takes fr or en';
  const mode = flags.has('watch') ? 'watch' : flags.has('identify') ? 'identify' : 'once';
  return { config: options.get('config') ?? USUAL_CONFIG, mode, isJson: flags.has('json'), language };
};

export const pins = async (args: readonly string[], io: Io, world: PinsWorld): Promise<number> => {
  const wanted = asked(args);
  if (typeof wanted === 'string') {
    io.err(`vigie pins: ${wanted}\n${PINS_USAGE}`);
    return EXIT.badInput;
  }
  const loaded = await loadSiteFile(wanted.config, io);
  if (loaded.ok) return showSite(wanted, loaded.site, io, world);
  if ('reason' in loaded) io.err(readFailureText(wanted.config, loaded.reason));
  else io.err(problemsText(wanted.config, loaded.problems, wanted.language));
  return EXIT.badInput;
};

const refused = (io: Io, sentence: string): number => {
  io.err(`${sentence}\n`);
  return EXIT.failed;
};

const showSite = async (wanted: Asked, file: SiteFile, io: Io, world: PinsWorld): Promise<number> => {
  const words = pinWords[wanted.language];
  if (file.board.driver === 'sim') return refused(io, words.simulated);
  const { kernel } = world;
  if (!kernel) return refused(io, words.noKoffi);
  const loaded = boardsOf(packageBoards).load(file.board.model);
  // A site's file is only accepted with a board that is there and has a header.
  if (!loaded.ok || loaded.board.kind !== 'gpio') return refused(io, file.board.model);
  const header = headerPins(loaded.board, file);
  const opened = openPins(kernel, file.board.chipLabel, header);
  if (!opened.ok) return refused(io, opened.detail);
  try {
    return await show({ wanted, file, header, reader: opened.reader, io, world });
  } finally {
    opened.reader.close();
  }
};

// ---- showing

type Showing = {
  readonly wanted: Asked;
  readonly file: SiteFile;
  readonly header: readonly HeaderPin[];
  readonly reader: PinReader;
  readonly io: Io;
  readonly world: PinsWorld;
};

const show = async (showing: Showing): Promise<number> => {
  const { wanted, reader, io } = showing;
  const states = reader.states();
  switch (wanted.mode) {
    case 'once':
      io.out(wanted.isJson ? `${JSON.stringify(jsonOf(showing, states))}\n` : tableText(showing, states));
      return EXIT.ok;
    case 'watch':
      return watch(showing, states);
    case 'identify':
      return identify(showing, states);
  }
};

const tableText = ({ wanted, file, header }: Showing, states: readonly PinState[]): string => {
  const { language } = wanted;
  return [...headerLines(language, header, states), '', ...noteLines(language, states, expanderLines(file)), ''].join('\n');
};

const jsonOf = ({ file, header }: Showing, states: readonly PinState[]): object => ({
  site: file.core.site,
  board: file.board.driver === 'gpio' ? file.board.model : undefined,
  pins: header.map((pin, index) => ({ ...pin, state: states[index] })),
  expanderLines: expanderLines(file),
});

// ---- following

/** Tells every line that moves, until somebody asked to end. */
const follow = async (showing: Showing, first: readonly PinState[], onMove: (states: readonly PinState[]) => void) => {
  const { wanted, header, reader, io, world } = showing;
  let before = first;
  while (await world.pause()) {
    const states = reader.states();
    const moved = header.flatMap((pin, index) => {
      const [from, to] = [before[index], states[index]];
      if (pin.kind !== 'line' || !from || !to || JSON.stringify(from) === JSON.stringify(to)) return [];
      return [{ pin, from, to }];
    });
    before = states;
    if (moved.length > 0) onMove(states);
    if (isDrawn(showing)) continue;
    for (const { pin, from, to } of moved)
      io.out(wanted.isJson ? `${JSON.stringify({ ...pin, state: to })}\n` : `${movedLine(wanted.language, pin, from, to)}\n`);
  }
};

/** Only `--watch` on a terminal is drawn; all else is told line by line. */
const isDrawn = ({ wanted, world }: Showing): boolean => wanted.mode === 'watch' && !wanted.isJson && world.terminal.isTerminal;

const draw = ({ wanted, header, io }: Showing, states: readonly PinState[]): void => {
  const lines = headerLines(wanted.language, header, states);
  io.out(`${HOME}${lines.map((line) => `${line}${CLEAR_LINE}\r\n`).join('')}${CLEAR_BELOW}`);
};

const watch = async (showing: Showing, states: readonly PinState[]): Promise<number> => {
  const { wanted, io } = showing;
  if (!isDrawn(showing)) {
    if (!wanted.isJson) io.out(tableText(showing, states));
    await follow(showing, states, () => undefined);
    return EXIT.ok;
  }
  io.out(OTHER_SCREEN);
  draw(showing, states);
  try {
    await follow(showing, states, (moved) => draw(showing, moved));
  } finally {
    io.out(OWN_SCREEN);
  }
  return EXIT.ok;
};

const identify = async (showing: Showing, states: readonly PinState[]): Promise<number> => {
  const { wanted, file, io } = showing;
  const words = pinWords[wanted.language];
  if (!states.some(({ kind }) => kind === 'level')) {
    io.err(`${words.nothingToMove}\n${noteLines(wanted.language, states, expanderLines(file)).join('\n')}\n`);
    return EXIT.failed;
  }
  io.err(`${words.identify}\n`);
  await follow(showing, states, () => undefined);
  return EXIT.ok;
};
