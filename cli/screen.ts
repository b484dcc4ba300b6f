import type { Colors } from 'picocolors/types.js';

/** What a view needs to know of where it is shown. */
export interface Screen {
  /** Columns; undefined: not a terminal, so lines may be as long as they need. */
  readonly width: number | undefined;
  readonly paint: Colors;
}
