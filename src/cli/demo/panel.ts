/** What stands above the prompt: the keypad at the entrance as it is now, and how everything is. */
import type { PanelLine } from './screen.ts';
import type { Stage } from './session.ts';

const KEYPAD_LINES = 7;
const RULE = '─'.repeat(60);

const keypadLines = ({ site, keypads, words }: Stage): readonly PanelLine[] => {
  const [keypad] = site.core.keypads;
  if (!keypad) return [];
  const shown = keypads.shown(keypad.id);
  const tone = shown && shown.tone !== 'none' ? `  ♪ ${words.tones[shown.tone] ?? shown.tone}` : '';
  const text = shown?.text ?? [words.keypadOff];
  const more = text.length > KEYPAD_LINES ? [`… + ${text.length - KEYPAD_LINES}`] : [];
  return [
    { text: ` ${keypad.name}${tone}`, shade: tone === '' ? 'plain' : 'warning' },
    ...[...text.slice(0, KEYPAD_LINES), ...more].map((line) => ({ text: `   ${line}` })),
  ];
};

const outputsLine = ({ outputs, words }: Stage): PanelLine => {
  const on = outputs.on();
  const names = on.length === 0 ? words.none : on.map(({ name }) => name).join(', ');
  const isLoud = on.some(({ role }) => role.kind === 'siren' || role.kind === 'sounder');
  return { text: ` ${words.outputsOn}${words.colon}${names}`, shade: isLoud ? 'alarm' : 'plain' };
};

const linksLine = ({ words, controller, network, centre }: Stage): PanelLine => {
  const { heard, acknowledged } = centre.counts();
  const isWell = controller.link() !== undefined && network.isUp() && centre.isConnected();
  const reached = centre.isConnected() ? words.centreHeard(heard, acknowledged) : words.centreAway;
  const power = words.power(controller.link() !== undefined);
  const text = ` ${power} · ${words.network(network.isUp())} · ${words.tags.centre}${words.colon}${reached}`;
  return { text, shade: isWell ? 'good' : 'warning' };
};

export const panelOf = (stage: Stage): readonly PanelLine[] => [
  { text: RULE },
  ...keypadLines(stage),
  outputsLine(stage),
  linksLine(stage),
];
