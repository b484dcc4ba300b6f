import type { AccessKeyId, RequestId } from './ids.ts';
import type { Instant } from './time.ts';
import type { Hold, Reminder, Retirement, RotationEntry, StepIntent, Tracking, WaitOnRecord } from './tracking.ts';

/** Pure changes of what is tracked about one user. */

export const withRotation = (tracking: Tracking, rotation: RotationEntry): Tracking => ({ ...tracking, rotation });

export function withoutRotation(tracking: Tracking): Tracking {
  const { rotation: _, ...rest } = tracking;
  return rest;
}

export const withRetirement = (tracking: Tracking, retirement: Retirement): Tracking => ({
  ...withoutWait(tracking, retirement.keyId),
  retirements: { ...tracking.retirements, [retirement.keyId]: retirement },
});

/** The retirement with what was found out about it or told; whatever waits goes on waiting. */
export const withNoted = (tracking: Tracking, retirement: Retirement): Tracking => ({
  ...tracking,
  retirements: { ...tracking.retirements, [retirement.keyId]: retirement },
});

/** The key is held because it is used, and its owner is told until when at most. */
export function withHold(tracking: Tracking, keyId: AccessKeyId, hold: Hold): Tracking {
  const retirement = tracking.retirements[keyId];
  if (retirement === undefined || (retirement.hold?.until === hold.until && hold.announcement === undefined)) {
    return tracking;
  }
  return withNoted(tracking, { ...retirement, hold });
}

/** The retirement with another date announced for its next step, as if it had come to that only now. */
export function announcedAgain(
  retirement: Retirement,
  now: Instant,
  { announcement, promisedAt }: Pick<Retirement, 'announcement' | 'promisedAt'>,
): Retirement {
  const { intent: _, hold: __, restoredUntil: ___, putOffFrom, reminded: ____, ...rest } = retirement;
  const again = { ...rest, announcement, promisedAt };
  if (rest.disabledAt === undefined) return { ...again, startedAt: now };
  // What it may still be restored for counts from its first date.
  return putOffFrom?.disable === undefined ? again : { ...again, putOffFrom: { disable: putOffFrom.disable } };
}

/** The retirement as if its owner had not been reminded of that: the date it was about has changed. */
export function withoutReminders(retirement: Retirement, ...kinds: readonly Reminder[]): Retirement {
  const { reminded = [], ...rest } = retirement;
  const left = reminded.filter((kind) => !kinds.includes(kind));
  return left.length === 0 ? rest : { ...rest, reminded: left };
}

export function withoutRetirement(tracking: Tracking, keyId: AccessKeyId): Tracking {
  return { ...withoutWait(tracking, keyId), retirements: without(tracking.retirements, keyId) };
}

export function withIntent(tracking: Tracking, keyId: AccessKeyId, intent: StepIntent): Tracking {
  const retirement = tracking.retirements[keyId];
  if (retirement === undefined) throw new Error(`key ${keyId} is not retiring: nothing can be begun on it`);
  return { ...tracking, retirements: { ...tracking.retirements, [keyId]: { ...retirement, intent } } };
}

export function withDisableNow(tracking: Tracking, keyId: AccessKeyId, disableNow: RequestId): Tracking {
  const retirement = tracking.retirements[keyId];
  if (retirement === undefined) return tracking;
  return { ...tracking, retirements: { ...tracking.retirements, [keyId]: { ...retirement, disableNow } } };
}

export const withWarning = (tracking: Tracking, keyId: AccessKeyId, thresholdDays: number): Tracking => ({
  ...tracking,
  warned: { ...tracking.warned, [keyId]: thresholdDays },
});

export const withWait = (tracking: Tracking, keyId: AccessKeyId, waits: WaitOnRecord): Tracking => ({
  ...tracking,
  waiting: { ...tracking.waiting, [keyId]: waits },
});

export const withoutWait = (tracking: Tracking, keyId: AccessKeyId): Tracking => ({
  ...tracking,
  waiting: without(tracking.waiting, keyId),
});

export function withBlocked(tracking: Tracking, blocked: string | undefined): Tracking {
  const { blocked: _, ...rest } = tracking;
  return blocked === undefined ? rest : { ...rest, blocked };
}

/** `present`: the keys that the user has beside it; whichever others were made before are gone. */
export function withMade(
  tracking: Tracking,
  keyId: AccessKeyId,
  present: readonly { readonly keyId: AccessKeyId }[],
): Tracking {
  const others = present.map((key) => key.keyId).filter((other) => other !== keyId && tracking.made?.includes(other));
  return { ...tracking, made: [...others, keyId] };
}

/** Forgets warnings, waits and the making of a key that no longer exists. */
export function withoutKey(tracking: Tracking, keyId: AccessKeyId): Tracking {
  const { made, ...rest } = withoutRetirement(tracking, keyId);
  const left = made?.filter((other) => other !== keyId) ?? [];
  return { ...rest, warned: without(rest.warned, keyId), ...(left.length > 0 && { made: left }) };
}

function without<T>(entries: Readonly<Record<AccessKeyId, T>>, keyId: AccessKeyId): Readonly<Record<AccessKeyId, T>> {
  const { [keyId]: _, ...rest } = entries;
  return rest;
}
