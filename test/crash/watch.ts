import type { AccessKeyId, UserId } from '../../lambda/domain/ids.ts';
import { type Beliefs, breaches } from './always-true.ts';
import type { Estate } from './estate.ts';
import type { Observation } from './observation.ts';
import { unsettled } from './settled.ts';

/** Looks at the world whenever something changed in it, and keeps what was broken. */
export class Watch {
  readonly problems: string[] = [];
  readonly #made = new Map<AccessKeyId, UserId>();
  readonly #estate: Estate;
  #before: Observation | undefined;

  constructor(estate: Estate) {
    this.#estate = estate;
  }

  /** What is open or untold in the world as it was last seen. */
  unsettled(): readonly string[] {
    const now = this.#before;
    if (now === undefined) return [];
    const present = new Set(now.users.map(({ userId }) => userId));
    const made = [...this.#made].flatMap(([keyId, userId]) => (present.has(userId) ? [keyId] : []));
    return unsettled(now, new Set(made));
  }

  async glance(): Promise<void> {
    await this.look();
  }

  async look(): Promise<Observation> {
    const { labels, settings } = this.#estate;
    const now = await this.#estate.observe();
    const beliefs: Beliefs = { policy: settings.policy, held: new Set(labels.keys()) };
    for (const { userId, keys } of now.users) {
      for (const { keyId } of keys) if (!labels.has(keyId)) this.#made.set(keyId, userId);
    }
    if (this.#before !== undefined) this.problems.push(...breaches(this.#before, now, beliefs));
    this.problems.push(...this.#estate.secretsLeft(now));
    this.#before = now;
    return now;
  }
}
