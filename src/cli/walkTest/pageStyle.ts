/** How the printed report looks: A4, system fonts, black and white. */
export const PAGE_STYLE = `
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 8pt sans-serif; } }
* { box-sizing: border-box; }
html { background: #fff; }
body { margin: 0 auto; max-width: 180mm; color: #000; }
body { font: 9.5pt/1.4 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif; }
@media screen { body { padding: 12mm 0; } }
h1 { margin: 0; font-size: 17pt; line-height: 1.15; font-weight: 700; }
h2 { margin: 0 0 1mm; font-size: 9.5pt; font-weight: 700; }
header { display: flex; justify-content: space-between; align-items: flex-end; gap: 10mm; }
header { padding-bottom: 3mm; border-bottom: 0.6mm solid #000; }
header p { margin: 0; text-align: right; }
table { width: 100%; border-collapse: collapse; }
.facts { margin: 4mm 0; }
.facts th { width: 34mm; padding: 0.6mm 0; text-align: left; font-weight: 400; color: #444; vertical-align: top; }
.facts td { padding: 0.6mm 0; }
.code { font: 7.5pt/1.5 'Liberation Mono', 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
.outcome { margin: 4mm 0 5mm; padding: 3mm 4mm; border: 0.5mm solid #000; break-inside: avoid; }
.outcome p { margin: 0; }
.outcome .count { margin-bottom: 1.5mm; font-size: 13pt; font-weight: 700; }
.missing, .left-out { margin: 1.5mm 0; }
.outcome ul { margin: 0; padding: 0; list-style: none; columns: 2; column-gap: 8mm; }
.outcome li { break-inside: avoid; }
.missing li { font-weight: 700; }
.zones { margin-bottom: 4mm; table-layout: fixed; }
.zones tr { break-inside: avoid; }
.zones th { padding: 1mm 1.5mm; border-bottom: 0.3mm solid #000; text-align: left; font-size: 8.5pt; }
.zones th.area { padding: 1.5mm 0; border-bottom: 0.5mm solid #000; font-size: 11pt; }
.zones td { padding: 1.1mm 1.5mm; border-bottom: 0.15mm solid #999; vertical-align: top; }
.zones .number { text-align: right; }
.zones .when { font-variant-numeric: tabular-nums; white-space: nowrap; }
.zones td.result { padding-left: 5.5mm; text-indent: -4mm; }
.zones .mark { text-indent: 0; }
.c-number { width: 9mm; } .c-zone { width: 43mm; } .c-type { width: 36mm; } .c-when { width: 34mm; } .c-result { width: 35mm; }
.untested td { font-weight: 700; }
.mark { display: inline-block; width: 4mm; font-family: 'DejaVu Sans', 'Segoe UI Symbol', sans-serif; }
.note { margin: 2mm 0; font-size: 8.5pt; color: #333; }
.closing { break-inside: avoid; }
.observations { height: 24mm; margin: 4mm 0 3mm; padding: 2mm 3mm; border: 0.3mm solid #000; }
.signatures { display: flex; gap: 6mm; }
.box { flex: 1; padding: 3mm 4mm; border: 0.3mm solid #000; }
.box h2 { margin-bottom: 2mm; font-size: 11pt; }
.line { display: flex; align-items: baseline; gap: 2mm; margin: 0; height: 7mm; }
.line span { flex: 1; border-bottom: 0.15mm dotted #000; }
.line:last-child { height: 24mm; align-items: flex-start; padding-top: 3mm; }
.line:last-child span { border: 0; }
`;
