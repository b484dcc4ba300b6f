import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, Grant, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { environment } from '../lambda/contracts/environment.ts';
import { historyTable, ownersTable, REQUESTS, stateTable } from '../lambda/contracts/tables.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { KeyturnFunction } from './function.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** What all three have in common. Encrypted with DynamoDB's own key, which costs nothing. */
function tableProps(layout: { readonly partitionKey: string; readonly sortKey: string }): TableProps {
  return {
    partitionKey: text(layout.partitionKey),
    sortKey: text(layout.sortKey),
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  };
}

/** Tables that people or auditors rely on outlive the stack, unless this is a trial. */
const kept = (removal: 'retain' | 'destroy'): Partial<TableProps> =>
  removal === 'retain'
    ? { deletionProtection: true, removalPolicy: RemovalPolicy.RETAIN }
    : { deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY };

export interface KeptTableProps {
  readonly removal: 'retain' | 'destroy';
}

/** Owners, assignments, exemptions and requests: edited by people with the CLI, only read by Keyturn, which strikes off answered requests. */
export class OwnersTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: KeptTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', { ...tableProps(ownersTable), ...kept(props.removal) });
  }

  /** Lets the function look up what concerns an account: exemptions, and who owns what. */
  grantQuery(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.ownersTable, this.table.tableName);
    allow(fn, ['dynamodb:Query'], this.table.tableArn);
  }

  /** Lets the function take off the list what it has answered: requests, and nothing else. */
  grantAnswer(fn: KeyturnFunction): void {
    Grant.addToPrincipal({
      grantee: fn,
      actions: ['dynamodb:DeleteItem'],
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [REQUESTS] } },
    });
  }

  /** Lets the function read one owner, whom it knows by ID. */
  grantGet(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.ownersTable, this.table.tableName);
    allow(fn, ['dynamodb:GetItem'], this.table.tableArn);
  }
}

/** Keyturn's working memory: journal, leases, caches. Rebuilt from IAM and Secrets Manager when it is lost. */
export class StateTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      ...tableProps(stateTable),
      timeToLiveAttribute: stateTable.expiry,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  grantReadWrite(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.stateTable, this.table.tableName);
    // A transaction needs the rights of what it is made of, and no more.
    const inTransactions = ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'];
    allow(fn, [...inTransactions, 'dynamodb:BatchWriteItem'], this.table.tableArn);
  }

  /** Lets the function put into the outbox what is to be told. */
  grantPutIntoOutbox(fn: KeyturnFunction): void {
    this.#grantOutbox(fn, ['dynamodb:PutItem', 'dynamodb:BatchWriteItem']);
  }

  /** Lets the function work off the outbox. */
  grantWorkOffOutbox(fn: KeyturnFunction): void {
    this.#grantOutbox(fn, ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']);
  }

  /** The outbox is in partitions of its own; the worker's memory beside it is out of reach. */
  #grantOutbox(fn: KeyturnFunction, actions: string[]): void {
    const { directory, readerPrefix } = stateTable.outbox;
    fn.addEnvironment(environment.stateTable, this.table.tableName);
    Grant.addToPrincipal({
      grantee: fn,
      actions,
      resourceArns: [this.table.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [directory, `${readerPrefix}*`] },
        // A request that names no partition would satisfy a condition for all of them.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  }
}

/**
 * The append-only record. No role of Keyturn's may update or delete an event, and the table's own policy forbids it to
 * everybody in the account, administrators included, and forbids to let events expire.
 *
 * IAM can't tell a put that adds from one that overwrites. What protects an event from being overwritten: every put of
 * Keyturn's is on the condition that there is none of that ID; nobody else has a reason to hold PutItem on this table; and
 * point-in-time recovery keeps 35 days of what was there.
 */
export class HistoryTable extends Construct {
  readonly table: Table;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: KeptTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      ...tableProps(historyTable),
      ...kept(props.removal),
      stream: StreamViewType.NEW_IMAGE,
      resourcePolicy: new PolicyDocument({ statements: [appendOnly] }),
    });
    for (const index of Object.values(historyTable.indexes)) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(historyTable.sortKey),
      });
    }
    if (this.table.tableStreamArn === undefined) throw new Error('the history table has no stream');
    this.streamArn = this.table.tableStreamArn;
  }

  /** Lets the function follow what is added. */
  grantFollow(fn: KeyturnFunction): void {
    this.table.grantStreamRead(fn);
    acknowledgeWildcard(
      fn.role ?? fn,
      '*',
      'dynamodb:ListStreams, which Lambda needs to follow a stream, knows no resources.',
    );
  }

  /** Lets the function add events, and no seal: who makes the record can't make its proof. */
  grantAppend(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.historyTable, this.table.tableName);
    Grant.addToPrincipal({
      grantee: fn,
      actions: ['dynamodb:PutItem'],
      resourceArns: [this.table.tableArn],
      // Events go into as many partitions as there are users. A put always names its own.
      conditions: { 'ForAllValues:StringNotEquals': { 'dynamodb:LeadingKeys': [historyTable.seals] } },
    });
  }

  /** Lets the function read what happened on a day, in all accounts, and no other way. */
  grantReadDays(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.historyTable, this.table.tableName);
    allow(fn, ['dynamodb:Query'], `${this.table.tableArn}/index/${historyTable.indexes.byDay.name}`);
  }

  /** Lets the function read the chain of seals, and no event. */
  grantReadSeals(fn: KeyturnFunction): void {
    this.#grantSeals(fn, ['dynamodb:Query']);
  }

  /** Lets the function add to the chain of seals, after a look at its end, and neither read nor write an event. */
  grantSeal(fn: KeyturnFunction): void {
    this.#grantSeals(fn, ['dynamodb:Query', 'dynamodb:PutItem']);
  }

  /** The seals are in a partition of their own. */
  #grantSeals(fn: KeyturnFunction, actions: string[]): void {
    fn.addEnvironment(environment.historyTable, this.table.tableName);
    Grant.addToPrincipal({
      grantee: fn,
      actions,
      resourceArns: [this.table.tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [historyTable.seals] },
        // A request that names no partition would satisfy a condition for all of them.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  }

  /** Lets the function read the events of a user, or of whatever else it is told to ask by. */
  grantQuery(fn: KeyturnFunction, ...by: (keyof typeof historyTable.indexes)[]): void {
    fn.addEnvironment(environment.historyTable, this.table.tableName);
    const { tableArn } = this.table;
    const indexArns = by.map((index) => `${tableArn}/index/${historyTable.indexes[index].name}`);
    allow(fn, ['dynamodb:Query'], tableArn, ...indexArns);
  }
}

const allow = (grantee: KeyturnFunction, actions: string[], ...resourceArns: string[]) =>
  Grant.addToPrincipal({ grantee, actions, resourceArns });

const appendOnly = new PolicyStatement({
  sid: 'AppendOnly',
  effect: Effect.DENY,
  principals: [new AnyPrincipal()],
  actions: [
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    // Carries puts and deletes alike.
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLUpdate',
    'dynamodb:PartiQLDelete',
    // Would let DynamoDB delete events by itself.
    'dynamodb:UpdateTimeToLive',
  ],
  // In a table's own policy this is the table; its ARN would make the template refer to itself.
  resources: ['*'],
});
