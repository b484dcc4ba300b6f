import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import type { STSClient } from '@aws-sdk/client-sts';
import type { SecretsHome } from '../contracts/settings.ts';
import type { AccountId, RunId } from '../domain/ids.ts';
import { clientSettings, singleAttempt } from '../platform/aws-clients.ts';
import { type MemberAccount, NoAccessError, type OpenAccount } from '../ports.ts';
import { assumeRole } from './assume-role.ts';
import { codeOf, isDenied } from './aws-errors.ts';
import { AwsIam } from './iam.ts';
import { StsKeyProver } from './key-prover.ts';
import { SecretsManager } from './secrets-manager.ts';

export interface MemberAccess {
  readonly sts: STSClient;
  /** Region of the secrets, and of the STS that proves keys. */
  readonly region: string;
  readonly roleName: string;
  readonly externalId: string;
  /** ARNs that may read every secret beside its user. */
  readonly secretReaders: readonly string[];
  readonly secretsHome: SecretsHome;
}

/** Opens accounts by assuming the member role there; the run ID names the session, so CloudTrail ties calls to runs. */
export function accountOpener(access: MemberAccess): OpenAccount {
  const { region } = access;
  const secretsIn = secretsOpener(access);
  return async (account, runId) => {
    const credentials = await assumeMemberRole(access, account, runId);
    const own = { region, credentials };
    const retrying = new IAMClient({ ...clientSettings, ...own });
    const single = new IAMClient({ ...singleAttempt, ...own });
    return {
      iam: new AwsIam({ retrying, single }),
      secrets: secretsIn(own),
      prover: new StsKeyProver({ region }),
      region,
    } satisfies MemberAccount;
  };
}

/** Secrets of a member account: its own, reached with the member role's credentials, or the hub's with the caller's. */
function secretsOpener({ region, secretReaders: readers, secretsHome: home }: MemberAccess) {
  const { replicaRegions } = home;
  if (home.kind === 'member') {
    return (own: SecretsManagerClientConfig) =>
      new SecretsManager(new SecretsManagerClient({ ...clientSettings, ...own }), { readers, replicaRegions });
  }
  const inHub = new SecretsManagerClient({ ...clientSettings, region });
  const secrets = new SecretsManager(inHub, { readers, replicaRegions, kmsKeyArn: home.kmsKeyArn });
  return () => secrets;
}

function assumeMemberRole({ sts, region, roleName, externalId }: MemberAccess, account: AccountId, runId: RunId) {
  const roleArn = `arn:${partitionOf(region)}:iam::${account}:role/${roleName}`;
  return assumeRole(sts, { roleArn, sessionName: runId, externalId }, (error) =>
    isDenied(error) ? noAccess(account, roleArn, error) : undefined,
  );
}

const noAccess = (account: AccountId, roleArn: string, cause: unknown) =>
  new NoAccessError(
    `Keyturn may not enter account ${account} (${codeOf(cause)} for ${roleArn}). Deploy the member stack in that ` +
      'account, and check that its role trusts this worker role with the same external ID, and organization ID if one is set.',
    { cause },
  );

const partitions: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
];

/** The partition that a Region belongs to. */
export const partitionOf = (region: string): string =>
  partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
