import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { calling } from './aws-errors.ts';
import { complete } from './iam-answers.ts';

/** Role chaining caps a session at one hour; a run's work in one account ends long before. */
const SESSION_SECONDS = 3_600;

export interface RoleSession {
  readonly roleArn: string;
  /** Seen in CloudTrail beside every call that the session makes. */
  readonly sessionName: string;
  readonly externalId?: string;
}

/** Credentials of a role. `certain` may turn AWS's refusal into an error of its own; anything else is UnavailableError. */
export async function assumeRole(
  sts: STSClient,
  { roleArn, sessionName, externalId }: RoleSession,
  certain?: (error: unknown) => Error | undefined,
) {
  const action = 'sts:AssumeRole';
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId !== undefined && { ExternalId: externalId }),
    DurationSeconds: SESSION_SECONDS,
  });
  const { Credentials } = await calling(action, () => sts.send(command), certain);
  const { AccessKeyId, SecretAccessKey, SessionToken } = complete(action, 'Credentials', Credentials);
  return {
    accessKeyId: complete(action, 'AccessKeyId', AccessKeyId),
    secretAccessKey: complete(action, 'SecretAccessKey', SecretAccessKey),
    sessionToken: complete(action, 'SessionToken', SessionToken),
  };
}
