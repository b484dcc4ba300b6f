import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { type AccessKeyId, parseAccessKeyId, parseUserId, parseUserName } from '../../../lambda/domain/ids.ts';
import { presets } from '../../../lambda/domain/policy.ts';
import { secretVersionOf } from '../../../lambda/domain/secret-name.ts';
import type { Instant } from '../../../lambda/domain/time.ts';
import { runAt } from '../../../local/demo/calendar.ts';
import type { Delivery } from '../../../local/demo/deliveries.ts';
import type { Evidence } from '../../../local/demo/invariants/evidence.ts';
import type { ObservedKey, ObservedUser, Snapshot } from '../../../local/demo/snapshot.ts';
import type { RecordedCall } from '../../../local/recorder.ts';

/** The day of the run that is judged. */
export const TODAY = 100;
export const NOW: Instant = runAt(TODAY);

export const OLD: AccessKeyId = parseAccessKeyId('AKIAFAKE000000000001');
export const NEW: AccessKeyId = parseAccessKeyId('AKIAFAKE000000000002');

/** A key made on that day, a little before the run. */
export const key = (keyId: AccessKeyId, createdDay: number, status = 'Active'): ObservedKey => ({
  keyId,
  status,
  createdAt: runAt(createdDay) - 60_000,
});

export function user(keys: readonly ObservedKey[], overrides: Partial<ObservedUser> = {}): ObservedUser {
  return { userName: parseUserName('build-bot'), userId: parseUserId('AIDAFAKE000000000001'), keys, ...overrides };
}

/** The user's secret with this key as its current one. */
export const secretWith = (current: AccessKeyId, ...others: AccessKeyId[]): Pick<ObservedUser, 'secret'> => ({
  secret: { currentKeyId: current, versions: new Set([current, ...others].map(secretVersionOf)) },
});

export const snapshot = (...users: ObservedUser[]): Snapshot => ({ at: NOW, users, secrets: new Map() });

/** Evidence of a run in which nothing happened. */
export function evidence(overrides: Partial<Evidence> = {}): Evidence {
  const calm = snapshot(user([key(OLD, 50)]));
  return {
    runAt: NOW,
    mode: 'enforce',
    policy: presets.default,
    before: calm,
    after: overrides.before ?? calm,
    history: [],
    calls: [],
    deliveries: [],
    heldByOwners: new Set([OLD]),
    ...overrides,
  };
}

let events = 0;

/** An event about the old key of build-bot, some seconds after the run of that day began. */
export function event<T extends HistoryEvent['type']>(
  type: T,
  day: number,
  details: HistoryEvent<T>['details'],
  overrides: Partial<HistoryEvent> = {},
): HistoryEvent<T> {
  events += 1;
  return {
    id: `01FAKE${String(events).padStart(20, '0')}`,
    time: new Date(runAt(day) + 5_000).toISOString(),
    runId: 'run-fake',
    type,
    account: '111122223333',
    userName: 'build-bot',
    keyId: OLD,
    actor: 'keyturn',
    mode: 'enforce',
    policy: { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 },
    details,
    ...overrides,
    // The fake IDs are plain strings, and the compiler does not see that type and details belong together.
  } as unknown as HistoryEvent<T>;
}

export function delivery(day: number, text: string, overrides: Partial<Delivery> = {}): Delivery {
  const mail = { subject: 'a notice', text, attributes: {} };
  return {
    at: runAt(day) + 6_000,
    channel: 'sns',
    to: 'web',
    subject: mail.subject,
    text,
    message: { kind: 'mail', mail },
    ...overrides,
  };
}

export function call(action: string, overrides: Partial<RecordedCall> = {}): RecordedCall {
  return {
    time: new Date(NOW + 6_000),
    service: 'iam',
    action,
    params: { UserName: 'build-bot', AccessKeyId: OLD },
    accessKeyId: 'ASIAFAKE000000000009',
    principalArn: 'arn:aws:sts::111122223333:assumed-role/KeyturnMember/run-fake',
    region: 'us-east-1',
    protocol: 'query',
    status: 200,
    ...overrides,
  };
}
