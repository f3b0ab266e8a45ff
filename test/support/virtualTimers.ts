/** Timers that run when the test says so, in order of their instants. */
import type { Timers } from '../../src/ports/player.ts';

export type VirtualTimers = Timers & { readonly advance: (ms: number) => void; readonly pending: () => number };

type Task = { readonly at: number; readonly run: () => void };

export const createVirtualTimers = (): VirtualTimers => {
  let now = 0;
  let tasks: Task[] = [];

  const runDue = (until: number): void => {
    for (;;) {
      const next = tasks.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) return;
      tasks = tasks.filter((task) => task !== next);
      now = next.at;
      next.run();
    }
  };

  return {
    now: () => now,
    later: (ms, run) => {
      const task = { at: now + ms, run };
      tasks = [...tasks, task];
      return () => {
        tasks = tasks.filter((other) => other !== task);
      };
    },
    advance: (ms) => {
      const until = now + ms;
      runDue(until);
      now = until;
    },
    pending: () => tasks.length,
  };
};
