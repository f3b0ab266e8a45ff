/** Draws what was seen in a story: rows of areas, zones, doors and outputs over time, what people did, what was told. */
import { codeOf } from '../protocol/eventCodes.ts';
import type { Event } from '../core/event.ts';
import { makeScale } from './scale.ts';
import type { Fold, Scale } from './scale.ts';
import { barClass, barText, PALETTE } from './svgStyle.ts';
import type { Trace, Track } from './trace.ts';

const LEFT = 196;
const WIDTH = 1240;
const RIGHT = 28;
const ROW = 24;
const BAR = 14;
const HEAD = 62;
const LANE = 17;
const GROUP_GAP = 26;
const LETTER = 6.3;
const LONGEST_NAME = 26;
const TITLE_ROW = 19;

const GROUPS: readonly { readonly kind: Track['kind']; readonly title: string }[] = [
  { kind: 'area', title: 'Secteurs' },
  { kind: 'zone', title: 'Zones' },
  { kind: 'door', title: 'Issues' },
  { kind: 'output', title: 'Sorties' },
];

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const number = (value: number): string => String(Math.round(value * 10) / 10);

const text = (x: number, y: number, words: string, style: string, anchor = 'start'): string =>
  `<text x="${number(x)}" y="${number(y)}" class="${style}" text-anchor="${anchor}">${escape(words)}</text>`;

/** `hint`: what a pointer resting on it shows. */
const box = (x: number, y: number, width: number, height: number, style: string, hint: string): string =>
  `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="2.5" class="${style}">` +
  `<title>${escape(hint)}</title></rect>`;

const pad = (value: number): string => String(value).padStart(2, '0');

/** `03:05`, `1:03:05`, with tenths where they matter. */
export const stopwatch = (atMs: number): string => {
  const tenths = Math.round(atMs / 100);
  const seconds = Math.floor(tenths / 10);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const fraction = tenths % 10 === 0 ? '' : `.${tenths % 10}`;
  return `${hours > 0 ? `${hours}:` : ''}${pad(minutes)}:${pad(seconds % 60)}${fraction}`;
};

// ---- rows

type Span = { readonly fromMs: number; readonly toMs: number; readonly value: string };

const spansOf = ({ changes }: Track, endMs: number): readonly Span[] =>
  changes.map(({ atMs, value }, index) => ({ fromMs: atMs, toMs: changes[index + 1]?.atMs ?? endMs, value }));

/** Rows in which nothing moved say nothing, except areas. */
const isTold = ({ kind, changes }: Track): boolean => {
  const values = new Set(changes.map(({ value }) => value).filter((value) => value !== 'gone'));
  return kind === 'area' || values.size > 1;
};

const bar = (scale: Scale, kind: Track['kind'], y: number, { fromMs, toMs, value }: Span): string => {
  const style = barClass(kind, value);
  if (style === undefined) return '';
  const [from, to] = [scale.x(fromMs), scale.x(toMs)];
  const width = Math.max(2, to - from);
  const words = barText(kind, value);
  const label = words.length * LETTER + 8 < width ? text(from + 5, y + BAR - 3.5, words, `in ${style}-in`) : '';
  return box(from, y, width, BAR, style, `${stopwatch(fromMs)} ${value}`) + label;
};

/** As much of a long name as there is room for. */
const nameOf = ({ name, id }: Track, y: number): string => {
  const whole = name === '' ? id : name;
  const shown = whole.length > LONGEST_NAME ? `${whole.slice(0, LONGEST_NAME - 1).trimEnd()}…` : whole;
  return `<g><title>${escape(whole)}</title>${text(LEFT - 12, y + BAR - 3, shown, 'label', 'end')}</g>`;
};

const row = (scale: Scale, track: Track, y: number, endMs: number): string =>
  [
    nameOf(track, y),
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${number(y + BAR / 2)}" y2="${number(y + BAR / 2)}" class="rail"/>`,
    ...spansOf(track, endMs).map((span) => bar(scale, track.kind, y, span)),
  ].join('');

// ---- labels that must not cover each other

type Mark = { readonly atMs: number; readonly words: string; readonly style: string };
type Laid = Mark & { readonly lane: number; readonly x: number; readonly anchor: 'start' | 'end' };

const lay = (scale: Scale, marks: readonly Mark[]): readonly Laid[] => {
  const ends: number[] = [];
  return marks.map((mark) => {
    const x = scale.x(mark.atMs);
    const length = mark.words.length * LETTER + 14;
    const anchor = x + length > WIDTH - 8 ? 'end' : 'start';
    const [from, to] = anchor === 'start' ? [x - 4, x + length] : [x - length, x + 4];
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = to;
    return { ...mark, lane, x, anchor };
  });
};

const lanesOf = (laid: readonly Laid[]): number => laid.reduce((most, { lane }) => Math.max(most, lane + 1), 0);

const drawMark = ({ x, lane, words, style, anchor }: Laid, top: number): string => {
  const y = top + lane * LANE;
  const at = anchor === 'start' ? x + 6 : x - 6;
  const dot = `<circle cx="${number(x)}" cy="${number(y)}" r="3" class="dot ${style}-dot"/>`;
  return dot + text(at, y + 4, words, `mark ${style}`, anchor);
};

const drop = (x: number, fromY: number, toY: number, style: string): string =>
  `<line x1="${number(x)}" x2="${number(x)}" y1="${number(fromY)}" y2="${number(toY)}" class="drop ${style}"/>`;

// ---- marks

const eventStyle = (trace: Trace['happenings'][number]): string => {
  const { lane, phase } = codeOf(trace.event.kind);
  if (lane === 'journal') return 'quiet';
  if (phase === 'restore' || phase === 'cancel') return 'good';
  return lane === 'alarm' ? 'alarm' : 'told';
};

