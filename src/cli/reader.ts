/**
 * `vigie reader install KEYPAD --data FOLDER`: opens the install window of one OSDP reader at the controller that runs, and
 * waits for what becomes of it. Exit 0: it serves with a key of its own; 1: it does not; 2: command line, or no such reader;
 * 3: no controller runs there, or it may not be spoken to.
 */
import { askControl } from '../drivers/control/client.ts';
import { INSTALL_WINDOW_MS_MAX } from '../drivers/osdp/osdpBus.ts';
import { READER_WORDS } from '../drivers/osdp/words.ts';
import type { ControlReply } from '../ports/control.ts';
import { refusedFor } from '../runtime/controlDesk.ts';
import type { ControlVerb } from '../runtime/controlDesk.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { peopleWords } from './people/words.ts';
import type { InstallReader } from './readerBuses.ts';

export const READER_USAGE = `Usage: vigie reader install KEYPAD --data FOLDER [--minutes 1-10] [--lang fr|en]
KEYPAD is a reader on an OSDP bus, in its factory state; FOLDER the data folder of a controller that runs.
`;

const MINUTE_MS = 60_000;
const MINUTES_MOST = INSTALL_WINDOW_MS_MAX / MINUTE_MS;
/** The controller answers when the window is over at the latest. */
const ANSWER_MS = 10_000;

// ---- at the controller

const ASK = 'install-window';

/** What can be asked of a controller about its readers. */
export const readerVerbs = (install: InstallReader): readonly ControlVerb[] => [
  {
    ask: ASK,
    act: async ({ keypad, ms }) => {
      const isWindow = typeof ms === 'number' && ms > 0 && ms <= INSTALL_WINDOW_MS_MAX;
      if (typeof keypad !== 'string' || !isWindow) return refusedFor('bad-request');
      const outcome = await install(keypad, ms);
      if (outcome.ok) return outcome;
      return outcome.reason === 'time-over' ? refusedFor('time-over', { trouble: outcome.trouble }) : refusedFor(outcome.reason);
    },
  },
];

// ---- at the command line

type Wanted = {
  readonly keypad: string;
  readonly data: string;
  readonly minutes: number;
  readonly language: 'fr' | 'en';
};

const wantedOf = (args: readonly string[]): Wanted | string => {
  const parsed = parseOptions(args, { options: ['data', 'minutes', 'lang'], flags: [] });
  if (!parsed.ok) return parsed.problem;
  const { options, words } = parsed;
  const [action, keypad, ...more] = words;
  if (action !== 'install' || keypad === undefined || more.length > 0) return 'install and one keypad are needed';
  const data = options.get('data');
  if (data === undefined) return '--data is needed';
  const minutes = Number(options.get('minutes') ?? MINUTES_MOST);
  if (!(minutes >= 1 && minutes <= MINUTES_MOST)) return `--minutes takes 1 to ${MINUTES_MOST}`;
  return { keypad, data, minutes, language: options.get('lang') === 'en' ? 'en' : 'fr' };
};

type ReaderWords = {
  readonly open: (keypad: string, minutes: number) => string;
  readonly installed: (keypad: string, identity: string) => string;
  readonly timeOver: (why: string) => string;
  readonly refusals: Readonly<Record<string, string>>;
};

const french: ReaderWords = {
  open: (keypad, minutes) =>
    `${keypad} : fenêtre d’installation ouverte, ${minutes} min au plus. Le lecteur doit être à l’état d’usine.`,
  installed: (keypad, identity) => `${keypad} : installé (${identity}). Il a désormais sa propre clé.`,
  timeOver: (why) => `La fenêtre est refermée sans installation : ${why}`,
  refusals: {
    'unknown-reader': 'Aucun lecteur OSDP ne porte ce nom dans le fichier du site.',
    'not-open': 'Le bus n’est pas encore ouvert : attendez que la centrale ait démarré.',
    'window-open-already': 'Une fenêtre d’installation est déjà ouverte pour ce lecteur.',
    bare: 'La centrale tourne en mode de secours : rien ne peut lui être demandé.',
  },
};

const english: ReaderWords = {
  open: (keypad, minutes) => `${keypad}: install window open, ${minutes} min at most. The reader must be in its factory state.`,
  installed: (keypad, identity) => `${keypad}: installed (${identity}). It has a key of its own from now on.`,
  timeOver: (why) => `The window has closed and nothing was installed: ${why}`,
  refusals: {
    'unknown-reader': 'No OSDP reader of that name is in the site’s file.',
    'not-open': 'The bus is not open yet: wait until the controller has started.',
    'window-open-already': 'An install window is open for this reader already.',
    bare: 'The controller runs in emergency mode: nothing can be asked of it.',
  },
};

const words: Readonly<Record<'fr' | 'en', ReaderWords>> = { fr: french, en: english };

const troubleText = (trouble: unknown): string =>
  Object.entries(READER_WORDS).find(([name]) => name === trouble)?.[1] ?? READER_WORDS.silent;

const refusalText = ({ refusals, timeOver }: ReaderWords, reply: Extract<ControlReply, { ok: false }>): string =>
  reply.reason === 'time-over' ? timeOver(troubleText(reply['trouble'])) : (refusals[reply.reason] ?? reply.reason);

export const reader = async (args: readonly string[], io: Io): Promise<number> => {
  const wanted = wantedOf(args);
  if (typeof wanted === 'string') {
    io.err(`vigie reader: ${wanted}\n${READER_USAGE}`);
    return EXIT.badInput;
  }
  const { keypad, data, minutes, language } = wanted;
  const ms = minutes * MINUTE_MS;
  io.err(`${words[language].open(keypad, minutes)}\n`);
  const answer = await askControl(data, { ask: ASK, keypad, ms }, ms + ANSWER_MS);
  if (!answer.ok) {
    io.err(`${data} : ${peopleWords[language].failures[answer.reason]}\n`);
    return answer.reason === 'no-folder' ? EXIT.badInput : EXIT.data;
  }
  if (answer.reply.ok) {
    io.out(`${words[language].installed(keypad, String(answer.reply['identity']))}\n`);
    return EXIT.ok;
  }
  io.err(`${refusalText(words[language], answer.reply)}\n`);
  return answer.reply.reason === 'unknown-reader' ? EXIT.badInput : EXIT.failed;
};
