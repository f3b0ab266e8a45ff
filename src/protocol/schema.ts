/**
 * Message shapes as values: one description gives the strict check of what came in and the JSON Schema (draft-07) that
 * integrators read, so the two cannot drift apart. A *schema* accepts or refuses a parsed JSON value; it never throws.
 */
export type JsonSchema = { readonly [key: string]: unknown };

export type Schema<T> = { readonly json: JsonSchema; readonly accepts: (value: unknown) => value is T };

/** A property that may be absent; it may never be null. */
export type Optional<T> = { readonly optional: Schema<T> };

type Fields<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Schema<T[K]>;
};

export const optional = <T>(schema: Schema<T>): Optional<T> => ({ optional: schema });

export const text = (limits: { readonly pattern?: RegExp; readonly max?: number } = {}): Schema<string> => {
  const max = limits.max ?? 256;
  return {
    json: { type: 'string', maxLength: max, ...(limits.pattern ? { pattern: limits.pattern.source } : {}) },
    accepts: (value): value is string =>
      typeof value === 'string' && value.length <= max && (limits.pattern === undefined || limits.pattern.test(value)),
  };
};

export const integer = (minimum = 0, maximum = Number.MAX_SAFE_INTEGER): Schema<number> => ({
  json: { type: 'integer', minimum, maximum },
  accepts: (value): value is number => Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
});

export const flag: Schema<boolean> = { json: { type: 'boolean' }, accepts: (value) => typeof value === 'boolean' };

export const constant = <const T extends string | number | boolean>(only: T): Schema<T> => ({
  json: { const: only },
  accepts: (value): value is T => value === only,
});

export const oneOf = <const T extends string>(values: readonly T[]): Schema<T> => {
  const known: ReadonlySet<unknown> = new Set(values);
  return { json: { enum: [...values] }, accepts: (value): value is T => known.has(value) };
};

export const list = <T>(item: Schema<T>, maxItems: number): Schema<readonly T[]> => ({
  json: { type: 'array', items: item.json, maxItems },
  accepts: (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= maxItems && value.every((entry) => item.accepts(entry)),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Free facts: a flat object of strings, numbers and booleans. */
export const facts: Schema<Readonly<Record<string, string | number | boolean>>> = {
  json: { type: 'object', maxProperties: 32, additionalProperties: { type: ['string', 'number', 'boolean'] } },
  accepts: (value): value is Readonly<Record<string, string | number | boolean>> =>
    isRecord(value) &&
    Object.keys(value).length <= 32 &&
    Object.values(value).every((entry) => ['string', 'number', 'boolean'].includes(typeof entry)),
};

type AnyField = Schema<unknown> | Optional<unknown>;
const schemaOf = (field: AnyField): Schema<unknown> => ('optional' in field ? field.optional : field);

/** An object with these properties and no others. */
export const object = <T extends object>(fields: Fields<T>): Schema<T> => {
  const entries: readonly (readonly [string, AnyField])[] = Object.entries(fields);
  const names: ReadonlySet<string> = new Set(entries.map(([name]) => name));
  const holds = (value: Readonly<Record<string, unknown>>, [name, field]: readonly [string, AnyField]): boolean =>
    Object.hasOwn(value, name) ? schemaOf(field).accepts(value[name]) : 'optional' in field;
  return {
    json: {
      type: 'object',
      additionalProperties: false,
      required: entries.filter(([, field]) => !('optional' in field)).map(([name]) => name),
      properties: Object.fromEntries(entries.map(([name, field]) => [name, schemaOf(field).json])),
    },
    accepts: (value): value is T =>
      isRecord(value) && Object.keys(value).every((name) => names.has(name)) && entries.every((entry) => holds(value, entry)),
  };
};

/** One of two shapes. */
export const either = <A, B>(one: Schema<A>, other: Schema<B>): Schema<A | B> => ({
  json: { oneOf: [one.json, other.json] },
  accepts: (value): value is A | B => one.accepts(value) || other.accepts(value),
});
