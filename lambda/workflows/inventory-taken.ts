import type { HistoryEvent, InventoriedUser } from '../domain/events.ts';
import type { AccountId, RunId, UserName } from '../domain/ids.ts';
import type { CachedUser } from '../domain/inventory.ts';
import { type Instant, toIso } from '../domain/time.ts';
import { type AccountEventWorld, accountEvent } from './account-event.ts';
import type { Found } from './user-reader.ts';

/**
 * Characters of users that one event tells of. An item of DynamoDB takes 400 KB; a user with two keys is about 300 bytes,
 * so an account of 5,000 such users takes eight events a week, and most accounts one.
 */
const MOST_CHARACTERS = 200_000;

interface Part {
  readonly users: InventoriedUser[];
  readonly unread: UserName[];
}

/** What the reading of every user of an account found, in as many events as that takes. Users without keys are left out. */
export function inventoryTaken(
  world: AccountEventWorld,
  about: { readonly account: AccountId; readonly runId: RunId },
  found: readonly Found[],
  startedAt: Instant,
): readonly HistoryEvent<'inventory-taken'>[] {
  const parts = partsOf(found);
  return parts.map((part, index) =>
    accountEvent(world, about, 'inventory-taken', {
      part: { number: index + 1, of: parts.length },
      startedAt: toIso(startedAt),
      ...part,
    }),
  );
}

function partsOf(found: readonly Found[]): readonly Part[] {
  let part: Part = { users: [], unread: [] };
  const parts = [part];
  let room = MOST_CHARACTERS;
  for (const entry of found) {
    const line = entry.kind === 'unreadable' ? entry.userName : inventoried(entry.user);
    if (typeof line !== 'string' && line.keys.length === 0) continue;
    const size = JSON.stringify(line).length;
    if (size > room) {
      part = { users: [], unread: [] };
      parts.push(part);
      room = MOST_CHARACTERS;
    }
    room -= size;
    if (typeof line === 'string') part.unread.push(line);
    else part.users.push(line);
  }
  return parts;
}

const inventoried = ({ userName, userId, path, keys }: CachedUser): InventoriedUser => ({
  userName,
  userId,
  ...(path === '/' ? {} : { path }),
  keys: keys.map(({ keyId, createdAt, status }) => ({ keyId, createdAt: toIso(createdAt), status })),
});
