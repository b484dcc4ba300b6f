/** A point in time: milliseconds since 1970-01-01T00:00Z. Rules compare and add these; they never read a clock. */
export type Instant = number;

/** A point in time as people and tables read it: ISO 8601, UTC, with milliseconds. */
export type IsoTime = string;

export const DAY: number = 24 * 60 * 60 * 1000;
export const MINUTE: number = 60 * 1000;

export const toIso = (at: Instant): IsoTime => new Date(at).toISOString();

/** Reads an ISO 8601 time; throws RangeError when it is none. */
export function fromIso(text: IsoTime): Instant {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`'${text}' is not an ISO 8601 time`);
  return at;
}

export const daysAfter = (at: Instant, days: number): Instant => at + days * DAY;
