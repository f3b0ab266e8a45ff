/** Log lines as JSON on standard error, so that standard output stays what the verb prints. */
import pino from 'pino';
import type { Log } from '../../ports/log.ts';

export const jsonLog = (level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): Log => {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
  return (severity, message, facts = {}) => logger[severity](facts, message);
};
