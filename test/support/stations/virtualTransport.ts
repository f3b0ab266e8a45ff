/** The way to an emulated station in virtual time, with the network between them: plugged in or not, quick or slow. */
import type { Timers } from '../../../src/ports/player.ts';
import type { MakeTransport } from '../../../src/drivers/stations/http.ts';
import { failed } from '../../../src/drivers/stations/transport.ts';
import type { Failed } from '../../../src/drivers/stations/transport.ts';
import type { Asker, Station } from './station.ts';

export type Network = {
  state: 'plugged' | 'unplugged' | 'refusing';
  /** How long a question takes to the station, and an answer back. */
  delayMs: number;
  /** Connections that stand; unplugging cuts none of them, as it does not in life. */
  readonly make: MakeTransport;
};

type Call = { isOver: boolean };

const statusFailure = (status: number): Failed =>
  failed(status === 403 ? 'forbidden' : status === 503 || status === 509 ? 'busy' : 'garbled', `HTTP ${status}`);

export const virtualNetwork = (station: Station, timers: Timers): Network => {
  const network: Network = {
    state: 'plugged',
    delayMs: 1,
    make: (_, { password }) => {
      const calls = new Set<Call>();
      const begin = (): Call => {
        const call = { isOver: false };
        calls.add(call);
        return call;
      };
      const later = (call: Call, task: () => void): void => {
        timers.later(network.delayMs, () => {
          if (!call.isOver && network.state === 'plugged') task();
        });
      };
      /** Whether anybody at all will answer. */
      const isRefused = (call: Call, end: (reason: Failed) => void): boolean => {
        const reason =
          network.state === 'refusing'
            ? failed('unreachable')
            : password === station.password
              ? undefined
              : failed('wrong-password');
        if (!reason || network.state === 'unplugged') return false;
        timers.later(network.delayMs, () => {
          if (!call.isOver) end(reason);
        });
        return true;
      };
      return {
        ask: ({ path, deadlineMs, bytesMax }, onAnswer) => {
          const call = begin();
          const end = (answer: Parameters<typeof onAnswer>[0]): void => {
            if (call.isOver) return;
            call.isOver = true;
            stop();
            onAnswer(answer);
          };
          const stop = timers.later(deadlineMs, () => end(failed('timeout')));
          const asker: Asker = {
            isGone: () => call.isOver,
            answer: (status, _contentType, body) =>
              later(call, () => {
                if (status !== 200) return end(statusFailure(status));
                return end(body.length > bytesMax ? failed('too-large') : { ok: true, text: body });
              }),
            stream: () => ({ write: () => {}, end: () => {} }),
          };
          if (!isRefused(call, end)) later(call, () => station.ask(path, asker));
          return () => {
            call.isOver = true;
            stop();
          };
        },
        listen: (path, deadlineMs, listener) => {
          const call = begin();
          const end = (reason: Failed): void => {
            if (call.isOver) return;
            call.isOver = true;
            stop();
            listener.onEnd(reason);
          };
          const stop = timers.later(deadlineMs, () => end(failed('timeout')));
          const stream = (contentType: string): ReturnType<Asker['stream']> => {
            later(call, () => {
              stop();
              listener.onOpen(contentType);
            });
            return {
              write: (text) => later(call, () => listener.onBytes(new TextEncoder().encode(text))),
              end: () => later(call, () => end(failed('closed'))),
            };
          };
          const answer: Asker['answer'] = (status, contentType, body) => {
            if (status !== 200) return later(call, () => end(statusFailure(status)));
            const whole = stream(contentType);
            whole.write(body);
            return whole.end();
          };
          if (!isRefused(call, end)) later(call, () => station.ask(path, { isGone: () => call.isOver, answer, stream }));
          return () => {
            call.isOver = true;
            stop();
          };
        },
        close: () => {
          for (const call of calls) call.isOver = true;
        },
      };
    },
  };
  return network;
};
