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
import { DAY, type Instant } from '../domain/time.ts';
import type { AccountMemory, IamUser } from '../ports.ts';
import { inParallel } from './in-parallel.ts';
import { messageOf } from './message-of.ts';
import { type Found, type InventoryWorld, UserReader } from './user-reader.ts';

export interface Inventory {
  readonly found: readonly Found[];
  /** Users that were known and that IAM certainly no longer has. */
  readonly gone: readonly UserName[];
  /** What the report says of users' keys; empty: no report was to be had. */
  readonly reported: ReportedKeys;
  readonly rootKeys?: number;
  /** Why no report was to be had. */
  readonly reportMissing?: string;
  /** There was no time to ask for every user that was known and is not listed. */
  readonly isPartial?: true;
}

export interface InventoryRequest {
  /** The run's time. */
  readonly now: Instant;
  /** Every user shall be read, and nothing that was read before counts. */
  readonly full: boolean;
  /** Users that somebody named: IAM is asked for them even if they are too new for the report. */
  readonly named?: readonly UserName[];
  /** This is not the first part of a sweep that was due then: what its earlier parts read counts. */
  readonly since?: Instant;
}

export type ReportedKeys = ReadonlyMap<UserName, readonly ReportedKey[]>;

/**
 * Finds every user of the account, reading from IAM only those whose row in the credential report changed. Without a
 * readable report, and every seventh day, all are read. Throws when the list of users could not be read to its end.
 */
export async function takeInventory(
  world: InventoryWorld,
  account: AccountId,
  memory: AccountMemory,
  request: InventoryRequest,
): Promise<Inventory> {
  const report = await reportOf(world);
  const seen = typeof report === 'string' ? { reportMissing: report } : { rootKeys: report.rootKeys };
  const rows = typeof report === 'string' ? undefined : report.users;
  const reported = new Map(rows?.map(({ userName, keys }) => [userName, keys]));
  const reader = new UserReader(world, account, memory.cache);
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
        ? await everybody(world, reader, memory, rows, request)
        : await changes(world, reader, memory, rows);
    const present = new Set(found.map((entry) => (entry.kind === 'unreadable' ? entry.userName : entry.user.userName)));
    const known = new Set([...memory.records.keys(), ...memory.cache.keys()]);
    const presentInAnyCase = request.named && new Set([...present].map((userName) => userName.toLowerCase()));
    const named = request.named?.filter((userName) => !presentInAnyCase?.has(userName.toLowerCase())) ?? [];
    const missing = [...new Set([...named, ...known])].filter((userName) => !present.has(userName));
    const asked = await reader.askFor(missing);
    // Who went with keys is remembered until that is on record.
    await world.keeping.forget(asked.gone.filter((userName) => memory.cache.get(userName)?.keys.length === 0));
    const isPartial = asked.isPartial ? { isPartial: true as const } : {};
    return { found: [...found, ...asked.found], gone: asked.gone, reported, ...isPartial };
  }
}

/**
 * The report, or why there is none. One that cannot be read is as good as none: then every user is read from IAM, which
 * needs no report. Only of the root user nothing is known.
 */
async function reportOf({ iam, warn }: InventoryWorld): Promise<CredentialReport | string> {
  try {
    const report = (await iam.credentialReport()) ?? 'AWS had none ready in time';
    if (typeof report !== 'string' && report.users === undefined) {
      warn('the credential report has a row that cannot be read: every user is read from IAM', {});
    }
    return report;
  } catch (error) {
    const why = messageOf(error);
    warn('no credential report: every user is read from IAM', { error: why });
    return why;
  }
}

/** The users whose row changed, read; all others as they were when they were read. */
async function changes(
  world: InventoryWorld,
  reader: UserReader,
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

/** A full sweep that was interrupted goes on within a day; what it read before is too old to go on record then. */
const GOES_ON_FOR = DAY;

/**
 * Every user, read afresh, whatever the report says. What a full sweep that is still going on has read counts, unless the
 * user's row has changed since; without a report, so does what earlier parts of the same sweep have read.
 */
async function everybody(
  world: InventoryWorld,
  reader: UserReader,
  memory: AccountMemory,
  rows: readonly ReportedUser[] | undefined,
  { full, since }: InventoryRequest,
): Promise<Found[]> {
  const { fullSweep, cache } = memory;
  const begun = world.clock.now();
  const ofThisSweep = since !== undefined && fullSweep !== undefined && fullSweep.startedAt >= since;
  const goesOn = fullSweep?.finishedAt === undefined && begun - (fullSweep?.startedAt ?? 0) <= GOES_ON_FOR;
  const goingOn = !full && fullSweep !== undefined && (ofThisSweep || goesOn);
  const startedAt = goingOn ? fullSweep.startedAt : begun;
  if (!goingOn) await world.keeping.markFullSweep({ startedAt });
  const rowOf = new Map(rows?.map((row) => [row.userName, row]));
  const users: IamUser[] = [];
  for await (const user of world.iam.users()) users.push(user);
  const found = await inParallel(users, async (user): Promise<Found | undefined> => {
    const cached = cache.get(user.userName);
    const row = rowOf.get(user.userName);
    if (goingOn && cached?.userId === user.userId && cached.readAt >= startedAt && isAsInRow(cached, row)) {
      return { kind: 'cached', user: cached };
    }
    world.checkTime();
    return reader.read(user.userName, user, row);
  });
  await reader.keep();
  const present = found.filter((entry) => entry !== undefined);
  if (goingOn && fullSweep.finishedAt !== undefined) return present;
  // First: a sweep that dies in between reads the cache again and records it again, which is harmless.
  await world.keeping.recordInventory(present, startedAt);
  await world.keeping.markFullSweep({ startedAt, finishedAt: world.clock.now() });
  return present;
}

/** Nothing tells that the user has changed since it was read. */
const isAsInRow = ({ fingerprint }: CachedUser, row: ReportedUser | undefined): boolean =>
  row === undefined || fingerprint === fingerprintOf(row);
