import {
  type OrganizationAccount,
  type OrganizationScope,
  type OrganizationTree,
  type Selection,
  type SelectionSettings,
  selectInOrganization,
  selectNamed,
} from '../../lambda/domain/account-selection.ts';
import { type AccountId, parseAccountId } from '../../lambda/domain/ids.ts';

const account = (n: number): AccountId => parseAccountId(String(100_000_000_000 + n));
const [management, hub, payments, shop, lab, closed] = [0, 1, 2, 3, 4, 5].map(account) as [
  AccountId,
  AccountId,
  AccountId,
  AccountId,
  AccountId,
  AccountId,
];

/**
 * r-root: management
 * ├ ou-infra: hub
 * ├ ou-work
 * │ ├ ou-prod
 * │ │ └ ou-pay: payments
 * │ └ ou-shop: shop
 * ├ ou-lab: lab, closed (suspended)
 * └ ou-empty
 */
const at = (
  one: AccountId,
  parents: readonly string[],
  standing: OrganizationAccount['standing'] = 'active',
): OrganizationAccount => ({ account: one, name: '', standing, parents: ['r-root', ...parents] });

const tree: OrganizationTree = {
  units: ['r-root', 'ou-infra', 'ou-work', 'ou-prod', 'ou-pay', 'ou-shop', 'ou-lab', 'ou-empty'],
  accounts: [
    at(closed, ['ou-lab'], 'suspended'),
    at(payments, ['ou-work', 'ou-prod', 'ou-pay']),
    at(lab, ['ou-lab']),
    at(shop, ['ou-work', 'ou-shop']),
    at(hub, ['ou-infra']),
    at(management, []),
  ],
};

const settings: SelectionSettings = { hub, mode: 'observe' };
const whole: OrganizationScope = { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] };

const select = (scope: Partial<OrganizationScope> = {}, overrides: Partial<SelectionSettings> = {}, seen = tree) =>
  selectInOrganization({ ...settings, ...overrides }, { ...whole, ...scope }, seen);

function selected(selection: Selection) {
  if (selection.kind === 'mistakes') throw new Error(selection.mistakes.join('; '));
  return selection;
}

const expectedIn = (selection: Selection) => selected(selection).expected.map((one) => one.account);
const skippedIn = (selection: Selection) => new Map(selected(selection).skipped.map((one) => [one.account, one.why]));
const enforcingIn = (selection: Selection) =>
  selected(selection)
    .expected.filter(({ mode }) => mode === 'enforce')
    .map((one) => one.account);
const mistakesIn = (selection: Selection) => (selection.kind === 'mistakes' ? selection.mistakes : []);

describe('in an organisation', () => {
  test('all active accounts are swept, the management account and the hub too', () => {
    expect(expectedIn(select())).toEqual([management, hub, payments, shop, lab]);
  });

  test('a suspended account is skipped, and so is one that is neither', () => {
    expect(skippedIn(select())).toEqual(new Map([[closed, 'suspended']]));
    const closing = { ...tree, accounts: [...tree.accounts, at(account(6), [], 'other')] };
    expect(skippedIn(select({}, {}, closing)).get(account(6))).toBe('not-active');
  });

  test('units count with all that is below them, to any depth', () => {
    expect(expectedIn(select({ organizationalUnits: ['ou-work'] }))).toEqual([payments, shop]);
    expect(expectedIn(select({ organizationalUnits: ['ou-prod'] }))).toEqual([payments]);
    expect(expectedIn(select({ organizationalUnits: ['r-root'] }))).toEqual([management, hub, payments, shop, lab]);
    expect(expectedIn(select({ organizationalUnits: ['ou-pay', 'ou-infra'] }))).toEqual([hub, payments]);
  });

  test('an account outside the selected units is skipped as such, whether active or not', () => {
    expect(skippedIn(select({ organizationalUnits: ['ou-work'] }))).toEqual(
      new Map([
        [management, 'not-selected'],
        [hub, 'not-selected'],
        [lab, 'not-selected'],
        [closed, 'not-selected'],
      ]),
    );
  });

  test('excluded wins over selected', () => {
    const without = select({
      organizationalUnits: ['ou-work', 'ou-lab'],
      excludedOrganizationalUnits: ['ou-prod'],
      excludedAccounts: [lab],
    });
    expect(expectedIn(without)).toEqual([shop]);
    expect(skippedIn(without).get(payments)).toBe('excluded');
    expect(skippedIn(without).get(lab)).toBe('excluded');
    expect(mistakesIn(select({ organizationalUnits: ['ou-pay'], excludedOrganizationalUnits: ['ou-work'] }))).toEqual([
      'the settings select no active account',
    ]);
  });

  test('every account is either expected or skipped, once', () => {
    const both = select({ organizationalUnits: ['ou-work', 'r-root'], excludedAccounts: [lab] });
    const told = [...expectedIn(both), ...skippedIn(both).keys()];
    expect(told.toSorted()).toEqual(tree.accounts.map((one) => one.account).toSorted());
  });

  test('a unit without accounts may be named', () => {
    expect(expectedIn(select({ excludedOrganizationalUnits: ['ou-empty'] }))).toHaveLength(5);
  });

  test('every ID that the organisation does not have is named, with its setting', () => {
    const slips = select(
      {
        organizationalUnits: ['ou-work', 'ou-wrok'],
        excludedOrganizationalUnits: ['ou-lba'],
        excludedAccounts: [account(98)],
      },
      { enforceIn: { accounts: [account(99)], organizationalUnits: ['ou-pya'] } },
    );
    expect(mistakesIn(slips)).toEqual([
      'accounts.organizationalUnits names ou-wrok, which the organisation does not have',
      'accounts.excludedOrganizationalUnits names ou-lba, which the organisation does not have',
      'accounts.excludedAccounts names 100000000098, which the organisation does not have',
      'enforceIn.organizationalUnits names ou-pya, which the organisation does not have',
      'enforceIn.accounts names 100000000099, which the organisation does not have',
    ]);
  });

  test('a selection of nobody is a mistake, not a run that went well', () => {
    expect(mistakesIn(select({ organizationalUnits: ['ou-empty'] }))).toEqual([
      'the settings select no active account',
    ]);
    expect(mistakesIn(select({ organizationalUnits: [] }))).toEqual(['the settings select no active account']);
    expect(mistakesIn(select({}, {}, { units: ['r-root'], accounts: [] }))).toHaveLength(1);
  });
});

