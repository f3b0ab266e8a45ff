/**
 * The site's file as the demo runs it: config/cabinet.yaml as it stands or, with `--fast`, the same site with the
 * shortest delays its installer could have chosen. Nothing else differs.
 */
import { parseDocument } from 'yaml';

type Setting = readonly [path: readonly string[], value: string];

const FAST: readonly Setting[] = [
  [['areas', 'cabinet', 'exit'], 'final-door'],
  [['areas', 'cabinet', 'entryDelay'], '10s'],
  [['areas', 'cabinet', 'abort'], '15s'],
  [['areas', 'cabinet', 'quiet'], '5s'],
  [['areas', 'cabinet', 'siren'], '30s'],
  [['doors', 'delivery', 'heldAfter'], '8s'],
  [['doors', 'delivery', 'warnBefore'], '3s'],
  [['doors', 'delivery', 'centreAfter'], '10s'],
  [['zones', 'vaccine-fridge', 'measure', 'delay'], '5s'],
];

export const fastSite = (text: string): string => {
  const document = parseDocument(text);
  for (const [path, value] of FAST) document.setIn(path, value);
  return document.toString();
};
