import { Match, type Template } from 'aws-cdk-lib/assertions';
import { historyTable, ownersTable, stateTable } from '../../lambda/contracts/tables.ts';
import { synth } from './synth.ts';

const { hub } = synth();

function tableNamed(template: Template, name: 'Owners' | 'State' | 'History') {
  const tables = Object.entries(template.findResources('AWS::DynamoDB::Table'));
  const found = tables.find(([id]) => id.startsWith(`Keyturn${name}Table`));
  if (found === undefined) throw new Error(`no table ${name} in the template`);
  return found[1];
}

const keys = (layout: { readonly partitionKey: string; readonly sortKey: string }) => [
  { AttributeName: layout.partitionKey, KeyType: 'HASH' },
  { AttributeName: layout.sortKey, KeyType: 'RANGE' },
];

describe('every table', () => {
  test('there are three', () => {
    hub.resourceCountIs('AWS::DynamoDB::Table', 3);
  });

  test.each([
    ['Owners', ownersTable],
    ['State', stateTable],
    ['History', historyTable],
  ] as const)('%s has the keys that the adapters use', (name, layout) => {
    expect(tableNamed(hub, name).Properties.KeySchema).toEqual(keys(layout));
  });

  test('can be restored to any second', () => {
    hub.allResourcesProperties('AWS::DynamoDB::Table', {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('is paid by request', () => {
    hub.allResourcesProperties('AWS::DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' });
  });
});

describe.each(['Owners', 'History'] as const)('the %s table', (name) => {
  test('outlives the stack, and its replacement', () => {
    expect(tableNamed(hub, name)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('cannot be deleted', () => {
    expect(tableNamed(hub, name).Properties.DeletionProtectionEnabled).toBe(true);
  });

  test('goes with the stack in a trial', () => {
    const { hub: trial } = synth({ removal: 'destroy' });
    expect(tableNamed(trial, name)).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });
});

describe('the state table', () => {
  test('goes with the stack: it can be rebuilt', () => {
    expect(tableNamed(hub, 'State').DeletionPolicy).toBe('Delete');
  });

  test('lets items expire', () => {
    expect(tableNamed(hub, 'State').Properties.TimeToLiveSpecification).toEqual({
      AttributeName: stateTable.expiry,
      Enabled: true,
    });
  });
});

describe('the history table', () => {
  const { Properties } = tableNamed(hub, 'History');

  test('streams new events', () => {
    expect(Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
  });

  test.each(Object.values(historyTable.indexes))('index $name sorts by event and holds everything', (index) => {
    expect(Properties.GlobalSecondaryIndexes).toContainEqual({
      IndexName: index.name,
      KeySchema: keys({ partitionKey: index.partitionKey, sortKey: historyTable.sortKey }),
      Projection: { ProjectionType: 'ALL' },
    });
  });

  test.each([
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLUpdate',
    'dynamodb:PartiQLDelete',
    'dynamodb:UpdateTimeToLive',
  ])('nobody may %s', (action) => {
    hub.hasResourceProperties('AWS::DynamoDB::Table', {
      ResourcePolicy: {
        PolicyDocument: {
          Statement: [
            Match.objectLike({
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Resource: '*',
              Action: Match.arrayWith([action]),
              Condition: Match.absent(),
            }),
          ],
        },
      },
    });
  });

  test('events do not expire', () => {
    expect(Properties.TimeToLiveSpecification).toBeUndefined();
  });
});
