/** The JSON Schema of a site's file, for editors: draft-07, which is what the YAML language server reads. */
import { z } from 'zod';
import { siteShape } from './shapes.ts';

export const siteSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(siteShape, { target: 'draft-7', io: 'input' }),
  title: 'Vigie: a site',
});

export const siteSchemaText = (): string => `${JSON.stringify(siteSchema(), undefined, 2)}\n`;
