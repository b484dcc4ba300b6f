import { escapeHtml } from '../../../lambda/domain/escape.ts';

export const number = (value: number): string => value.toLocaleString('en-US');

export interface Cell<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Figures stand under each other. */
  readonly figure?: true;
}

/** A table with its caption; what it shows is escaped here. */
export function htmlTable<Row>(caption: string, cells: readonly Cell<Row>[], rows: readonly Row[]): string {
  const kind = ({ figure }: Cell<Row>) => (figure ? ' class="n"' : '');
  const head = cells.map((cell) => `<th scope="col"${kind(cell)}>${escapeHtml(cell.title)}</th>`).join('');
  const body = rows.map((row) => {
    const columns = cells.map((cell, at) =>
      at === 0
        ? `<th scope="row"${kind(cell)}>${escapeHtml(cell.text(row))}</th>`
        : `<td${kind(cell)}>${escapeHtml(cell.text(row))}</td>`,
    );
    return `<tr>${columns.join('')}</tr>`;
  });
  // What scrolls must be reached by the keyboard too.
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

export const list = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
