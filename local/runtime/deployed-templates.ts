import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import type { ClientConfig } from '../emulator.ts';

/** What becomes of an asynchronous invocation that keeps failing. */
export interface AsyncFailures {
  readonly maxRetries: number;
  readonly onFailureArn?: string;
  readonly deadLetterArn?: string;
}

const resource = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) });
const template = z.object({ Resources: z.record(z.string(), resource) });
type Resource = z.infer<typeof resource>;

const functionProperties = z.object({ DeadLetterConfig: z.object({ TargetArn: z.unknown() }).optional() });
const invokeConfigProperties = z.object({
  FunctionName: z.unknown(),
  MaximumRetryAttempts: z.coerce.number().optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.unknown() }).optional() }).optional(),
});

/**
 * By function name. Read from the deployed templates, because moto's CloudFormation passes over
 * AWS::Lambda::EventInvokeConfig and drops a function's DeadLetterConfig.
 */
export async function readAsyncFailures(client: ClientConfig): Promise<ReadonlyMap<string, AsyncFailures>> {
  const cloudFormation = new CloudFormationClient(client);
  const found = new Map<string, AsyncFailures>();
  for await (const { Stacks: stacks = [] } of paginateDescribeStacks({ client: cloudFormation }, {})) {
    for (const { StackName: stack } of stacks) {
      if (stack !== undefined) await readStack(cloudFormation, stack, found);
    }
  }
  return found;
}

async function readStack(cloudFormation: CloudFormationClient, stack: string, found: Map<string, AsyncFailures>) {
  const { TemplateBody: body } = await cloudFormation.send(new GetTemplateCommand({ StackName: stack }));
  const resources = templateResources(body);
  if (!resources.some(([, { Type: type }]) => type.startsWith('AWS::Lambda::'))) return;
  const { StackResources: deployed = [] } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  const physical = new Map<string, string>();
  for (const { LogicalResourceId: logical, PhysicalResourceId: id } of deployed) {
    if (logical !== undefined && id !== undefined) physical.set(logical, id);
  }
  const resolve = (value: unknown) => resolveReference(value, physical);

  for (const [logicalId, { Type: type, Properties: properties }] of resources) {
    if (type !== 'AWS::Lambda::Function') continue;
    const name = physical.get(logicalId);
    const deadLetter = functionProperties.parse(properties).DeadLetterConfig?.TargetArn;
    if (name === undefined) continue;
    found.set(name, { maxRetries: 2, ...(deadLetter === undefined ? {} : { deadLetterArn: resolve(deadLetter) }) });
  }
  for (const [, { Type: type, Properties: properties }] of resources) {
    if (type !== 'AWS::Lambda::EventInvokeConfig') continue;
    const config = invokeConfigProperties.parse(properties);
    const name = resolve(config.FunctionName);
    const destination = config.DestinationConfig?.OnFailure?.Destination;
    found.set(name, {
      ...found.get(name),
      maxRetries: config.MaximumRetryAttempts ?? 2,
      ...(destination === undefined ? {} : { onFailureArn: resolve(destination) }),
    });
  }
}

/** The bootstrap stack's template is YAML; it has no functions, so only JSON is read. */
function templateResources(body: string | undefined): [string, Resource][] {
  try {
    return Object.entries(template.parse(JSON.parse(body ?? '{}')).Resources);
  } catch {
    return [];
  }
}

const reference = z.union([
  z.string(),
  z.object({ Ref: z.string() }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
]);

/** What CDK writes for a function's name and for the ARN of a queue, topic or function. */
function resolveReference(value: unknown, physical: ReadonlyMap<string, string>): string {
  const parsed = reference.parse(value);
  if (typeof parsed === 'string') return parsed;
  const logicalId = 'Ref' in parsed ? parsed.Ref : parsed['Fn::GetAtt'][0];
  const id = physical.get(logicalId);
  if (id === undefined) throw new Error(`The deployed template names ${logicalId}, which was not deployed.`);
  return 'Ref' in parsed ? id : arnFrom(id);
}

/** A queue's physical ID is its URL. */
function arnFrom(physicalId: string): string {
  const queue = /^https?:\/\/sqs\.([^.]+)\.[^/]+\/(\d+)\/(.+)$/.exec(physicalId);
  if (queue === null) throw new Error(`The local runtime sends failures to queues and topics, not to ${physicalId}.`);
  const [, region, account, name] = queue;
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
