/** When disruptive steps may happen. Days and hours are those of `timeZone`. */
export interface ChangeWindow {
  /** ISO weekdays, 1 = Monday … 7 = Sunday. */
  readonly weekdays: readonly number[];
  /** Open from this hour (0–23) … */
  readonly fromHour: number;
  /** … up to, and without, this hour (1–24). */
  readonly toHour: number;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** Dates (`2026-12-24`) on which nothing is disabled or deleted. */
  readonly freezeDates: readonly string[];
}
