/** The settings of a site's file as a page for people, from the same schema that editors read. */
import { isRecord } from './schemaWalk.ts';
import { siteSchema } from './schema.ts';

type Node = Readonly<Record<string, unknown>>;
type Row = { readonly path: string; readonly value: string; readonly byDefault: string; readonly what: string };

const nodesOf = (list: unknown): readonly Node[] => (Array.isArray(list) ? list.filter(isRecord) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const cell = (value: string): string => value.replaceAll('|', '\\|').replaceAll('\n', ' ');

const isScalar = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);
const shown = (value: unknown): string => (isScalar(value) ? String(value) : '');

const PATTERNS: readonly (readonly [start: string, name: string])[] = [
  ['^[0-9]{1,9}(ms|s|min|h|d)', 'duration'],
  ['^[a-z0-9][a-z0-9-]', 'id'],
  ['^[A-Za-z0-9][A-Za-z0-9_.:', 'line'],
  ['^https?:', 'address'],
  ['^v1-', 'digest'],
  ['^([0-9A-Fa-f]{64}', 'key'],
  ['^20[0-9]{2}', 'date'],
  ['^([01][0-9]|2[0-3]):', 'hours'],
  ['^[0-9]{1,2}(\\.', 'percentage'],
  ['^([0-9]{1,4}(', 'resistor'],
];

const patternName = (pattern: string): string => PATTERNS.find(([start]) => pattern.startsWith(start))?.[1] ?? 'text';

const limitsOf = (node: Node): string => {
  const { minimum, maximum } = node;
  return typeof minimum === 'number' && typeof maximum === 'number' && maximum < 1e9 ? ` ${minimum}–${maximum}` : '';
};

const valueOf = (node: Node): string => {
  if (isScalar(node['const'])) return `\`${shown(node['const'])}\``;
  if (Array.isArray(node['enum'])) return node['enum'].map((choice: unknown) => `\`${shown(choice)}\``).join(' ');
  if (Array.isArray(node['anyOf'])) return [...new Set(nodesOf(node['anyOf']).map(valueOf))].join(' or ');
  if (node['type'] === 'string') return patternName(text(node['pattern']));
  if (node['type'] === 'array') return `list of ${isRecord(node['items']) ? valueOf(node['items']) : 'values'}`;
  if (node['type'] === 'object' || Array.isArray(node['oneOf'])) return 'settings';
  return `${node['type'] === 'integer' ? 'whole number' : text(node['type'])}${limitsOf(node)}`;
};

const defaultOf = (node: Node, required: boolean): string => {
  const value = node['default'];
  if (isScalar(value)) return `\`${shown(value)}\``;
  return required ? '**needed**' : '';
};

const rowOf = (path: string, node: Node, required: boolean): Row => ({
  path,
  value: valueOf(node),
  byDefault: defaultOf(node, required),
  what: text(node['description']),
});

const rowsOf = (node: Node, path: string): Row[] => {
  const options = nodesOf(node['oneOf']).flatMap((option) => rowsOf(option, path));
  const below = isRecord(node['additionalProperties']) ? rowsOf(node['additionalProperties'], `${path}.*`) : [];
  const items = isRecord(node['items']) ? rowsOf(node['items'], `${path}[]`) : [];
  const required = new Set(Array.isArray(node['required']) ? node['required'].map(String) : []);
  const properties = isRecord(node['properties']) ? Object.entries(node['properties']) : [];
  const own = properties.flatMap(([key, value]) => {
    if (!isRecord(value)) return [];
    const name = path === '' ? key : `${path}.${key}`;
    return [rowOf(name, value, required.has(key)), ...rowsOf(value, name)];
  });
  return [...own, ...options, ...below, ...items];
};

const HEAD = `# Settings

Every setting of a site's file. \`*\` stands for an id, \`[]\` for an entry of a list. Written by
\`node dist/scripts/schema.js\` from the sources; how to write a file is told in [config.md](config.md).

| setting | value | when absent | what |
|---|---|---|---|
`;

/** One row for each setting; what several roles or kinds share is there once. */
export const referenceText = (): string => {
  const rows = rowsOf(siteSchema(), '').map(
    ({ path, value, byDefault, what }) => `| \`${path}\` | ${cell(value)} | ${cell(byDefault)} | ${cell(what)} |`,
  );
  return `${HEAD}${[...new Set(rows)].join('\n')}\n`;
};
