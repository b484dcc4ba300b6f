import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/** Where the demo shows its report. */
export interface Page {
  readonly width: number;
  readonly paint: Colors;
}

const WIDEST = 150;
const OFF_SCREEN = 100;

/** The terminal of this process, or a page of moderate width for a log. */
export function pageOf({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): Page {
  const wanted = process.env.FORCE_COLOR ?? (isTTY && !process.env.NO_COLOR ? '1' : '0');
  const width = isTTY && columns !== undefined ? Math.min(columns, WIDEST) : OFF_SCREEN;
  return { width, paint: picocolors.createColors(wanted !== '0') };
}

/** Breaks prose at spaces so that it fits; a broken line goes on as far in as it began. */
export const wrapped = (text: string, width: number): string[] =>
  text.split('\n').flatMap((line) => {
    const [indent = ''] = /^ */.exec(line) ?? [];
    const lines: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const space = rest.lastIndexOf(' ', width);
      const end = space > indent.length ? space : width;
      lines.push(rest.slice(0, end));
      rest = indent + rest.slice(end).trimStart();
    }
    return [...lines, rest];
  });

/** With a bar at the left, as quotations have. */
export const quoted = (lines: readonly string[], bar: string): string =>
  lines.map((line) => `  ${bar} ${line}`.trimEnd()).join('\n');
