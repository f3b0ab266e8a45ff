/**
 * `npm run build:onoff`: compiles `epoll`, the native part of `onoff`, for this Node. Only the sysfs driver needs it, on kernels
 * without the GPIO character device; it must be run again after Node's major version changed.
 *
 * Needs a C++ compiler, make, Python 3 and Node's headers: on Raspberry Pi OS and Debian the packages `g++ make python3`, and
 * `libnode-dev` where Node is Debian's own. Without headers on the machine, node-gyp downloads them from nodejs.org.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** npm runs this one package's install script, which is node-gyp; `.npmrc` forbids scripts otherwise. */
const compile = (): boolean => {
  const headers = headersFolder();
  if (headers === undefined) say("Node's headers are not beside Node: node-gyp downloads them from nodejs.org.");
  const options = headers === undefined ? [] : [`--nodedir=${headers}`];
  const built = spawnSync('npm', ['rebuild', 'epoll', '--ignore-scripts=false', '--foreground-scripts', ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  return built.status === 0;
};

const loads = (): boolean => spawnSync(process.execPath, ['-e', "require('onoff')"], { cwd: root }).status === 0;

const build = (): number => {
  const missing = missingParts();
  if (missing.length > 0) {
    say(`onoff cannot be compiled here; missing:\n${missing.map((part) => `  ${part}`).join('\n')}`);
    return 1;
  }
  if (!compile() || !loads()) {
    say('onoff could not be compiled: the lines above say why. Everything but `access: onoff` works without it.');
    return 1;
  }
  say(`onoff is ready for Node ${process.version}.`);
  return 0;
};

process.exitCode = build();
