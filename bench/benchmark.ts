/** What a benchmark comes to: tables for people, figures for machines, and how the targets of this project were met. */
export interface Result {
  readonly tables: readonly Grid[];
  readonly targets: readonly Target[];
  /** What was assumed or left out, a sentence each. */
  readonly notes: readonly string[];
  /** Everything measured, for `--json`. */
  readonly figures: object;
}

export interface Grid {
  readonly title?: string;
  /** The first column is what the row is about; the others are figures. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Tells how far a benchmark is. */
export type Say = (line: string) => void;

/** The measured value must be at most, or at least, the wanted one. */
export function target(
  what: string,
  measured: number,
  bound: { readonly atMost: number } | { readonly atLeast: number },
  shown: (value: number) => string = count,
): Target {
  const [met, wanted] =
    'atMost' in bound
      ? [measured <= bound.atMost, `at most ${shown(bound.atMost)}`]
      : [measured >= bound.atLeast, `at least ${shown(bound.atLeast)}`];
  return { what, wanted, measured: shown(measured), met };
}

export const count = (value: number): string => Math.round(value).toLocaleString('en-US');
export const times = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ×`;
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
export const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
