/** Which accounts a run sweeps, and which of them enforce. Pure: what the organisation holds is read elsewhere. */
import type { Mode, SkipReason } from './events.ts';
import type { AccountId } from './ids.ts';

/** Which accounts the settings ask for. */
export type AccountScope =
  | { readonly kind: 'single' }
  | { readonly kind: 'list'; readonly accounts: readonly AccountId[] }
  | OrganizationScope;

export interface OrganizationScope {
  readonly kind: 'organization';
  /** These units (`ou-…`, or the root `r-…`) with everything below; absent: the whole organisation. */
  readonly organizationalUnits?: readonly string[];
  readonly excludedOrganizationalUnits: readonly string[];
  readonly excludedAccounts: readonly AccountId[];
  /** Read-only role in the management account; absent: the hub is that account, or a delegated administrator. */
  readonly readerRoleArn?: string;
}

/** Accounts that enforce although the mode says `observe`: named, or in one of these units or below. */
export interface Wave {
  readonly accounts: readonly AccountId[];
  readonly organizationalUnits: readonly string[];
}

/** An account of the organisation. */
export interface OrganizationAccount {
  readonly account: AccountId;
  readonly name: string;
  /** `active` only when Organizations calls it ACTIVE, by State or Status, and neither calls it otherwise. */
  readonly standing: 'active' | 'suspended' | 'other';
  /** IDs of the root and the units above it, from the root down. */
  readonly parents: readonly string[];
}

/** The whole organisation as it is now. */
export interface OrganizationTree {
  /** IDs of every root and unit, those without accounts too. */
  readonly units: readonly string[];
  readonly accounts: readonly OrganizationAccount[];
}

export interface SelectionSettings {
  readonly hub: AccountId;
  readonly mode: Mode;
  readonly enforceIn?: Wave;
}

export interface ExpectedAccount {
  readonly account: AccountId;
  readonly mode: Mode;
}

export interface SkippedAccount {
  readonly account: AccountId;
  readonly why: SkipReason;
}

/** Sorted by account; or everything in the settings that does not fit, for which nothing may be swept. */
export type Selection =
  | {
      readonly kind: 'selected';
      readonly expected: readonly ExpectedAccount[];
      readonly skipped: readonly SkippedAccount[];
    }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly string[] };

/** The accounts that the settings name one by one: the hub alone, or a list. */
export function selectNamed(
  settings: SelectionSettings,
  scope: Exclude<AccountScope, { readonly kind: 'organization' }>,
): Selection {
  const accounts = new Set(scope.kind === 'single' ? [settings.hub] : scope.accounts);
  const wave = settings.enforceIn ?? noWave;
  const mistakes = [
    ...wave.organizationalUnits.map(
      (unit) => `enforceIn.organizationalUnits names ${unit}, but accounts are in units only with kind 'organization'`,
    ),
    ...wave.accounts
      .filter((account) => !accounts.has(account))
      .map((account) => `enforceIn.accounts names ${account}, which is not among the accounts`),
  ];
  const expected = [...accounts].map((account) => ({ account, mode: modeOf(settings, account, []) }));
  return selection(mistakes, expected, []);
}

/**
 * The accounts of the organisation that the settings ask for. Excluded wins over selected, and units count with all that
 * is below them. An ID that the organisation does not have is a mistake: a slip must not silently sweep less, or more.
 */
export function selectInOrganization(
  settings: SelectionSettings,
  scope: OrganizationScope,
  tree: OrganizationTree,
): Selection {
  const expected: ExpectedAccount[] = [];
  const skipped: SkippedAccount[] = [];
  for (const { account, standing, parents } of tree.accounts) {
    const why = skipReason(scope, account, parents) ?? notInUse[standing];
    if (why === undefined) expected.push({ account, mode: modeOf(settings, account, parents) });
    else skipped.push({ account, why });
  }
  const mistakes = [...unknownIds(settings, scope, tree), ...vainWaves(settings, tree, skipped)];
  return selection(mistakes, expected, skipped);
}

const noWave: Wave = { accounts: [], organizationalUnits: [] };

