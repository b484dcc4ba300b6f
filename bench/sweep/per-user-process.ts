/** The per-user sweep in a process of its own, with the same adapters and clients as the worker. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListUserTagsCommand } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { assumeRole } from '../../lambda/adapters/assume-role.ts';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { DynamoJournal } from '../../lambda/adapters/dynamo-journal.ts';
import { DynamoOwners } from '../../lambda/adapters/dynamo-owners.ts';
import { DynamoState } from '../../lambda/adapters/dynamo-state.ts';
import { AwsIam } from '../../lambda/adapters/iam.ts';
import { StsKeyProver } from '../../lambda/adapters/key-prover.ts';
import { SecretsManager } from '../../lambda/adapters/secrets-manager.ts';
import { SqsSweepQueue } from '../../lambda/adapters/sqs.ts';
import { systemClock as clock } from '../../lambda/adapters/system-clock.ts';
import { UlidIds } from '../../lambda/adapters/ulid-ids.ts';
import { sweepMessageSchema } from '../../lambda/contracts/messages.ts';
import { clientSettings, singleAttempt } from '../../lambda/platform/aws-clients.ts';
import { parseEnvironment, rotateAccountEnvironment } from '../../lambda/platform/environment-parser.ts';
import type { OpenAccount } from '../../lambda/ports.ts';
import { type PerUserMember, type PerUserWorld, perUserSweep } from '../per-user.ts';
import { sweepOnce } from './measured.ts';

const { region, settings, ...environment } = parseEnvironment(rotateAccountEnvironment, process.env);
const client = { ...clientSettings, region };
const sts = new STSClient(client);

async function openAccount(...[account, runId]: Parameters<OpenAccount>): Promise<PerUserMember> {
  const { memberRoleName, externalId, secretReaders: readers } = environment;
  const roleArn = `arn:aws:iam::${account}:role/${memberRoleName}`;
  const own = { region, credentials: await assumeRole(sts, { roleArn, sessionName: runId, externalId }) };
  const retrying = new IAMClient({ ...clientSettings, ...own });
  return {
    iam: new AwsIam({ retrying, single: new IAMClient({ ...singleAttempt, ...own }) }),
    secrets: new SecretsManager(new SecretsManagerClient({ ...clientSettings, ...own }), {
      readers,
      replicaRegions: [],
    }),
    prover: new StsKeyProver({ region }),
    region,
    userTags: (UserName) => retrying.send(new ListUserTagsCommand({ UserName })),
  };
}

sweepOnce(async ({ messages, concurrentUsers }) => {
  const dynamo = new DynamoDBClient(client);
  const { stateTable, historyTable, ownersTable, sweepQueueUrl } = environment;
  const world: PerUserWorld = {
    openAccount,
    state: new DynamoState(dynamo, stateTable),
    journal: new DynamoJournal(dynamo, { state: stateTable, history: historyTable, owners: ownersTable }),
    history: new DynamoHistory(dynamo, historyTable),
    owners: new DynamoOwners(dynamo, ownersTable),
    queue: new SqsSweepQueue(new SQSClient(client), sweepQueueUrl),
    ids: new UlidIds(),
    clock,
    log: console,
    settings,
  };
  const sweeps = messages.map((message) => sweepMessageSchema.parse(JSON.parse(message)));
  return async () => (await Promise.all(sweeps.map((sweep) => perUserSweep(world, sweep, concurrentUsers)))).flat();
});
