import * as z from 'zod';
import { accountId } from './config-accounts.ts';

/** What is kept for auditors, how long, and who they are. */
export interface EvidenceProps {
  /**
   * For how long nobody can remove or replace a file of the bucket. `GOVERNANCE`: unless a role has the right
   * s3:BypassGovernanceRetention. `COMPLIANCE`: nobody at all, the root user and AWS included, and the years can't be
   * made fewer for what is there; try it with GOVERNANCE first.
   * @default { mode: 'GOVERNANCE', years: 1 }
   */
  readonly objectLock?:
    | { readonly mode?: 'GOVERNANCE' | 'COMPLIANCE' | undefined; readonly years?: number | undefined }
    | undefined;
  /**
   * Who may assume the auditors' role, which reads history, the evidence and who owns what, without owners' addresses.
   * @default - nobody; there is no such role
   */
  readonly auditors?: readonly AuditorProps[] | undefined;
  /**
   * Name of the auditors' role.
   * @default 'KeyturnAuditor'
   */
  readonly auditorRoleName?: string | undefined;
}

/**
 * An account, whose own administrators say which of their principals; a role or user, by ARN, which must exist; or
 * everybody who has a permission set of IAM Identity Center in an account.
 */
export type AuditorProps = string | { readonly account: string; readonly permissionSet: string };

const account = accountId;
const principalArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
    'is neither an account (12 digits), nor the ARN of one IAM role or user, nor { account, permissionSet }',
  );

const auditor = z.union(
  [
    account,
    principalArn,
    z.strictObject({
      account,
      permissionSet: z.string().regex(/^[\w+=,.@-]{1,32}$/, 'is not the name of a permission set'),
    }),
  ],
  'is neither an account (12 digits), nor the ARN of one IAM role or user, nor { account, permissionSet }',
);

export const evidence = z
  .strictObject({
    objectLock: z
      .strictObject({
        mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
        years: z.int().min(1).max(100).default(1),
      })
      .prefault({}),
    auditors: z.array(auditor).max(20).readonly().default([]),
    auditorRoleName: z
      .string()
      .regex(/^[\w+=,.@-]{1,64}$/, 'is not a role name (1 to 64 letters, digits and _+=,.@-)')
      .default('KeyturnAuditor'),
  } satisfies Record<keyof EvidenceProps, z.ZodType>)
  .optional();

/** EvidenceProps with every default filled in. */
export type ResolvedEvidence = NonNullable<z.output<typeof evidence>>;
