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
import { documents, MalformedItemError, queried, readItem } from './dynamo-items.ts';

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

  async requests(account: AccountId, unreadable?: (why: string) => void): Promise<readonly Request[]> {
    const found: Request[] = [];
    for await (const item of this.#items(REQUESTS, `${account}#`)) {
      try {
        found.push(this.#request(item));
      } catch (error) {
        if (unreadable === undefined || !(error instanceof MalformedItemError)) throw error;
        unreadable(error.message);
      }
    }
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
    for await (const item of this.#items(kind, prefix)) yield readItem(schema, item, `table ${this.#table}`);
  }

  /** Says only which fields are wrong: whoever may ask for anything may put anything there, a secret too. */
  #request(item: Record<string, unknown>): Request {
    const parsed = requestSchema.safeParse(item);
    const { [partitionKey]: pk, [sortKey]: sk } = item;
    // Its key says on whose list it is, and its content whose history proves it: they must not be two accounts'.
    if (parsed.success && sk === requestKey(parsed.data)[sortKey]) return parsed.data;
    const fields = parsed.success ? ['account', 'id'] : parsed.error.issues.map(({ path }) => path.join('.'));
    const which = [...new Set(fields)].join(', ');
    const what = parsed.success ? 'are not what its key says' : 'cannot be understood';
    throw new MalformedItemError(`Item '${pk}', '${sk}' of table ${this.#table} cannot be read: ${which} ${what}.`);
  }

  #items(kind: Kind, prefix?: string): AsyncIterable<Record<string, unknown>> {
    return queried(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: prefix === undefined ? '#pk = :kind' : '#pk = :kind and begins_with(#sk, :prefix)',
      ExpressionAttributeNames: { '#pk': partitionKey, ...(prefix !== undefined && { '#sk': sortKey }) },
      ExpressionAttributeValues: { ':kind': kind, ...(prefix !== undefined && { ':prefix': prefix }) },
    });
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
