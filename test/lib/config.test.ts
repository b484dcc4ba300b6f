import { catalogue } from '../../lambda/domain/notices/texts/catalogue.ts';
import type { KeyturnConfig } from '../../lib/config.ts';
import { ConfigError, resolveConfig, resolveProps } from '../../lib/resolve-config.ts';

function mistakesIn(config: unknown): readonly string[] {
  try {
    resolveConfig(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

/** A text as it is, which is a right one. */
const TEXT = catalogue['footer.owner'];

const everySetting: KeyturnConfig = {
  mode: 'observe',
  policy: {
    preset: 'cis',
    rotateAfterDays: 60,
    disableAfterDays: 70,
    deleteAfterDays: 80,
    warnBeforeDays: [7],
    neverUsed: 'retire',
    disable: { onlyWhenIdleDays: 7, maxHoldDays: 14 },
    maxStepsPerSweep: 10,
    changeWindow: { weekdays: [1, 2], fromHour: 6, toHour: 12, timeZone: 'UTC', freezeDates: ['2026-12-24'] },
  },
  schedule: 'cron(0 8 * * ? *)',
  accounts: { kind: 'list', accounts: ['111122223333', '444455556666'] },
  enforceIn: { accounts: ['444455556666'], organizationalUnits: [] },
  secrets: {
    kind: 'hub',
    kmsKeyArn: 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-00000000000000000000000000000000',
    replicaRegions: ['us-gov-east-1'],
  },
  access: {
    memberRoleName: 'Member',
    workerRoleName: 'Worker',
    dispatchRoleName: 'Dispatch',
    externalId: 'shared-word',
    organizationId: 'o-abcdef1234',
    secretReaders: ['arn:aws-us-gov:iam::111122223333:role/pipelines/distributor'],
  },
  notices: {
    slack: { secretName: 'slack-webhooks' },
    email: {
      from: 'keys@example.com',
      region: 'us-gov-west-1',
      replyTo: 'platform@example.com',
      configurationSet: 'keyturn',
    },
    webhooks: { secretName: 'owners/webhooks' },
    operators: { emails: ['platform@example.com'] },
    ownerTopicArns: ['arn:aws:sns:eu-west-1:111122223333:payments-keys'],
    command: 'npx @acme/keyturn',
    guideUrl: 'https://wiki.example.com/keys',
    texts: { 'footer.owner': TEXT },
  },
  operation: {
    logRetentionDays: 30,
    workerMemoryMb: 1024,
    maxConcurrentSweeps: 50,
    deploymentParameter: '/platform/keyturn',
    alarms: {
      topicArn: 'arn:aws:sns:eu-west-1:111122223333:pager',
      overdueKeys: 25,
      failingAccounts: 3,
      failedNotices: 7,
      unreadUsers: 5,
      missingReports: 2,
    },
  },
  evidence: {
    objectLock: { mode: 'COMPLIANCE', years: 7 },
    auditors: ['444455556666'],
    auditorRoleName: 'Auditor',
  },
  removal: 'destroy',
  account: '111122223333',
  region: 'us-gov-west-1',
  stackName: 'Keys',
  tags: { team: 'platform' },
};

describe('defaults', () => {
  const { policy, ...rest } = resolveConfig({});

  test('nothing is changed in IAM until somebody says so', () => {
    expect(rest.mode).toBe('observe');
  });

  test('90, 100 and 110 days', () => {
    expect(policy).toMatchObject({ rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 });
  });

  test('daily, the own account, and data that outlives the stack', () => {
    expect(rest).toMatchObject({ schedule: 'cron(17 6 * * ? *)', accounts: { kind: 'single' }, removal: 'retain' });
  });

  test('no wave, and secrets in the account of their user', () => {
    expect(rest.enforceIn).toBeUndefined();
    expect(rest.secrets).toEqual({ kind: 'member', replicaRegions: [] });
  });

  test('what is resolved can be resolved again', () => {
    const resolved = resolveConfig(everySetting);
    expect(resolveConfig(resolved)).toEqual(resolved);
  });
});

describe('settings', () => {
  test('every one is taken over', () => {
    const { preset: _, ...policy } = everySetting.policy ?? {};
    expect(resolveConfig(everySetting)).toEqual({
      ...everySetting,
      policy,
    });
  });

  test.each([
    'keyturn',
    'npx @acme/keyturn@1.2.0',
    'npx -p @acme/keyturn keyturn',
    'npx --package=@acme/keyturn keyturn',
    'npx --no-install keyturn',
    'C:/tools/keyturn',
    '~/bin/keyturn',
  ])('people may call the tool by %s', (command) => {
    expect(resolveConfig({ notices: { command } }).notices.command).toBe(command);
  });

  test('a policy is laid over its preset, down to its parts', () => {
    const { policy } = resolveConfig({
      policy: { preset: 'cis', deleteAfterDays: 95, disable: { onlyWhenIdleDays: 5 } },
    });
    expect(policy).toMatchObject({ rotateAfterDays: 75, disableAfterDays: 82, deleteAfterDays: 95 });
    expect(policy.disable).toEqual({ onlyWhenIdleDays: 5, maxHoldDays: 30 });
  });
});

describe('mistakes', () => {
  test('all are listed in one error, each with its setting', () => {
    const config = {
      mode: 'dry-run',
      policy: { rotateAfterDays: 90, disableAfterDays: 80, deleteAfterDays: 300, warnBeforeDays: [100] },
      schedule: 'hourly',
      accounts: { kind: 'everywhere' },
      access: { secretReaders: ['arn:aws:iam::111122223333:role/*'], externalId: '' },
      notices: { operators: { emails: ['nobody'] }, ownerTopicArns: ['payments'] },
      operation: { logRetentionDays: 4 },
      account: '1111',
      region: 'Ireland',
      colour: 'blue',
    };
    const mistakes = mistakesIn(config);
    for (const setting of [
      /^mode: /,
      /^policy\.disableAfterDays \(80\) must be at least one day after rotateAfterDays \(90\)/,
      /^policy\.deleteAfterDays \(300\) must be less than twice/,
      /^policy\.warnBeforeDays: 100 must be less/,
      /^schedule: 'hourly' is neither/,
      /^accounts\.kind: /,
      /^access\.secretReaders\.0: is not the ARN of one IAM role or user/,
      /^access\.externalId: /,
      /^notices\.operators\.emails\.0: is not an e-mail address/,
      /^notices\.ownerTopicArns\.0: is not the ARN/,
      /^operation\.logRetentionDays: must be one of 1, 3, /,
      /^account: is not an account ID/,
      /^region: is not a Region/,
      /^colour is not a setting/,
    ]) {
      expect(mistakes).toContainEqual(expect.stringMatching(setting));
    }
    expect(mistakes).toHaveLength(14);
  });

  test.each<[string, object, readonly RegExp[]]>([
    [
      'a number that is none',
      { rotateAfterDays: '90', disableAfterDays: 80, deleteAfterDays: 70, maxStepsPerSweep: 0 },
      [
        /^policy\.rotateAfterDays: /,
        /^policy\.maxStepsPerSweep must be a whole number/,
        /^policy\.deleteAfterDays \(70\) must be at least one day after disableAfterDays \(80\)/,
      ],
    ],
    [
      'a misspelt setting',
      { rotateAfter: 90, disableAfterDays: 80 },
      [/^policy\.rotateAfter is not a setting/, /^policy\.disableAfterDays \(80\) must be .* rotateAfterDays \(90\)/],
    ],
    [
      'a part of a window',
      { changeWindow: { weekdays: [1], fromHour: '6', toHour: 8, timeZone: 'UTC' }, deleteAfterDays: 300 },
      [/^policy\.changeWindow\.fromHour: /, /^policy\.deleteAfterDays \(300\) must be less than twice/],
    ],
    [
      'a preset that does not exist, of which nothing is compared',
      { preset: 'CIS', disableAfterDays: 82, deleteAfterDays: 82 },
      [/^policy\.preset: /, /^policy\.deleteAfterDays \(82\) must be at least one day after disableAfterDays \(82\)/],
    ],
    ['no policy at all', 'cis' as never, [/^policy: /]],
  ])('%s does not hide what is wrong between the other settings', (_, policy, expected) => {
    const mistakes = mistakesIn({ policy, mode: 'enforce', enforceIn: { accounts: [] } });
    for (const mistake of expected) expect(mistakes).toContainEqual(expect.stringMatching(mistake));
    expect(mistakes.filter((mistake) => mistake.startsWith('policy'))).toHaveLength(expected.length);
    // Nor what is wrong elsewhere.
    expect(mistakes).toContainEqual(expect.stringMatching(/^enforceIn names a wave/));
  });

  test('the message is a list for people', () => {
    expect(() => resolveConfig({ mode: 'x', region: 'y' })).toThrow(
      /^The Keyturn settings have 2 mistakes:\n {2}- mode: .*\n {2}- region: .*$/,
    );
  });

  test.each([
    ['a misspelt setting inside another', { policy: { rotateAfter: 90 } }, 'policy.rotateAfter is not a setting'],
    ['a number that is none', { policy: { rotateAfterDays: '90' } }, 'policy.rotateAfterDays: '],
    [
      'an unknown time zone',
      { policy: { changeWindow: window({ timeZone: 'Mars' }) } },
      "policy.changeWindow.timeZone: 'Mars'",
    ],
    ['a window that no run meets', { policy: { changeWindow: window({}) } }, 'policy.changeWindow is closed whenever'],
    [
      'an ARN as a secret name',
      { notices: { slack: { secretName: 'arn:aws:x' } } },
      'notices.slack.secretName: is not the name',
    ],
    [
      'a secret name that AWS finds ambiguous',
      { notices: { slack: { secretName: 'slack-secret' } } },
      'notices.slack.secretName: must not end',
    ],
    [
      'a secret among the keys',
      { notices: { slack: { secretName: 'keyturn/slack' } } },
      'notices.slack.secretName: must not begin',
    ],
    ['a sender that is none', { notices: { email: { from: 'keys' } } }, 'notices.email.from: is not an e-mail address'],
    ['e-mail from nobody', { notices: { email: {} } }, 'notices.email.from: '],
    [
      'e-mail from no Region',
      { notices: { email: { from: 'keys@example.com', region: 'Ireland' } } },
      'notices.email.region: is not a Region',
    ],
    [
      'a configuration set by its ARN',
      { notices: { email: { from: 'keys@example.com', configurationSet: 'arn:aws:ses:x' } } },
      'notices.email.configurationSet: is not the name',
    ],
    [
      'webhooks among the keys',
      { notices: { webhooks: { secretName: 'keyturn/hooks' } } },
      'notices.webhooks.secretName: must not begin',
    ],
    [
      'one secret for two things',
      { notices: { slack: { secretName: 'channels' }, webhooks: { secretName: 'channels' } } },
      'notices: slack and webhooks name the same secret',
    ],
    [
      'a text that there is not',
      { notices: { texts: { 'footer.ownr': 'Hello' } } },
      'notices.texts.footer.ownr: is no text of a notice; the nearest are footer.owner',
    ],
    [
      'a command that the public registry answers',
      { notices: { command: 'npx keyturn' } },
      'notices.command: fetches a package of the name keyturn from the public registry, where it is not ours',
    ],
    [
      'the same in another way',
      { notices: { command: 'pnpm dlx keyturn@latest' } },
      'notices.command: fetches a package of the name keyturn',
    ],
    [
      'the same by the name of its package',
      { notices: { command: 'npx -p keyturn keyturn' } },
      'notices.command: fetches a package of the name keyturn',
    ],
    ['two commands', { notices: { command: 'keyturn; id' } }, 'notices.command: is not a command'],
    ['no command', { notices: { command: '' } }, 'notices.command: is not a command'],
    [
      'a guide by plain HTTP',
      { notices: { guideUrl: 'http://wiki.example.com/keys' } },
      'notices.guideUrl: is not an https URL',
    ],
    [
      'a section of the guide',
      { notices: { guideUrl: 'https://wiki.example.com/keys#people' } },
      'notices.guideUrl: must have no #',
    ],
    [
      'two ways to the operators',
      { notices: { operators: { emails: ['a@example.com'], topicArn: 'arn:aws:sns:eu-west-1:111122223333:ops' } } },
      'notices.operators: name either',
    ],
    [
      'a FIFO topic',
      { notices: { ownerTopicArns: ['arn:aws:sns:eu-west-1:111122223333:keys.fifo'] } },
      'notices.ownerTopicArns.0: is not',
    ],
    [
      'one sweep at a time, which SQS does not know',
      { operation: { maxConcurrentSweeps: 1 } },
      'operation.maxConcurrentSweeps: ',
    ],
    ['an alarm about nothing', { operation: { alarms: { overdueKeys: 0 } } }, 'operation.alarms.overdueKeys: '],
    [
      'alarms to a name',
      { operation: { alarms: { topicArn: 'pager' } } },
      'operation.alarms.topicArn: is not the ARN of a standard SNS topic',
    ],
    ['no settings at all', undefined, 'expected object'],
  ])('%s', (_, config, mistake) => {
    expect(mistakesIn(config)).toEqual([expect.stringContaining(mistake)]);
  });

  test('where it is deployed is no prop of the construct', () => {
    expect(() => resolveProps({ region: 'eu-west-1' })).toThrow('region is not a setting');
  });
});

function window(overrides: object) {
  return { weekdays: [1], fromHour: 20, toHour: 22, timeZone: 'UTC', ...overrides };
}
