import { csvFormatRows } from 'd3-dsv';
import type { AccountId } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { busyDays } from './forecast-report.ts';
import type { Outlook } from './outlook.ts';

const columns = [
  'policy',
  'date',
  'account',
  'rotate',
  'disable',
  'delete',
  'deferred',
  'notices',
  'messages',
] as const;

/** Portions of one CSV: a line for each account and day on which something happens in it. */
export function* forecastCsv(outlooks: readonly Outlook[], start: Instant): Generator<string> {
  yield csvFormatRows([[...columns]]);
  for (const { named, accounts } of outlooks) {
    for (const { account, figures } of accounts) {
      const rows = busyDays(figures, start).map((day) => lineOf(named.name, account, day));
      if (rows.length > 0) yield csvFormatRows(rows);
    }
  }
}

const lineOf = (policy: string, account: AccountId, day: ReturnType<typeof busyDays>[number]): string[] => [
  policy,
  day.date,
  account,
  ...[day.rotate, day.disable, day.delete, day.deferred, day.notices, day.messages].map(String),
];
