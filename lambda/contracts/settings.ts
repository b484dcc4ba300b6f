import * as z from 'zod';
import type { Mode } from '../domain/events.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { accountId } from './identifiers.ts';

/** What the hub stack hands to the functions (as JSON in `KEYTURN_SETTINGS`) and to the CLI (in the deployment parameter). */
export interface Settings {
  /** The account that Keyturn is deployed in. */
  readonly hub: AccountId;
  /** What accounts do that no wave names. */
  readonly mode: Mode;
  /** Accounts that enforce although `mode` says `observe`: named, or in one of these organisational units or below. */
  readonly enforceIn?: { readonly accounts: readonly AccountId[]; readonly organizationalUnits: readonly string[] };
  readonly policy: Policy;
  readonly accounts: AccountScope;
  readonly secrets: SecretsHome;
}

/** Which accounts a run sweeps. */
export type AccountScope =
  | { readonly kind: 'single' }
  | { readonly kind: 'list'; readonly accounts: readonly AccountId[] }
  | {
      readonly kind: 'organization';
      /** These units (`ou-…`, or the root `r-…`) with everything below; absent: the whole organisation. */
      readonly organizationalUnits?: readonly string[];
      readonly excludedOrganizationalUnits: readonly string[];
      readonly excludedAccounts: readonly AccountId[];
      /** Read-only role in the management account; absent: the hub is that account, or a delegated administrator. */
      readonly readerRoleArn?: string;
    };

/** Where the users' secrets live. */
export type SecretsHome =
  | { readonly kind: 'member'; readonly replicaRegions: readonly string[] }
  /** In the hub, under this customer-managed key, so that users of other accounts can read theirs. */
  | { readonly kind: 'hub'; readonly kmsKeyArn: string; readonly replicaRegions: readonly string[] };

const policy = z.object({
  rotateAfterDays: z.int(),
  disableAfterDays: z.int(),
  deleteAfterDays: z.int(),
  warnBeforeDays: z.array(z.int()),
  neverUsed: z.enum(['rotate', 'retire']),
  disable: z.object({ onlyWhenIdleDays: z.int().exactOptional(), maxHoldDays: z.int() }),
  maxStepsPerSweep: z.int(),
  changeWindow: z
    .object({
      weekdays: z.array(z.int()),
      fromHour: z.int(),
      toHour: z.int(),
      timeZone: z.string(),
      freezeDates: z.array(z.string()),
    })
    .exactOptional(),
}) satisfies z.ZodType<Policy>;

const accountScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('single') }),
  z.object({ kind: z.literal('list'), accounts: z.array(accountId) }),
  z.object({
    kind: z.literal('organization'),
    organizationalUnits: z.array(z.string()).exactOptional(),
    excludedOrganizationalUnits: z.array(z.string()),
    excludedAccounts: z.array(accountId),
    readerRoleArn: z.string().exactOptional(),
  }),
]) satisfies z.ZodType<AccountScope>;

const secretsHome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('member'), replicaRegions: z.array(z.string()) }),
  z.object({ kind: z.literal('hub'), kmsKeyArn: z.string(), replicaRegions: z.array(z.string()) }),
]) satisfies z.ZodType<SecretsHome>;

export const settingsSchema = z.object({
  hub: accountId,
  mode: z.enum(['observe', 'enforce']),
  enforceIn: z.object({ accounts: z.array(accountId), organizationalUnits: z.array(z.string()) }).exactOptional(),
  policy,
  accounts: accountScope,
  secrets: secretsHome,
}) satisfies z.ZodType<Settings>;
