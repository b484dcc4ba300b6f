import { type Deployment, deploymentSchema } from '../../lambda/contracts/deployment.ts';
import { historyEventSchema } from '../../lambda/contracts/history-event.ts';
import { assignmentSchema, exemptionSchema, ownerSchema } from '../../lambda/contracts/owners.ts';
import { userRecordSchema } from '../../lambda/contracts/user-record.ts';
import type { EventType } from '../../lambda/domain/events.ts';
import { parseOwnerId, parseRequestId } from '../../lambda/domain/ids.ts';
import type { Owner } from '../../lambda/domain/owners.ts';
import type { Retirement, RotationEntry, Shadow, Tracking, UserRecord } from '../../lambda/domain/tracking.ts';
import {
  anAssignment,
  anEvent,
  anExemption,
  anOwner,
  aRecord,
  aRetirement,
  aRotation,
  eventId,
  exemptionId,
  keyId,
  NOW,
  RUN,
  someSettings,
} from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const everyType = Object.keys(sampleDetails) as EventType[];

describe('what is stored is read again whole', () => {
  // The samples set every field, and are typed so that a new field must be added to them: one that its schema
  // forgets would be dropped on reading, and these tests would show it.
  test.each(everyType)('history event %s', (type) => {
    const event = anEvent(type);
    expect(event.details).toEqual(sampleDetails[type]);
    expect(historyEventSchema.parse(throughJson(event))).toEqual(event);
  });

  test("a user's record with every field set", () => {
    const retirement: Required<Retirement> = {
      ...aRetirement(),
      successorKeyId: keyId(2),
      secret: {
        region: 'eu-central-1',
        arn: 'arn:aws:secretsmanager:eu-central-1:999900009999:secret:keyturn/111122223333/ci=2Ddeploy-AbCdEf',
      },
      disabledAt: NOW,
      intent: {
        step: 'restore',
        runId: RUN,
        at: NOW,
        expiresAt: NOW,
        restore: { requestId: parseRequestId('01FAKE0000REQUEST100000001'), until: NOW },
      },
      adopted: { at: NOW, service: 's3', region: 'eu-central-1' },
      reminded: ['half-way', 'day-before', 'delete-coming'],
      hold: { until: NOW, announcement: eventId(NOW) },
      disableNow: parseRequestId('01FAKE0000REQUEST100000001'),
      disabledBy: 'somebody',
      restoredUntil: NOW,
      changedAt: NOW,
      putOffFrom: { disable: NOW, delete: NOW },
    };
    const rotation: Required<RotationEntry> = {
      ...aRotation(),
      removing: keyId(2),
      request: { id: parseRequestId('01FAKE0000REQUEST100000001'), disableOldNow: true },
    };
    const tracking: Required<Tracking> = {
      rotation,
      retirements: { [keyId(1)]: retirement },
      warned: { [keyId(1)]: 14 },
      waiting: {
        [keyId(1)]: {
          step: 'disable',
          reason: 'window-closed',
          requestId: parseRequestId('01FAKE0000REQUEST100000001'),
        },
      },
      blocked: 'too-many-keys',
      exemptionTold: exemptionId(1),
      made: [keyId(2)],
      answered: [parseRequestId('01FAKE0000REQUEST100000001')],
    };
    const shadow: Required<Shadow> = {
      tracking,
      basis: 'AKIAFAKE000000000001:Active',
      created: [{ keyId: keyId(3), createdAt: NOW }],
      disabled: [keyId(1)],
      deleted: [keyId(4)],
    };
    const record: Required<UserRecord> = { ...aRecord(), tracking, shadow };
    expect(userRecordSchema.parse(throughJson(record))).toEqual(record);
  });

  test('an owner with every field set, every kind of assignment, an exemption', () => {
    const owner: Required<Owner> = {
      ...anOwner(),
      email: 'payments@example.com',
      slackChannel: '#payments',
      slackUser: 'U0FAKE',
      webhook: 'payments',
      snsFormat: 'amazon-q',
      snsTopicArn: 'arn:aws:sns:eu-central-1:111122223333:payments',
      timeZone: 'Europe/Berlin',
    };
    expect(ownerSchema.parse(throughJson(owner))).toEqual(owner);
    for (const match of [
      anAssignment().match,
      { kind: 'name', pattern: 'ci-*' },
      { kind: 'path', pattern: '/team/*' },
      { kind: 'account' },
    ] as const) {
      const assignment = anAssignment({ account: '*', match });
      expect(assignmentSchema.parse(throughJson(assignment))).toEqual(assignment);
    }
    expect(exemptionSchema.parse(throughJson(anExemption()))).toEqual(anExemption());
  });
});

describe('what is not as it should be is refused, and the field named', () => {
  test('an event of an unknown type', () => {
    const result = historyEventSchema.safeParse({ ...anEvent('user-gone'), type: 'user-vanished' });
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([['type']]);
  });

  test('an event whose details are of another type', () => {
    const result = historyEventSchema.safeParse({ ...anEvent('user-gone'), type: 'key-disabled' });
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([
      'details.by',
      'details.why',
      'details.deleteAt',
    ]);
  });

  test('a record of a newer Keyturn', () => {
    const result = userRecordSchema.safeParse({ ...aRecord(), schema: 2 });
    expect(result.error?.issues[0]?.message).toMatch(/schema 2, this one knows 1.*deploy the newest version/);
  });

  test('a retirement under something that is no key ID', () => {
    const tracking = { ...aRecord().tracking, retirements: { key: aRetirement() } };
    expect(userRecordSchema.safeParse({ ...aRecord(), tracking }).success).toBe(false);
  });

  test('an exemption of a malformed account', () => {
    const result = exemptionSchema.safeParse({ ...anExemption(), account: '12', id: eventId(NOW) });
    expect(result.error?.issues[0]?.path).toEqual(['account']);
  });

  test('an owner without a name', () => {
    expect(ownerSchema.safeParse({ id: parseOwnerId('payments') }).error?.issues[0]?.path).toEqual(['name']);
  });
});

describe('the deployment parameter', () => {
  const older = {
    schema: 1,
    version: '0.0.9',
    settings: someSettings(),
    tables: { owners: 'owners', state: 'state', history: 'history' },
    topics: { notices: 'notices', operators: 'operators' },
    memberRoleName: 'KeyturnMember',
    stack: 'KeyturnHub',
    functions: { dispatch: 'dispatch', rotateAccount: 'rotate', notify: 'notify', deliver: 'deliver' },
    queues: { sweeps: 'sweeps', deadLetters: 'letters' },
    longestGapHours: 24,
  } as const satisfies Deployment;

  test('of an older deployment is read, without what it did not record', () => {
    expect(deploymentSchema.parse(throughJson(older))).toEqual(older);
  });

  test.each<[Deployment['memberStackSet'] & (object | string)]>([
    ['none'],
    [{ name: 'KeyturnHubMembers', callAs: 'DELEGATED_ADMIN' }],
  ])('is read whole, with StackSet %j', (memberStackSet) => {
    const recorded: Required<Deployment> = {
      ...older,
      emailBy: 'ses',
      workerRoleName: 'KeyturnWorker',
      externalId: 'keyturn',
      organizationId: 'o-abcdef1234',
      memberStackSet,
      functions: { ...older.functions, seal: 'seal' },
      evidenceBucket: 'evidence',
    };
    expect(deploymentSchema.parse(throughJson(recorded))).toEqual(recorded);
  });
});
