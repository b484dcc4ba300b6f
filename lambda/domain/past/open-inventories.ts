import type { HistoryEvent } from '../events.ts';
import type { AccessKeyId, AccountId, UserName } from '../ids.ts';
import type { Instant } from '../time.ts';
import { instantOf } from './recorded-time.ts';

/** An inventory as far as its parts are there. */
export interface OpenInventory {
  readonly runId: HistoryEvent['runId'];
  readonly startedAt: Instant;
  readonly parts: Set<number>;
  readonly listed: Set<AccessKeyId>;
  readonly unread: Set<UserName>;
}

/** Inventories come in parts; what one leaves out is known only when all of them are there. */
export class OpenInventories {
  readonly #open = new Map<AccountId, OpenInventory>();

  /** Takes a part; `whole`: it was the last one that was missing. A part that is there already begins a new inventory. */
  add(event: HistoryEvent<'inventory-taken'>): { readonly inventory: OpenInventory; readonly whole: boolean } {
    const { account, details } = event;
    const inventory = this.#goingOn(event) ?? {
      runId: event.runId,
      startedAt: instantOf(details.startedAt),
      parts: new Set<number>(),
      listed: new Set<AccessKeyId>(),
      unread: new Set<UserName>(),
    };
    inventory.parts.add(details.part.number);
    for (const userName of details.unread) inventory.unread.add(userName);
    for (const { keys } of details.users) for (const { keyId } of keys) inventory.listed.add(keyId);
    const whole = inventory.parts.size >= details.part.of;
    if (whole) this.#open.delete(account);
    else this.#open.set(account, inventory);
    return { inventory, whole };
  }

  #goingOn({ account, runId, details }: HistoryEvent<'inventory-taken'>): OpenInventory | undefined {
    const open = this.#open.get(account);
    const same = open?.runId === runId && open?.startedAt === instantOf(details.startedAt);
    return same && !open?.parts.has(details.part.number) ? open : undefined;
  }
}
