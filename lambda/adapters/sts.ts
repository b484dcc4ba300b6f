import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { AccountId, RunId } from '../domain/ids.ts';
import { clientSettings, singleAttempt } from '../platform/aws-clients.ts';
import { type MemberAccount, NoAccessError, type OpenAccount } from '../ports.ts';
import { calling, codeOf, isDenied } from './aws-errors.ts';
import { AwsIam } from './iam.ts';
import { complete } from './iam-answers.ts';
import { StsKeyProver } from './key-prover.ts';
import { SecretsManager } from './secrets-manager.ts';

/** Role chaining caps a session at one hour; a sweep ends long before. */
const SESSION_SECONDS = 3_600;

export interface MemberAccess {
  readonly sts: STSClient;
  /** Region of the secrets, and of the STS that proves keys. */
  readonly region: string;
  readonly roleName: string;
  readonly externalId: string;
  /** ARNs that may read every secret beside its user. */
  readonly secretReaders: readonly string[];
}

/** Opens accounts by assuming the member role there; the run ID names the session, so CloudTrail ties calls to runs. */
export function accountOpener(access: MemberAccess): OpenAccount {
  return async (account, runId) => {
    const credentials = await assumeMemberRole(access, account, runId);
    const { region, secretReaders } = access;
    const own = { region, credentials };
    const retrying = new IAMClient({ ...clientSettings, ...own });
    const single = new IAMClient({ ...singleAttempt, ...own });
    return {
      iam: new AwsIam({ retrying, single }),
      secrets: new SecretsManager(new SecretsManagerClient({ ...clientSettings, ...own }), secretReaders),
      prover: new StsKeyProver({ region }),
      region,
    } satisfies MemberAccount;
  };
}

async function assumeMemberRole({ sts, region, roleName, externalId }: MemberAccess, account: AccountId, runId: RunId) {
  const action = 'sts:AssumeRole';
  const roleArn = `arn:${partitionOf(region)}:iam::${account}:role/${roleName}`;
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: runId,
    ExternalId: externalId,
    DurationSeconds: SESSION_SECONDS,
  });
  const { Credentials } = await calling(
    action,
    () => sts.send(command),
    (error) => (isDenied(error) ? noAccess(account, roleArn, error) : undefined),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = complete(action, 'Credentials', Credentials);
  return {
    accessKeyId: complete(action, 'AccessKeyId', AccessKeyId),
    secretAccessKey: complete(action, 'SecretAccessKey', SecretAccessKey),
    sessionToken: complete(action, 'SessionToken', SessionToken),
  };
}

const noAccess = (account: AccountId, roleArn: string, cause: unknown) =>
  new NoAccessError(
    `Keyturn may not enter account ${account} (${codeOf(cause)} for ${roleArn}). Deploy the member stack in that ` +
      'account, and check that its role trusts this worker role with the same external ID.',
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
