import type { HistoryEvent } from '../lambda/domain/events.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import { keyEventTypes } from '../lambda/domain/past/fold-key.ts';
import { Past } from '../lambda/domain/past/past.ts';
import type { Instant } from '../lambda/domain/time.ts';
import type { Session } from './session.ts';

type Recorded = Pick<Session, 'history' | 'deployment'>;

/** What tells of an exemption; one for all accounts is on record in the hub. */
export const exemptionTypes = ['exemption-granted', 'exemption-revoked'] as const;
/** What is on record of an account as a whole and matters to its keys. A finished sweep tells policy and mode. */
export const accountTypes = ['inventory-taken', 'sweep-finished', ...exemptionTypes] as const;

export interface PastOptions {
  /** Keys that were gone by then are told of, too. */
  readonly goneToo?: true;
  /** The hub's exemptions, where somebody has read them already. */
  readonly hubExemptions?: readonly HistoryEvent[];
}

/** What history knew of an account at an instant, that instant included. */
export async function pastOf(
  session: Recorded,
  account: AccountId,
  at: Instant,
  { goneToo, hubExemptions }: PastOptions = {},
): Promise<Past> {
  const past = goneToo ? new Past() : new Past(at);
  if (account !== session.deployment.settings.hub) {
    for (const event of hubExemptions ?? (await hubExemptionsUntil(session, at))) past.add(event);
  }
  const types = [...keyEventTypes, 'sweep-finished'] as const;
  for await (const event of session.history.query({ by: { kind: 'account', account }, until: at + 1, types }))
    past.add(event);
  return past;
}

/** What the hub has on record of exemptions, that instant included. */
export async function hubExemptionsUntil(
  { history, deployment }: Recorded,
  at: Instant,
): Promise<readonly HistoryEvent[]> {
  const by = { kind: 'account', account: deployment.settings.hub } as const;
  const found: HistoryEvent[] = [];
  for await (const event of history.query({ by, until: at + 1, types: exemptionTypes })) found.push(event);
  return found;
}
