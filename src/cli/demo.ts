/**
 * `vigie demo [--data FOLDER] [--fast] [--lang fr|en] [--port N]`: a practice in one terminal. In this process an MQTT 5
 * broker on loopback and the centre's reference receiver, really connected to it; in another the controller, `vigie run`, on a
 * simulated board, so that it can be killed; and a prompt. Commands come from a terminal or, a line each, from a pipe.
 * Exit 0: left; 1: the controller or the broker cannot start; 2: command line at fault; 3: the data folder is in use.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteFile } from '../config/siteFile.ts';
import { startCentre } from './centre/start.ts';
import { makePractice } from './demo/board.ts';
import { makeCentreView } from './demo/centreView.ts';
import { complete } from './demo/commands.ts';
import { makeDemoController } from './demo/controller.ts';
import type { DemoController } from './demo/controller.ts';
import { watchKeypads } from './demo/keypads.ts';
import { openNetwork } from './demo/network.ts';
import type { Network } from './demo/network.ts';
import { watchOutputs } from './demo/outputs.ts';
import { panelOf } from './demo/panel.ts';
import { logTail, makePlaces, PROGRAM, removePlaces, writeSite } from './demo/places.ts';
import type { Places } from './demo/places.ts';
import { makePrompt } from './demo/prompt.ts';
import type { Prompt } from './demo/prompt.ts';
import { makeScreen } from './demo/screen.ts';
import type { Screen } from './demo/screen.ts';
import { obey, startAgain } from './demo/session.ts';
import type { Stage } from './demo/session.ts';
import { demoWords } from './demo/words.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import type { Ending } from './run.ts';

export const DEMO_USAGE = `Usage: vigie demo [--data FOLDER] [--fast] [--lang fr|en] [--port N]
`;

type Settings = {
  readonly data: string | undefined;
  readonly isFast: boolean;
  readonly language: 'fr' | 'en';
  readonly port: number;
};

const PORT = 1883;

const settingsOf = (args: readonly string[]): Settings | string => {
  const parsed = parseOptions(args, { options: ['data', 'lang', 'port'], flags: ['fast'] });
  if (!parsed.ok) return parsed.problem;
  const { options, flags, words } = parsed;
  if (words.length > 0) return `unexpected ${words.join(' ')}`;
  const language = options.get('lang') ?? 'fr';
  if (language !== 'fr' && language !== 'en') return '--lang takes fr or en';
  const port = Number(options.get('port') ?? PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return '--port takes a number from 1 to 65535';
  return { data: options.get('data'), isFast: flags.has('fast'), language, port };
};

// ---- the verb

export const demo = async (args: readonly string[], io: Io, ending: Ending): Promise<number> => {
  const settings = settingsOf(args);
  if (typeof settings === 'string') {
    io.err(`vigie demo: ${settings}\n${DEMO_USAGE}`);
    return EXIT.badInput;
  }
  const network = await openNetwork(settings.port);
  if (!network) {
    io.err(`vigie demo: ${demoWords[settings.language].noPort}\n`);
    return EXIT.failed;
  }
  const places = makePlaces(settings.data);
  try {
    return await play({ settings, places, io, ending, network });
  } finally {
    await network.cut();
    removePlaces(places);
  }
};

type Play = {
  readonly settings: Settings;
  readonly places: Places;
  readonly io: Io;
  readonly ending: Ending;
  readonly network: Network;
};

const LOOK_MS = 200;
/** What the inputs say counts once it was stable for a moment. */
const SETTLE_MS = 300;
const START_AGAIN_MS = 1_000;
/** After the last command of a script, so that what it led to is shown. */
const AFTERMATH_MS = 500;

const play = async (given: Play): Promise<number> => {
  const { settings, places, network, ending } = given;
  const words = demoWords[settings.language];
  const site = writeSite(places, settings.isFast);
  const prompt = makePrompt();
  const screen = screenOf(given, site, prompt);
  const stage = stageOf(given, { site, screen, prompt });
  void ending.asked.then(() => prompt.leave());
  screen.write(words.welcome(welcomeOf(given, site)));
  if (network.port !== settings.port) screen.log('demo', words.portInUse(settings.port, network.port));

  const centre = await startCentre(
    { broker: network.url, dataFolder: join(places.data, 'centre'), onAcknowledged: stage.centre.onAck },
    stage.centre.onEvent,
  );
  const code = centre.ok ? await runSession(given, stage, prompt) : EXIT.data;
  if (!centre.ok) given.io.err(`vigie demo: ${join(places.data, 'centre')}: ${centre.reason}\n`);

  screen.close();
  await stage.controller.stop();
  if (centre.ok) await centre.centre.stop();
  stage.centre.stop();
  stage.outputs.stop();
  given.io.out(`${settings.data === undefined ? '' : `${words.kept(places.data)}\n`}${words.goodbye}\n`);
  return code;
};

