import { DeleteSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { SecretsManager } from '../../lambda/adapters/secrets-manager.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { secretsSuite } from '../contracts/secrets.suite.ts';
import { emulated } from '../support/emulated.ts';

const { emulator, freshAccount } = emulated();
const valueSchema = z.object({ SecretAccessKey: z.string() });

secretsSuite('Secrets Manager on the emulator', async () => {
  const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
  return {
    secrets: new SecretsManager(client, []),
    async fetch(secretName) {
      const read = new GetSecretValueCommand({ SecretId: secretName, VersionStage: 'AWSCURRENT' });
      const answer = await client.send(read).catch(() => undefined);
      if (answer?.SecretString === undefined) return undefined;
      return valueSchema.parse(JSON.parse(answer.SecretString)).SecretAccessKey;
    },
    async scheduleDeletion(secretName) {
      await client.send(new DeleteSecretCommand({ SecretId: secretName, RecoveryWindowInDays: 7 }));
    },
  };
});
