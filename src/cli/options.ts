/** Command lines: `--name VALUE` options and words, with every mistake named. */
export type Parsed =
  | {
      readonly ok: true;
      readonly options: ReadonlyMap<string, string>;
      readonly flags: ReadonlySet<string>;
      readonly words: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

/** `lists`: options that may come several times; their values are joined by commas. */
export type Accepts = {
  readonly options: readonly string[];
  readonly flags: readonly string[];
  readonly lists?: readonly string[];
};

export const parseOptions = (args: readonly string[], accepts: Accepts): Parsed => {
  const options = new Map<string, string>();
  const flags = new Set<string>();
  const words: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const name = arg.startsWith('--') ? arg.slice(2) : undefined;
    if (name === undefined) words.push(arg);
    else if (accepts.flags.includes(name)) flags.add(name);
    else if (!accepts.options.includes(name) && !isList(accepts, name)) return { ok: false, problem: `unknown option ${arg}` };
    else {
      index += 1;
      const value = args[index];
      if (value === undefined) return { ok: false, problem: `${arg} needs a value` };
      const before = isList(accepts, name) ? options.get(name) : undefined;
      options.set(name, before === undefined ? value : `${before},${value}`);
    }
  }
  return { ok: true, options, flags, words };
};

const isList = ({ lists = [] }: Accepts, name: string): boolean => lists.includes(name);
