/** Lines for whoever looks after the machine. A log line is never the journal, and never holds a code. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, facts?: Readonly<Record<string, unknown>>) => void;
