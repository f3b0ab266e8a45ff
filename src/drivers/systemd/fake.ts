/** A supervisor that only remembers what it was told. */
import type { Supervisor } from '../../ports/supervisor.ts';

export type FakeSupervisor = { readonly supervisor: Supervisor; readonly heard: readonly string[] };

export const fakeSupervisor = (watchdogMs: number | undefined): FakeSupervisor => {
  const heard: string[] = [];
  return {
    heard,
    supervisor: {
      watchdogMs,
      ready: (status) => void heard.push(`ready ${status}`),
      feed: () => void heard.push('feed'),
      status: (text) => void heard.push(`status ${text}`),
      moreTime: (ms) => void heard.push(`more time ${ms}`),
      stopping: () => void heard.push('stopping'),
      close: () => void heard.push('close'),
    },
  };
};
