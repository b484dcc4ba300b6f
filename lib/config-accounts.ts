import * as z from 'zod';
import { parseAccountId } from '../lambda/domain/ids.ts';

/** Which accounts are swept. */
export type AccountsProps = { readonly kind: 'single' } | AccountListProps | OrganizationProps;

export interface AccountListProps {
  readonly kind: 'list';
  /** Account IDs, 12 digits each. Deploy the member stack in each of them; the hub is only swept when it is named too. */
  readonly accounts: readonly string[];
}

export interface OrganizationProps {
  readonly kind: 'organization';
  /**
   * Organisational units (`ou-…`, or the root, `r-…`) whose accounts are swept, with all units below them.
   * @default - the whole organisation
   */
  readonly organizationalUnits?: readonly string[] | undefined;
  /**
   * Units that are left out with all units below them. Excluded wins over selected.
   * @default - none
   */
  readonly excludedOrganizationalUnits?: readonly string[] | undefined;
  /**
   * Accounts that are left out.
   * @default - none
   */
  readonly excludedAccounts?: readonly string[] | undefined;
  /**
   * ARN of a role in the management account that may list the organisation. The app then has a stack that makes it, to be
   * deployed there.
   * @default - the hub itself may list: it is the management account, or a delegated administrator
   */
  readonly readerRoleArn?: string | undefined;
  /**
   * A StackSet, made in the hub, that brings the member role into the accounts.
   * @default - none: you deploy the member template into the accounts by other means
   */
  readonly memberStackSet?: MemberStackSetProps | undefined;
}

export interface MemberStackSetProps {
  /**
   * `SELF` when the hub is the management account, `DELEGATED_ADMIN` when it is a delegated administrator for StackSets.
   */
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
  /**
   * Units (or the root) whose accounts get the role when it is deployed, those below included, but for excluded accounts
   * and the hub. The management account is never among them. AWS does not look at these exceptions when an account comes
   * in later (`autoDeployment`): one that is excluded then has the role and is not swept, and in the hub, which has it, the
   * instance fails. A unit that is excluded below one of these gets the role all the same, too. What must never have the
   * role belongs in no unit that is named here.
   * @default - accounts.organizationalUnits
   */
  readonly organizationalUnits?: readonly string[] | undefined;
  /**
   * Whether accounts that come into these units later get the role by themselves, and lose it when they leave.
   * @default true
   */
  readonly autoDeployment?: boolean | undefined;
}

/** A wave: accounts that enforce while `mode` says `observe`. */
export interface EnforceInProps {
  /** @default - none */
  readonly accounts?: readonly string[] | undefined;
  /**
   * With all units below them. Only for an organisation.
   * @default - none
   */
  readonly organizationalUnits?: readonly string[] | undefined;
}

export const accountId = z
  .string()
  .regex(/^\d{12}$/, 'is not an account ID (12 digits)')
  .transform(parseAccountId);

const unitId = z
  .string()
  .regex(
    /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
    'is not the ID of an organisational unit (ou-…) or of the root (r-…)',
  );

const roleArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@-]{1,64}$/, 'is not the ARN of an IAM role without a path');

const unique = <Id extends string>(ids: z.ZodType<Id[], string[]>) =>
  ids.readonly().superRefine((given, context) => {
    for (const id of new Set(given.filter((each, index) => given.indexOf(each) !== index))) {
      context.addIssue({ code: 'custom', message: `names ${id} more than once` });
    }
  });

const accountIds = unique(z.array(accountId));
const someUnits = unique(z.array(unitId).min(1, 'must name at least one, or be left out'));

export const accounts = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('single') }),
    z.strictObject({
      kind: z.literal('list'),
      accounts: unique(z.array(accountId).min(1, 'must name at least one account')),
    } satisfies Record<keyof AccountListProps, z.ZodType>),
    z.strictObject({
      kind: z.literal('organization'),
      organizationalUnits: someUnits.optional(),
      excludedOrganizationalUnits: unique(z.array(unitId)).default([]),
      excludedAccounts: accountIds.default([]),
      readerRoleArn: roleArn.optional(),
      memberStackSet: z
        .strictObject({
          callAs: z.enum(['SELF', 'DELEGATED_ADMIN']),
          organizationalUnits: someUnits.optional(),
          autoDeployment: z.boolean().default(true),
        } satisfies Record<keyof MemberStackSetProps, z.ZodType>)
        .optional(),
    } satisfies Record<keyof OrganizationProps, z.ZodType>),
  ])
  .prefault({ kind: 'single' });

export const enforceIn = z
  .strictObject({
    accounts: accountIds.default([]),
    organizationalUnits: unique(z.array(unitId)).default([]),
  } satisfies Record<keyof EnforceInProps, z.ZodType>)
  .optional();
