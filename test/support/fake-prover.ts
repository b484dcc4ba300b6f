import { type CreatedKey, type KeyProver, UnavailableError } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';
import type { FakeIam } from './fake-iam.ts';

/** As AWS does, it notes that the key was used. Knows a key as soon as IAM has it Active and the secret is the one that IAM made for it. */
export class FakeProver implements KeyProver {
  readonly calls: Calls;
  readonly #iam: FakeIam;

  constructor(iam: FakeIam, calls: Calls = new Calls()) {
    this.#iam = iam;
    this.calls = calls;
  }

  prove(key: CreatedKey): Promise<void> {
    return this.calls.run('prover.prove', [key], () => {
      const known = this.#iam.key(key.keyId);
      if (known?.status !== 'Active' || key.secret.reveal() !== this.#iam.secretOf(key.keyId)) {
        throw new UnavailableError(`STS does not accept key ${key.keyId}.`);
      }
      this.#iam.useKey(key.keyId, { service: 'sts', region: 'us-east-1' });
    });
  }
}
