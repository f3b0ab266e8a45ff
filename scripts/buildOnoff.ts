/**
 * `npm run build:onoff`: compiles `epoll`, the native part of `onoff`, for this Node. Only the sysfs driver needs it, on kernels
 * without the GPIO character device; it must be run again after Node's major version changed.
 *
 * Needs a C++ compiler, make, Python 3 and Node's headers: on Raspberry Pi OS and Debian the packages `g++ make python3`, and
 * `libnode-dev` where Node is Debian's own. Without headers on the machine, node-gyp downloads them from nodejs.org.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

type Tool = { readonly what: string; readonly commands: readonly string[] };
const TOOLS: readonly Tool[] = [
  { what: 'a C++ compiler (Debian: g++)', commands: ['c++', 'g++', 'clang++'] },
  { what: 'make (Debian: make)', commands: ['make'] },
  { what: 'Python 3 (Debian: python3)', commands: ['python3'] },
];

const isThere = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

const missingParts = (): readonly string[] => {
  const onoff = existsSync(join(root, 'node_modules', 'epoll')) ? [] : ['the package onoff: npm ci --include=optional'];
  return [...onoff, ...TOOLS.filter(({ commands }) => !commands.some(isThere)).map(({ what }) => what)];
};

/** Where Node's headers are beside Node itself: `/usr` for `/usr/include/node`. */
const headersFolder = (): string | undefined => {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node.h')) ? prefix : undefined;
};

/** npm, and all it starts, under the Node that is to load the result, whichever comes first otherwise. */
const npm = (args: readonly string[]): boolean => {
  const program = process.env['npm_execpath'];
  const [command, ...rest] = program === undefined ? ['npm', ...args] : [process.execPath, program, ...args];
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
  return spawnSync(command ?? 'npm', rest, { cwd: root, stdio: 'inherit', env }).status === 0;
};

/** npm runs this one package's install script, which is node-gyp; `.npmrc` forbids scripts otherwise. */
const compile = (): boolean => {
  const headers = headersFolder();
  if (headers === undefined) say("Node's headers are not beside Node: node-gyp downloads them from nodejs.org.");
  const options = headers === undefined ? [] : [`--nodedir=${headers}`];
  return npm(['rebuild', 'epoll', '--ignore-scripts=false', '--foreground-scripts', ...options]);
};

/** Why what was compiled does not load in this Node; undefined: it does. */
const loadingError = (): string | undefined => {
  const loaded = spawnSync(process.execPath, ['-e', "require('onoff')"], { cwd: root, encoding: 'utf8' });
  return loaded.status === 0 ? undefined : loaded.stderr;
};

const build = (): number => {
  const missing = missingParts();
  if (missing.length > 0) {
    say(`onoff cannot be compiled here; missing:\n${missing.map((part) => `  ${part}`).join('\n')}`);
    return 1;
  }
  if (!compile()) {
    say('onoff could not be compiled: the lines above say why. Everything but `access: onoff` works without it.');
    return 1;
  }
  const error = loadingError();
  if (error !== undefined) {
    say(`onoff was compiled and does not load: were the headers those of Node ${process.version}?\n${error}`);
    return 1;
  }
  say(`onoff is ready for Node ${process.version}.`);
  return 0;
};

process.exitCode = build();
