/** The site that is measured: an area that arms at once, instant zones, one siren, one person. */
export const CODE = '2580';
export const CONTACT = 'LINE1';
export const SIREN = 'OUT1';

const SALT = 'demo-bench-sites-0001';

export const siteYaml = (zones: number, digest: string, debounceMs: number): string => `version: 1
site: bench
name: Bench
security: { salt: ${SALT} }
mqtt: { broker: mqtt://127.0.0.1:1 }
areas:
  area: { name: Area, exit: immediate }
zones:
${Array.from({ length: zones }, (_, index) => zoneLine(index + 1, debounceMs)).join('\n')}
outputs:
  siren: { role: siren, name: Siren, output: ${SIREN}, areas: [area], place: indoor }
keypads:
  entrance: { name: Keypad, areas: [area] }
users:
  martin: { name: Martin, role: owner, code: ${digest} }
`;

const zoneLine = (number: number, debounceMs: number): string => {
  const type = number === 2 ? 'tamper' : 'instant';
  const common = `area: area, debounce: ${debounceMs}ms, swinger: 0`;
  return `  zone-${number}: { number: ${number}, name: Zone ${number}, type: ${type}, input: LINE${number}, ${common} }`;
};

export const siteSalt = SALT;