/** What it was about and who did it; the rest stands in the journal. */
const briefly = ({ kind, zone, door, output, user, cause, confirmed }: Event): string => {
  const about = [zone, zone === undefined ? door : undefined, output, user, cause].filter((word) => word !== undefined);
  const doubt = confirmed === undefined ? '' : confirmed ? ' (confirmed)' : ' (unconfirmed)';
  return `${kind}${about.length === 0 ? '' : ` · ${about.join(', ')}`}${doubt}`;
};

const eventMarks = (trace: Trace): readonly Mark[] =>
  trace.happenings.map((each) => ({ atMs: each.atMs, words: briefly(each.event), style: eventStyle(each) }));

const actMarks = (trace: Trace): readonly Mark[] =>
  trace.acts.map(({ atMs, text: words }) => ({ atMs, words: words.replace(/^(at|after|on) \S+( at \S+)? /, ''), style: 'act' }));

// ---- the page

const instantsOf = (trace: Trace): readonly number[] => [
  ...trace.acts.map(({ atMs }) => atMs),
  ...trace.happenings.map(({ atMs }) => atMs),
  ...trace.tracks.filter(isTold).flatMap(({ changes }) => changes.map(({ atMs }) => atMs)),
  trace.endMs,
];

/** `28 min`, `1 h 30`, `40 s`: how long a folded stretch is. */
const roughly = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${pad(rest)}`}`;
};

const drawFold = ({ fromX, toX, fromMs, toMs }: Fold, top: number, bottom: number): string =>
  box(fromX + 4, top, Math.max(2, toX - fromX - 8), bottom - top, 'fold', roughly(toMs - fromMs)) +
  text((fromX + toX) / 2, bottom - 5, roughly(toMs - fromMs), 'tick', 'middle');

const axis = (scale: Scale, top: number, bottom: number): string =>
  [
    ...scale.folds.map((fold) => drawFold(fold, top, bottom)),
    ...scale.ticks.map(({ x, atMs }) => drop(x, top, bottom, 'grid') + text(x, bottom + 14, stopwatch(atMs), 'tick', 'middle')),
  ].join('');

const drawOutage = (scale: Scale, top: number, bottom: number, { fromMs, toMs, value }: Span): string => {
  const [from, to] = [scale.x(fromMs), scale.x(toMs)];
  const label = value === 'no power' ? 'coupure' : 'arrêt';
  const width = Math.max(3, to - from);
  return (
    box(from, top, width, bottom - top, 'outage', roughly(toMs - fromMs)) +
    text(from + width / 2, top - 4, label, 'tick', 'middle')
  );
};

const outages = (scale: Scale, trace: Trace, top: number, bottom: number): string => {
  const power = trace.tracks.find(({ kind }) => kind === 'power');
  const gone = power ? spansOf(power, trace.endMs).filter(({ value }) => value !== 'on') : [];
  return gone.map((span) => drawOutage(scale, top, bottom, span)).join('');
};

type Laying = { y: number; readonly parts: string[] };

const drawGroups = (laying: Laying, scale: Scale, trace: Trace): void => {
  for (const { kind, title } of GROUPS) {
    const tracks = trace.tracks.filter((track) => track.kind === kind && isTold(track));
    if (tracks.length === 0) continue;
    laying.parts.push(text(16, laying.y + BAR - 3, title, 'group'));
    laying.y += TITLE_ROW;
    for (const track of tracks) {
      laying.parts.push(row(scale, track, laying.y, trace.endMs));
      laying.y += ROW;
    }
    laying.y += GROUP_GAP - ROW / 2;
  }
};

const drawMarks = (laying: Laying, laid: readonly Laid[], title: string): void => {
  laying.parts.push(text(16, laying.y + 4, title, 'group'), ...laid.map((mark) => drawMark(mark, laying.y)));
  laying.y += lanesOf(laid) * LANE + GROUP_GAP - LANE / 2;
};

const HATCH =
  '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern></defs>';

const page = (height: number, title: string, about: string, body: string): string => {
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escape(title)}">`,
    `<style>${PALETTE}</style>`,
    HATCH,
    `<rect width="${WIDTH}" height="${height}" class="paper"/>`,
    text(16, 28, title, 'title'),
    text(16, 47, about, 'about'),
    body,
    '</svg>\n',
  ].join('\n');
};

/** A whole drawing, that reads on light and dark ground alike. */
export const drawStory = (title: string, about: string, trace: Trace): string => {
  const scale = makeScale(instantsOf(trace), LEFT, WIDTH - LEFT - RIGHT);
  const acts = lay(scale, actMarks(trace));
  const events = lay(scale, eventMarks(trace));
  const laying: Laying = { y: HEAD + 16, parts: [] };
  drawMarks(laying, acts, 'Gestes');
  const top = laying.y - 8;
  drawGroups(laying, scale, trace);
  const bottom = laying.y;
  laying.y += 42;
  const eventTop = laying.y;
  drawMarks(laying, events, 'Événements');
  const under = [
    ...acts.map(({ x, lane }) => drop(x, HEAD + 16 + lane * LANE, bottom, 'act-drop')),
    ...events.map(({ x, lane, style }) =>
      drop(x, style === 'alarm' ? top : bottom + 20, eventTop + lane * LANE, `${style}-drop`),
    ),
  ];
  const body = [axis(scale, top, bottom), outages(scale, trace, top, bottom), ...under, ...laying.parts].join('\n');
  return page(Math.ceil(laying.y), title, about, body);
};
