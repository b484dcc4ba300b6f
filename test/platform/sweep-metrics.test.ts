import { metric } from '../../lambda/contracts/metrics.ts';
import type { SweepTally } from '../../lambda/domain/events.ts';
import { NoticeCounts } from '../../lambda/platform/notice-metrics.ts';
import { countSweep } from '../../lambda/platform/sweep-metrics.ts';
import { anOwner } from '../support/builders.ts';
import { FakeChannel } from '../support/fake-channel.ts';

/** What was added before each publication. */
function counters() {
  const published: Record<string, number>[] = [];
  let added: Record<string, number> = {};
  return {
    published,
    add: (name: string, count: number) => {
      added[name] = count;
    },
    publish: () => {
      published.push(added);
      added = {};
    },
  };
}

const tally: SweepTally = {
  part: 1,
  users: 9,
  keys: 12,
  rootKeys: 1,
  steps: { rotate: 3, disable: 2, delete: 1, warn: 4 },
  failed: 2,
  failures: [],
};
const failedAt = { read: 1, rotate: 1, disable: 0, delete: 0, record: 0 };
const figures = { oldestActiveKeyDays: 400, overdueKeys: 5, blockedUsers: 6, deferredSteps: 7 };
const aboutRuns = [
  metric.accountsExpected,
  metric.noticesDelivered,
  metric.noticesFailed,
  metric.eventsUntold,
  metric.noticesHeldUpHours,
];

test('a finished sweep publishes every metric of its function, zeros too', () => {
  const counted = counters();
  countSweep(counted, { kind: 'finished', tally, failedAt, retiredForGood: 8, figures });
  expect(counted.published).toEqual([
    {
      AccountsSwept: 1,
      AccountsWithoutAccess: 0,
      SweepsFailed: 0,
      KeysRotated: 3,
      KeysDisabled: 2,
      KeysDeleted: 1,
      KeysRetiredForGood: 8,
      UsersFailed: 2,
      ReadsFailed: 1,
      RotationsFailed: 1,
      DisablesFailed: 0,
      DeletesFailed: 0,
      RecordsFailed: 0,
      RootKeysSeen: 1,
      ReportsMissing: 0,
      KeysOverdue: 5,
      UsersBlocked: 6,
      StepsDeferred: 7,
      OldestActiveKeyDays: 400,
    },
  ]);
  const names = [...Object.keys(counted.published[0] ?? {}), ...aboutRuns];
  expect(names.toSorted()).toEqual(Object.values(metric).toSorted());
});

test('no zero rests on what could not be read', () => {
  const counted = counters();
  const { rootKeys: _, ...blind } = tally;
  const missing = { ...blind, reportMissing: 'AWS denied iam:GenerateCredentialReport.' };
  countSweep(counted, { kind: 'finished', tally: missing, failedAt, retiredForGood: 0, figures: { overdueKeys: 5 } });
  const [published = {}] = counted.published;
  expect(published).toMatchObject({ ReportsMissing: 1, ReadsFailed: 1, KeysOverdue: 5 });
  const unsaid = ['RootKeysSeen', 'UsersBlocked', 'StepsDeferred', 'OldestActiveKeyDays'];
  expect(unsaid.filter((name) => name in published)).toEqual([]);
});

test('how an account stands is not said before its sweep has come to its end', () => {
  const counted = counters();
  countSweep(counted, { kind: 'continued', tally, failedAt, retiredForGood: 1 });
  expect(counted.published[0]).toMatchObject({ AccountsSwept: 0, KeysRotated: 3, KeysRetiredForGood: 1 });
  expect(counted.published[0]).not.toHaveProperty('KeysOverdue');
  expect(counted.published[0]).not.toHaveProperty('ReportsMissing');
});

test.each([
  ['no-access', { AccountsWithoutAccess: 1, SweepsFailed: 0 }],
  ['failed', { AccountsWithoutAccess: 0, SweepsFailed: 1 }],
] as const)('of a sweep that ended in %s nothing is said that nobody looked at', (kind, expected) => {
  const counted = counters();
  countSweep(counted, { kind });
  expect(counted.published[0]).toMatchObject({ ...expected, AccountsSwept: 0, KeysRotated: 0, KeysRetiredForGood: 0 });
  expect(counted.published[0]).not.toHaveProperty('RootKeysSeen');
  expect(counted.published[0]).not.toHaveProperty('OldestActiveKeyDays');
});

describe('notices', () => {
  const notice = { to: anOwner(), subject: 's', text: 't', data: {} } as never;

  test('are counted by what became of them, a tick at a time', async () => {
    const counted = counters();
    const counts = new NoticeCounts(counted);
    const sns = new FakeChannel('sns');
    const slack = new FakeChannel('slack');
    slack.calls.failOn('channel.slack', { when: 'before', error: new Error('down') });
    await counts.counted(sns).send(notice);
    await expect(counts.counted(slack).send(notice)).rejects.toThrow('down');
    counts.publish({ untold: 3, heldUpHours: 1.5 });
    counts.publish({ untold: 0, heldUpHours: 0 });
    expect(sns.sent).toEqual([notice]);
    expect(counts.counted(slack).name).toBe('slack');
    expect(counted.published).toEqual([
      { NoticesDelivered: 1, NoticesFailed: 1, EventsUntold: 3, NoticesHeldUpHours: 1.5 },
      { NoticesDelivered: 0, NoticesFailed: 0, EventsUntold: 0, NoticesHeldUpHours: 0 },
    ]);
  });
});
