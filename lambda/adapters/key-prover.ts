import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientSettings } from '../platform/aws-clients.ts';
import { type CreatedKey, type KeyProver, UnavailableError } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';
import { type Pause, pause as realPause } from './pause.ts';

export interface KeyProverOptions {
  /** Region whose STS is asked. */
  readonly region: string;
  readonly pause?: Pause;
  /** Milliseconds between two tries; a new key usually works after 3 to 15 s. */
  readonly poll?: number;
  /** Milliseconds after which it gives up. */
  readonly bound?: number;
}

/** Asks STS who it is with the incoming key itself: that needs no permission, and no right to read a secret. */
export class StsKeyProver implements KeyProver {
  readonly #options: Required<KeyProverOptions>;

  constructor(options: KeyProverOptions) {
    this.#options = { pause: realPause, poll: 1_500, bound: 30_000, ...options };
  }

  async prove(key: CreatedKey): Promise<void> {
    const { region, pause, poll, bound } = this.#options;
    const credentials = { accessKeyId: key.keyId, secretAccessKey: key.secret.reveal() };
    const sts = new STSClient({ ...clientSettings, region, credentials });
    try {
      const tries = Math.max(1, Math.ceil(bound / poll));
      for (let attempt = 0; attempt < tries; attempt += 1) {
        if (attempt > 0) await pause(poll);
        if (await isKnown(sts)) return;
      }
    } finally {
      sts.destroy();
    }
    throw new UnavailableError(`STS did not know the new key ${key.keyId} within ${Math.round(bound / 1000)} seconds.`);
  }
}

function isKnown(sts: STSClient): Promise<boolean> {
  return calling('sts:GetCallerIdentity with the new key', async () => {
    try {
      await sts.send(new GetCallerIdentityCommand({}));
      return true;
    } catch (error) {
      if (hasCode(error, 'InvalidClientTokenId')) return false;
      throw error;
    }
  });
}
