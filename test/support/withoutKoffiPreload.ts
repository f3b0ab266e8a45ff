/** Loaded into a controller with `node --import`: the package koffi is not installed. */
import Module from 'node:module';

const RESOLVE = '_resolveFilename';
const resolver = Module as unknown as { [RESOLVE]: (name: string, ...rest: readonly unknown[]) => string };
const resolve = resolver[RESOLVE];

resolver[RESOLVE] = (name, ...rest) => {
  if (name === 'koffi') throw new Error("Cannot find module 'koffi'");
  return resolve.call(Module, name, ...rest);
};
