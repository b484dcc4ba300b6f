/** Looks of the mail. Inline, as most mail programs drop or ignore the rest; the dark ones override by class. */

const font = '-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const mono = 'ui-monospace,SFMono-Regular,Consolas,Menlo,monospace';
const text = `font-family:${font};font-size:15px;line-height:22px`;

export const style = {
  page: 'margin:0;padding:0;background-color:#f3f4f6;color:#1f2328',
  outer: 'padding:16px 8px',
  preheader: 'display:none;max-height:0;overflow:hidden;mso-hide:all',
  card: `width:100%;max-width:680px;background-color:#ffffff;color:#1f2328;${text}`,
  row: 'padding:0 24px 16px 24px',
  first: 'padding:24px 24px 12px 24px',
  last: 'padding:12px 24px 20px 24px;border-top:1px solid #d8dee4',
  subject: `margin:0;font-family:${font};font-size:21px;line-height:28px;font-weight:600`,
  summary: 'margin:0;font-weight:600',
  paragraph: 'margin:0 0 8px 0',
  act: 'padding:0 0 0 14px;border-left:4px solid #bc4c00',
  calm: 'padding:0 0 0 14px;border-left:4px solid #8c959f',
  heading: `margin:0 0 10px 0;font-family:${font};font-size:17px;line-height:24px;font-weight:600`,
  group: 'margin:4px 0 8px 0;font-weight:600',
  title: 'margin:0 0 4px 0',
  entry: 'margin:0 0 14px 0',
  tool: 'margin:10px 0 4px 0;font-size:13px;line-height:18px;color:#59636e',
  command: `padding:10px 12px;background-color:#f3f4f6;font-family:${mono};font-size:13px;line-height:19px;word-break:break-word;overflow-wrap:anywhere;-webkit-user-select:all;user-select:all`,
  code: `font-family:${mono};font-size:13px;word-break:break-word;overflow-wrap:anywhere`,
  soft: 'margin:0 0 6px 0;font-size:13px;line-height:19px;color:#59636e',
} as const;

export const darkMode = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #0d1117 !important; color: #e6edf3 !important; }
  .card { background-color: #161b22 !important; color: #e6edf3 !important; }
  .soft { color: #9da7b3 !important; }
  .cmd { background-color: #0d1117 !important; color: #e6edf3 !important; }
  .line { border-color: #30363d !important; }
  .act { border-color: #f0883e !important; }
  .calm { border-color: #6e7681 !important; }
}
`;
