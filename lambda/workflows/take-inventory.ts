import pLimit from 'p-limit';
import type { AccountId, UserName } from '../domain/ids.ts';
import {
  type CachedUser,
  type CredentialReport,
  fingerprintOf,
  isFullSweepDue,
  type ReportedKey,
  type ReportedUser,
  survey,
} from '../domain/inventory.ts';
import type { Instant } from '../domain/time.ts';
import { type AccountMemory, type FullSweep, type Iam, type IamUser, type Log, UserGoneError } from '../ports.ts';
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
  readonly warn: Log['warn'];
}

/** A user that the account has. `cached`: as its report row says it still is; `read`: just read from IAM. */
export type Found =
  | { readonly kind: 'cached' | 'read'; readonly user: CachedUser }
  | { readonly kind: 'unreadable'; readonly userName: UserName; readonly cause: string };

export interface Inventory {
  readonly found: readonly Found[];
  /** Users that were known and that IAM certainly no longer has. */
  readonly gone: readonly UserName[];
  /** What the report says of users' keys; empty: no report was to be had. */
  readonly reported: ReportedKeys;
  readonly rootKeys?: number;
  /** Why no report was to be had. */
  readonly reportMissing?: string;
}

export type ReportedKeys = ReadonlyMap<UserName, readonly ReportedKey[]>;

/** IAM throttles an account as a whole: more at once only wait for each other. */
const CONCURRENT_READS = 8;
/** Readings are kept in such portions, so that a sweep that ends half-way need not read them again. */
const PORTION = 200;

/**
 * Finds every user of the account, reading from IAM only those whose row in the credential report changed. Without a
 * readable report, and every seventh day, all are read. Throws when the list of users could not be read to its end.
 *
 * @param request.named users that somebody named: IAM is asked for them even if they are too new for the report.
 */
export async function takeInventory(
  world: InventoryWorld,
  account: AccountId,
  memory: AccountMemory,
  request: { readonly now: Instant; readonly full: boolean; readonly named?: readonly UserName[] },
): Promise<Inventory> {
  const report = await reportOf(world);
  const seen = typeof report === 'string' ? { reportMissing: report } : { rootKeys: report.rootKeys };
  const rows = typeof report === 'string' ? undefined : report.users;
  const reported = new Map(rows?.map(({ userName, keys }) => [userName, keys]));
  const reader = new Reader(world, account, memory.cache);
  const last = memory.fullSweep;
  const full = request.full || last?.finishedAt === undefined || isFullSweepDue(last.startedAt, request.now);
  try {
    return { ...(await inventory()), ...seen };
  } finally {
    // Whatever ended it: what was read need not be read again.
    await reader.keep();
  }

  async function inventory(): Promise<Inventory> {
    const found =
      full || rows === undefined
        ? await everybody(world, reader, memory, rows ?? [])
        : await changes(world, reader, memory, rows);
    const present = new Set(found.map((entry) => (entry.kind === 'unreadable' ? entry.userName : entry.user.userName)));
    const known = new Set([...memory.records.keys(), ...memory.cache.keys()]);
    const presentInAnyCase = request.named && new Set([...present].map((userName) => userName.toLowerCase()));
    const named = request.named?.filter((userName) => !presentInAnyCase?.has(userName.toLowerCase())) ?? [];
    const missing = [...new Set([...known, ...named])].filter((userName) => !present.has(userName));
    const asked = await reader.askFor(missing);
    // Who went with keys is remembered until that is on record.
    await world.keeping.forget(asked.gone.filter((userName) => memory.cache.get(userName)?.keys.length === 0));
    return { found: [...found, ...asked.found], gone: asked.gone, reported };
  }
}

/**
 * The report, or why there is none. One that cannot be read is as good as none: then every user is read from IAM, which
 * needs no report. Only of the root user nothing is known.
 */
async function reportOf({ iam, warn }: InventoryWorld): Promise<CredentialReport | string> {
  try {
    return (await iam.credentialReport()) ?? 'AWS had none ready in time';
  } catch (error) {
    const why = messageOf(error);
    warn('no credential report: every user is read from IAM', { error: why });
    return why;
  }
}

