import {
  type Account,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
  type OrganizationsClientConfig,
} from '@aws-sdk/client-organizations';
import type { STSClient } from '@aws-sdk/client-sts';
import type { OrganizationAccount, OrganizationTree } from '../domain/account-selection.ts';
import { type AccountId, InvalidIdError, parseAccountId, type RunId } from '../domain/ids.ts';
import { type Organization, UnavailableError } from '../ports.ts';
import { assumeRole } from './assume-role.ts';
import { calling } from './aws-errors.ts';
import { complete } from './iam-answers.ts';

export interface OrganizationAccess {
  /** What its clients are made with. */
  readonly client: OrganizationsClientConfig;
  readonly sts: STSClient;
  /** Read-only role in the management account; absent: the caller's own rights do. */
  readonly readerRoleArn?: string | undefined;
}

/**
 * AWS Organizations, walked from the roots down. One call at a time: its limits are low, and calls at once would only wait
 * for each other.
 */
export class AwsOrganization implements Organization {
  readonly #access: OrganizationAccess;

  constructor(access: OrganizationAccess) {
    this.#access = access;
  }

  async tree(runId: RunId): Promise<OrganizationTree> {
    const client = await this.#open(runId);
    const units: string[] = [];
    const accounts = new Map<AccountId, OrganizationAccount>();
    const open: (readonly string[])[] = [];
    for await (const root of roots(client)) open.push([root]);
    for (let path = open.shift(); path !== undefined; path = open.shift()) {
      const parent = complete('organizations:ListRoots', 'Id', path.at(-1));
      units.push(parent);
      for await (const account of accountsOf(client, parent)) {
        if (accounts.has(account.account)) throw moved(account.account);
        accounts.set(account.account, { ...account, parents: path });
      }
      for await (const unit of unitsOf(client, parent)) open.push([...path, unit]);
    }
    // At the end: one that went from a unit still to be read into one already read was met nowhere.
    for await (const account of allAccounts(client)) {
      if (account.standing === 'active' && !accounts.has(account.account)) throw missed(account.account);
    }
    return { units, accounts: [...accounts.values()] };
  }

  async #open(runId: RunId): Promise<OrganizationsClient> {
    const { client, sts, readerRoleArn: roleArn } = this.#access;
    if (roleArn === undefined) return new OrganizationsClient(client);
    const credentials = await assumeRole(sts, { roleArn, sessionName: runId });
    return new OrganizationsClient({ ...client, credentials });
  }
}

function roots(client: OrganizationsClient): AsyncGenerator<string> {
  const action = 'organizations:ListRoots';
  return paged(action, async (NextToken) => {
    const answer = await client.send(new ListRootsCommand({ NextToken }));
    const found = complete(action, 'Roots', answer.Roots).map(({ Id }) => complete(action, 'Id', Id));
    return { found, next: answer.NextToken };
  });
}

function unitsOf(client: OrganizationsClient, ParentId: string): AsyncGenerator<string> {
  const action = 'organizations:ListOrganizationalUnitsForParent';
  return paged(action, async (NextToken) => {
    const answer = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }));
    const { OrganizationalUnits } = answer;
    const found = complete(action, 'OrganizationalUnits', OrganizationalUnits).map(({ Id }) =>
      complete(action, 'Id', Id),
    );
    return { found, next: answer.NextToken };
  });
}

/** An account without the units above it. */
type Listed = Omit<OrganizationAccount, 'parents'>;

function accountsOf(client: OrganizationsClient, ParentId: string): AsyncGenerator<Listed> {
  const action = 'organizations:ListAccountsForParent';
  return paged(action, async (NextToken) => {
    const answer = await client.send(new ListAccountsForParentCommand({ ParentId, NextToken }));
    return { found: listed(action, answer.Accounts), next: answer.NextToken };
  });
}

/** Every account, wherever it is. */
function allAccounts(client: OrganizationsClient): AsyncGenerator<Listed> {
  const action = 'organizations:ListAccounts';
  return paged(action, async (NextToken) => {
    const answer = await client.send(new ListAccountsCommand({ NextToken }));
    return { found: listed(action, answer.Accounts), next: answer.NextToken };
  });
}

interface Page<T> {
  readonly found: readonly T[];
  readonly next: string | undefined;
}

/** Every item of every page: only a page without a token is the last, and a page with one may be empty. */
async function* paged<T>(
  action: string,
  read: (token: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const page: Page<T> = await calling(action, () => read(token));
    yield* page.found;
    token = page.next;
  }
}

const listed = (action: string, accounts: readonly Account[] | undefined): readonly Listed[] =>
  complete(action, 'Accounts', accounts).map((account) => listedAccount(action, account));

function listedAccount(action: string, account: Account): Listed {
  const id = complete(action, 'Id', account.Id);
  try {
    return { account: parseAccountId(id), name: account.Name ?? '', standing: standingOf(account) };
  } catch (cause) {
    if (!(cause instanceof InvalidIdError)) throw cause;
    throw new UnavailableError(`${action} answered with an account that is none: ${cause.message}.`, { cause });
  }
}

/** AWS is replacing Status by State, and tells one of them or both. */
function standingOf({ State, Status }: Account): OrganizationAccount['standing'] {
  const told = [State, Status].filter((one) => one !== undefined);
  if (told.some((one) => one === 'SUSPENDED')) return 'suspended';
  return told.length > 0 && told.every((one) => one === 'ACTIVE') ? 'active' : 'other';
}

/** Where it belongs is then uncertain, and another one may have been missed in the same way. */
const moved = (account: AccountId) =>
  new UnavailableError(`Account ${account} was moved while the organisation was being read: read it again.`);

const missed = (account: AccountId) =>
  new UnavailableError(
    `Account ${account} was in none of the units: it came, or was moved, while the organisation was being read: read it again.`,
  );
