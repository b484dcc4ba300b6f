import type { AccountId, UserName } from '../domain/ids.ts';
import { type CachedUser, fingerprintOf, type ReportedUser, sameKeys } from '../domain/inventory.ts';
import type { Instant } from '../domain/time.ts';
import { type AccountMemory, type FullSweep, type Iam, type IamUser, type Log, UserGoneError } from '../ports.ts';
import { inParallel } from './in-parallel.ts';
import { messageOf } from './message-of.ts';
import { isEmptied } from './unrecorded-ends.ts';

export type ReadingIam = Pick<Iam, 'users' | 'user' | 'keys' | 'lastUse' | 'credentialReport'>;

/** Where readings are kept between sweeps. A caller that only looks, such as the CLI, keeps none. */
export interface Keeping {
  remember(users: readonly CachedUser[]): Promise<void>;
  forget(userNames: readonly UserName[]): Promise<void>;
  markFullSweep(progress: FullSweep): Promise<void>;
  /** Puts on record what the reading of every user found; called before that reading counts as finished. */
  recordInventory(found: readonly Found[], startedAt: Instant): Promise<void>;
}

export interface InventoryWorld {
  readonly iam: ReadingIam;
  readonly keeping: Keeping;
  /** The present, for dating readings. */
  readonly clock: { now(): Instant };
  /** Throws OutOfTimeError when no more should be begun. */
  readonly checkTime: () => void;
  /** Whether it is time to carry out what is known. */
  readonly isEnough: () => boolean;
  readonly warn: Log['warn'];
}

/** A user that the account has. `cached`: as its report row says it still is; `read`: just read from IAM. */
export type Found =
  | { readonly kind: 'cached' | 'read'; readonly user: CachedUser }
  | { readonly kind: 'unreadable'; readonly userName: UserName; readonly cause: string };

/** Readings are kept in such portions, so that a sweep that ends half-way need not read them again. */
const PORTION = 200;

/** Reads users from IAM and keeps the readings. */
export class UserReader {
  readonly #world: InventoryWorld;
  readonly #account: AccountId;
  readonly #cache: AccountMemory['cache'];
  #unkept: CachedUser[] = [];

  constructor(world: InventoryWorld, account: AccountId, cache: AccountMemory['cache']) {
    this.#world = world;
    this.#account = account;
    this.#cache = cache;
  }

  /** Undefined: the user vanished meanwhile. */
  async read(userName: UserName, known: IamUser | undefined, row?: ReportedUser): Promise<Found | undefined> {
    const { iam, clock } = this.#world;
    try {
      const { userId, path, arn } = known ?? (await iam.user(userName));
      const readAt = clock.now();
      const keys = await iam.keys(userName);
      const cached = this.#cache.get(userName);
      const reading = { account: this.#account, userName, userId, path, arn, keys, fingerprint: '', readAt };
      const user = { ...reading, ...markOf(reading, row, cached) };
      // Whose last keys are gone is remembered with them until that is on record: nothing else tells of them.
      if (!isEmptied(user, cached)) await this.#add(user);
      return { kind: 'read', user };
    } catch (error) {
      if (error instanceof UserGoneError) return undefined;
      await this.#isToBeReadAgain(userName);
      return { kind: 'unreadable', userName, cause: messageOf(error) };
    }
  }

  /**
   * Users on record that no list held: gone only if IAM says so when asked by name. Where there is no time for all of them
   * the rest is neither found nor gone: those that are gone are closed first, and the next part has fewer to ask for.
   */
  async askFor(userNames: readonly UserName[]): Promise<{ found: Found[]; gone: UserName[]; isPartial: boolean }> {
    const found: Found[] = [];
    const gone: UserName[] = [];
    let [asked, isPartial] = [0, false];
    await inParallel(userNames, async (userName) => {
      isPartial ||= asked > 0 && this.#world.isEnough();
      if (isPartial) return;
      asked += 1;
      const answer = await this.read(userName, undefined);
      if (answer === undefined) gone.push(userName);
      else found.push(answer);
    });
    return { found, gone, isPartial };
  }

  /** Writes down what was read and is not kept yet. */
  async keep(): Promise<void> {
    const portion = this.#unkept;
    this.#unkept = [];
    if (portion.length > 0) await this.#world.keeping.remember(portion);
  }

  /** In the next sweep, although its row may not change and no full sweep be due. */
  async #isToBeReadAgain(userName: UserName): Promise<void> {
    const cached = this.#cache.get(userName);
    if (cached !== undefined && cached.fingerprint !== '') await this.#add({ ...cached, fingerprint: '' });
  }

  async #add(user: CachedUser): Promise<void> {
    this.#unkept.push(user);
    if (this.#unkept.length >= PORTION) await this.keep();
  }
}

/** By its row; without one, a user that is as it was when its row was seen is marked as it was. */
function markOf(
  reading: CachedUser,
  row: ReportedUser | undefined,
  cached: CachedUser | undefined,
): Pick<CachedUser, 'fingerprint' | 'userCreatedAt'> {
  if (row !== undefined) return { fingerprint: fingerprintOf(row), userCreatedAt: row.createdAt };
  if (cached === undefined || !sameKeys(reading, cached) || reading.arn !== cached.arn) return { fingerprint: '' };
  const { fingerprint, userCreatedAt } = cached;
  return { fingerprint, ...(userCreatedAt !== undefined && { userCreatedAt }) };
}
