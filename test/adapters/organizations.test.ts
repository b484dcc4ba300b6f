import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { STSClient } from '@aws-sdk/client-sts';
import { AwsOrganization } from '../../lambda/adapters/organizations.ts';
import { parseAccountId } from '../../lambda/domain/ids.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { organizationSuite } from '../contracts/organization.suite.ts';
import { denied, jsonAnswer, jsonError, queryAnswer } from '../support/aws-answers.ts';
import { RUN } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub, asked, clientConfig } = stubbed();

organizationSuite('AWS on the emulator', async () => {
  const management = freshAccount();
  const config = { ...clientSettings, ...emulator().client(management) };
  const client = new OrganizationsClient(config);
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  const root = Roots[0]?.Id ?? '';
  return {
    organization: new AwsOrganization({ client: config, sts: new STSClient(config) }),
    root,
    first: [{ account: parseAccountId(management), name: 'master', standing: 'active', parents: [root] }],
    async addUnit(Name, ParentId) {
      const { OrganizationalUnit } = await client.send(new CreateOrganizationalUnitCommand({ Name, ParentId }));
      return OrganizationalUnit?.Id ?? '';
    },
    async addAccount(AccountName, parent) {
      const account = { AccountName, Email: `${AccountName}@example.com` };
      const { CreateAccountStatus } = await client.send(new CreateAccountCommand(account));
      const AccountId = CreateAccountStatus?.AccountId ?? '';
      if (parent !== root) {
        const move = { AccountId, SourceParentId: root, DestinationParentId: parent };
        await client.send(new MoveAccountCommand(move));
      }
      return parseAccountId(AccountId);
    },
    async close(AccountId) {
      await client.send(new CloseAccountCommand({ AccountId }));
    },
  };
});

const reader = (readerRoleArn?: string) => {
  const config = clientConfig();
  return new AwsOrganization({ client: config, sts: new STSClient(config), readerRoleArn });
};
const roots = jsonAnswer({ Roots: [{ Id: 'r-root' }] });
const noUnits = jsonAnswer({ OrganizationalUnits: [] });
const accounts = (...Accounts: readonly object[]) => jsonAnswer({ Accounts });
const actions = () => stub().requests.map(({ headers }) => String(headers['x-amz-target']).split('.').at(-1));

test('a page without accounts is not the last while it names a next one', async () => {
  stub().prepare(
    roots,
    jsonAnswer({ Accounts: [], NextToken: 'two' }),
    jsonAnswer({ Accounts: [{ Id: '111122223333', State: 'ACTIVE' }], NextToken: 'three' }),
    accounts({ Id: '444455556666', State: 'ACTIVE' }),
    noUnits,
    jsonAnswer({ Accounts: [{ Id: '111122223333', State: 'ACTIVE' }], NextToken: 'more' }),
    accounts(),
  );
  const tree = await reader().tree(RUN);
  expect(tree.accounts.map(({ account }) => account)).toEqual(['111122223333', '444455556666']);
  expect(stub().requests.map(({ body }) => JSON.parse(body).NextToken)).toEqual([
    undefined,
    undefined,
    'two',
    'three',
    undefined,
    undefined,
    'more',
  ]);
});

test.each([
  [{ State: 'ACTIVE' }, 'active'],
  [{ Status: 'ACTIVE' }, 'active'],
  [{ State: 'ACTIVE', Status: 'ACTIVE' }, 'active'],
  [{ State: 'SUSPENDED', Status: 'ACTIVE' }, 'suspended'],
  [{ State: 'ACTIVE', Status: 'SUSPENDED' }, 'suspended'],
  [{ State: 'PENDING_CLOSURE', Status: 'ACTIVE' }, 'other'],
  [{ State: 'CLOSED' }, 'other'],
  [{ State: 'PENDING_ACTIVATION' }, 'other'],
  [{ State: 'SOMETHING_NEW' }, 'other'],
  [{}, 'other'],
])('an account that AWS calls %j is %s', async (told, standing) => {
  const account = { Id: '111122223333', ...told };
  stub().prepare(roots, accounts(account), noUnits, accounts(account));
  expect((await reader().tree(RUN)).accounts[0]?.standing).toBe(standing);
});

