import type {
  Estate,
  EventSource,
  QueueDepth,
  RoleTrust,
  StackSetState,
  StackState,
  Subscriptions,
  TableState,
} from '../../cli/estate.ts';
import type { MemberStackSetRecord } from '../../lambda/contracts/deployment.ts';
import { RUN } from '../support/builders.ts';
import { FakeOrganization } from '../support/fake-organization.ts';

export const WORKER = 'arn:aws:iam::111122223333:role/KeyturnWorker';

/** A trust policy as the member stack writes it, for these principals. */
export const trusting = (...names: readonly string[]): RoleTrust => ({
  statements: [
    {
      effect: 'Allow',
      principals: names.map((name) => ({ kind: 'AWS', name })),
      actions: ['sts:AssumeRole'],
      conditions: [{ operator: 'StringEquals', key: 'sts:ExternalId', values: ['keyturn'] }],
    },
  ],
  unread: 0,
});

const REGION = 'eu-central-1:111122223333';

/** A deployment in which all is well; tests take things away. */
export class FakeEstate implements Estate {
  readonly stacks = new Map<string, StackState>([
    ['KeyturnHub', { status: 'UPDATE_COMPLETE', changedAt: '2026-05-01T10:00:00.000Z' }],
  ]);
  readonly tables = new Map<string, TableState>(
    ['owners', 'state', 'history'].map((name) => [
      name,
      { status: 'ACTIVE', restorable: true, protectedFromDeletion: name !== 'state' },
    ]),
  );
  readonly topics = new Map<string, Subscriptions>([
    [`arn:aws:sns:${REGION}:notices`, { confirmed: 3, pending: 0 }],
    [`arn:aws:sns:${REGION}:operators`, { confirmed: 1, pending: 0 }],
  ]);
  readonly queues = new Map<string, QueueDepth>([
    ['https://sqs/sweeps', { waiting: 2, inFlight: 1 }],
    ['https://sqs/dead-letters', { waiting: 0, inFlight: 0 }],
  ]);
  readonly sources = new Map<string, readonly EventSource[]>([
    ['rotate-account', [{ arn: `arn:aws:sqs:${REGION}:sweeps`, state: 'Enabled' }]],
    ['notify', [{ arn: `arn:aws:dynamodb:${REGION}:table/history/stream/1`, state: 'Enabled' }]],
    ['seal', [{ arn: `arn:aws:dynamodb:${REGION}:table/history/stream/1`, state: 'Enabled' }]],
  ]);
  readonly roles = new Map<string, RoleTrust>([['KeyturnMember', trusting(WORKER)]]);
  /** Names of stacks by the IDs of what they hold. */
  readonly holders = new Map([['KeyturnMember', 'KeyturnMember']]);
  readonly stackSets = new Map<string, StackSetState>();
  /** The organisation that the account is in; undefined: none. */
  organization: string | undefined = 'o-abcdef1234';
  /** It, as the caller may list it. */
  readonly units: FakeOrganization = new FakeOrganization();
  /** What the role answers that lists it for a run; without an error it lists the same. */
  readerRefuses: Error | undefined;
  /** Methods that fail, and how. */
  readonly refused = new Map<keyof Estate, Error>();

  stackHolding = (id: string) => this.#answer('stackHolding', this.holders.get(id));
  memberStackSet = ({ name, callAs }: MemberStackSetRecord) =>
    this.#answer('memberStackSet', this.stackSets.get(`${name} as ${callAs}`));
  organizationId = () => this.#answer('organizationId', this.organization);
  organizationTree = async (readerRoleArn?: string) => {
    if (readerRoleArn === undefined) return this.#answer('organizationTree', await this.units.tree(RUN));
    if (this.readerRefuses !== undefined) throw this.readerRefuses;
    return this.units.tree(RUN);
  };
  stack = (name: string) => this.#answer('stack', this.stacks.get(name));
  table = (name: string) => this.#answer('table', this.tables.get(name));
  subscriptions = (topicArn: string) => this.#answer('subscriptions', this.topics.get(topicArn));
  queue = (url: string) => this.#answer('queue', this.queues.get(url));
  eventSources = (name: string) => this.#answer('eventSources', this.sources.get(name) ?? []);
  role = (name: string) => this.#answer('role', this.roles.get(name));

  async #answer<T>(method: keyof Estate, answer: T): Promise<T> {
    const error = this.refused.get(method);
    if (error !== undefined) throw error;
    return answer;
  }
}
