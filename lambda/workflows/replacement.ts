import { deleteAtFrom, disableAtFrom } from '../domain/deadlines.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { AccessKeyId, AccountId, RotationId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { lastUseOf } from '../domain/reported-use.ts';
import { secretAccountOf } from '../domain/secret-name.ts';
import { fromIso, type Instant, toIso } from '../domain/time.ts';
import type { Retirement, RotationEntry } from '../domain/tracking.ts';
import { onRecord } from './remind.ts';
import type { UserLedger } from './user-ledger.ts';

/** A key on its way from intent to record. */
export interface Rotation {
  readonly rotationId: RotationId;
  readonly outgoing: { readonly keyId: AccessKeyId; readonly createdAt: Instant };
  readonly secretName: string;
  /** Somebody asked for it. */
  readonly request?: RotationEntry['request'];
}

export interface Incoming {
  readonly incomingKeyId: AccessKeyId;
  readonly secretRegion: string;
  readonly secretArn?: string;
}

/** What is written down when a key has been replaced: both keys' events, and how the outgoing one goes on from here. */
export function replacementOf(
  ledger: UserLedger,
  { rotationId, outgoing, secretName, request }: Rotation,
  { incomingKeyId, ...secret }: Incoming,
  { now, policy }: { readonly now: Instant; readonly policy: Policy },
): { readonly retirement: Retirement; readonly events: readonly HistoryEvent[] } {
  const disableAt = request?.disableOldNow ? now : disableAtFrom(outgoing, now, policy);
  const { lastUse } = lastUseOf(ledger.user.keys.find(({ keyId }) => keyId === outgoing.keyId));
  const published = ledger.event('key-published', incomingKeyId, { rotationId, replaces: outgoing.keyId, secretName });
  const replaced = ledger.event('key-replaced', outgoing.keyId, {
    rotationId,
    incomingKeyId,
    secretName,
    ...secret,
    disableAt: toIso(disableAt),
    deleteAt: toIso(deleteAtFrom(outgoing, disableAt, policy)),
    ...(lastUse === undefined ? {} : { lastUse: onRecord(lastUse) }),
    ...(request === undefined ? {} : { requestId: request.id }),
  });
  const retirement: Retirement = {
    keyId: outgoing.keyId,
    why: 'rotated',
    successorKeyId: incomingKeyId,
    startedAt: now,
    announcement: replaced.id,
    secret: secretPlace(ledger.user.account, secret),
    promisedAt: disableAt,
    changedAt: fromIso(replaced.time),
    ...(request?.disableOldNow ? { disableNow: request.id } : {}),
  };
  return { retirement, events: [published, replaced] };
}

/** What has to be known to find the secret again: its name follows from the user's, but not so in another account. */
function secretPlace(
  account: AccountId,
  { secretRegion: region, secretArn: arn }: Omit<Incoming, 'incomingKeyId'>,
): NonNullable<Retirement['secret']> {
  return { region, ...(arn !== undefined && secretAccountOf(arn) !== account && { arn }) };
}
