import { pictureStyle } from './picture.ts';

/** The report's style: light and dark by the reader's preference, always light on paper. Loads nothing. */
export const style = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1c2430; --faint: #4d5866; --line: #d5dae1; --head: #eef1f5; --link: #0b57a4;
  --pass: #17663a; --fail: #b3261e; --warn: #7a4b00; --mute: #4d5866; --onbadge: #ffffff;
  --c1: #2f6fb7; --c2: #1f8a8a; --c3: #c47f00; --c4: #8a6d3b; --c5: #7a55b5; --c6: #76818f; --c7: #4f9d4f; --c8: #c0392b; }
@media screen and (prefers-color-scheme: dark) { :root {
  --page: #12161c; --card: #1b212a; --text: #e8ecf1; --faint: #aab4c0; --line: #38424f; --head: #242c37; --link: #8ab8f0;
  --pass: #7bd69a; --fail: #ff9d94; --warn: #f2c46d; --mute: #aab4c0; --onbadge: #12161c;
  --c1: #6ea8e6; --c2: #4fc3c3; --c3: #f0b347; --c4: #c7a86f; --c5: #b79af0; --c6: #98a3b0; --c7: #7fcf7f; --c8: #ff8379; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif; }
main, header, footer { max-width: 84rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2rem; } footer { padding-bottom: 2rem; color: var(--faint); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.3rem; margin: 2.25rem 0 .5rem; } h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0 .75rem; } .lead, .note { color: var(--faint); } a { color: var(--link); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .75rem 0 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: .5rem; margin: 1rem 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .5rem; display: flex; flex-direction: column; justify-content: space-between; }
.figures dt { color: var(--faint); font-size: .78rem; } .figures dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.controls { display: grid; gap: .75rem; padding: 0; margin: 0; list-style: none; }
.controls > li, figure { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1.1rem; margin: 0; }
.controls .top { display: flex; gap: .75rem; align-items: flex-start; } .controls p { margin: .35rem 0 0; } .controls time { white-space: nowrap; }
.badge { flex: none; min-width: 8.5rem; text-align: center; font-weight: 600; font-size: .85rem; border-radius: 1rem; padding: .1rem .7rem; color: var(--onbadge); background: var(--mute); }
.badge.pass { background: var(--pass); } .badge.fail { background: var(--fail); } .badge.excepted, .badge.unknown { background: var(--warn); }
.asks { color: var(--faint); font-size: .9rem; }
details { margin-top: .5rem; } summary { cursor: pointer; color: var(--link); } details ul { margin: .4rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(32rem, 100%), 1fr)); gap: .75rem; }
figcaption { font-weight: 600; margin-bottom: .4rem; }
${pictureStyle}
.tools { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: .5rem 0; }
input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--faint); border-radius: .35rem; padding: .25rem .6rem; min-width: 16rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: .87rem; } caption { text-align: left; padding: .5rem .7rem; color: var(--faint); }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-top: 1px solid var(--line); overflow-wrap: break-word; }
thead th { background: var(--head); border-top: 0; } th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
td.id, td.time { font-family: ui-monospace, 'Cascadia Mono', 'Liberation Mono', monospace; font-size: .8rem; } td.id { min-width: 8.5rem; } td.time { min-width: 6.5rem; }
td.long, td.name { overflow-wrap: anywhere; } td.long { min-width: 18rem; } td.name { min-width: 8rem; }
th button { all: unset; cursor: pointer; font-weight: 600; } th button:focus-visible, summary:focus-visible, .scroll:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
th button::after { content: ' ↕'; color: var(--faint); } th[aria-sort=ascending] button::after { content: ' ↑'; } th[aria-sort=descending] button::after { content: ' ↓'; }
.nothing { color: var(--faint); } code { overflow-wrap: anywhere; }
.doubt { background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--warn); border-radius: .5rem; padding: .6rem .9rem; }
@page { size: A4 landscape; margin: 12mm; }
@media print { :root { --page: #ffffff; font-size: 9pt; }
  body { font-size: 9pt; } main, header, footer { max-width: none; padding: 0; } nav, .tools { display: none; }
  h2 { break-after: avoid; } .controls > li, figure, tr, .figures div { break-inside: avoid; } .charts { grid-template-columns: 1fr 1fr; }
  thead { display: table-header-group; } .scroll { overflow: visible; border: 0; } table { font-size: 7pt; }
  th, td, td.id, td.time, td.long, td.name { min-width: 0; padding: .2rem .35rem; } td.long, td.name { overflow-wrap: anywhere; } td.id, td.time { font-size: 6.5pt; } th button::after { content: '' !important; }
  .badge { print-color-adjust: exact; } figure details { display: none; } }
`.trim();
