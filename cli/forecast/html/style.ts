import { pictureStyle } from '../../../lambda/rendering/html/picture.ts';

/** The page's look: light and dark as the reader's system is, ink on paper when printed. */
export const style = `
:root { color-scheme: light dark;
  --ink: #1d2733; --soft: #55616e; --paper: #ffffff; --card: #f5f7f9; --line: #d4dae1; --link: #0b57a4;
  --rotate: #1a7f64; --disable: #b26a00; --delete: #b3261e;
  --heat-1: #c3e3d8; --heat-2: #74bfa4; --heat-3: #1a7f64; --heat-4: #084434; }
@media (prefers-color-scheme: dark) { :root {
  --ink: #e6ebf0; --soft: #a7b2be; --paper: #12171d; --card: #1b222a; --line: #38434f; --link: #86bdf5;
  --rotate: #4dbb9a; --disable: #e3a34a; --delete: #f1867e;
  --heat-1: #143f34; --heat-2: #1d6b55; --heat-3: #3aa585; --heat-4: #a8ecd6; } }
@media print { :root { color-scheme: light;
  --ink: #000000; --soft: #333333; --paper: #ffffff; --card: #ffffff; --line: #999999; --link: #000000;
  --rotate: #1a7f64; --disable: #b26a00; --delete: #b3261e;
  --heat-1: #c3e3d8; --heat-2: #74bfa4; --heat-3: #1a7f64; --heat-4: #084434; }
  details > :not(summary) { display: none; } section { break-inside: avoid-page; } tr { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { margin: 2.2rem 0 .6rem; } h3 { margin: 1.6rem 0 .5rem; }
p { margin: .4rem 0; } .soft { color: var(--soft); } .scroll { overflow-x: auto; }
.figures { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0; padding: 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem 1rem; min-width: 8rem; }
.figures dt { color: var(--soft); font-size: .85rem; } .figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
${pictureStyle}
.calendar rect { stroke: var(--line); } .calendar path { fill: none; stroke: var(--ink); } .calendar .year { font-weight: 600; }
figure { margin: 1rem 0; } figcaption { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding: .3rem 0; }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th.n, td.n { text-align: right; } thead th { border-bottom: 2px solid var(--line); }
summary { cursor: pointer; color: var(--link); } .warn { border-left: .3rem solid var(--disable); padding-left: .8rem; }
`;
