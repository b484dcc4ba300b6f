import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoHistory } from '../lambda/adapters/dynamo-history.ts';
import { DynamoOutbox } from '../lambda/adapters/dynamo-outbox.ts';
import { DynamoOwners } from '../lambda/adapters/dynamo-owners.ts';
import { DynamoSeals } from '../lambda/adapters/dynamo-seals.ts';
import { DynamoState } from '../lambda/adapters/dynamo-state.ts';
import { DynamoStoredHistory } from '../lambda/adapters/dynamo-stored-history.ts';
import { AwsIam } from '../lambda/adapters/iam.ts';
import { pause } from '../lambda/adapters/pause.ts';
import { systemClock } from '../lambda/adapters/system-clock.ts';
import { UlidIds } from '../lambda/adapters/ulid-ids.ts';
import { type Deployment, deploymentSchema } from '../lambda/contracts/deployment.ts';
import { parseAccountId } from '../lambda/domain/ids.ts';
import { clientSettings, singleAttempt } from '../lambda/platform/aws-clients.ts';
import type { Own } from './aws-estate.ts';
import { credentialsFor } from './credentials.ts';
import { CommandError } from './errors.ts';
import type { Connect, ConnectionOptions, Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Connects to a deployment in AWS with the caller's own credentials. */
export function awsConnection({
  terminal,
  version,
}: {
  readonly terminal: Terminal;
  readonly version: string;
}): Connect {
  return async (options) => {
    const { profile, region, deployment: parameter } = options;
    const own = {
      credentials: credentialsFor(options, terminal),
      ...(profile === undefined ? {} : { profile }),
      ...(region === undefined ? {} : { region }),
    };
    const [deployment, caller] = await Promise.all([
      readDeployment(new SSMClient({ ...clientSettings, ...own }), parameter, version),
      identify(new STSClient({ ...clientSettings, ...own })),
    ]);
    const hub = deployment.settings.hub;
    if (caller.account !== hub) {
      throw new CommandError(
        `Your credentials are those of account ${caller.account}, but Keyturn is deployed in ${hub}: ` +
          'name a profile of that account with --profile, and that of another account with --member-profile.',
      );
    }
    const dynamo = new DynamoDBClient({ ...clientSettings, ...own });
    const theirs = memberCredentials(own, options, terminal);
    return {
      deployment,
      owners: new DynamoOwners(dynamo, deployment.tables.owners),
      ownerNames: async () => (await import('./aws-owner-names.ts')).awsOwnerNames(own, deployment.tables.owners),
      history: new DynamoHistory(dynamo, deployment.tables.history),
      stored: new DynamoStoredHistory(dynamo, deployment.tables.history),
      seals: new DynamoSeals(dynamo, deployment.tables.history),
      state: new DynamoState(dynamo, deployment.tables.state),
      outbox: new DynamoOutbox(dynamo, deployment.tables.state),
      member: theirs === own ? { account: hub, iam: readingIam(own) } : await memberAccount(theirs),
      anchors: async () =>
        deployment.evidenceBucket === undefined
          ? undefined
          : (await import('./aws-anchors.ts')).awsAnchors(own, deployment.evidenceBucket),
      trail: async () => (await import('./aws-trail.ts')).awsTrail(theirs),
      // What only doctor needs is loaded for it alone.
      estate: async () => (await import('./aws-estate.ts')).awsEstate(own),
      subscriptions: async () =>
        (await import('./aws-subscriptions.ts')).awsSubscriptions(own, deployment.topics.notices),
      startRun: async (event) =>
        (await import('./start-run.ts')).invokeDispatch(own, deployment.functions.dispatch, event),
      pause,
      clock: systemClock,
      ids: new UlidIds(),
      callerArn: caller.arn,
    };
  };
}

/** The credentials that read IAM: the caller's own unless --member-profile names others. */
function memberCredentials(own: Own, { memberProfile: profile, region }: ConnectionOptions, terminal: Terminal): Own {
  if (profile === undefined) return own;
  const credentials = credentialsFor({ profile, ...(region === undefined ? {} : { region }) }, terminal);
  return { ...own, credentials, profile };
}

/** The account whose IAM is read with these credentials. */
async function memberAccount(theirs: Own): Promise<Session['member']> {
  const { account } = await identify(new STSClient({ ...clientSettings, ...theirs }));
  return { account: parseAccountId(account), iam: readingIam(theirs) };
}

const readingIam = (own: Own): AwsIam =>
  new AwsIam({
    retrying: new IAMClient({ ...clientSettings, ...own }),
    single: new IAMClient({ ...singleAttempt, ...own }),
  });

async function readDeployment(client: SSMClient, parameter: string, version: string): Promise<Deployment> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
    const parsed = deploymentSchema.safeParse(fromJson(Parameter?.Value ?? ''));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    const region = await client.config.region();
    throw new CommandError(
      `Keyturn is not deployed here: there is no SSM parameter '${parameter}' in ${region}. ` +
        "Deploy it with 'npx cdk deploy', or name where it is with --region, --profile or --deployment.",
    );
  }
  throw new CommandError(
    `SSM parameter '${parameter}' holds nothing that this version of keyturn (${version}) understands: ` +
      'use the version that was deployed, or name the right parameter with --deployment.',
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function identify(client: STSClient): Promise<{ readonly arn: string; readonly account: string }> {
  const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined || Account === undefined)
    throw new CommandError('AWS did not say whose credentials these are.');
  return { arn: Arn, account: Account };
}
