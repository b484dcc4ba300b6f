import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod/mini';
import { assignmentSchema, exemptionSchema, ownerSchema, requestSchema } from '../contracts/owners.ts';
import { ownersTable, REQUESTS } from '../contracts/tables.ts';
import type { AccountId, OwnerId } from '../domain/ids.ts';
import type { Assignment, Exemption, Owner, UserMatch } from '../domain/owners.ts';
import type { Request } from '../domain/requests.ts';
import type { Owners } from '../ports.ts';
import { calling } from './aws-errors.ts';
import { documents, queried, readItem } from './dynamo-items.ts';

const { partitionKey, sortKey } = ownersTable;

/** The Owners table. */
export class DynamoOwners implements Owners {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = documents(client);
    this.#table = table;
  }

  async owner(id: OwnerId): Promise<Owner | undefined> {
    const command = new GetCommand({ TableName: this.#table, Key: ownerKey(id), ConsistentRead: true });
    const { Item } = await calling('dynamodb:GetItem', () => this.#client.send(command));
    return Item && readItem(ownerSchema, Item, `table ${this.#table}`);
  }

  owners(): AsyncIterable<Owner> {
    return this.#list('OWNER', ownerSchema);
  }

  assignments(account: AccountId): Promise<readonly Assignment[]> {
    return this.#ofAccount('ASSIGNMENT', account, assignmentSchema);
  }

  allAssignments(): AsyncIterable<Assignment> {
    return this.#list('ASSIGNMENT', assignmentSchema);
  }

  exemptions(account: AccountId): Promise<readonly Exemption[]> {
    return this.#ofAccount('EXEMPTION', account, exemptionSchema);
  }

  allExemptions(): AsyncIterable<Exemption> {
    return this.#list('EXEMPTION', exemptionSchema);
  }

  async requests(account: AccountId): Promise<readonly Request[]> {
    const found: Request[] = [];
    for await (const item of this.#list(REQUESTS, requestSchema, `${account}#`)) found.push(item);
    return found;
  }

  putOwner(owner: Owner): Promise<void> {
    return this.#put({ ...owner, ...ownerKey(owner.id) });
  }

  deleteOwner(id: OwnerId): Promise<void> {
    return this.#delete(ownerKey(id));
  }

  putAssignment(assignment: Assignment): Promise<void> {
    return this.#put({ ...assignment, ...assignmentKey(assignment) });
  }

  deleteAssignment(assignment: Assignment): Promise<void> {
    return this.#delete(assignmentKey(assignment));
  }

  putExemption(exemption: Exemption): Promise<void> {
    return this.#put({ ...exemption, ...exemptionKey(exemption) });
  }

  deleteExemption(exemption: Exemption): Promise<void> {
    return this.#delete(exemptionKey(exemption));
  }

  putRequest(request: Request): Promise<void> {
    return this.#put({ ...request, ...requestKey(request) });
  }

  deleteRequest(request: Pick<Request, 'id' | 'account'>): Promise<void> {
    return this.#delete(requestKey(request));
  }

  async #ofAccount<T>(kind: Kind, account: AccountId, schema: z.ZodMiniType<T>): Promise<readonly T[]> {
    const found: T[] = [];
    for (const scope of [account, '*']) {
      for await (const item of this.#list(kind, schema, `${scope}#`)) found.push(item);
    }
    return found;
  }

  async *#list<T>(kind: Kind, schema: z.ZodMiniType<T>, prefix?: string): AsyncIterable<T> {
    const items = queried(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: prefix === undefined ? '#pk = :kind' : '#pk = :kind and begins_with(#sk, :prefix)',
      ExpressionAttributeNames: { '#pk': partitionKey, ...(prefix !== undefined && { '#sk': sortKey }) },
      ExpressionAttributeValues: { ':kind': kind, ...(prefix !== undefined && { ':prefix': prefix }) },
    });
    for await (const item of items) yield readItem(schema, item, `table ${this.#table}`);
  }

  async #put(item: Record<string, unknown>): Promise<void> {
    const command = new PutCommand({ TableName: this.#table, Item: item });
    await calling('dynamodb:PutItem', () => this.#client.send(command));
  }

  async #delete(key: Record<string, string>): Promise<void> {
    const command = new DeleteCommand({ TableName: this.#table, Key: key });
    await calling('dynamodb:DeleteItem', () => this.#client.send(command));
  }
}

type Kind = 'OWNER' | 'ASSIGNMENT' | 'EXEMPTION' | typeof REQUESTS;

const keyOf = (kind: Kind, sort: string) => ({ [partitionKey]: kind, [sortKey]: sort });
const ownerKey = (id: OwnerId) => keyOf('OWNER', id);
export const requestKey = ({ account, id }: Pick<Request, 'id' | 'account'>) => keyOf(REQUESTS, `${account}#${id}`);
const exemptionKey = ({ account, id }: Exemption) => keyOf('EXEMPTION', `${account}#${id}`);
/** One rule per account and match: a second one replaces the first. */
const assignmentKey = ({ account, match }: Assignment) =>
  keyOf('ASSIGNMENT', `${account}#${match.kind}#${matchValue(match)}`);

function matchValue(match: UserMatch): string {
  switch (match.kind) {
    case 'user':
      return match.userName;
    case 'name':
    case 'path':
      return match.pattern;
    case 'account':
      return '';
    default:
      return match satisfies never;
  }
}
