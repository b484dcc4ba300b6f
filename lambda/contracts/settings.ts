import * as z from 'zod/mini';
import type { AccountScope, Wave } from '../domain/account-selection.ts';
import type { Mode } from '../domain/events.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { accountId } from './identifiers.ts';

export type { AccountScope };

/** What the hub stack hands to the functions (as JSON in `KEYTURN_SETTINGS`) and to the CLI (in the deployment parameter). */
export interface Settings {
  /** The account that Keyturn is deployed in. */
  readonly hub: AccountId;
  /** What accounts do that no wave names. */
  readonly mode: Mode;
  /** Accounts that enforce although `mode` says `observe`: named, or in one of these organisational units or below. */
  readonly enforceIn?: Wave;
  readonly policy: Policy;
  readonly accounts: AccountScope;
  readonly secrets: SecretsHome;
  /** The longest that the schedule lets pass between two runs; absent: 24, or the stack is of an older version. */
  readonly longestGapHours?: number;
}

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
  disable: z.object({ onlyWhenIdleDays: z.exactOptional(z.int()), maxHoldDays: z.int() }),
  maxStepsPerSweep: z.int(),
  changeWindow: z.exactOptional(
    z.object({
      weekdays: z.array(z.int()),
      fromHour: z.int(),
      toHour: z.int(),
      timeZone: z.string(),
      freezeDates: z.array(z.string()),
    }),
  ),
}) satisfies z.ZodMiniType<Policy>;

const accountScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('single') }),
  z.object({ kind: z.literal('list'), accounts: z.array(accountId) }),
  z.object({
    kind: z.literal('organization'),
    organizationalUnits: z.exactOptional(z.array(z.string())),
    excludedOrganizationalUnits: z.array(z.string()),
    excludedAccounts: z.array(accountId),
    readerRoleArn: z.exactOptional(z.string()),
  }),
]) satisfies z.ZodMiniType<AccountScope>;

const secretsHome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('member'), replicaRegions: z.array(z.string()) }),
  z.object({ kind: z.literal('hub'), kmsKeyArn: z.string(), replicaRegions: z.array(z.string()) }),
]) satisfies z.ZodMiniType<SecretsHome>;

export const settingsSchema = z.object({
  hub: accountId,
  mode: z.enum(['observe', 'enforce']),
  enforceIn: z.exactOptional(z.object({ accounts: z.array(accountId), organizationalUnits: z.array(z.string()) })),
  policy,
  accounts: accountScope,
  secrets: secretsHome,
  longestGapHours: z.exactOptional(z.number()),
}) satisfies z.ZodMiniType<Settings>;
