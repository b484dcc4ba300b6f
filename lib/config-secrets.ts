import * as z from 'zod';

/** Where users' secrets are kept. */
export interface SecretsProps {
  /**
   * `member`: in the account of the user. `hub`: all in the account that Keyturn is deployed to, encrypted with a
   * customer-managed key; users of other accounts then also need a policy in theirs, which the member stack makes.
   * @default 'member'
   */
  readonly kind?: 'member' | 'hub' | undefined;
  /**
   * ARN of your key for secrets in the hub. Its policy is yours: docs/organization.md, section 6, says what it must allow.
   * @default - with `hub`, a key made here
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Other Regions that hold a copy of each secret. With `hub` this needs a multi-Region key of yours that has a replica in
   * each of them.
   * @default - none
   */
  readonly replicaRegions?: readonly string[] | undefined;
}

export const region = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'is not a Region (such as eu-west-1)');

const keyArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$/,
    "is not the ARN of a KMS key (an alias may come to mean another key, and AWS's own can't be used across accounts)",
  );

export const secrets = z
  .strictObject({
    kind: z.enum(['member', 'hub']).default('member'),
    kmsKeyArn: keyArn.optional(),
    replicaRegions: z.array(region).max(20).readonly().default([]),
  } satisfies Record<keyof SecretsProps, z.ZodType>)
  .superRefine(({ kind, kmsKeyArn, replicaRegions }, { addIssue }) => {
    const mistake = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    if (kind === 'member' && kmsKeyArn !== undefined) {
      mistake('kmsKeyArn', "is for kind 'hub': a key of one account can't encrypt the secrets of all");
    }
    if (new Set(replicaRegions).size < replicaRegions.length)
      mistake('replicaRegions', 'names a Region more than once');
    if (kind === 'hub' && replicaRegions.length > 0 && !kmsKeyArn?.includes(':key/mrk-')) {
      mistake(
        'kmsKeyArn',
        "must name a multi-Region key (…:key/mrk-…) with a replica in each replica Region: AWS's own key there can't be used across accounts",
      );
    }
  })
  .prefault({});
