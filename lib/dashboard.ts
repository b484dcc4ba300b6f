import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type MetricName, metric } from '../lambda/contracts/metrics.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Deliver } from './deliver.ts';
import type { Dispatch } from './dispatch.ts';
import type { Evidence } from './evidence.ts';
import { keyturnMetric } from './keyturn-metric.ts';
import type { Notify } from './notify.ts';
import type { OperatorsAlarm } from './operators-alarm.ts';
import type { RotateAccount } from './rotate-account.ts';
import type { Seal } from './seal.ts';

export interface DashboardProps {
  readonly dispatch: Dispatch;
  readonly rotateAccount: RotateAccount;
  readonly notify: Notify;
  readonly deliver: Deliver;
  readonly seal: Seal;
  readonly evidence: Evidence | undefined;
  readonly deadLetters: DeadLetters;
  /** In the order in which they are shown. */
  readonly alarms: readonly OperatorsAlarm[];
}

const FULL_WIDTH = 24;
const HEIGHT = 6;
/** Runs are daily as a rule, and everything is about runs. */
const period = Duration.hours(1);

/** One page that answers, from top to bottom: is anything wrong, did it run, what did it do, what failed, who was told. */
export class Dashboard extends Construct {
  /** A dashboard's name holds for the account, in all Regions. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { stackName, region } = Stack.of(this);
    this.name = `${stackName}-${region}`;
    // By name: a picture is not worth a dependency.
    const alarms = props.alarms.map(({ title }, n) => Alarm.fromAlarmName(this, `Alarm${n}`, title));
    new CloudWatchDashboard(this, 'Page', {
      dashboardName: this.name,
      defaultInterval: Duration.days(14),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: FULL_WIDTH, height: 3 })],
        heading('Runs', 'Each account that a run expects is swept, or named under _no access_ or _sweeps failed_.'),
        runs(props),
        heading('Keys', 'How accounts stand is the worst of all accounts; `keyturn status` names the keys.'),
        keys(),
        retiredForGood(),
        heading('Trouble', 'By what was being done; `keyturn history --type sweep-finished` names the users.'),
        trouble(),
        heading(
          'Notices',
          'What no channel of an owner takes goes to the operators; refused ones are tried again for a week.',
        ),
        notices(props),
        heading('Queues and functions', 'What lies in the dead-letter queue is for people: docs/runbook.md.'),
        queues(props),
        functions(props),
      ],
    });
  }
}

const heading = (title: string, words: string): IWidget[] => [
  new TextWidget({ markdown: `## ${title}\n${words}`, width: FULL_WIDTH, height: 2 }),
];

/** Graphs of one row, equally wide. */
function row(...graphs: readonly { readonly title: string; readonly left: readonly IMetric[] }[]): IWidget[] {
  const width = FULL_WIDTH / graphs.length;
  return graphs.map(({ title, left }) => new GraphWidget({ title, left: [...left], width, height: HEIGHT }));
}

const sum = (name: MetricName, label: string) => keyturnMetric(name, { period, label });
const worst = (name: MetricName, label: string) => keyturnMetric(name, { period, label, statistic: 'Maximum' });

function runs({ dispatch }: DashboardProps): IWidget[] {
  return row(
    {
      title: 'Accounts',
      left: [
        sum(metric.accountsExpected, 'expected'),
        sum(metric.accountsSwept, 'swept'),
        sum(metric.accountsWithoutAccess, 'no access'),
        sum(metric.sweepsFailed, 'sweeps failed'),
      ],
    },
    {
      title: 'Runs',
      left: [
        dispatch.function.metricInvocations({ period, statistic: 'Sum', label: 'begun' }),
        dispatch.function.metricErrors({ period, statistic: 'Sum', label: 'failed' }),
      ],
    },
  );
}

const keys = (): IWidget[] =>
  row(
    {
      title: 'Keys by step',
      left: [
        sum(metric.keysRotated, 'rotated'),
        sum(metric.keysDisabled, 'disabled'),
        sum(metric.keysDeleted, 'deleted'),
      ],
    },
    { title: 'Oldest Active key, in days', left: [worst(metric.oldestActiveKeyDays, 'age')] },
    {
      title: 'Not done',
      left: [
        worst(metric.keysOverdue, 'keys overdue'),
        worst(metric.stepsDeferred, 'steps deferred by the cap'),
        worst(metric.usersBlocked, 'users blocked'),
      ],
    },
  );

/** One number whatever the page's own range is. CloudWatch keeps hourly sums for 455 days. */
const retiredForGood = (): IWidget[] => [
  new SingleValueWidget({
    title: 'Keys retired for good in the last 90 days (deleted without a successor)',
    metrics: [sum(metric.keysRetiredForGood, 'keys')],
    start: '-P90D',
    setPeriodToTimeRange: true,
    width: FULL_WIDTH,
    height: 3,
  }),
];

const trouble = (): IWidget[] =>
  row(
    {
      title: 'Users failed',
      left: [
        sum(metric.readsFailed, 'reading'),
        sum(metric.rotationsFailed, 'rotating'),
        sum(metric.disablesFailed, 'disabling'),
        sum(metric.deletesFailed, 'deleting'),
        sum(metric.recordsFailed, 'recording'),
      ],
    },
    {
      title: 'Active root keys',
      left: [
        worst(metric.rootKeysSeen, 'of one account'),
        sum(metric.reportsMissing, 'accounts without a credential report'),
      ],
    },
  );

function notices({ notify, seal }: DashboardProps): IWidget[] {
  const notInOutbox = keyturnMetric(metric.eventsUntold, { period, label: 'not in the outbox', publisher: 'notify' });
  return row(
    {
      title: 'Notices',
      left: [
        sum(metric.noticesDelivered, 'delivered'),
        sum(metric.noticesFailed, 'refused'),
        sum(metric.eventsUntold, 'events told to nobody yet'),
        notInOutbox,
      ],
    },
    { title: 'Longest held up, in hours', left: [worst(metric.noticesHeldUpHours, 'a reader')] },
    {
      title: 'How late the history is followed, in milliseconds',
      left: [
        notify.function.metric('IteratorAge', { period, statistic: 'Maximum', label: 'into the outbox' }),
        seal.function.metric('IteratorAge', { period, statistic: 'Maximum', label: 'into the seals' }),
      ],
    },
  );
}

function queues({ rotateAccount, deadLetters }: DashboardProps): IWidget[] {
  const most = { period, statistic: 'Maximum' };
  return row(
    {
      title: 'Sweeps waiting',
      left: [rotateAccount.queue.metricApproximateNumberOfMessagesVisible({ ...most, label: 'accounts' })],
    },
    {
      title: 'Oldest waiting sweep, in seconds',
      left: [rotateAccount.queue.metricApproximateAgeOfOldestMessage({ ...most, label: 'age' })],
    },
    {
      title: 'Dead letters',
      left: [deadLetters.queue.metricApproximateNumberOfMessagesVisible({ ...most, label: 'letters' })],
    },
  );
}

function functions({ dispatch, rotateAccount, notify, deliver, seal, evidence }: DashboardProps): IWidget[] {
  const each = [
    { fn: dispatch.function, label: 'dispatch' },
    { fn: rotateAccount.function, label: 'rotate-account' },
    { fn: notify.function, label: 'notify' },
    { fn: deliver.function, label: 'deliver' },
    { fn: seal.function, label: 'seal' },
    ...(evidence === undefined ? [] : [{ fn: evidence.function, label: 'report' }]),
  ];
  return row(
    { title: 'Calls', left: each.map(({ fn, label }) => fn.metricInvocations({ period, statistic: 'Sum', label })) },
    { title: 'Errors', left: each.map(({ fn, label }) => fn.metricErrors({ period, statistic: 'Sum', label })) },
    { title: 'Throttles', left: each.map(({ fn, label }) => fn.metricThrottles({ period, statistic: 'Sum', label })) },
    {
      title: 'Longest duration, in milliseconds',
      left: each.map(({ fn, label }) => fn.metricDuration({ period, statistic: 'Maximum', label })),
    },
  );
}
