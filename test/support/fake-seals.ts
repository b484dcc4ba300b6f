import { type Seal, sealSchema } from '../../lambda/contracts/seal.ts';
import type { Seals } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** The chain of seals in memory. */
export class FakeSeals implements Seals {
  readonly calls: Calls;
  readonly #seals = new Map<number, Seal>();

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  last(): Promise<Seal | undefined> {
    return this.calls.run('seals.last', [], () => this.#inOrder().at(-1));
  }

  append(seal: Seal): Promise<boolean> {
    return this.calls.run('seals.append', [seal], () => {
      if (this.#seals.has(seal.number)) return false;
      this.#seals.set(seal.number, sealSchema.parse(JSON.parse(JSON.stringify(seal))));
      return true;
    });
  }

  all(): AsyncIterable<Seal> {
    return this.calls.list('seals.all', [], () => this.#inOrder());
  }

  #inOrder(): Seal[] {
    return [...this.#seals.values()].toSorted((a, b) => a.number - b.number);
  }
}
