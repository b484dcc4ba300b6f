import { longHistory } from '../../bench/report/long-history.ts';
import type { ReportModel } from '../../lambda/domain/report/model.ts';
import { ReportFold } from '../../lambda/domain/report/report.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { OCTOBER, toldOfAccount, WRITTEN } from './support.ts';

const policy = { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 };

/** The report of a small company's October, in which everything occurs that a report shows. */
export function sampleReport({ accounts = 12, usersPerAccount = 25 } = {}): ReportModel {
  const fold = new ReportFold(OCTOBER);
  const from = OCTOBER.from - 120 * DAY;
  const covers = { account: '*', match: { kind: 'name', pattern: 'etl-2*' } } as const;
  // Whatever people wrote is shown as they wrote it.
  const reason = '=HYPERLINK("https://example.com"), <script>alert("no")</script> & "quotes"';
  fold.add(
    toldOfAccount('2026-06-04T05:00', 'exemption-granted', { covers, reason, expiresAt: '2026-12-24T00:00:00.000Z' }),
  );
  for (const event of longHistory({ accounts, usersPerAccount, policy }, from, 151)) fold.add(event);
  const sealedAt = '2026-11-02T09:31:12.000Z';
  return fold.model(WRITTEN, { number: 9214, hash: 'c41f'.repeat(16), sealedAt });
}
