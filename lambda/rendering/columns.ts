/** What each table of the report tells of a row. */
import type { Control, ExemptionRow, KeyRow, LateRow, PolicyRow, RotationRow, RunRow } from '../domain/report/model.ts';

/** What stands in one cell; undefined: nothing. Times are ISO 8601. */
export type Cell = string | number | undefined;

export interface Column<Row> {
  /** Heading in CSV. */
  readonly id: string;
  /** Heading for people. */
  readonly title: string;
  readonly cell: (row: Row) => Cell;
  readonly kind?: 'time' | 'number' | 'id' | 'name';
  /** In one of them alone: on a page it would be too much, or in a file not enough. */
  readonly only?: 'csv' | 'page';
}

const whose = <Row extends Pick<KeyRow, 'account' | 'userName' | 'keyId'>>(): Column<Row>[] => [
  { id: 'account', title: 'Account', cell: ({ account }) => account, kind: 'id' },
  { id: 'user', title: 'User', cell: ({ userName }) => userName, kind: 'name' },
  { id: 'key', title: 'Key', cell: ({ keyId }) => keyId, kind: 'id' },
];

export const controlColumns: readonly Column<Control>[] = [
  { id: 'control', title: 'Control', cell: ({ id }) => id },
  { id: 'title', title: 'Question', cell: ({ title }) => title },
  {
    id: 'asked_by',
    title: 'Asked by',
    cell: ({ asks }) => asks.map(({ framework, ids }) => `${framework} ${ids}`).join('; '),
  },
  { id: 'verdict', title: 'Verdict', cell: ({ verdict }) => verdict },
  { id: 'in_scope', title: 'In scope', cell: ({ inScope }) => inScope, kind: 'number' },
  { id: 'against', title: 'Against', cell: ({ against }) => against, kind: 'number' },
  { id: 'excepted', title: 'Under exemption', cell: ({ excepted }) => excepted, kind: 'number' },
  { id: 'finding', title: 'Finding', cell: ({ finding }) => finding },
  {
    id: 'not_known',
    title: 'Not known',
    cell: ({ unknown }) => listed(unknown.map(({ subject, why }) => `${subject}: ${why}`)),
  },
];

export const keyColumns: readonly Column<KeyRow>[] = [
  ...whose<KeyRow>(),
  { id: 'status', title: 'Status', cell: ({ status }) => status },
  { id: 'state', title: 'State', cell: ({ state }) => state },
  { id: 'created', title: 'Created', cell: ({ createdAt }) => createdAt, kind: 'time' },
  { id: 'created_known_from', title: 'Known from', cell: ({ createdFrom }) => createdFrom, only: 'csv' },
  { id: 'age_days', title: 'Age, days', cell: ({ ageDays }) => ageDays, kind: 'number' },
  { id: 'days_over_90', title: 'Days over 90', cell: ({ daysOverLimit }) => daysOverLimit, kind: 'number' },
  { id: 'next_step', title: 'Next step', cell: ({ nextStep }) => nextStep },
  { id: 'deadline', title: 'Deadline', cell: ({ deadline }) => deadline, kind: 'time' },
  { id: 'waits_for', title: 'Waits for', cell: ({ waitsFor }) => waitsFor },
  { id: 'exemption', title: 'Exemption', cell: ({ exemptionId }) => exemptionId, kind: 'id', only: 'csv' },
];

const proofs: Readonly<Record<RotationRow['proof'], string>> = {
  delivered: 'told before',
  none: 'no receipt',
  'at-once': 'at once, on request',
  'not-disabled': 'still Active',
  'not-keyturn': 'not by Keyturn',
};

export const rotationColumns: readonly Column<RotationRow>[] = [
  ...whose<RotationRow>(),
  { id: 'why', title: 'Why', cell: ({ why }) => why },
  { id: 'successor', title: 'Successor', cell: ({ successorKeyId }) => successorKeyId, kind: 'id' },
  { id: 'begun', title: 'Begun', cell: ({ begunAt }) => begunAt, kind: 'time' },
  { id: 'begun_event', title: 'Event', cell: ({ begunEvent }) => begunEvent, kind: 'id', only: 'csv' },
  { id: 'first_use_of_successor', title: 'Successor used', cell: ({ adoptedAt }) => adoptedAt, kind: 'time' },
  { id: 'proof', title: 'Notice before disabling', cell: ({ proof }) => proofs[proof] },
  { id: 'told', title: 'Who was told', cell: firstTold, only: 'page' },
  { id: 'notices', title: 'Told', cell: toldIn, only: 'csv' },
  { id: 'disabled', title: 'Disabled', cell: ({ disabledAt }) => disabledAt, kind: 'time' },
  { id: 'disabled_by', title: 'By', cell: ({ disabledBy }) => disabledBy, only: 'csv' },
  { id: 'disabled_event', title: 'Event', cell: ({ disabledEvent }) => disabledEvent, kind: 'id', only: 'csv' },
  { id: 'deleted', title: 'Deleted', cell: ({ deletedAt }) => deletedAt, kind: 'time' },
  { id: 'deleted_event', title: 'Event', cell: ({ deletedEvent }) => deletedEvent, kind: 'id', only: 'csv' },
];

