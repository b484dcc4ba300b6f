/** One check in the product that keeps a promise, how it is taken out, and the tests that must notice. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly guard: string;
  /** What stands there when the guard is gone. */
  readonly without: string;
  readonly tests: readonly string[];
  /** Only tests whose names match. */
  readonly only?: string;
}
