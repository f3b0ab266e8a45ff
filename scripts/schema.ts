/** Writes config/vigie.schema.json and docs/settings.md from the shapes: `node dist/scripts/schema.js` after a change of them. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referenceText } from '../src/config/reference.ts';
import { siteSchemaText } from '../src/config/schema.ts';

const write = (name: string, text: string): void => {
  const path = fileURLToPath(new URL(`../../${name}`, import.meta.url));
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
};

write('config/vigie.schema.json', siteSchemaText());
write('docs/settings.md', referenceText());
