import {
  type CallAs,
  type CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  paginateListStackInstances,
  type StackInstanceSummary,
} from '@aws-sdk/client-cloudformation';
import { calling } from '../lambda/adapters/aws-errors.ts';
import { complete } from '../lambda/adapters/iam-answers.ts';
import type { Estate, StackInstance } from './estate.ts';
import { ifThere } from './if-there.ts';

/** Stacks and StackSets as CloudFormation shows them. */
export function awsStacks(
  cloudFormation: CloudFormationClient,
): Pick<Estate, 'stack' | 'stackHolding' | 'memberStackSet'> {
  return {
    stack: (name) =>
      ifThere('cloudformation:DescribeStacks', ['ValidationError'], async () => {
        const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
        const [stack] = Stacks;
        if (stack?.StackStatus === undefined) return undefined;
        const changed = stack.LastUpdatedTime ?? stack.CreationTime;
        return { status: stack.StackStatus, ...(changed && { changedAt: changed.toISOString() }) };
      }),
    stackHolding: (PhysicalResourceId) =>
      ifThere('cloudformation:DescribeStackResources', ['ValidationError'], async () => {
        const { StackResources = [] } = await cloudFormation.send(
          new DescribeStackResourcesCommand({ PhysicalResourceId }),
        );
        // A deleted stack is told of for some weeks.
        const held = StackResources.find(
          (one) => one.PhysicalResourceId === PhysicalResourceId && one.ResourceStatus !== 'DELETE_COMPLETE',
        );
        return held?.StackName;
      }),
    memberStackSet: async ({ name, callAs }) => {
      const set = await ifThere('cloudformation:DescribeStackSet', ['StackSetNotFoundException'], async () => {
        const command = new DescribeStackSetCommand({ StackSetName: name, CallAs: callAs });
        return (await cloudFormation.send(command)).StackSet;
      });
      if (set === undefined) return undefined;
      return {
        status: complete('cloudformation:DescribeStackSet', 'Status', set.Status),
        organizationalUnits: set.OrganizationalUnitIds ?? [],
        instances: await instancesOf(cloudFormation, name, callAs),
      };
    },
  };
}

function instancesOf(client: CloudFormationClient, StackSetName: string, CallAs: CallAs) {
  const action = 'cloudformation:ListStackInstances';
  return calling(action, async () => {
    const instances: StackInstance[] = [];
    for await (const { Summaries } of paginateListStackInstances({ client }, { StackSetName, CallAs })) {
      instances.push(...complete(action, 'Summaries', Summaries).map((summary) => instanceOf(action, summary)));
    }
    return instances;
  });
}

function instanceOf(action: string, summary: StackInstanceSummary): StackInstance {
  const { Account, Region, Status, StackInstanceStatus, StatusReason } = summary;
  return {
    account: complete(action, 'Account', Account),
    region: complete(action, 'Region', Region),
    status: complete(action, 'Status', Status),
    ...(StackInstanceStatus?.DetailedStatus && { detail: StackInstanceStatus.DetailedStatus }),
    ...(StatusReason && { reason: StatusReason }),
  };
}
