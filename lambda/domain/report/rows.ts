import type { HistoryEvent } from '../events.ts';
import type { AccountId } from '../ids.ts';
import { endOf } from '../past/exemption-past.ts';
import type { KeyPast } from '../past/key-past.ts';
import type { Past } from '../past/past.ts';
import { standingAt } from '../past/standing.ts';
import { type Instant, toIso } from '../time.ts';
import { overLimit } from './limits.ts';
import type { ExemptionRow, KeyRow, PolicyRow } from './model.ts';
import type { Span } from './rotations.ts';

/** Every key that is there at the end: those over the limit first, then by deadline. */
export function keyRows(past: Past, period: Span): readonly KeyRow[] {
  const rows: KeyRow[] = [];
  for (const key of past.keys.values()) {
    const row = keyRow(past, key, period);
    if (row !== undefined) rows.push(row);
  }
  return rows.sort(morePressingFirst);
}

function keyRow(past: Past, key: KeyPast, period: Span): KeyRow | undefined {
  const { account, userName, keyId, status, created, waiting } = key;
  if (status === 'gone') return undefined;
  const { state, ageDays, next, exemptionId } = standingAt(past, key, period.to);
  return {
    account,
    userName,
    keyId,
    status,
    state,
    ...(created && { createdAt: toIso(created.at), createdFrom: created.from }),
    ...(ageDays !== undefined && { ageDays }),
    ...(next && { nextStep: next.step, deadline: toIso(next.at) }),
    daysOverLimit: overLimit(past, key, period)?.days ?? 0,
    ...(exemptionId && { exemptionId }),
    ...(waiting && waiting.step === next?.step && { waitsFor: waiting.reason }),
  };
}

const NEVER = '9999';

function morePressingFirst(a: KeyRow, b: KeyRow): number {
  if (a.daysOverLimit !== b.daysOverLimit) return b.daysOverLimit - a.daysOverLimit;
  const [mine, theirs] = [a.deadline ?? NEVER, b.deadline ?? NEVER];
  if (mine !== theirs) return mine < theirs ? -1 : 1;
  return a.keyId < b.keyId ? -1 : 1;
}

/** Exemptions that held at any time of the period. */
export function exemptionRows(past: Past, { from, to }: Span, keys: readonly KeyRow[]): readonly ExemptionRow[] {
  const exempt = Map.groupBy(keys, ({ exemptionId }) => exemptionId);
  return past.exemptions
    .all()
    .filter((one) => one.granted.at < to && endOf(one) > from)
    .map((one) => ({
      id: one.id,
      range: one.range,
      account: one.account,
      reason: one.reason,
      approver: one.approver,
      grantedBy: one.grantedBy,
      grantedAt: toIso(one.granted.at),
      grantedEvent: one.granted.event,
      expiresAt: toIso(one.expiresAt),
      ...(one.revoked && { revokedAt: toIso(one.revoked.at) }),
      heldAtEnd: endOf(one) >= to,
      keys: exempt.get(one.id)?.length ?? 0,
    }));
}

interface PolicySeen extends Pick<PolicyRow, 'policy' | 'mode'> {
  readonly accounts: Set<AccountId>;
  readonly first: Instant;
  last: Instant;
}

/** Which policy was in force where, by what finished sweeps say. */
export class PoliciesFold {
  readonly #seen = new Map<string, PolicySeen>();

  add({ policy, mode, account }: HistoryEvent, at: Instant): void {
    const name = `${mode} ${policy.rotateAfterDays}/${policy.disableAfterDays}/${policy.deleteAfterDays}`;
    const seen = this.#seen.get(name) ?? { policy, mode, accounts: new Set<AccountId>(), first: at, last: at };
    this.#seen.set(name, seen);
    seen.accounts.add(account);
    seen.last = at;
  }

  rows(): readonly PolicyRow[] {
    return [...this.#seen.values()].map(({ policy, mode, accounts, first, last }) => ({
      policy,
      mode,
      accounts: accounts.size,
      firstSeen: toIso(first),
      lastSeen: toIso(last),
    }));
  }
}
