import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import type { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';

/** Both halves of an access key; the secret one prints as `[secret]`. */
export interface KeyPair {
  readonly keyId: AccessKeyId;
  readonly secret: SecretAccessKey;
}
