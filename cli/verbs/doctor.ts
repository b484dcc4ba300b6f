import { type IsoTime, toIso } from '../../lambda/domain/time.ts';
import {
  eventSourceChecks,
  queueChecks,
  settingsCheck,
  stackCheck,
  tableChecks,
  topicChecks,
} from '../checks/deployment.ts';
import type { Finding } from '../checks/finding.ts';
import { hubAccountChecks } from '../checks/hub-account.ts';
import { memberStackSetCheck } from '../checks/member-stack-set.ts';
import { organizationCheck } from '../checks/organization.ts';
import { outboxCheck } from '../checks/outbox.ts';
import { runChecks } from '../checks/runs.ts';
import { count } from '../dates.ts';
import type { Session } from '../session.ts';

export interface DoctorReport {
  readonly at: IsoTime;
  readonly findings: readonly Finding[];
  readonly summary: Readonly<Record<Finding['verdict'], number>>;
}

/**
 * Looks at everything that has to be in place, with the caller's own rights, and changes nothing. What may not be read is
 * told as unknown. What other accounts hold is known from the last run's records.
 */
export async function doctor(session: Session, { version }: { readonly version: string }): Promise<DoctorReport> {
  const { deployment } = session;
  const estate = await session.estate();
  const checking = { deployment, estate };
  const found = await Promise.all([
    settingsCheck(deployment, version),
    stackCheck(checking),
    memberStackSetCheck(checking),
    tableChecks(checking),
    topicChecks(checking),
    queueChecks(checking),
    eventSourceChecks(checking),
    outboxCheck(session),
    organizationCheck({ deployment, estate, history: session.history }),
    hubAccountChecks(session, estate),
    runChecks(session),
  ]);
  const findings = found.flat();
  const summary = { ok: 0, warn: 0, fail: 0, unknown: 0 };
  for (const { verdict } of findings) summary[verdict] += 1;
  return { at: toIso(session.clock.now()), findings, summary };
}

/** What the command fails with, when anything is wrong. */
export const doctorComplaint = ({ summary }: DoctorReport): string | undefined =>
  summary.fail === 0 ? undefined : `${count(summary.fail, 'check')} failed: what to do stands beside each.`;
