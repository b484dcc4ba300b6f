import type { Cell } from './matrix.ts';

/** How many cells of each kind were lived through, and every one that did not survive. */
export class Report {
  readonly #counts = new Map<string, { cells: number; survived: number }>();
  readonly lost: Cell[] = [];

  add(cell: Cell): void {
    const count = this.#counts.get(cell.kind) ?? { cells: 0, survived: 0 };
    count.cells += 1;
    if (cell.problems.length === 0) count.survived += 1;
    else this.lost.push(cell);
    this.#counts.set(cell.kind, count);
  }

  get cells(): number {
    return [...this.#counts.values()].reduce((sum, { cells }) => sum + cells, 0);
  }

  /** `disable: survived 310 of 310`. */
  lineOf(kind: string): string {
    const { cells, survived } = this.#counts.get(kind) ?? { cells: 0, survived: 0 };
    return `${kind}: survived ${survived} of ${cells}`;
  }

  get total(): string {
    return `survived ${this.cells - this.lost.length} of ${this.cells}`;
  }
}

/** One cell that did not survive, so that it can be found and lived through again. */
export const told = ({ kind, at, call, fault, wayBack, problems }: Cell): string =>
  [
    `${kind}, call ${at} (${call.name}${call.about === undefined ? '' : ` of ${call.about}`}): ${fault}, ${wayBack}`,
    ...problems.map((problem) => `    ${problem}`),
  ].join('\n');