/** The receipt that proves it: the first one. */
function firstTold({ notices }: RotationRow): string | undefined {
  const [receipt] = notices.flatMap(({ receipts }) => receipts);
  return receipt && `${receipt.to} by ${receipt.channel} ${minuteOf(receipt.at)}, receipt ${receipt.event}`;
}

/** `payments by slack 2026-10-02 06:20 (receipt 01J…, about key-replaced 01J…)`. */
function toldIn({ notices }: RotationRow): string | undefined {
  const told = notices.flatMap(({ about, event, receipts }) =>
    receipts.map(
      (receipt) =>
        `${receipt.to} by ${receipt.channel} ${minuteOf(receipt.at)} (receipt ${receipt.event}, about ${about} ${event})`,
    ),
  );
  return told.length === 0 ? undefined : told.join('; ');
}

export const exemptionColumns: readonly Column<ExemptionRow>[] = [
  { id: 'exemption', title: 'Exemption', cell: ({ id }) => id, kind: 'id' },
  { id: 'range', title: 'Of', cell: ({ range }) => range },
  { id: 'account', title: 'Account', cell: ({ account }) => (account === '*' ? 'every account' : account), kind: 'id' },
  { id: 'reason', title: 'Reason', cell: ({ reason }) => reason },
  { id: 'approver', title: 'Approver', cell: ({ approver }) => approver },
  { id: 'recorded_by', title: 'Recorded by', cell: ({ grantedBy }) => grantedBy },
  { id: 'granted', title: 'Granted', cell: ({ grantedAt }) => grantedAt, kind: 'time' },
  { id: 'granted_event', title: 'Event', cell: ({ grantedEvent }) => grantedEvent, kind: 'id', only: 'csv' },
  { id: 'expires', title: 'Expires', cell: ({ expiresAt }) => expiresAt, kind: 'time' },
  { id: 'revoked', title: 'Revoked', cell: ({ revokedAt }) => revokedAt, kind: 'time' },
  { id: 'held_at_end', title: 'Held at the end', cell: ({ heldAtEnd }) => (heldAtEnd ? 'yes' : 'no') },
  { id: 'keys', title: 'Keys', cell: ({ keys }) => keys, kind: 'number' },
];

export const runColumns: readonly Column<RunRow>[] = [
  { id: 'run', title: 'Run', cell: ({ runId }) => runId, kind: 'id' },
  { id: 'at', title: 'Begun', cell: ({ at }) => at, kind: 'time' },
  { id: 'begun', title: 'As a', cell: ({ begun }) => begun },
  { id: 'expected', title: 'Accounts expected', cell: ({ expected }) => expected, kind: 'number' },
  { id: 'swept', title: 'Swept', cell: ({ swept }) => swept, kind: 'number' },
  { id: 'gaps', title: 'Not swept', cell: ({ gapCount }) => gapCount, kind: 'number' },
  { id: 'users_failed', title: 'Users failed', cell: ({ usersFailed }) => usersFailed, kind: 'number' },
  { id: 'which', title: 'Which', cell: gapsIn },
  {
    id: 'skipped',
    title: 'Left out',
    cell: ({ skipped }) => listed(Object.entries(skipped).map(([why, n]) => `${n} ${why}`)),
  },
];

function gapsIn({ gaps, gapCount, errors }: RunRow): string | undefined {
  return listed([
    ...errors,
    ...gaps.map(({ account, outcome }) => `${account} (${outcome})`),
    ...(gapCount > gaps.length ? [`and ${gapCount - gaps.length} more`] : []),
  ]);
}

export const lateColumns: readonly Column<LateRow>[] = [
  ...whose<LateRow>(),
  { id: 'step', title: 'Step', cell: ({ step }) => step },
  { id: 'due', title: 'Due', cell: ({ dueAt }) => dueAt, kind: 'time' },
  { id: 'done', title: 'Done', cell: ({ doneAt }) => doneAt, kind: 'time' },
  { id: 'days_late', title: 'Days late', cell: ({ daysLate }) => daysLate, kind: 'number' },
  { id: 'cause', title: 'Cause', cell: ({ cause }) => cause },
  { id: 'exemption', title: 'Exemption', cell: ({ exemptionId }) => exemptionId, kind: 'id', only: 'csv' },
  { id: 'event', title: 'Event', cell: ({ event }) => event, kind: 'id', only: 'csv' },
];

export const policyColumns: readonly Column<PolicyRow>[] = [
  { id: 'mode', title: 'Mode', cell: ({ mode }) => mode },
  { id: 'rotate_after_days', title: 'Rotate after days', cell: ({ policy }) => policy.rotateAfterDays, kind: 'number' },
  {
    id: 'disable_after_days',
    title: 'Disable after days',
    cell: ({ policy }) => policy.disableAfterDays,
    kind: 'number',
  },
  { id: 'delete_after_days', title: 'Delete after days', cell: ({ policy }) => policy.deleteAfterDays, kind: 'number' },
  { id: 'accounts', title: 'Accounts', cell: ({ accounts }) => accounts, kind: 'number' },
  { id: 'first_seen', title: 'From', cell: ({ firstSeen }) => firstSeen, kind: 'time' },
  { id: 'last_seen', title: 'Until', cell: ({ lastSeen }) => lastSeen, kind: 'time' },
];

function listed(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** `2026-10-02 06:20`, in UTC. */
export const minuteOf = (time: string): string => time.slice(0, 16).replace('T', ' ');
