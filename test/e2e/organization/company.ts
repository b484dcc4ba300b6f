import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { defaultAccount, type Emulator } from '../../../local/emulator.ts';

/** Three levels deep. Each account has the part it plays as its name. */
const tree = {
  workloads: {
    production: {
      payments: ['cards', 'ledger', 'invoices'],
      accounts: ['shop', 'search', 'newcomer', 'leaver'],
    },
    staging: ['rehearsal'],
  },
  security: ['audit', 'logs'],
  sandbox: ['playground'],
  closing: ['closed', 'legacy'],
} as const;

type Tree = readonly string[] | { readonly [unit: string]: Tree };

/** An organisation in the local AWS, whose management account is the hub. */
export interface Company {
  readonly organizationId: string;
  readonly root: string;
  readonly hub: string;
  /** Account ID by name. */
  readonly account: (name: string) => string;
  /** ID of the unit by name. */
  readonly unit: (name: string) => string;
  /** IDs of all accounts but the hub's. */
  readonly members: readonly string[];
}

export async function foundCompany(emulator: Emulator): Promise<Company> {
  const organizations = new OrganizationsClient(emulator.client());
  const { Organization } = await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots = [] } = await organizations.send(new ListRootsCommand({}));
  const [{ Id: root = '' } = {}] = Roots;
  const accounts = new Map<string, string>();
  const units = new Map<string, string>();

  async function fill(parent: string, branch: Tree): Promise<void> {
    if (isList(branch)) {
      for (const name of branch) await addAccount(name, parent);
      return;
    }
    for (const [name, below] of Object.entries(branch)) {
      // Accounts beside units.
      if (name === 'accounts') await fill(parent, below);
      else await fill(await addUnit(name, parent), below);
    }
  }

  async function addUnit(name: string, ParentId: string): Promise<string> {
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({ Name: name, ParentId }),
    );
    const id = OrganizationalUnit?.Id ?? '';
    units.set(name, id);
    return id;
  }

  async function addAccount(name: string, unit: string): Promise<void> {
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
    );
    const AccountId = CreateAccountStatus?.AccountId ?? '';
    await organizations.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: unit }));
    accounts.set(name, AccountId);
  }

  await fill(root, tree);
  await organizations.send(new CloseAccountCommand({ AccountId: accounts.get('closed') }));
  accounts.set('hub', defaultAccount);
  return {
    organizationId: Organization?.Id ?? '',
    root,
    hub: defaultAccount,
    account: (name) => found(accounts, name),
    unit: (name) => found(units, name),
    members: [...accounts.values()].filter((id) => id !== defaultAccount),
  };
}

const isList = (branch: Tree): branch is readonly string[] => Array.isArray(branch);

function found(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`The company has no '${name}'.`);
  return id;
}
