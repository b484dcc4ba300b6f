import { defineConfig } from './lib/config.ts';

/**
 * This deployment's settings. What is commented out shows the default, or an example where there is none; every setting
 * is explained in lib/config.ts, where your editor finds it too. Mistakes are listed, all at once, by `npx cdk synth`.
 */
export default defineConfig({
  // 'observe' changes nothing in IAM: it plans, records and tells operators what would be done. Read that for a few days,
  // then set 'enforce'.
  mode: 'observe',

  // When keys are rotated, disabled and deleted, in days of age. 'cis' is 75, 82 and 89: no Active key is ever over 90.
  policy: {
    preset: 'default',
    // rotateAfterDays: 90,
    // disableAfterDays: 100,
    // deleteAfterDays: 110,
    // warnBeforeDays: [14, 3],
    // neverUsed: 'rotate',
    // disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 },
    // maxStepsPerSweep: 50,
    // changeWindow: { weekdays: [1, 2, 3, 4], fromHour: 7, toHour: 16, timeZone: 'Europe/Berlin', freezeDates: ['2026-12-24'] },
  },

  // Daily at 06:17 UTC.
  // schedule: 'cron(17 6 * * ? *)',

  // The account that this is deployed to; or some accounts; or an organisation (docs/organization.md).
  // accounts: { kind: 'single' },
  // accounts: { kind: 'list', accounts: ['111122223333', '444455556666'] },
  // accounts: {
  //   kind: 'organization',
  //   organizationalUnits: ['ou-ab12-payments1'],
  //   excludedOrganizationalUnits: ['ou-ab12-sandboxes'],
  //   excludedAccounts: ['444455556666'],
  //   readerRoleArn: 'arn:aws:iam::999900009999:role/KeyturnOrganizationReader',
  //   memberStackSet: { callAs: 'DELEGATED_ADMIN', organizationalUnits: ['r-ab12'], autoDeployment: true },
  // },

  // While mode is 'observe', these enforce: a rollout in waves.
  // enforceIn: { accounts: ['111122223333'], organizationalUnits: ['ou-ab12-payments1'] },

  // Each user's secret is in the user's account; or all are in this one, under a key of yours or one made here.
  // secrets: { kind: 'member', replicaRegions: ['eu-central-1'] },
  // secrets: { kind: 'hub', kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-…', replicaRegions: [] },

  notices: {
    // Who runs Keyturn: gets alarms, and the notices that reach no owner. Name somebody before you enforce.
    // operators: { emails: ['platform-team@example.com'] },
    // A secret that you made: {"#payments": "https://hooks.slack.com/services/…", "botToken": "xoxb-…"}; the bot is for
    // channels without a webhook and for direct messages.
    // slack: { secretName: 'keyturn-slack-webhooks' },
    // Owners' e-mail by SES, with HTML; without it, by subscriptions to the notices topic, at most 200 of them.
    // email: { from: 'access-keys@example.com', region: 'eu-west-1', replyTo: 'platform-team@example.com', configurationSet: 'keyturn' },
    // A secret that you made: {"payments-bot": {"url": "https://…", "key": "…"}} (docs/webhook.md)
    // webhooks: { secretName: 'keyturn-webhooks' },
    // Topics of your owners' own.
    // ownerTopicArns: ['arn:aws:sns:eu-west-1:111122223333:payments-keys'],
    // How owners call the tool, which is in no public registry: 'keyturn' where it is installed, or (docs/pull.md)
    // command: 'npx @acme/keyturn',
    // Where you have published docs/leaving-access-keys.md.
    // guideUrl: 'https://wiki.example.com/leaving-access-keys',
    // Texts in your own words; docs/notices.md lists them all.
    // texts: { 'greeting.owner': 'Good morning {name},' },
  },

  // A bucket that nothing can be removed from, with a report for auditors every month (docs/evidence.md).
  // evidence: {
  //   objectLock: { mode: 'GOVERNANCE', years: 1 },
  //   auditors: ['444455556666', { account: '111122223333', permissionSet: 'Auditor' }],
  // },

  // access: {
  //   memberRoleName: 'KeyturnMember',
  //   workerRoleName: 'KeyturnWorker',
  //   dispatchRoleName: 'KeyturnDispatch',
  //   externalId: 'keyturn',
  //   organizationId: 'o-exampleorgid',
  //   secretReaders: ['arn:aws:iam::111122223333:role/key-distributor'],
  // },

  // operation: {
  //   logRetentionDays: 365,
  //   workerMemoryMb: 512,
  //   maxConcurrentSweeps: 10,
  //   deploymentParameter: '/keyturn/deployment',
  //   alarms: {
  //     topicArn: 'arn:aws:sns:eu-west-1:111122223333:pager',
  //     overdueKeys: 1, failingAccounts: 1, failedNotices: 1, unreadUsers: 1, missingReports: 1,
  //   },
  // },

  // What becomes of the owners' and history tables when the stack is deleted. 'destroy' is for trials.
  // removal: 'retain',

  // account: '111122223333',
  // region: 'eu-west-1',
  // stackName: 'Keyturn',
  // tags: { team: 'platform' },
});
