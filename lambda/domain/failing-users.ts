import type { SweepTally } from './events.ts';
import type { UserName } from './ids.ts';

/**
 * The users that failed in any part of an account's sweep, each once. Whose rotation failed waits for the next run, and no
 * later part counts it; who could not be read may fail in every part. A part names a hundred failures; when it counts
 * more, there are at least as many users as it counts.
 */
export class FailingUsers {
  readonly #names = new Set<UserName>();
  #mostInOnePart = 0;

  add({ failed, failures }: Pick<SweepTally, 'failed' | 'failures'>): void {
    const names = new Set(failures.map(({ userName }) => userName));
    for (const name of names) this.#names.add(name);
    // A user whose two steps failed is counted twice, and named twice.
    this.#mostInOnePart = Math.max(this.#mostInOnePart, failed - failures.length + names.size);
  }

  get count(): number {
    return Math.max(this.#names.size, this.#mostInOnePart);
  }
}
