import type { KeyFacts } from '../lambda/domain/facts.ts';
import {
  parseAccessKeyId,
  parseAccountId,
  parseEventId,
  parseExemptionId,
  parseUserId,
  parseUserName,
} from '../lambda/domain/ids.ts';
import type { Situation } from '../lambda/domain/situation.ts';
import { DAY, fromIso, type Instant } from '../lambda/domain/time.ts';
import { blankTracking, type Retirement, type Tracking } from '../lambda/domain/tracking.ts';

export const NOW: Instant = fromIso('2026-03-02T06:17:00.000Z');
const account = parseAccountId('123456789012');
const announcement = parseEventId('01KJQ00000000000000000TOLD');

type Kind = (n: number) => Pick<Situation, 'tracking'> & Partial<Situation> & { readonly keys: readonly KeyFacts[] };

/** In each thousand users of an account in which Keyturn has been at work for months, so many are in this situation. */
const kinds: readonly (readonly [share: number, kind: Kind])[] = [
  [560, (n) => young(n, 1 + (n % 75))],
  [110, (n) => ({ ...young(n, 77 + (n % 9)), tracking: warned(n, 14) })],
  [30, (n) => ({ ...young(n, 87 + (n % 3)), tracking: warned(n, 3) })],
  // Rotated one to nine days ago: the old key is still Active.
  [100, (n) => retiring(n, 91 + (n % 9), 'Active')],
  // Disabled one to nine days ago.
  [90, (n) => retiring(n, 101 + (n % 9), 'Inactive')],
  // Something is due.
  [11, (n) => young(n, 90)],
  [11, (n) => retiring(n, 100, 'Active')],
  [11, (n) => retiring(n, 110, 'Inactive')],
  [11, (n) => young(n, 76)],
  [11, (n) => ({ ...young(n, 87), tracking: warned(n, 14) })],
  // Other people.
  [20, (n) => ({ keys: [], tracking: blankTracking, ...(n % 2 === 0 && {}) })],
  [15, (n) => ({ ...young(n, 400), exemption: exemption(n) })],
  [10, (n) => ({ keys: [key(n, 1, 40), key(n, 2, 10)], tracking: blankTracking })],
  [10, (n) => ({ keys: [key(n, 1, 60, 'Inactive')], tracking: blankTracking })],
];

/** A thousand users after another, mixed, each with everything a decision rests on. */
export function mixOfUsers(users: number): readonly Situation[] {
  const thousand = kinds.flatMap(([share, kind]) => Array.from({ length: share }, () => kind));
  // 7 and 1000 have no common divisor: neighbours are of different kinds, and each kind has its share.
  return Array.from({ length: users }, (_, n) =>
    situation(n, thousand[(n * 7) % thousand.length] ?? ((m) => young(m, 1))),
  );
}

function situation(n: number, kind: Kind): Situation {
  const { keys, tracking, exemption } = kind(n);
  const userName = parseUserName(`service-${n}`);
  const user = {
    account,
    userName,
    userId: parseUserId(`AIDAFAKE${digits(n, 13)}`),
    path: '/',
    arn: `arn:aws:iam::${account}:user/${userName}`,
    keys,
  };
  return { user, tracking, delivered: new Map([[announcement, true]]), ...(exemption && { exemption }) };
}

const digits = (n: number, length: number): string => String(n).padStart(length, '0');

const keyIdOf = (n: number, which: number) => parseAccessKeyId(`AKIAFAKE${which}${digits(n, 11)}`);

const key = (n: number, which: number, ageDays: number, status: KeyFacts['status'] = 'Active'): KeyFacts => ({
  keyId: keyIdOf(n, which),
  status,
  createdAt: NOW - ageDays * DAY,
  lastUse: { kind: 'unread' },
  // By the report, which tells it of almost every key.
  reportedUse: { kind: 'never' },
});

const young = (n: number, ageDays: number) => ({ keys: [key(n, 1, ageDays)], tracking: blankTracking });

const warned = (n: number, days: number): Tracking => ({ ...blankTracking, warned: { [keyIdOf(n, 1)]: days } });

function retiring(n: number, ageDays: number, status: 'Active' | 'Inactive') {
  const rotatedAt = NOW - (ageDays - 90) * DAY;
  const disabledAt = NOW - (ageDays - 100) * DAY;
  const retirement: Retirement = {
    keyId: keyIdOf(n, 1),
    why: 'rotated',
    successorKeyId: keyIdOf(n, 2),
    startedAt: rotatedAt,
    announcement,
    promisedAt: status === 'Active' ? rotatedAt + 10 * DAY : disabledAt + 10 * DAY,
    ...(status === 'Inactive' && { disabledAt }),
  };
  return {
    keys: [key(n, 1, ageDays, status), key(n, 2, ageDays - 90)],
    tracking: { ...warned(n, 3), retirements: { [retirement.keyId]: retirement } },
  };
}

const exemption = (n: number) => ({
  id: parseExemptionId(`01KJQ0000000000000${digits(n, 8)}`),
  account,
  match: { kind: 'user' as const, userName: parseUserName(`service-${n}`) },
  reason: 'cannot rotate yet',
  approver: 'head of platform',
  expiresAt: NOW + 100 * DAY,
  createdAt: NOW - DAY,
  createdBy: 'arn:aws:iam::123456789012:role/Platform',
});
