import { environment } from '../../lambda/contracts/environment.ts';
import { settingsSchema } from '../../lambda/contracts/settings.ts';
import { functionNamed, recorded, synth } from './synth.ts';

const slack = { secretName: 'slack-webhooks' };
const { hub } = synth({ notices: { slack } });
const variablesOf = (name: Parameters<typeof functionNamed>[1]) => functionNamed(hub, name).Environment.Variables;

describe('every function', () => {
  test('there are five, and no other', () => {
    hub.resourceCountIs('AWS::Lambda::Function', 5);
  });

  test('runs on Node 24 on arm64', () => {
    hub.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  });

  test('logs JSON to a log group of its own', () => {
    hub.allResourcesProperties('AWS::Lambda::Function', { LoggingConfig: { LogFormat: 'JSON' } });
    hub.resourceCountIs('AWS::Logs::LogGroup', 5);
  });

  test('keeps its log for a year, or as configured', () => {
    hub.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    const { hub: other } = synth({ operation: { logRetentionDays: 30 } });
    other.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test.each(['Dispatch', 'RotateAccount', 'Notify', 'Deliver', 'Seal'] as const)(
    '%s knows only variables of the contract',
    (name) => {
      expect(Object.values(environment)).toEqual(expect.arrayContaining(Object.keys(variablesOf(name))));
    },
  );
});

describe('each function is told what it works with', () => {
  const { settings, ownersTable, stateTable, historyTable, sweepQueueUrl, deadLetterQueueUrl } = environment;

  test('dispatch', () => {
    const names = [settings, historyTable, sweepQueueUrl, deadLetterQueueUrl];
    expect(Object.keys(variablesOf('Dispatch')).sort()).toEqual(names.sort());
  });

  test('rotate-account', () => {
    const { memberRoleName, externalId, secretReaders } = environment;
    const tables = [ownersTable, stateTable, historyTable];
    const queues = [sweepQueueUrl, deadLetterQueueUrl];
    const names = [settings, ...tables, ...queues, memberRoleName, externalId, secretReaders];
    expect(Object.keys(variablesOf('RotateAccount')).sort()).toEqual(names.sort());
  });

  test('notify', () => {
    const names = [ownersTable, stateTable, deadLetterQueueUrl];
    expect(Object.keys(variablesOf('Notify')).sort()).toEqual(names.sort());
  });

  test('deliver', () => {
    const { noticesTopicArn, operatorsTopicArn, slackSecretName } = environment;
    const tables = [ownersTable, stateTable, historyTable];
    const names = [...tables, deadLetterQueueUrl, noticesTopicArn, operatorsTopicArn, slackSecretName];
    expect(Object.keys(variablesOf('Deliver')).sort()).toEqual(names.sort());
  });

  test('deliver without Slack', () => {
    const { Variables } = functionNamed(synth().hub, 'Deliver').Environment;
    expect(Variables).not.toHaveProperty(environment.slackSecretName);
  });

  test('settings are what the functions parse', () => {
    const { Variables } = functionNamed(hub, 'RotateAccount').Environment;
    expect(settingsSchema.parse(JSON.parse(Variables[settings]))).toMatchObject({
      mode: 'observe',
      hub: '111122223333',
      accounts: { kind: 'single' },
      secrets: { kind: 'member', replicaRegions: [] },
    });
  });

  test('the memory of the worker is configured', () => {
    const { hub: other } = synth({ operation: { workerMemoryMb: 2048 } });
    expect(functionNamed(other, 'RotateAccount').MemorySize).toBe(2048);
  });
});

describe('the deployment parameter', () => {
  const [parameter = {}] = Object.values(hub.findResources('AWS::SSM::Parameter'));

  test('has the name that the CLI looks for, and costs nothing while it is small', () => {
    expect(parameter.Properties).toMatchObject({ Name: '/keyturn/deployment', Tier: 'Intelligent-Tiering' });
  });

  test('holds what the CLI parses', () => {
    expect(recorded(hub)).toMatchObject({
      settings: { mode: 'observe' },
      tables: {
        owners: expect.stringMatching(/^KeyturnOwners/),
        state: expect.stringMatching(/^KeyturnState/),
        history: expect.stringMatching(/^KeyturnHistory/),
      },
      topics: { notices: expect.stringMatching(/Notices/), operators: expect.stringMatching(/Operators/) },
      memberRoleName: 'KeyturnMember',
      workerRoleName: 'KeyturnWorker',
    });
  });
});
