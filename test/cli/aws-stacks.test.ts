import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { awsStacks } from '../../cli/aws-stacks.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { denied, queryAnswer, queryError } from '../support/aws-answers.ts';
import { stubbed } from '../support/stubbed.ts';

const { stub, asked, clientConfig } = stubbed();
const stacks = () => awsStacks(new CloudFormationClient(clientConfig()));
const record = { name: 'KeyturnHubMembers', callAs: 'DELEGATED_ADMIN' } as const;

const stackSet = queryAnswer(
  'DescribeStackSet',
  '<StackSet><StackSetName>KeyturnHubMembers</StackSetName><Status>ACTIVE</Status><OrganizationalUnitIds>' +
    '<member>ou-ab12-payments1</member></OrganizationalUnitIds><PermissionModel>SERVICE_MANAGED</PermissionModel></StackSet>',
);
const instances = (members: readonly string[], next?: string) =>
  queryAnswer(
    'ListStackInstances',
    `<Summaries>${members.map((one) => `<member>${one}</member>`).join('')}</Summaries>` +
      (next === undefined ? '' : `<NextToken>${next}</NextToken>`),
  );
const instance = (account: string, status: string, detail: string, reason = '') =>
  `<Account>${account}</Account><Region>eu-west-1</Region><Status>${status}</Status><StackInstanceStatus>` +
  `<DetailedStatus>${detail}</DetailedStatus></StackInstanceStatus><OrganizationalUnitId>ou-ab12-payments1</OrganizationalUnitId>` +
  (reason === '' ? '' : `<StatusReason>${reason}</StatusReason>`);

describe('the member StackSet', () => {
  test('is told with its instances, of every page, as whom the deployment says', async () => {
    const reason = 'ResourceLogicalId:Role, ResourceStatusReason:KeyturnMember already exists.';
    stub().prepare(
      stackSet,
      instances([instance('111122223333', 'CURRENT', 'SUCCEEDED')], 'more'),
      instances([instance('444455556666', 'OUTDATED', 'FAILED', reason)]),
    );
    const region = 'eu-west-1';
    expect(await stacks().memberStackSet(record)).toEqual({
      status: 'ACTIVE',
      instances: [
        { account: '111122223333', region, status: 'CURRENT', detail: 'SUCCEEDED' },
        { account: '444455556666', region, status: 'OUTDATED', detail: 'FAILED', reason },
      ],
      organizationalUnits: ['ou-ab12-payments1'],
    });
    expect(asked('Action')).toEqual(['DescribeStackSet', 'ListStackInstances', 'ListStackInstances']);
    expect(asked('CallAs')).toEqual(['DELEGATED_ADMIN', 'DELEGATED_ADMIN', 'DELEGATED_ADMIN']);
    expect(asked('NextToken')).toEqual([null, null, 'more']);
  });

  test('without instances is told as such', async () => {
    stub().prepare(stackSet, queryAnswer('ListStackInstances', '<Summaries/>'));
    expect((await stacks().memberStackSet(record))?.instances).toEqual([]);
  });

  test('that is not there is told as that', async () => {
    stub().prepare(queryError(404, 'StackSetNotFoundException', 'StackSet KeyturnHubMembers not found'));
    expect(await stacks().memberStackSet(record)).toBeUndefined();
  });

  test.each([
    ['the set', [denied('cloudformation:DescribeStackSet')], 'cloudformation:DescribeStackSet'],
    ['its instances', [stackSet, denied('cloudformation:ListStackInstances')], 'cloudformation:ListStackInstances'],
  ])('of which %s may not be read is an error, never an absence', async (_, answers, action) => {
    stub().prepare(...answers);
    const error = await stacks()
      .memberStackSet(record)
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(String(error)).toContain(`AWS denied ${action}`);
  });

  test.each([
    [queryError(400, 'ValidationError', 'Account used is not a delegated administrator')],
    [{ status: 503 }],
    ['drop' as const],
  ])('%j is an error, never an absence', async (answer) => {
    stub().prepare(answer);
    await expect(stacks().memberStackSet(record)).rejects.toThrow(UnavailableError);
  });

  test('with a page that breaks off is an error, never fewer instances', async () => {
    stub().prepare(stackSet, instances([instance('111122223333', 'CURRENT', 'SUCCEEDED')], 'more'), { status: 500 });
    await expect(stacks().memberStackSet(record)).rejects.toThrow(UnavailableError);
  });
});

describe('the stack that a resource is part of', () => {
  const resources = (status: string) =>
    queryAnswer(
      'DescribeStackResources',
      '<StackResources><member><StackName>AcmeMember</StackName><PhysicalResourceId>other</PhysicalResourceId>' +
        '<ResourceStatus>CREATE_COMPLETE</ResourceStatus></member><member><StackName>AcmeMember</StackName>' +
        `<PhysicalResourceId>KeyturnMember</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus></member></StackResources>`,
    );

  test('is told by its name', async () => {
    stub().prepare(resources('CREATE_COMPLETE'));
    expect(await stacks().stackHolding('KeyturnMember')).toBe('AcmeMember');
    expect(asked('PhysicalResourceId')).toEqual(['KeyturnMember']);
  });

  test('is none when it is deleted, or AWS knows of none', async () => {
    stub().prepare(resources('DELETE_COMPLETE'));
    expect(await stacks().stackHolding('KeyturnMember')).toBeUndefined();
    stub().prepare(queryError(400, 'ValidationError', 'Stack for KeyturnMember does not exist'));
    expect(await stacks().stackHolding('KeyturnMember')).toBeUndefined();
  });
});
