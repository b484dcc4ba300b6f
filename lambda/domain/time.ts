/** A point in time: milliseconds since 1970-01-01T00:00Z. Rules compare and add these; they never read a clock. */
export type Instant = number;

/** A point in time as people and tables read it: ISO 8601, UTC, with milliseconds. */
export type IsoTime = string;

export const DAY: number = 24 * 60 * 60 * 1000;
export const MINUTE: number = 60 * 1000;

export const toIso = (at: Instant): IsoTime => new Date(at).toISOString();

/** Reads an ISO 8601 date (its midnight in UTC), or time with its offset; throws RangeError when it is none. */
export function fromIso(text: IsoTime): Instant {
  const [, date] = isoPattern.exec(text) ?? [];
  const at = Date.parse(text);
  // Date.parse also takes other notations, which it reads in the machine's time zone, and 30 February for 2 March.
  if (date === undefined || Number.isNaN(at) || toIso(Date.parse(date)).slice(0, 10) !== date) {
    throw new RangeError(`'${text}' is not an ISO 8601 time`);
  }
  return at;
}

const isoPattern = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

export const daysAfter = (at: Instant, days: number): Instant => at + days * DAY;
