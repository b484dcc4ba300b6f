import { deleteAtFrom, disableAtFrom } from '../domain/deadlines.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { AccessKeyId, RotationId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { type Instant, toIso } from '../domain/time.ts';
import type { Retirement } from '../domain/tracking.ts';
import type { UserLedger } from './user-ledger.ts';

/** A key on its way from intent to record. */
export interface Rotation {
  readonly rotationId: RotationId;
  readonly outgoing: { readonly keyId: AccessKeyId; readonly createdAt: Instant };
  readonly secretName: string;
}

export interface Incoming {
  readonly incomingKeyId: AccessKeyId;
  readonly secretRegion: string;
  readonly secretArn?: string;
}

/** What is written down when a key has been replaced: both keys' events, and how the outgoing one goes on from here. */
export function replacementOf(
  ledger: UserLedger,
  { rotationId, outgoing, secretName }: Rotation,
  { incomingKeyId, ...secret }: Incoming,
  { now, policy }: { readonly now: Instant; readonly policy: Policy },
): { readonly retirement: Retirement; readonly events: readonly HistoryEvent[] } {
  const disableAt = disableAtFrom(outgoing, now, policy);
  const published = ledger.event('key-published', incomingKeyId, { rotationId, replaces: outgoing.keyId, secretName });
  const replaced = ledger.event('key-replaced', outgoing.keyId, {
    rotationId,
    incomingKeyId,
    secretName,
    ...secret,
    disableAt: toIso(disableAt),
    deleteAt: toIso(deleteAtFrom(outgoing, disableAt, policy)),
  });
  const retirement: Retirement = {
    keyId: outgoing.keyId,
    why: 'rotated',
    successorKeyId: incomingKeyId,
    startedAt: now,
    announcement: replaced.id,
    promisedAt: disableAt,
  };
  return { retirement, events: [published, replaced] };
}
