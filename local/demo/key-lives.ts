import type { AccessKeyId, AccountId } from '../../lambda/domain/ids.ts';
import { dayOf } from './calendar.ts';
import type { ObservedKey, ObservedUser, Snapshot } from './snapshot.ts';

/** The life of one access key by what IAM showed, in simulated days; null: did not happen. */
export interface KeyLife {
  readonly account: AccountId;
  readonly user: string;
  readonly userId: string;
  readonly keyId: AccessKeyId;
  readonly createdDay: number;
  /** Keyturn made its successor. */
  readonly rotatedDay: number | null;
  /** First seen Inactive. */
  readonly disabledDay: number | null;
  readonly deletedDay: number | null;
  readonly replacedBy: AccessKeyId | null;
  readonly madeBy: 'keyturn' | 'owner';
  /** Every change of status, from the creation on. */
  readonly statuses: readonly { readonly day: number; readonly status: string }[];
}

type Draft = { -readonly [Property in keyof KeyLife]: KeyLife[Property] };

/** Follows the keys through snapshots, in their order. Nothing of it rests on what Keyturn records. */
export class KeyLives {
  readonly #account: AccountId;
  readonly #lives = new Map<AccessKeyId, Draft>();

  constructor(account: AccountId) {
    this.#account = account;
  }

  /** `heldByOwners`: the keys that people made or fetched; every other one is Keyturn's. */
  follow(snapshot: Snapshot, heldByOwners: ReadonlySet<AccessKeyId>): void {
    const day = dayOf(snapshot.at);
    const present = new Set<AccessKeyId>();
    for (const user of snapshot.users) {
      for (const key of user.keys) {
        present.add(key.keyId);
        const life = this.#lives.get(key.keyId) ?? this.#begin(user, key, heldByOwners);
        if (life.statuses.at(-1)?.status !== key.status)
          life.statuses = [...life.statuses, { day, status: key.status }];
        if (key.status !== 'Active') life.disabledDay ??= day;
      }
    }
    for (const life of this.#lives.values()) if (!present.has(life.keyId)) life.deletedDay ??= day;
  }

  /** By user, in the order in which the users were first seen; a user's keys by age. */
  get all(): readonly KeyLife[] {
    return [...Map.groupBy(this.#lives.values(), ({ user }) => user).values()].flatMap((keys) =>
      keys.toSorted((a, b) => a.createdDay - b.createdDay),
    );
  }

  #begin({ userName, userId, keys }: ObservedUser, key: ObservedKey, heldByOwners: ReadonlySet<AccessKeyId>): Draft {
    const createdDay = dayOf(key.createdAt);
    const madeBy = heldByOwners.has(key.keyId) ? 'owner' : 'keyturn';
    const life: Draft = {
      account: this.#account,
      user: userName,
      userId,
      keyId: key.keyId,
      createdDay,
      rotatedDay: null,
      disabledDay: null,
      deletedDay: null,
      replacedBy: null,
      madeBy,
      statuses: [{ day: createdDay, status: 'Active' }],
    };
    this.#lives.set(key.keyId, life);
    // A user has two keys at most: what a new one replaces is the other.
    const outgoing = keys.find(({ keyId }) => keyId !== key.keyId);
    const replaced = outgoing === undefined ? undefined : this.#lives.get(outgoing.keyId);
    if (madeBy === 'keyturn' && replaced !== undefined) {
      replaced.rotatedDay = createdDay;
      replaced.replacedBy = key.keyId;
    }
    return life;
  }
}
