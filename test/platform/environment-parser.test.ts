import {
  deliverEnvironment,
  dispatchEnvironment,
  EnvironmentError,
  notifyEnvironment,
  parseEnvironment,
  rotateAccountEnvironment,
} from '../../lambda/platform/environment-parser.ts';
import { someSettings } from '../support/builders.ts';

const everything = {
  AWS_REGION: 'eu-central-1',
  KEYTURN_SETTINGS: JSON.stringify(someSettings()),
  OWNERS_TABLE: 'owners',
  STATE_TABLE: 'state',
  HISTORY_TABLE: 'history',
  SWEEP_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/sweeps',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/111122223333/dead',
  NOTICES_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:notices',
  OPERATORS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:operators',
  MEMBER_ROLE_NAME: 'KeyturnMember',
  EXTERNAL_ID: 'keyturn-1',
  SECRET_READERS: '["arn:aws:iam::111122223333:role/Break/Glass"]',
  PATH: '/usr/bin',
};

test('each function reads what it works with, and nothing else', () => {
  expect(parseEnvironment(dispatchEnvironment, everything)).toEqual({
    region: 'eu-central-1',
    settings: someSettings(),
    historyTable: 'history',
    sweepQueueUrl: everything.SWEEP_QUEUE_URL,
    deadLetterQueueUrl: everything.DEAD_LETTER_QUEUE_URL,
  });
  expect(parseEnvironment(rotateAccountEnvironment, everything)).toMatchObject({
    ownersTable: 'owners',
    stateTable: 'state',
    memberRoleName: 'KeyturnMember',
    externalId: 'keyturn-1',
    secretReaders: ['arn:aws:iam::111122223333:role/Break/Glass'],
  });
  expect(Object.keys(parseEnvironment(notifyEnvironment, everything)).toSorted()).toEqual([
    'deadLetterQueueUrl',
    'ownersTable',
    'region',
    'stateTable',
  ]);
  expect(Object.keys(parseEnvironment(deliverEnvironment, everything)).toSorted()).toEqual([
    'deadLetterQueueUrl',
    'historyTable',
    'noticesTopicArn',
    'operatorsTopicArn',
    'ownersTable',
    'region',
    'stateTable',
  ]);
});

test('Slack is there only where it is set up', () => {
  const withSlack = { ...everything, SLACK_SECRET_NAME: 'keyturn/slack' };
  expect(parseEnvironment(deliverEnvironment, withSlack).slackSecretName).toBe('keyturn/slack');
  expect(parseEnvironment(deliverEnvironment, everything)).not.toHaveProperty('slackSecretName');
});

test('webhooks and e-mail are there only where they are set up, e-mail with its sender', () => {
  const email = { from: 'keys@example.com', region: 'eu-west-1', replyTo: 'platform@example.com' };
  const more = { ...everything, WEBHOOKS_SECRET_NAME: 'hooks', EMAIL: JSON.stringify(email) };
  expect(parseEnvironment(deliverEnvironment, more)).toMatchObject({ webhooksSecretName: 'hooks', email });
  const without = { ...everything, EMAIL: '{"region":"eu-west-1"}' };
  expect(() => parseEnvironment(deliverEnvironment, without)).toThrow('EMAIL from ');
});

test('everything that is wrong is listed at once, by the name of its variable', () => {
  const { HISTORY_TABLE: _, ...rest } = everything;
  const wrong = {
    ...rest,
    STATE_TABLE: '',
    SECRET_READERS: 'not json',
    KEYTURN_SETTINGS: JSON.stringify({ ...someSettings(), mode: 'bold', hub: '12' }),
  };
  let message = '';
  try {
    parseEnvironment(rotateAccountEnvironment, wrong);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    message = String(error);
  }
  expect(message).toContain('HISTORY_TABLE is not set');
  expect(message).toContain('STATE_TABLE is empty');
  expect(message).toContain('SECRET_READERS is not JSON');
  expect(message).toContain('KEYTURN_SETTINGS mode ');
  expect(message).toContain("KEYTURN_SETTINGS hub '12' is not an AWS account ID");
  expect(message).toContain('Deploy the stack again.');
});
