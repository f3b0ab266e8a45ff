#!/usr/bin/env node
/**
 * Vigie: the one place that knows arguments, environment and exit codes.
 * Exit codes: 0 well; 1 asked the right way and did not succeed; 2 command line, config or story at fault; 3 the data
 * folder is held by another process or cannot be used.
 */
import { check } from './cli/check.ts';
import { code } from './cli/code.ts';
import type { Io } from './cli/io.ts';
import { EXIT } from './cli/io.ts';
import { processIo } from './cli/processIo.ts';
import { run } from './cli/run.ts';
import { simulate } from './cli/simulate.ts';
import { packageVersion } from './cli/version.ts';

const USAGE = `Usage: vigie VERB …

  run       watch a site
  check     what is wrong with a site's file
  code      hash or draw codes and badges
  simulate  play stories in virtual time, and draw them

  vigie VERB --help tells more; vigie --version tells the version.
`;

/** Resolves at the first SIGTERM or SIGINT. */
const asked = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });

const dispatch = async (
  verb: string | undefined,
  args: readonly string[],
  io: Io & ReturnType<typeof processIo>,
): Promise<number> => {
  switch (verb) {
    case 'run':
      return run(args, io, { asked: asked() });
    case 'check':
      return check(args, io);
    case 'code':
      return code(args, io);
    case 'simulate':
      return simulate(args, io);
    case '--version':
      io.out(`${packageVersion()}\n`);
      return EXIT.ok;
    case '--help':
    case 'help':
      io.out(USAGE);
      return EXIT.ok;
    default:
      io.err(verb === undefined ? USAGE : `vigie: unknown verb ${verb}\n${USAGE}`);
      return EXIT.badInput;
  }
};

const [verb, ...args] = process.argv.slice(2);
process.exit(await dispatch(verb, args, processIo()));
