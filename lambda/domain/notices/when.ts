import { fromIso, type Instant, type IsoTime } from '../time.ts';

/** For people: `Thu 12 Mar 2026, 07:00 CET (06:00 UTC)`; in UTC, or in a zone nobody knows: `Thu 12 Mar 2026, 06:00 UTC`. */
export function inWords(time: IsoTime, timeZone?: string): string {
  const at = fromIso(time);
  const utc = read(at, 'UTC');
  const local = timeZone === undefined ? undefined : readIfKnown(at, timeZone);
  const zone = local === undefined || timeZone === undefined ? 'UTC' : zoneName(at, timeZone);
  if (local === undefined || zone === 'UTC') return `${utc.date}, ${utc.time} UTC`;
  const inUtc = local.date === utc.date ? `${utc.time} UTC` : `${utc.date}, ${utc.time} UTC`;
  return `${local.date}, ${local.time} ${zone} (${inUtc})`;
}

/** Only the date: `12 Mar 2026`. */
export function dayInWords(time: IsoTime, timeZone?: string): string {
  const at = fromIso(time);
  const { date } = (timeZone === undefined ? undefined : readIfKnown(at, timeZone)) ?? read(at, 'UTC');
  return date.slice(date.indexOf(' ') + 1);
}

interface Reading {
  readonly date: string;
  /** Hours and minutes; seconds are cut off, so that a deadline never reads later than it is. */
  readonly time: string;
}

/** An owner's mistyped time zone must not cost the owner the notice. */
function readIfKnown(at: Instant, timeZone: string): Reading | undefined {
  try {
    return read(at, timeZone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function read(at: Instant, timeZone: string): Reading {
  const { weekday, day, month, year, hour, minute } = Object.fromEntries(
    dateFormat(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return { date: `${weekday} ${day} ${month} ${year}`, time: `${hour}:${minute}` };
}

function zoneName(at: Instant, timeZone: string): string {
  const names = zoneFormats(timeZone).map(
    (format) => format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC',
  );
  return names.find((name) => /^[A-Z]+$/.test(name)) ?? names[0] ?? 'UTC';
}

const dateFormat = remembered(
  (timeZone) =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
);

/** Each region's English knows its own abbreviations (CET, EDT, AEDT) and writes the others as GMT+1. */
const zoneFormats = remembered((timeZone) =>
  ['en-GB', 'en-US', 'en-AU', 'en-IN', 'en-ZA'].map(
    (locale) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }),
  ),
);

/** Making a formatter costs a hundred times as much as using it, and there are few time zones. */
function remembered<Made>(make: (timeZone: string) => Made): (timeZone: string) => Made {
  const made = new Map<string, Made>();
  return (timeZone) => {
    const known = made.get(timeZone) ?? make(timeZone);
    made.set(timeZone, known);
    return known;
  };
}
