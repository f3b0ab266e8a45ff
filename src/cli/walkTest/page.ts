/**
 * The walk test report as one HTML file to print, sign and hand over: A4, black on white, nothing loaded from elsewhere. What
 * matters is said by words and weight, so that a black-and-white copy loses nothing. Pure.
 */
import { printable } from '../centre/view.ts';
import type { Language } from '../journal/words.ts';
import { PAGE_STYLE } from './pageStyle.ts';
import { leftOut, missing, toBeTested } from './report.ts';
import type { WalkReport, ZoneRow } from './report.ts';
import { countText, remarksOf } from './text.ts';
import { longWhenText, spanText, walkWords, whenText } from './words.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text of a site's file or a journal, as it may stand in the page. */
export const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

// ---- what it is about

const factRow = (name: string, value: string): string => `<tr><th>${name}</th><td>${value}</td></tr>`;

const testSpan = (language: Language, { test, timezone }: WalkReport): string => {
  const words = walkWords[language];
  if (!test) return escaped(words.noTest);
  const { startedAt, endedAt } = test;
  if (endedAt === undefined)
    return escaped(`${words.started(longWhenText(language, timezone, startedAt), undefined)} ${words.goesOn}`);
  const cause = (test.cause && words.causes[test.cause]) ?? '';
  return escaped(`${spanText(language, timezone, startedAt, endedAt)}${cause === '' ? '' : ` (${cause})`}`);
};

const journalRows = (language: Language, { journal }: WalkReport): readonly string[] => {
  const { facts, journalBroken, journalSound } = walkWords[language];
  if (!journal) return [];
  if (journal.kind === 'broken') return [factRow(facts.journal, `<strong>${journalBroken(journal.number)}</strong>`)];
  return [
    factRow(facts.journal, journalSound(journal.records)),
    factRow(facts.head, `<span class="code">${escaped(journal.head)}</span>`),
  ];
};

const factsTable = (language: Language, report: WalkReport): string => {
  const { facts, otherConfig } = walkWords[language];
  const { test } = report;
  return [
    '<table class="facts">',
    factRow(facts.site, `<strong>${escaped(report.name)}</strong>`),
    factRow(facts.siteId, escaped(report.site)),
    factRow(facts.test, testSpan(language, report)),
    ...(test?.by === undefined ? [] : [factRow(facts.by, escaped(test.by))]),
    factRow(facts.madeAt, escaped(longWhenText(language, report.timezone, report.madeAt))),
    factRow(facts.version, `Vigie ${escaped(report.version)}`),
    factRow(facts.config, `<span class="code">sha256 ${escaped(report.configHash)}</span>`),
    ...(report.isOtherConfig ? [factRow('', `<strong>${otherConfig}</strong>`)] : []),
    ...journalRows(language, report),
    '</table>',
  ].join('\n');
};

// ---- the outcome in one look

const listOf = (rows: readonly ZoneRow[], remark: (row: ZoneRow) => string): string =>
  `<ul>${rows.map((row) => `<li>${row.number} – ${escaped(row.name)}${remark(row)}</li>`).join('')}</ul>`;

const outcome = (language: Language, report: WalkReport): string => {
  const words = walkWords[language];
  const untested = missing(report);
  const out = leftOut(report);
  const all = toBeTested(report).length;
  const complete = untested.length === 0 && all > 0;
  const howLeftOut = (row: ZoneRow): string => ` <em>(${row.isIsolated ? words.isolated : words.inhibited})</em>`;
  return [
    `<section class="outcome${complete ? ' complete' : ''}">`,
    `<p class="count">${countText(language, report)}</p>`,
    complete ? `<p>${words.complete}</p>` : `<div class="missing"><h2>${words.missing}</h2>${listOf(untested, () => '')}</div>`,
    out.length === 0
      ? `<p>${words.nothingLeftOut}</p>`
      : `<div class="left-out"><h2>${words.leftOut}</h2>${listOf(out, howLeftOut)}</div>`,
    '</section>',
  ].join('\n');
};

// ---- every zone

const MARKS = { tested: '✓', waiting: '✗', 'not-tested': '✗', earlier: '✗', never: '✗', 'by-other-means': '–' } as const;

const zoneRow = (language: Language, timezone: string, row: ZoneRow): string => {
  const words = walkWords[language];
  const isMissing = MARKS[row.status] === '✗';
  const when = row.testedAt === undefined ? '' : whenText(language, timezone, row.testedAt);
  const cells = [
    `<td class="number">${row.number}</td>`,
    `<td>${escaped(row.name)}</td>`,
    `<td>${words.types[row.type]}</td>`,
    `<td class="when">${when}</td>`,
    `<td class="result"><span class="mark">${MARKS[row.status]}</span> ${words.statuses[row.status]}</td>`,
    `<td>${remarksOf(language, row).join(', ')}</td>`,
  ];
  return `<tr${isMissing ? ' class="untested"' : ''}>${cells.join('')}</tr>`;
};

const COLUMNS = ['number', 'zone', 'type', 'when', 'result', 'remarks'];

const areaTable = (language: Language, report: WalkReport, area: string): string => {
  const { columns } = walkWords[language];
  const rows = report.rows.filter((row) => row.area === area);
  const heads = [columns.number, columns.zone, columns.type, columns.testedAt, columns.result, columns.remarks];
  return [
    '<table class="zones">',
    `<colgroup>${COLUMNS.map((column) => `<col class="c-${column}">`).join('')}</colgroup>`,
    `<thead><tr><th class="area" colspan="6">${columns.area} : ${escaped(area)}</th></tr>`,
    `<tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => zoneRow(language, report.timezone, row)),
    '</tbody></table>',
  ].join('\n');
};

// ---- who answers for it

const signatureBox = (who: string, lines: readonly string[]): string =>
  `<div class="box"><h2>${who}</h2>${lines.map((line) => `<p class="line">${line}<span></span></p>`).join('')}</div>`;

export const reportPage = (language: Language, report: WalkReport): string => {
  const words = walkWords[language];
  const areas = [...new Set(report.rows.map(({ area }) => area))];
  const day = longWhenText(language, report.timezone, report.madeAt);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${words.title} – ${escaped(report.name)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header><h1>${words.title}</h1><p>${escaped(report.name)}<br>${escaped(day)}</p></header>
${factsTable(language, report)}
${outcome(language, report)}
${areas.map((area) => areaTable(language, report, area)).join('\n')}
<p class="note">${words.otherMeans}</p>
<section class="closing">
<div class="observations"><h2>${words.observations}</h2></div>
<p class="note">${words.declaration}</p>
<div class="signatures">${signatureBox(words.installer, words.signature)}${signatureBox(words.customer, words.signature)}</div>
</section>
</body>
</html>
`;
};
