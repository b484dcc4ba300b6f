import type { LastUse } from '../domain/facts.ts';

/** The columns of a key that tell when it was last used; undefined: the report has no such column. */
export interface LastUseColumns {
  readonly date: string | undefined;
  readonly region: string | undefined;
  readonly service: string | undefined;
}

/** Of a key that exists. Undefined: the report does not say, or what it says is no time. */
export function reportedLastUse({
  date,
  region,
  service,
}: LastUseColumns): Exclude<LastUse, { kind: 'unread' }> | undefined {
  if (date === 'N/A') return { kind: 'never' };
  if (date === undefined || !isoTime.test(date)) return undefined;
  const at = Date.parse(date);
  return Number.isNaN(at) ? undefined : { kind: 'used', at, service: name(service), region: name(region) };
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** What GetAccessKeyLastUsed answers too where a service has no Region, or AWS does not know it. */
const NONE = 'N/A';
const anyName = /^[a-z0-9][a-z0-9-]{0,62}$/i;

/** It is shown to people: whatever is no name of a service or Region is none. */
const name = (text = NONE): string => (anyName.test(text) ? text : NONE);
