/**
 * Loaded into a controller with `node --import`: its inputs are not read again any more once the file VIGIE_TEST_DEAF is
 * there, while all else goes on.
 */
import { register } from 'node:module';

const mark = process.env['VIGIE_TEST_DEAF'] ?? '';

const hooks = `
export const load = async (url, context, next) => {
  const loaded = await next(url, context);
  if (!url.endsWith('/src/runtime/watch.js')) return loaded;
  const source = "import { existsSync as isDeaf } from 'node:fs';" +
    String(loaded.source).replace('const reconcile = () => {', (head) => head + ' if (isDeaf(${JSON.stringify(mark)})) return;');
  if (!source.includes('isDeaf(')) throw new Error('reconcile was not found');
  return { ...loaded, source };
};`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
