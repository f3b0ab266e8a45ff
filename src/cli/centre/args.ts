/** The command line of `vigie centre`. */
import { parseArgs } from 'node:util';
import type { Language } from './kindWords.ts';

export type CentreArgs = {
  readonly broker: string;
  readonly dataFolder: string;
  readonly language: Language;
  readonly json: boolean;
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
  readonly username: string | undefined;
  readonly clientId: string | undefined;
};

export type ParsedCentreArgs =
  | { readonly ok: true; readonly args: CentreArgs }
  | { readonly ok: false; readonly help: boolean; readonly text: string };

export const CENTRE_USAGE = `Usage: vigie centre --broker mqtt://HOST[:PORT] [--data FOLDER] [--lang fr|en] [--json]
                    [--ca FILE] [--cert FILE --key FILE] [--server-name NAME] [--user NAME] [--client-id ID]
The password of --user is read from VIGIE_CENTRE_PASSWORD.
`;

const wrong = (text: string): ParsedCentreArgs => ({ ok: false, help: false, text: `${text}\n${CENTRE_USAGE}` });

const OPTIONS = {
  broker: { type: 'string' },
  data: { type: 'string', default: 'centre-data' },
  lang: { type: 'string', default: 'fr' },
  json: { type: 'boolean', default: false },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'server-name': { type: 'string' },
  user: { type: 'string' },
  'client-id': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const read = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;

const check = (values: ReturnType<typeof read>): ParsedCentreArgs => {
  if (values.help) return { ok: false, help: true, text: CENTRE_USAGE };
  const { broker, lang: language } = values;
  if (broker === undefined) return wrong('--broker is missing.');
  if (!URL.canParse(broker) || !/^mqtts?:$/.test(new URL(broker).protocol)) {
    return wrong(`--broker ${broker}: it must be mqtt://HOST[:PORT] or mqtts://HOST[:PORT].`);
  }
  if (language !== 'fr' && language !== 'en') return wrong(`--lang ${language}: fr or en.`);
  if ((values.cert === undefined) !== (values.key === undefined)) return wrong('--cert and --key go together.');
  return {
    ok: true,
    args: {
      broker,
      language,
      dataFolder: values.data,
      json: values.json,
      ca: values.ca,
      certificate: values.cert,
      key: values.key,
      serverName: values['server-name'],
      username: values.user,
      clientId: values['client-id'],
    },
  };
};

export const parseCentreArgs = (args: readonly string[]): ParsedCentreArgs => {
  try {
    return check(read(args));
  } catch (error) {
    // The one way to hear what is wrong with an option is the library's sentence.
    return wrong(error instanceof Error ? error.message : 'The arguments cannot be read.');
  }
};
