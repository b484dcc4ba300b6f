import type { KeyFacts, UserFacts } from './facts.ts';
import type { AccessKeyId } from './ids.ts';
import type { Instant } from './time.ts';
import { blankTracking, type Shadow, type UserRecord } from './tracking.ts';

/**
 * `observe` mode runs the same rules as `enforce`, on the world as it would be had Keyturn been allowed to act: what it
 * would have created, disabled and deleted is laid over the keys that are really there.
 */
export function shadowOf(record: UserRecord | undefined, user: UserFacts): Shadow {
  const basis = basisOf(user);
  const mine = record?.userId === user.userId ? record : undefined;
  if (mine?.shadow?.basis === basis) return mine.shadow;
  const tracking = mine === undefined ? blankTracking : withoutJournal(mine);
  return { tracking, basis, created: [], disabled: [], deleted: [] };
}

/** A journal entry belongs to real keys; in a pretended world there is nothing to recover. */
function withoutJournal({ tracking }: UserRecord): Shadow['tracking'] {
  const { rotation: _, ...rest } = tracking;
  return rest;
}

/** The user's keys as the shadow has them. */
export function overlaid(user: UserFacts, shadow: Shadow): UserFacts {
  const real = user.keys
    .filter((key) => !shadow.deleted.includes(key.keyId))
    .map((key): KeyFacts => (shadow.disabled.includes(key.keyId) ? { ...key, status: 'Inactive' } : key));
  const created = shadow.created
    .filter(({ keyId }) => !shadow.deleted.includes(keyId))
    .map(
      ({ keyId, createdAt }): KeyFacts => ({
        keyId,
        createdAt,
        status: shadow.disabled.includes(keyId) ? 'Inactive' : 'Active',
        pretended: true,
        // Its owner would have installed it: a key that exists only here must not look abandoned.
        lastUse: { kind: 'used', at: createdAt, service: 'assumed', region: 'assumed' },
      }),
    );
  return { ...user, keys: [...real, ...created] };
}

export const withCreated = (shadow: Shadow, keyId: AccessKeyId, createdAt: Instant): Shadow => ({
  ...shadow,
  created: [...shadow.created, { keyId, createdAt }],
});

export const withDisabled = (shadow: Shadow, keyId: AccessKeyId): Shadow => ({
  ...shadow,
  disabled: [...shadow.disabled, keyId],
});

/** A pretended key leaves no trace; a real one stays on the list for as long as it is really there. */
export function withDeleted(shadow: Shadow, keyId: AccessKeyId): Shadow {
  const disabled = shadow.disabled.filter((other) => other !== keyId);
  const created = shadow.created.filter((other) => other.keyId !== keyId);
  const pretended = created.length < shadow.created.length;
  return { ...shadow, disabled, created, deleted: pretended ? shadow.deleted : [...shadow.deleted, keyId] };
}

const basisOf = ({ keys }: UserFacts): string =>
  keys
    .map(({ keyId, status }) => `${keyId}:${status}`)
    .sort()
    .join(' ');
