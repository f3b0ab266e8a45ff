/** `vigie rest-outputs` as a program of its own, which loads nothing else: see src/cli/restOutputs.ts. */
import { processIo } from './cli/processIo.ts';
import { restTools } from './cli/rest/tools.ts';
import { restOutputs } from './cli/restOutputs.ts';

process.exit(await restOutputs(process.argv.slice(2), processIo(), restTools()));
