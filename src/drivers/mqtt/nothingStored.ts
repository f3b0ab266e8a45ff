/**
 * The store given to mqtt.js: it keeps nothing. The outbox on disk is the one place where a message waits; a second one
 * in memory would send things twice, out of order, and after they were given up.
 */
import { Readable } from 'node:stream';
import type { IStore } from 'mqtt';

type Done = (error?: Error, packet?: never) => void;

export const nothingStored = (): IStore => {
  const store = {
    put: (_packet: unknown, done: Done) => {
      done();
      return store;
    },
    del: (_packet: unknown, done: Done) => {
      done();
      return store;
    },
    get: (_packet: unknown, done: Done) => {
      done(new Error('nothing is stored'));
      return store;
    },
    createStream: () => Readable.from([]),
    close: (done: Done) => done(),
  };
  // A border: the library's type asks for its own stream class, of which it uses what every readable has.
  return store as unknown as IStore;
};
