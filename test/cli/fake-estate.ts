import type {
  Estate,
  EventSource,
  QueueDepth,
  RoleTrust,
  StackState,
  Subscriptions,
  TableState,
} from '../../cli/estate.ts';

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
  readonly roles = new Map<string, RoleTrust>([
    ['KeyturnMember', { principals: ['arn:aws:iam::111122223333:role/KeyturnWorker'] }],
  ]);
  /** Methods that fail, and how. */
  readonly refused = new Map<keyof Estate, Error>();

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
