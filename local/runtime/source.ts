/** Something that feeds a function. */
export interface Source {
  /** Feeds until the source is empty; tells how many items it took. */
  pump(): Promise<number>;
}
