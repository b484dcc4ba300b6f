import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { hasCode } from '../../lambda/adapters/aws-errors.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { CommandError } from '../errors.ts';
import type { KeyPair } from './key-pair.ts';

/** What AWS says of a user's secret. */
export interface SecretText {
  readonly text: string;
  /** When this version was stored. */
  readonly storedAt: Date | undefined;
}

/** All that a key's owner asks of AWS, each time with one of the two keys itself. Errors are those of the SDK. */
export interface OwnerAws {
  /** ARN of whoever the key belongs to; takes no permission. */
  callerOf(key: KeyPair): Promise<string>;
  /** The current version of a secret, by its name or ARN. */
  secret(key: KeyPair, secretId: string): Promise<SecretText>;
}

/** AWS in a Region; the profile's other settings, such as an endpoint, hold too. */
export function ownerAws({ region, profile }: { readonly region: string; readonly profile?: string }): OwnerAws {
  const settings = ({ keyId, secret }: KeyPair) => ({
    ...clientSettings,
    region,
    credentials: { accessKeyId: keyId, secretAccessKey: secret.reveal() },
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    async callerOf(key) {
      const { Arn } = await new STSClient(settings(key)).send(new GetCallerIdentityCommand({}));
      if (Arn === undefined) throw new CommandError('AWS did not say whose key this is: try again in a minute.');
      return Arn;
    },
    async secret(key, secretId) {
      const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: 'AWSCURRENT' });
      try {
        const { SecretString, CreatedDate } = await new SecretsManagerClient(settings(key)).send(command);
        return { text: SecretString ?? '', storedAt: CreatedDate };
      } catch (error) {
        // An answer that could not be read is quoted in the message, and with it the secret: nothing of it is kept.
        if (!hasCode(error, 'SyntaxError')) throw error;
        throw new CommandError('What answered is not AWS: check AWS_ENDPOINT_URL and any proxy on the way.');
      }
    },
  };
}
