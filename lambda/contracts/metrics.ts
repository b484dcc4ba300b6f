/**
 * Names of the metrics in namespace `Keyturn`: what functions publish, and the dashboard and the alarms read. Their one
 * dimension is the function; an account or a run would be a metric of its own, and a price of its own, for each.
 */
export const metric = {
  // Of dispatch, per run.
  accountsExpected: 'AccountsExpected',
  // Of rotate-account, per sweep. A sweep that fails is tried again, and counts each time.
  accountsSwept: 'AccountsSwept',
  /** The member role could not be assumed. */
  accountsWithoutAccess: 'AccountsWithoutAccess',
  sweepsFailed: 'SweepsFailed',
  keysRotated: 'KeysRotated',
  keysDisabled: 'KeysDisabled',
  keysDeleted: 'KeysDeleted',
  /** Deleted without a successor, by whomever: somebody got by without a long-lived key. */
  keysRetiredForGood: 'KeysRetiredForGood',
  /** Users about whom something was unknown, or whose step failed. */
  usersFailed: 'UsersFailed',
  // The same by what was being done; requests that cannot be read count with those that could not be read.
  readsFailed: 'ReadsFailed',
  rotationsFailed: 'RotationsFailed',
  disablesFailed: 'DisablesFailed',
  deletesFailed: 'DeletesFailed',
  recordsFailed: 'RecordsFailed',
  rootKeysSeen: 'RootKeysSeen',
  /** No credential report was to be had, so nobody knows of root keys; of a sweep that came to its end. */
  reportsMissing: 'ReportsMissing',
  // How the account stands; only of a sweep that came to its end, and no zero while users are unknown: it is never a guess.
  usersBlocked: 'UsersBlocked',
  stepsDeferred: 'StepsDeferred',
  keysOverdue: 'KeysOverdue',
  /** In days. */
  oldestActiveKeyDays: 'OldestActiveKeyDays',
  // Of deliver, per tick.
  noticesDelivered: 'NoticesDelivered',
  /** A channel took a message not; what none of an owner's channels takes goes to the operators. */
  noticesFailed: 'NoticesFailed',
  /** Events that were due and could not be told to anybody, and are tried again. Of notify too: not in the outbox. */
  eventsUntold: 'EventsUntold',
  /** For how long the reader who waits longest has been held up, by refusals or failures; in hours. */
  noticesHeldUpHours: 'NoticesHeldUpHours',
} as const;

export type MetricName = (typeof metric)[keyof typeof metric];