/** The users whose row changed, read; all others as they were when they were read. */
async function changes(
  world: InventoryWorld,
  reader: Reader,
  memory: AccountMemory,
  rows: readonly ReportedUser[],
): Promise<Found[]> {
  const { unchanged, changed } = survey(rows, memory.cache);
  const read = await inParallel(changed, async ({ row, cached }) => {
    world.checkTime();
    // The same name created at the same time is the same user; otherwise IAM is asked who it is now.
    const same = cached?.userCreatedAt === row.createdAt ? { ...cached, ...placeOf(row) } : undefined;
    return reader.read(row.userName, same, row);
  });
  return [
    ...unchanged.map((user): Found => ({ kind: 'cached', user })),
    ...read.filter((entry) => entry !== undefined),
  ];
}

/** Where the user is now: it may have been moved or renamed. */
const placeOf = ({ arn }: ReportedUser) => ({ arn, path: arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1) });

/** Every user, read afresh, whatever the report says; what an unfinished full sweep has read counts. */
async function everybody(
  world: InventoryWorld,
  reader: Reader,
  memory: AccountMemory,
  rows: readonly ReportedUser[],
): Promise<Found[]> {
  const { fullSweep, cache } = memory;
  const goingOn = fullSweep !== undefined && fullSweep.finishedAt === undefined;
  const startedAt = goingOn ? fullSweep.startedAt : world.clock.now();
  if (!goingOn) await world.keeping.markFullSweep({ startedAt });
  const rowOf = new Map(rows.map((row) => [row.userName, row]));
  const users: IamUser[] = [];
  for await (const user of world.iam.users()) users.push(user);
  const found = await inParallel(users, async (user): Promise<Found | undefined> => {
    const cached = cache.get(user.userName);
    if (goingOn && cached !== undefined && cached.userId === user.userId && cached.readAt >= startedAt) {
      return { kind: 'cached', user: cached };
    }
    world.checkTime();
    return reader.read(user.userName, user, rowOf.get(user.userName));
  });
  await reader.keep();
  const present = found.filter((entry) => entry !== undefined);
  // First: a sweep that dies in between reads the cache again and records it again, which is harmless.
  await world.keeping.recordInventory(present, startedAt);
  await world.keeping.markFullSweep({ startedAt, finishedAt: world.clock.now() });
  return present;
}

/** Reads users from IAM and keeps the readings. */
class Reader {
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
      const fingerprint = row === undefined ? '' : fingerprintOf(row);
      const created = row === undefined ? {} : { userCreatedAt: row.createdAt };
      const user = { account: this.#account, userName, userId, path, arn, keys, fingerprint, ...created, readAt };
      // Whose last keys are gone is remembered with them until that is on record: nothing else tells of them.
      if (!isEmptied(user, this.#cache.get(userName))) await this.#add(user);
      return { kind: 'read', user };
    } catch (error) {
      if (error instanceof UserGoneError) return undefined;
      return { kind: 'unreadable', userName, cause: messageOf(error) };
    }
  }

  /** Users on record that no list held: gone only if IAM says so when asked by name. */
  async askFor(userNames: readonly UserName[]): Promise<{ found: Found[]; gone: UserName[] }> {
    const found: Found[] = [];
    const gone: UserName[] = [];
    await inParallel(userNames, async (userName) => {
      this.#world.checkTime();
      const answer = await this.read(userName, undefined);
      if (answer === undefined) gone.push(userName);
      else found.push(answer);
    });
    return { found, gone };
  }

  /** Writes down what was read and is not kept yet. */
  async keep(): Promise<void> {
    const portion = this.#unkept;
    this.#unkept = [];
    if (portion.length > 0) await this.#world.keeping.remember(portion);
  }

  async #add(user: CachedUser): Promise<void> {
    this.#unkept.push(user);
    if (this.#unkept.length >= PORTION) await this.keep();
  }
}

function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(CONCURRENT_READS);
  return allOf(items.map((item) => limit(() => work(item))));
}

/** Like Promise.all, but lets every one come to its end before it throws: nothing goes on behind the caller's back. */
export async function allOf<T>(pending: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(pending);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