describe('a listing is whole or it fails', () => {
  const broken = (...answers: readonly StubAnswer[]) => {
    stub().prepare(...answers);
    return reader()
      .tree(RUN)
      .catch((error: unknown) => error);
  };
  const first = jsonAnswer({ Accounts: [{ Id: '111122223333', State: 'ACTIVE' }], NextToken: 'two' });

  test('when a later page is throttled to exhaustion', async () => {
    const error = await broken(roots, first, jsonError(400, 'TooManyRequestsException', 'slow down'));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('organizations:ListAccountsForParent failed: TooManyRequestsException');
  });

  test('when a unit below may not be read', async () => {
    const below = jsonAnswer({ OrganizationalUnits: [{ Id: 'ou-root-1' }] });
    const error = await broken(roots, accounts(), below, jsonError(400, 'AccessDeniedException', 'You may not.'));
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(String(error)).toContain('AWS denied organizations:ListAccountsForParent');
  });

  test.each<[string, ...StubAnswer[]]>([
    ['an answer without its list', roots, jsonAnswer({})],
    ['an account without an ID', roots, accounts({ State: 'ACTIVE' })],
    ['an account that is none', roots, accounts({ Id: '12', State: 'ACTIVE' })],
    ['no roots at all', jsonAnswer({})],
  ])('with %s', async (_name, ...answers) => {
    expect(await broken(...answers)).toBeInstanceOf(UnavailableError);
  });

  test('when an account is met twice, since it was moved meanwhile', async () => {
    const below = jsonAnswer({ OrganizationalUnits: [{ Id: 'ou-root-1' }] });
    const same = accounts({ Id: '111122223333', State: 'ACTIVE' });
    const error = await broken(roots, same, below, same, noUnits);
    expect(String(error)).toContain('Account 111122223333 was moved while the organisation was being read');
  });
});

describe('against the list of all accounts', () => {
  const read = (...all: readonly object[]) => {
    stub().prepare(roots, accounts({ Id: '111122223333', State: 'ACTIVE' }), noUnits, accounts(...all));
    return reader()
      .tree(RUN)
      .catch((error: unknown) => error);
  };

  test('an account that no unit held was moved into one that had been read: nothing is told of the organisation', async () => {
    const error = await read({ Id: '111122223333', State: 'ACTIVE' }, { Id: '444455556666', State: 'ACTIVE' });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('Account 444455556666 was in none of the units');
  });

  test('one that would not be swept anyway may be missing', async () => {
    expect(await read({ Id: '444455556666', State: 'SUSPENDED' })).toMatchObject({
      accounts: [{ account: '111122223333' }],
    });
  });

  test('a list that cannot be read to its end fails as the others do', async () => {
    stub().prepare(roots, accounts(), noUnits, jsonError(400, 'AccessDeniedException', 'You may not.'));
    await expect(reader().tree(RUN)).rejects.toThrow('AWS denied organizations:ListAccounts');
  });
});

test('throttled calls are repeated', async () => {
  const config = { ...clientConfig(), maxAttempts: 4, retryMode: 'adaptive' } as const;
  const organization = new AwsOrganization({ client: config, sts: new STSClient(config) });
  stub().prepare(roots, jsonError(400, 'TooManyRequestsException', 'slow down'), accounts(), noUnits, accounts());
  await organization.tree(RUN);
  expect(actions()).toEqual([
    'ListRoots',
    'ListAccountsForParent',
    'ListAccountsForParent',
    'ListOrganizationalUnitsForParent',
    'ListAccounts',
  ]);
});

describe('through the reader role', () => {
  const roleArn = 'arn:aws:iam::999900001111:role/KeyturnOrganizationReader';
  const credentials =
    '<Credentials><AccessKeyId>ASIAFAKEREADER</AccessKeyId><SecretAccessKey>fake</SecretAccessKey>' +
    '<SessionToken>fake</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>';

  test('the run names the session, and its credentials read', async () => {
    stub().prepare(queryAnswer('AssumeRole', credentials), roots, accounts(), noUnits, accounts());
    await reader(roleArn).tree(RUN);
    expect(asked('RoleArn')[0]).toBe(roleArn);
    expect(asked('RoleSessionName')[0]).toBe(RUN);
    const [, ...readings] = stub().requests;
    for (const { headers } of readings) expect(headers.authorization).toContain('ASIAFAKEREADER');
  });

  test('a role that may not be assumed fails the listing', async () => {
    stub().prepare(denied('sts:AssumeRole'));
    await expect(reader(roleArn).tree(RUN)).rejects.toThrow(/AWS denied sts:AssumeRole/);
  });
});
