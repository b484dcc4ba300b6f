import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { DynamoJournal } from '../../lambda/adapters/dynamo-journal.ts';
import { DynamoOutbox } from '../../lambda/adapters/dynamo-outbox.ts';
import { DynamoOwners } from '../../lambda/adapters/dynamo-owners.ts';
import { DynamoState } from '../../lambda/adapters/dynamo-state.ts';
import { accountOpener } from '../../lambda/adapters/sts.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import type { OpenAccount } from '../../lambda/ports.ts';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Recorder, startRecorder } from '../../local/recorder.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { FakeOrganization } from '../support/fake-organization.ts';
import type { Ports } from './ports.ts';

/** A local AWS that estates share, each in an account of its own. */
export interface LocalAws {
  readonly emulator: Emulator;
  readonly recorder: Recorder;
  /** Straight to it, and the way that a line takes: through the recorder. */
  readonly direct: Ways;
  readonly recorded: Ways;
  freshAccount(): string;
  stop(): Promise<void>;
}

type Ways = Omit<Ports, 'queue'>;

export async function startLocalAws(): Promise<LocalAws> {
  const emulator = await startEmulator();
  const recorder = await startRecorder({ target: emulator.url });
  const tables = await createTables(new DynamoDBClient({ ...clientSettings, ...emulator.client() }));
  const others = {
    organization: new FakeOrganization(),
    sns: new FakeChannel('sns'),
    slack: new FakeChannel('slack'),
    operators: new FakeChannel('operators-topic'),
  };
  const through = (endpoint: string): Ways => {
    const client = { ...clientSettings, ...emulator.client(), endpoint };
    const dynamo = new DynamoDBClient(client);
    return {
      openAccount: opener(client),
      state: new DynamoState(dynamo, tables.state),
      journal: new DynamoJournal(dynamo, tables),
      history: new DynamoHistory(dynamo, tables.history),
      outbox: new DynamoOutbox(dynamo, tables.state),
      owners: new DynamoOwners(dynamo, tables.owners),
      ...others,
    };
  };
  let accounts = 0;
  const { AWS_ENDPOINT_URL: endpointBefore } = process.env;
  return {
    emulator,
    recorder,
    direct: through(emulator.url),
    recorded: through(recorder.url),
    freshAccount() {
      accounts += 1;
      return String(300_000_000_000 + accounts);
    },
    async stop() {
      setEndpoint(endpointBefore);
      await recorder.stop();
      await emulator.stop();
    },
  };
}

/** The real opener; the clients that it makes in the account go where the environment says. */
function opener(client: STSClientConfig & { readonly endpoint: string; readonly region: string }): OpenAccount {
  const open = accountOpener({
    sts: new STSClient(client),
    region: client.region,
    roleName: 'KeyturnMember',
    externalId: 'fake-external-id',
    secretReaders: [],
    secretsHome: { kind: 'member', replicaRegions: [] },
  });
  return (account, runId) => {
    setEndpoint(client.endpoint);
    return open(account, runId);
  };
}

function setEndpoint(url: string | undefined): void {
  if (url === undefined) delete process.env.AWS_ENDPOINT_URL;
  else process.env.AWS_ENDPOINT_URL = url;
}
