import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  type EventSourceMappingConfiguration,
  type FunctionConfiguration,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import type { ClientConfig } from '../emulator.ts';
import { type AsyncFailures, readAsyncFailures } from './deployed-templates.ts';

export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  readonly roleArn: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly whenAsyncFails: AsyncFailures;
}

interface Mapping {
  readonly id: string;
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  /** JSON patterns; a record is for the function if any of them matches, or if there are none. */
  readonly filters: readonly string[];
  readonly reportsItemFailures: boolean;
}

export interface QueueMapping extends Mapping {
  readonly kind: 'queue';
  readonly maxConcurrency?: number;
}

export interface StreamMapping extends Mapping {
  readonly kind: 'stream';
  readonly bisects: boolean;
  /** Undefined: until it succeeds. */
  readonly maxRetries?: number;
  readonly onFailureArn?: string;
}

export interface ScheduledRule {
  readonly arn: string;
  readonly name: string;
  readonly targets: readonly { readonly functionArn: string; readonly input?: string }[];
}

export interface Deployed {
  readonly functions: readonly DeployedFunction[];
  readonly mappings: readonly (QueueMapping | StreamMapping)[];
  /** The enabled rules that have a schedule. */
  readonly schedules: readonly ScheduledRule[];
}

/** What Lambda and EventBridge would know of the deployed app, read from the emulator. */
export async function readDeployed(client: ClientConfig): Promise<Deployed> {
  const lambda = new LambdaClient(client);
  const [functions, mappings, schedules, asyncFailures] = await Promise.all([
    all(paginateListFunctions({ client: lambda }, {}), (page) => page.Functions),
    all(paginateListEventSourceMappings({ client: lambda }, {}), (page) => page.EventSourceMappings),
    readSchedules(new EventBridgeClient(client)),
    readAsyncFailures(client),
  ]);
  return {
    functions: functions.map((found) => functionFrom(found, asyncFailures)),
    mappings: mappings.filter((mapping) => mapping.State === 'Enabled').map(mappingFrom),
    schedules,
  };
}

function functionFrom(
  found: FunctionConfiguration,
  asyncFailures: ReadonlyMap<string, AsyncFailures>,
): DeployedFunction {
  const name = present(found.FunctionName, 'a function without a name');
  return {
    name,
    arn: unqualified(present(found.FunctionArn, `no ARN for ${name}`)),
    handler: present(found.Handler, `no handler for ${name}`),
    roleArn: present(found.Role, `no role for ${name}`),
    timeoutMs: (found.Timeout ?? 3) * 1000,
    memoryMb: found.MemorySize ?? 128,
    environment: found.Environment?.Variables ?? {},
    whenAsyncFails: asyncFailures.get(name) ?? { maxRetries: 2 },
  };
}

function mappingFrom(found: EventSourceMappingConfiguration): QueueMapping | StreamMapping {
  const id = present(found.UUID, 'an event source mapping without an ID');
  const sourceArn = present(found.EventSourceArn, `no source for mapping ${id}`);
  const common: Mapping = {
    id,
    sourceArn,
    functionArn: unqualified(present(found.FunctionArn, `no function for mapping ${id}`)),
    batchSize: found.BatchSize ?? (sourceArn.includes(':sqs:') ? 10 : 100),
    filters: (found.FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) => Pattern ?? []),
    reportsItemFailures: found.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  };
  if (sourceArn.includes(':sqs:')) {
    const maxConcurrency = found.ScalingConfig?.MaximumConcurrency;
    return { ...common, kind: 'queue', ...(maxConcurrency === undefined ? {} : { maxConcurrency }) };
  }
  const maxRetries = found.MaximumRetryAttempts;
  const onFailureArn = found.DestinationConfig?.OnFailure?.Destination;
  return {
    ...common,
    kind: 'stream',
    bisects: found.BisectBatchOnFunctionError ?? false,
    ...(maxRetries === undefined || maxRetries < 0 ? {} : { maxRetries }),
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
  };
}

async function readSchedules(events: EventBridgeClient): Promise<ScheduledRule[]> {
  const { Rules: rules = [] } = await events.send(new ListRulesCommand({}));
  const scheduled = rules.filter((rule) => rule.ScheduleExpression && rule.State === 'ENABLED');
  return Promise.all(
    scheduled.map(async (rule) => {
      const name = present(rule.Name, 'a rule without a name');
      const { Targets: targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: name }));
      return {
        name,
        arn: present(rule.Arn, `no ARN for rule ${name}`),
        targets: targets.flatMap(({ Arn: arn, Input: input, InputTransformer: transformer, InputPath: path }) => {
          if (transformer !== undefined || path !== undefined) {
            throw new Error(`Rule ${name} transforms its input; the local runtime knows constant input only.`);
          }
          if (!arn?.includes(':lambda:')) return [];
          return [{ functionArn: unqualified(arn), ...(input === undefined ? {} : { input }) }];
        }),
      };
    }),
  );
}

/** The function's own ARN, without version or alias. */
function unqualified(functionArn: string): string {
  return functionArn.split(':').slice(0, 7).join(':');
}

function present<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(`The local AWS lists ${otherwise}.`);
  return value;
}

async function all<Page, Item>(pages: AsyncIterable<Page>, items: (page: Page) => Item[] | undefined): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}
