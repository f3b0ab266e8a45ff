/**
 * Whether a text is well-formed XML, as far as a hand-written drawing needs: one root, tags closed in the order they were
 * opened, attributes quoted and named once, no stray `<` or `&`. Declarations and CDATA are not expected.
 */

const TOKEN = /<!--[^]*?-->|<[^>"]*(?:"[^"]*"[^>"]*)*>|[^<]+|</g;
const TAG = /^<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>$/;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)/;

export type Element = { readonly name: string; readonly attributes: ReadonlyMap<string, string>; text: string };
export type Xml = { readonly elements: readonly Element[]; readonly faults: readonly string[] };

type Reader = { readonly elements: Element[]; readonly faults: string[]; readonly open: Element[] };

const attributesOf = (reader: Reader, name: string, text: string): ReadonlyMap<string, string> => {
  const attributes = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (attributes.has(key)) reader.faults.push(`<${name}> has ${key} twice`);
    attributes.set(key, value);
  }
  return attributes;
};

const close = (reader: Reader, name: string): void => {
  const last = reader.open.pop();
  if (last?.name !== name) reader.faults.push(`</${name}> closes <${last?.name ?? 'nothing'}>`);
};

const open = (reader: Reader, name: string, attributes: ReadonlyMap<string, string>, empty: boolean): void => {
  if (reader.open.length === 0 && reader.elements.length > 0) reader.faults.push(`<${name}> is a second root`);
  const element: Element = { name, attributes, text: '' };
  reader.elements.push(element);
  if (!empty) reader.open.push(element);
};

const readTag = (reader: Reader, token: string): void => {
  const [, slash, name = '', attributes = '', empty] = TAG.exec(token) ?? [];
  if (name === '') reader.faults.push(`not a tag: ${token.slice(0, 60)}`);
  else if (slash) close(reader, name);
  else open(reader, name, attributesOf(reader, name, attributes), empty === '/');
};

const readText = (reader: Reader, token: string): void => {
  const element = reader.open.at(-1);
  if (element) element.text += token;
  else if (token.trim() !== '') reader.faults.push(`text outside the root: ${token.trim().slice(0, 60)}`);
};

export const readXml = (text: string): Xml => {
  const reader: Reader = { elements: [], faults: [], open: [] };
  if (ENTITY.test(text)) reader.faults.push('a stray &');
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('<!--')) continue;
    if (token.startsWith('<')) readTag(reader, token);
    else readText(reader, token);
  }
  for (const { name } of reader.open) reader.faults.push(`<${name}> is never closed`);
  if (reader.elements.length === 0) reader.faults.push('no element');
  return { elements: reader.elements, faults: reader.faults };
};
