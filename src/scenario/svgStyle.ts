/** Colours and words of the drawing: what each value of a row looks like. */
import type { Track } from './trace.ts';

const AREA_WORDS: Readonly<Record<string, string>> = {
  disarmed: 'désarmé',
  exiting: 'sortie',
  armed: 'armé',
  entering: 'entrée',
};

const MODE_WORDS: Readonly<Record<string, string>> = { full: 'total', partial: 'partiel', night: 'garde' };

const areaClass = (words: readonly string[]): string => (words.includes('siren') ? 'siren' : (words[0] ?? 'unknown'));

const zoneClass = (words: readonly string[]): string | undefined => {
  const [signal = 'unknown'] = words;
  if (words.includes('alarm')) return 'alarm-bar';
  if (words.includes('inhibited') || words.includes('isolated') || words.includes('omitted')) return 'left-out';
  return signal === 'normal' ? undefined : signal;
};

const DOOR_CLASSES: Readonly<Record<string, string>> = {
  'pre-alarm': 'exiting',
  sounding: 'entering',
  escalated: 'alarm-bar',
  silenced: 'left-out',
};

const outputClass = (value: string): string | undefined =>
  value === 'off' ? undefined : value === 'on' ? 'output-on' : 'output-beat';

/** undefined: nothing is drawn but the row's rail. */
export const barClass = (kind: Track['kind'], value: string): string | undefined => {
  if (value === 'gone') return undefined;
  const words = value.split(' ');
  switch (kind) {
    case 'area':
      return areaClass(words);
    case 'zone':
      return zoneClass(words);
    case 'door':
      return DOOR_CLASSES[value];
    case 'output':
      return outputClass(value);
    case 'power':
      return undefined;
  }
};

const ZONE_WORDS: Readonly<Record<string, string>> = {
  active: 'ouvert',
  tamper: 'sabotage',
  masked: 'masqué',
  fault: 'défaut',
  unknown: 'inconnu',
  normal: '',
  inhibited: 'inhibé',
  isolated: 'isolé',
  omitted: 'éjecté',
  alarm: '',
};

const DOOR_WORDS: Readonly<Record<string, string>> = {
  'pre-alarm': 'préalarme',
  sounding: 'sonne',
  escalated: 'au centre',
  silenced: 'muet',
};

const OUTPUT_WORDS: Readonly<Record<string, string>> = {
  on: 'marche',
  entry: 'entrée',
  exit: 'sortie',
  'exit-final': 'sortie, fin',
  fault: 'défaut',
  chime: 'carillon',
  'door-warning': 'préalarme',
  'door-alarm': 'issue ouverte',
  accepted: 'accepté',
  refused: 'refusé',
  reminder: 'rappel',
  flash: 'clignote',
};

export const barText = (kind: Track['kind'], value: string): string => {
  const words = value.split(' ');
  switch (kind) {
    case 'area':
      return words.map((word) => AREA_WORDS[word] ?? MODE_WORDS[word] ?? 'sirène').join(' ');
    case 'zone':
      return words
        .map((word) => ZONE_WORDS[word] ?? word)
        .filter((word) => word !== '')
        .join(' ');
    case 'door':
      return DOOR_WORDS[value] ?? value;
    case 'output':
      return OUTPUT_WORDS[value] ?? value;
    case 'power':
      return '';
  }
};

const LIGHT = `
.paper{fill:#fdfdfb}.title{fill:#1d2733}.about,.tick{fill:#67727e}.label{fill:#2c3743}.group{fill:#8a6d3b}
.rail{stroke:#dfe3e6}.grid{stroke:#eceff1}.fold{fill:#f1efe8}.outage{fill:url(#hatch)}.hatch{stroke:#9aa3ab}
.disarmed{fill:#dfe9df}.disarmed-in{fill:#45604a}.exiting{fill:#f3cf6b}.exiting-in{fill:#5b4300}
.armed{fill:#3f6fb0}.armed-in{fill:#fff}
.entering{fill:#e8883a}.entering-in{fill:#3d1c00}.siren{fill:#c8322f}.siren-in{fill:#fff}.alarm-bar{fill:#c8322f}
.alarm-bar-in{fill:#fff}
.active{fill:#586472}.active-in{fill:#fff}.tamper,.fault,.masked{fill:#8b4fa3}
.tamper-in,.fault-in,.masked-in{fill:#fff}.unknown{fill:#d5d9dc}.unknown-in{fill:#4a545e}
.left-out{fill:#fff;stroke:#8a6d3b;stroke-dasharray:3 2}.left-out-in{fill:#6b5226}.output-on{fill:#17807e}
.output-on-in{fill:#fff}.output-beat{fill:#9fd3d0}.output-beat-in{fill:#0d4645}
.act{fill:#1d2733}.act-dot{fill:#1d2733}.act-drop{stroke:#c3cad0}.quiet{fill:#7c8791}.quiet-dot{fill:#a9b2ba}
.quiet-drop{stroke:#dfe3e6}
.told{fill:#2c5d9b}.told-dot{fill:#2c5d9b}.told-drop{stroke:#b9cce4}.good{fill:#2b7a44}.good-dot{fill:#2b7a44}
.good-drop{stroke:#b8dcc3}
.alarm{fill:#b3211e;font-weight:600}.alarm-dot{fill:#c8322f}.alarm-drop{stroke:#e2908e}`;

const DARK = `
.paper{fill:#14191f}.title{fill:#eef2f5}.about,.tick{fill:#94a0ac}.label{fill:#d5dce3}.group{fill:#d0ab6b}
.rail{stroke:#2a333d}.grid{stroke:#212932}.fold{fill:#1b222a}.hatch{stroke:#66727d}
.disarmed{fill:#28382c}.disarmed-in{fill:#a9cdb1}.armed{fill:#3f73bb}.active{fill:#8a97a5}.active-in{fill:#10151a}
.unknown{fill:#333d47}.unknown-in{fill:#aab4bd}.left-out{fill:#14191f;stroke:#d0ab6b}.left-out-in{fill:#d0ab6b}
.output-on{fill:#1f9a97}.output-beat{fill:#1d5553}.output-beat-in{fill:#b9e6e3}
.act,.act-dot{fill:#eef2f5}.act-drop{stroke:#3a4651}.quiet{fill:#8995a0}.quiet-dot{fill:#66727d}
.quiet-drop{stroke:#2a333d}
.told,.told-dot{fill:#82b1ec}.told-drop{stroke:#2c4a6e}.good,.good-dot{fill:#74c98e}.good-drop{stroke:#27503a}
.alarm,.alarm-dot{fill:#ff7a76}.alarm-drop{stroke:#7d3331}`;

export const PALETTE = `
text{font-family:system-ui,'Segoe UI','DejaVu Sans',sans-serif;font-size:12px}
.title{font-size:17px;font-weight:600}.group{font-size:11px;font-weight:600;letter-spacing:.04em}
.tick{font-size:10.5px}.in{font-size:10.5px}.mark{font-size:11px}
.grid,.drop{stroke-width:1}.act-drop,.alarm-drop,.told-drop,.good-drop,.quiet-drop{stroke-dasharray:2 3}
${LIGHT}
@media (prefers-color-scheme: dark){${DARK}}
`;
