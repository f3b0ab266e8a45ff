/** The controller as the demo's person has it in hand: on or off, killed and started again, its board within reach. */
import type { Config } from '../../core/config.ts';
import { startControllerProcess } from './controllerProcess.ts';
import type { ControllerProcess } from './controllerProcess.ts';
import type { Practice } from './board.ts';
import { openSimLink } from './simLink.ts';
import type { LineChange, SimLink } from './simLink.ts';

export type ControllerOptions = {
  readonly program: string;
  readonly args: readonly string[];
  readonly socketPath: string;
  readonly log: string;
  readonly config: Config;
  readonly practice: Practice;
  /** Keeps what the board's lines say for the controller that starts. */
  readonly keepLevels: (levels: string) => void;
  readonly onChange: (change: LineChange) => void;
  readonly onDown: () => void;
  /** It ended, and nobody had asked it to. */
  readonly onEnded: (code: number | undefined) => void;
};

/** `ms`: until it watched. */
export type Started = { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly code: number | undefined };

export type DemoController = {
  readonly start: () => Promise<Started>;
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly link: () => SimLink | undefined;
};

type Running = { process: ControllerProcess | undefined; link: SimLink | undefined; isWanted: boolean };

/** What stands on before the watch began is told as changes are. */
const watchOutputs = (link: SimLink, { config }: ControllerOptions): void => {
  const lines = config.outputs.map(({ line }) => line);
  void link.ask({ watch: lines });
  for (const line of lines) link.tell({ get: line });
};

export const makeDemoController = (options: ControllerOptions): DemoController => {
  const running: Running = { process: undefined, link: undefined, isWanted: false };

  const down = (): void => {
    running.link?.close();
    running.link = undefined;
    running.process = undefined;
    options.onDown();
  };

  const watchEnd = async (started: ControllerProcess): Promise<void> => {
    const code = await started.ended;
    if (running.process !== started) return;
    down();
    if (running.isWanted) options.onEnded(code);
  };

  const start = async (): Promise<Started> => {
    running.isWanted = true;
    options.keepLevels(options.practice.levels());
    const since = Date.now();
    const started = startControllerProcess(options.program, options.args, options.log);
    running.process = started;
    const link = (await started.ready) ? await openSimLink(options.socketPath, options.onChange) : undefined;
    if (!link) {
      await started.stop();
      return { ok: false, code: await started.ended };
    }
    running.link = link;
    void watchEnd(started);
    watchOutputs(link, options);
    return { ok: true, ms: Date.now() - since };
  };

  const end = async (how: 'kill' | 'stop'): Promise<void> => {
    const { process } = running;
    running.isWanted = false;
    if (!process) return;
    await process[how]();
    if (running.process === process) down();
  };

  return { start, kill: () => end('kill'), stop: () => end('stop'), link: () => running.link };
};
