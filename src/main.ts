#!/usr/bin/env -S node --max-semi-space-size=2 --max-old-space-size=160
/**
 * Vigie: the one place that knows arguments, environment and exit codes.
 *
 * Exit codes, the same for every verb (docs/verbs.md says what each verb means by them):
 *   0 well
 *   1 asked the right way and did not succeed: a story that does not hold, a journal that was altered, a replay that differs
 *   2 the command line, the site's file or the story is at fault, or there is nothing where it points
 *   3 the data folder is held by another process or cannot be used
 *   4 and above: what became of a door that `operator unlock` was to open
 */
import { centre } from './cli/centre.ts';
import { check, CHECK_USAGE } from './cli/check.ts';
import { code, CODE_USAGE } from './cli/code.ts';
import { demo, DEMO_USAGE } from './cli/demo.ts';
import { doctor, DOCTOR_USAGE } from './cli/doctor.ts';
import { EXIT } from './cli/io.ts';
import { journal, JOURNAL_USAGE } from './cli/journal.ts';
import { machineKernel } from './cli/machineKernel.ts';
import { operator, OPERATOR_USAGE } from './cli/operator.ts';
import { people } from './cli/people.ts';
import { PEOPLE_USAGE } from './cli/people/args.ts';
import { pins, PINS_USAGE } from './cli/pins.ts';
import { processIo } from './cli/processIo.ts';
import type { ProcessIo } from './cli/processIo.ts';
import { replay, REPLAY_USAGE } from './cli/replay.ts';
import { restTools } from './cli/rest/tools.ts';
import { reader, READER_USAGE } from './cli/reader.ts';
import { restOutputs, REST_USAGE } from './cli/restOutputs.ts';
import { run, RUN_USAGE } from './cli/run.ts';
import { simulate, SIMULATE_USAGE } from './cli/simulate.ts';
import { usageOf, verbOf } from './cli/usage.ts';
import type { VerbTable } from './cli/usage.ts';
import { packageVersion } from './cli/version.ts';
import { pacedUntil, processTerminal } from './cli/terminal.ts';
import { walkTest, WALK_TEST_USAGE } from './cli/walkTest.ts';

/** Resolves at the first of these signals, or when the process that started this one with a channel is gone. */
const asked = (...signals: readonly NodeJS.Signals[]): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
    process.once('disconnect', () => resolve());
  });

const VERBS: VerbTable<ProcessIo> = {
  run: { about: 'watch a site', usage: RUN_USAGE, act: (args, io) => run(args, io, { asked: asked('SIGTERM', 'SIGINT') }) },
  'rest-outputs': {
    about: 'the outputs of a controller that is gone, to their rest levels',
    usage: REST_USAGE,
    act: (args, io) => restOutputs(args, io, restTools()),
  },
  demo: {
    about: 'a simulated practice, a broker and the centre, in one terminal',
    usage: DEMO_USAGE,
    // Its terminal may be closed.
    act: (args, io) => demo(args, io, { asked: asked('SIGTERM', 'SIGINT', 'SIGHUP') }),
  },
  centre: { about: 'the monitoring centre’s reference receiver', usage: undefined, act: centre },
  operator: {
    about: 'open a door from afar, and the keys for it',
    usage: OPERATOR_USAGE,
    act: (args, io) => operator(args, io),
  },
  check: { about: 'what is wrong with a site’s file', usage: CHECK_USAGE, act: check },
  doctor: { about: 'whether this machine is fit for the site', usage: DOCTOR_USAGE, act: (args, io) => doctor(args, io) },
  code: {
    about: 'hash or draw codes, read badges',
    usage: CODE_USAGE,
    act: (args, io) => code(args, io, { asked: () => asked('SIGTERM', 'SIGINT', 'SIGHUP') }),
  },
  people: { about: 'who may come in, changed while the controller runs', usage: PEOPLE_USAGE, act: people },
  reader: { about: 'install a reader on a bus', usage: READER_USAGE, act: reader },
  journal: { about: 'read, verify and export what happened', usage: JOURNAL_USAGE, act: journal },
  pins: {
    about: 'the board’s header: what is on each pin, and which line moves',
    usage: PINS_USAGE,
    act: (args, io) =>
      pins(args, io, {
        kernel: machineKernel(),
        terminal: processTerminal(),
        pause: pacedUntil(asked('SIGTERM', 'SIGINT', 'SIGHUP'), 50),
      }),
  },
  'walk-test': {
    about: 'the installer’s detector test: what was seen, and a report to sign',
    usage: WALK_TEST_USAGE,
    act: (args, io) =>
      walkTest(args, io, { terminal: processTerminal(), pause: pacedUntil(asked('SIGTERM', 'SIGINT', 'SIGHUP'), 1_000) }),
  },
  simulate: { about: 'play stories in virtual time, and draw them', usage: SIMULATE_USAGE, act: simulate },
  replay: { about: 'play a recording again, and tell where it differs', usage: REPLAY_USAGE, act: replay },
};

const main = async (args: readonly string[], io: ProcessIo): Promise<number> => {
  const [word, ...rest] = args;
  if (word === '--version') {
    io.out(`${packageVersion()}\n`);
    return EXIT.ok;
  }
  const found = verbOf(VERBS, word, rest);
  if (found.kind === 'act') return found.verb.act(rest, io);
  if (found.kind === 'help') io.out(found.text);
  else io.err(word === undefined ? usageOf(VERBS) : found.text);
  return found.kind === 'help' ? EXIT.ok : EXIT.badInput;
};

process.exit(await main(process.argv.slice(2), processIo()));