const welcomeOf = ({ settings, network }: Play, { core }: SiteFile) => {
  const [area] = core.areas;
  return {
    site: core.name,
    broker: network.url,
    isFast: settings.isFast,
    exitS: (area?.exitDelayMs ?? 0) / 1_000,
    entryS: (area?.entryDelayMs ?? 0) / 1_000,
  };
};

const screenOf = ({ settings, io }: Play, site: SiteFile, prompt: Prompt): Screen => {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  return makeScreen({
    isTerminal,
    colours: isTerminal && io.env['NO_COLOR'] === undefined && io.env['TERM'] !== 'dumb',
    out: io.out,
    tags: demoWords[settings.language].tags,
    onLine: prompt.take,
    onEnd: (how) => (how === 'interrupt' || isTerminal ? prompt.leave() : prompt.finish()),
    complete: (line) => complete(site.core, settings.language, line),
  });
};

type Made = { readonly site: SiteFile; readonly screen: Screen; readonly prompt: Prompt };

const stageOf = (given: Play, { site, screen, prompt }: Made): Stage => {
  const { settings, network } = given;
  const { language } = settings;
  const words = demoWords[language];
  const practice = makePractice(site.core);
  const outputs = watchOutputs(site.core.outputs, ({ name, role }, isOn) => {
    if (role.kind === 'buzzer' || role.kind === 'armed-lamp') return;
    screen.log('outputs', `${name}${words.colon}${isOn ? words.on : words.off}`, isOn ? 'alarm' : 'good');
  });
  const [first] = site.core.keypads;
  const keypads = watchKeypads(site.core.keypads, (keypad, lines) => {
    for (const line of lines) screen.log('keypad', keypad === first ? line : `[${keypad.name}] ${line}`);
  });
  const controller = controllerOf(given, { site, practice, outputs, keypads }, () => stage);
  const centre = makeCentreView({ language, words, show: (text, shade) => screen.log('centre', text, shade) });
  const stage: Stage = {
    site,
    words,
    language,
    screen,
    practice,
    controller,
    network,
    centre,
    keypads,
    outputs,
    pause: prompt.pause,
  };
  return stage;
};

type Parts = Pick<Stage, 'site' | 'practice' | 'outputs' | 'keypads'>;

const controllerOf = ({ settings, places, network }: Play, parts: Parts, stage: () => Stage): DemoController =>
  makeDemoController({
    program: PROGRAM,
    args: Object.entries({
      config: places.config,
      data: join(places.data, 'site'),
      broker: network.url,
      'sim-socket': places.socket,
      'sim-levels': places.levels,
      log: 'info',
      lang: settings.language,
    }).flatMap(([name, value]) => [`--${name}`, value]),
    socketPath: places.socket,
    log: places.log,
    config: parts.site.core,
    practice: parts.practice,
    keepLevels: (levels) => writeFileSync(places.levels, levels),
    onChange: parts.outputs.note,
    onDown: () => {
      parts.outputs.fall();
      parts.keypads.fall();
    },
    onEnded: (code) => {
      const { screen, words, pause } = stage();
      screen.log('demo', words.endedByItself(String(code ?? '–')), 'alarm');
      void pause(START_AGAIN_MS).then(() => startAgain(stage()));
    },
  });

// ---- running

const runSession = async (given: Play, stage: Stage, prompt: Prompt): Promise<number> => {
  const started = await stage.controller.start();
  if (!started.ok) {
    given.io.err(`vigie demo: ${stage.words.noController(given.places.log)}\n${logTail(given.places)}\n`);
    return started.code ?? EXIT.failed;
  }
  await stage.pause(SETTLE_MS);
  const looking = setInterval(() => void look(stage), LOOK_MS);
  await look(stage);
  await prompt.serve((line) => obey(stage, line));
  await stage.pause(AFTERMATH_MS);
  clearInterval(looking);
  return EXIT.ok;
};

const look = async (stage: Stage): Promise<void> => {
  const link = stage.controller.link();
  if (link) await stage.keypads.look(link);
  stage.screen.panel(panelOf(stage));
};