/** How an account is swept that is in these units, from the root down. */
function modeOf({ mode, enforceIn = noWave }: SelectionSettings, account: AccountId, parents: readonly string[]): Mode {
  if (enforceIn.accounts.includes(account) || isBelow(parents, enforceIn.organizationalUnits)) return 'enforce';
  return mode;
}

const isBelow = (parents: readonly string[], units: readonly string[]): boolean =>
  parents.some((parent) => units.includes(parent));

const notInUse = {
  active: undefined,
  suspended: 'suspended',
  other: 'not-active',
} as const satisfies Record<OrganizationAccount['standing'], SkipReason | undefined>;

function skipReason(
  { organizationalUnits, excludedOrganizationalUnits, excludedAccounts }: OrganizationScope,
  account: AccountId,
  parents: readonly string[],
): SkipReason | undefined {
  if (excludedAccounts.includes(account) || isBelow(parents, excludedOrganizationalUnits)) return 'excluded';
  const selected = organizationalUnits === undefined || isBelow(parents, organizationalUnits);
  return selected ? undefined : 'not-selected';
}

function unknownIds(
  { enforceIn = noWave }: SelectionSettings,
  scope: OrganizationScope,
  tree: OrganizationTree,
): readonly string[] {
  const units = new Set<string>(tree.units);
  const accounts = new Set<string>(tree.accounts.map(({ account }) => account));
  const named: readonly (readonly [setting: string, ids: readonly string[], known: ReadonlySet<string>])[] = [
    ['accounts.organizationalUnits', scope.organizationalUnits ?? [], units],
    ['accounts.excludedOrganizationalUnits', scope.excludedOrganizationalUnits, units],
    ['accounts.excludedAccounts', scope.excludedAccounts, accounts],
    ['enforceIn.organizationalUnits', enforceIn.organizationalUnits, units],
    ['enforceIn.accounts', enforceIn.accounts, accounts],
  ];
  return named.flatMap(([setting, ids, known]) =>
    ids.filter((id) => !known.has(id)).map((id) => `${setting} names ${id}, which the organisation does not have`),
  );
}

/**
 * What the wave names and the other settings leave out: it would enforce nowhere, and look as if it did. That an account
 * is suspended is no mistake of the settings, and a unit may wait for its first account.
 */
function vainWaves(
  { enforceIn = noWave }: SelectionSettings,
  tree: OrganizationTree,
  skipped: readonly SkippedAccount[],
): readonly string[] {
  const skippedFor = new Map(skipped.map(({ account, why }) => [account, why]));
  const leftOut = (account: AccountId) => {
    const why = skippedFor.get(account);
    return why === undefined ? undefined : inVain[why];
  };
  const accounts = enforceIn.accounts
    .filter((account) => leftOut(account) !== undefined)
    .map((account) => `enforceIn.accounts names ${account}, which ${leftOut(account)}`);
  const units = enforceIn.organizationalUnits.filter((unit) => {
    const below = tree.accounts.filter(({ parents }) => parents.includes(unit));
    const isSwept = below.some(({ account }) => !skippedFor.has(account));
    return !isSwept && below.some(({ account }) => leftOut(account) !== undefined);
  });
  const why = 'of which every account is excluded or not selected';
  return [...accounts, ...units.map((unit) => `enforceIn.organizationalUnits names ${unit}, ${why}`)];
}

const inVain: Readonly<Record<SkipReason, string | undefined>> = {
  excluded: 'is excluded',
  'not-selected': 'is in none of the selected units',
  suspended: undefined,
  'not-active': undefined,
};

function selection(
  mistakes: readonly string[],
  expected: readonly ExpectedAccount[],
  skipped: readonly SkippedAccount[],
): Selection {
  if (mistakes.length > 0) return { kind: 'mistakes', mistakes };
  // A run that has nothing to sweep would look like one that went well.
  if (expected.length === 0) return { kind: 'mistakes', mistakes: ['the settings select no active account'] };
  return { kind: 'selected', expected: expected.toSorted(byAccount), skipped: skipped.toSorted(byAccount) };
}

const byAccount = (a: { readonly account: AccountId }, b: { readonly account: AccountId }): number =>
  a.account < b.account ? -1 : 1;