describe('a wave', () => {
  test('of accounts and units enforces there, to any depth, while the rest observe', () => {
    const enforceIn = { accounts: [hub], organizationalUnits: ['ou-prod'] };
    expect(enforcingIn(select({}, { enforceIn }))).toEqual([hub, payments]);
    expect(expectedIn(select({}, { enforceIn }))).toHaveLength(5);
  });

  test('does not bring back what is suspended', () => {
    const wave = select({}, { enforceIn: { accounts: [closed], organizationalUnits: [] } });
    expect(enforcingIn(wave)).toEqual([]);
    expect(skippedIn(wave)).toEqual(new Map([[closed, 'suspended']]));
  });

  test('of accounts that no run sweeps is a mistake: it would enforce nowhere, and tell nobody', () => {
    const enforceIn = { accounts: [payments, shop, lab], organizationalUnits: [] };
    expect(
      mistakesIn(select({ organizationalUnits: ['ou-prod', 'ou-lab'], excludedAccounts: [lab] }, { enforceIn })),
    ).toEqual([
      'enforceIn.accounts names 100000000003, which is in none of the selected units',
      'enforceIn.accounts names 100000000004, which is excluded',
    ]);
  });

  test.each<[string, string, Partial<OrganizationScope>]>([
    ['is beside the selected ones', 'ou-infra', { organizationalUnits: ['ou-work'] }],
    ['is below an excluded one', 'ou-pay', { excludedOrganizationalUnits: ['ou-prod'] }],
    ['holds only excluded accounts and closed ones', 'ou-lab', { excludedAccounts: [lab] }],
  ])('of a unit that %s is a mistake', (_, unit, scope) => {
    expect(mistakesIn(select(scope, { enforceIn: { accounts: [], organizationalUnits: [unit] } }))).toEqual([
      `enforceIn.organizationalUnits names ${unit}, of which every account is excluded or not selected`,
    ]);
  });

  test('of a unit that is swept in part, or has no accounts yet, is none', () => {
    const inPart = { accounts: [], organizationalUnits: ['ou-work', 'ou-empty'] };
    expect(enforcingIn(select({ organizationalUnits: ['ou-shop'] }, { enforceIn: inPart }))).toEqual([shop]);
  });

  test('changes nothing where all enforce', () => {
    const enforceIn = { accounts: [hub], organizationalUnits: [] };
    expect(enforcingIn(select({}, { mode: 'enforce', enforceIn }))).toHaveLength(5);
  });
});

describe('named one by one', () => {
  const list = (...accounts: readonly AccountId[]) => ({ kind: 'list', accounts }) as const;

  test('single is the hub', () => {
    expect(selectNamed(settings, { kind: 'single' })).toEqual({
      kind: 'selected',
      expected: [{ account: hub, mode: 'observe' }],
      skipped: [],
    });
  });

  test('a list is what it names, each once, and the hub only if it is named', () => {
    expect(expectedIn(selectNamed(settings, list(shop, payments, shop)))).toEqual([payments, shop]);
  });

  test('a wave names some of them', () => {
    const wave = { ...settings, enforceIn: { accounts: [shop], organizationalUnits: [] } };
    expect(selected(selectNamed(wave, list(shop, payments))).expected).toEqual([
      { account: payments, mode: 'observe' },
      { account: shop, mode: 'enforce' },
    ]);
  });

  test('a wave of other accounts, or of units, is a mistake', () => {
    const wave = { ...settings, enforceIn: { accounts: [lab], organizationalUnits: ['ou-lab'] } };
    expect(mistakesIn(selectNamed(wave, list(shop)))).toEqual([
      "enforceIn.organizationalUnits names ou-lab, but accounts are in units only with kind 'organization'",
      'enforceIn.accounts names 100000000004, which is not among the accounts',
    ]);
  });

  test('an empty list is a mistake', () => {
    expect(mistakesIn(selectNamed(settings, list()))).toEqual(['the settings select no active account']);
  });
});
