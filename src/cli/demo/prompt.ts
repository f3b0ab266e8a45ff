/** Lines that a person or a script gives, obeyed one after the other, until somebody leaves. */

export type Prompt = {
  readonly take: (line: string) => void;
  /** No more lines come: those that are there are still obeyed. */
  readonly finish: () => void;
  /** At once, whatever is under way. */
  readonly leave: () => void;
  /** Ends early when somebody leaves. */
  readonly pause: (ms: number) => Promise<void>;
  /** Obeys until `obey` answers true, or nothing more comes, or somebody leaves. */
  readonly serve: (obey: (line: string) => Promise<boolean>) => Promise<void>;
};

export const makePrompt = (): Prompt => {
  const lines: string[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  let isFinished = false;
  let wake: (() => void) | undefined;

  const more = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

  const serve = async (obey: (line: string) => Promise<boolean>): Promise<void> => {
    while (!signal.aborted) {
      const line = lines.shift();
      if (line !== undefined) {
        if (await obey(line)) return abort.abort();
      } else if (isFinished) return;
      else await more();
    }
  };

  return {
    take: (line) => {
      lines.push(line);
      wake?.();
    },
    finish: () => {
      isFinished = true;
      wake?.();
    },
    leave: () => abort.abort(),
    pause: (ms) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener('abort', end);
      }),
    serve: async (obey) => Promise.race([serve(obey), left]),
  };
};
