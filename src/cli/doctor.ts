/**
 * `vigie doctor [--config FILE] [--data FOLDER] [--json] [--lang fr|en]`: whether this machine is fit for the site, and what to
 * do where it is not. It changes nothing; the broker is tried under another client id, and nothing is published.
 * Exit 0: all well, or with remarks; 1: a fault; 2: command line.
 */
import { examine, packageState } from './doctor/examine.ts';
import { TOPICS } from './doctor/finding.ts';
import type { Finding, Status, Topic } from './doctor/finding.ts';
import { machineAt } from './doctor/machine.ts';
import type { Machine } from './doctor/machine.ts';
import { printable } from './centre/view.ts';
import { EXIT } from './io.ts';
import { machineKernel } from './machineKernel.ts';
import type { Io } from './io.ts';
import type { Language } from './journal/words.ts';
import { parseOptions } from './options.ts';
import { USUAL_CONFIG, USUAL_DATA } from './usualPlaces.ts';

export const DOCTOR_USAGE = `Usage: vigie doctor [--config FILE] [--data FOLDER] [--json] [--lang fr|en]
Whether this machine is fit for the site. FILE is ${USUAL_CONFIG} and FOLDER ${USUAL_DATA} where they are there.
Run it as the user of the service, or with sudo: others may not read its keys.
`;

type Asked = {
  readonly config: string | undefined;
  readonly data: string | undefined;
  readonly isJson: boolean;
  readonly language: Language;
};

const asked = (args: readonly string[], machine: Machine): Asked | string => {
  const parsed = parseOptions(args, { options: ['config', 'data', 'lang'], flags: ['json'] });
  if (!parsed.ok) return parsed.problem;
  const { options, flags, words } = parsed;
  if (words.length > 0) return `unexpected ${words.join(' ')}`;
  const language = options.get('lang') ?? 'fr';
  if (language !== 'fr' && language !== 'en') return '--lang takes fr or en';
  const usual = (path: string): string | undefined => (machine.file(path) ? path : undefined);
  return {
    config: options.get('config') ?? usual(USUAL_CONFIG),
    data: options.get('data') ?? usual(USUAL_DATA),
    isJson: flags.has('json'),
    language,
  };
};

export const doctor = async (args: readonly string[], io: Io, machine: Machine = machineAt('/')): Promise<number> => {
  const wanted = asked(args, machine);
  if (typeof wanted === 'string') {
    io.err(`vigie doctor: ${wanted}\n${DOCTOR_USAGE}`);
    return EXIT.badInput;
  }
  const kernel = machineKernel();
  const { config, data, isJson, language } = wanted;
  const node = process.versions.node;
  const findings = await examine({ config, data, io, machine, kernel, node, stateOf: packageState });
  const isWell = findings.every(({ status }) => status !== 'fault');
  io.out(isJson ? `${JSON.stringify({ ok: isWell, findings })}\n` : findingsText(language, findings));
  return isWell ? EXIT.ok : EXIT.failed;
};

// ---- in words

const TOPIC_WORDS: Readonly<Record<Language, Readonly<Record<Topic, string>>>> = {
  fr: {
    software: 'Logiciel',
    site: 'Fichier du site',
    gpio: 'Broches',
    serial: 'Ports série',
    stations: 'Platines de rue',
    clock: 'Heure',
    disk: 'Disque',
    broker: 'Liaison au centre',
    service: 'Service et machine',
  },
  en: {
    software: 'Software',
    site: 'Site’s file',
    gpio: 'Pins',
    serial: 'Serial ports',
    stations: 'Door stations',
    clock: 'Clock',
    disk: 'Disk',
    broker: 'Way to the centre',
    service: 'Service and machine',
  },
};

const STATUS_WORDS: Readonly<Record<Language, Readonly<Record<Status, string>>>> = {
  fr: { ok: 'bon', warn: 'À VOIR', fault: 'DÉFAUT', skipped: '–' },
  en: { ok: 'ok', warn: 'WARN', fault: 'FAULT', skipped: '–' },
};
const STATUS_COLUMNS = 8;

const lineOf = (language: Language, { status, message, messageFr }: Finding): string => {
  const text = printable(language === 'fr' ? messageFr : message);
  return `  ${STATUS_WORDS[language][status].padEnd(STATUS_COLUMNS)}${text}\n`;
};

const topicText = (language: Language, topic: Topic, findings: readonly Finding[]): string => {
  const lines = findings.filter((finding) => finding.topic === topic).map((finding) => lineOf(language, finding));
  return `${TOPIC_WORDS[language][topic]}\n${lines.join('')}\n`;
};

const summaryOf = (language: Language, findings: readonly Finding[]): string => {
  const faults = findings.filter(({ status }) => status === 'fault').length;
  const warnings = findings.filter(({ status }) => status === 'warn').length;
  if (language === 'fr') return `${faults} défaut${faults > 1 ? 's' : ''}, ${warnings} point${warnings > 1 ? 's' : ''} à voir.\n`;
  return `${faults} fault${faults === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}.\n`;
};

export const findingsText = (language: Language, findings: readonly Finding[]): string =>
  TOPICS.map((topic) => topicText(language, topic, findings)).join('') + summaryOf(language, findings);
