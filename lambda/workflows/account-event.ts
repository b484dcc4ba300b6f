import type { Settings } from '../contracts/settings.ts';
import type { EventDetails, EventType, HistoryEvent } from '../domain/events.ts';
import type { AccountId, RunId } from '../domain/ids.ts';
import { toIso } from '../domain/time.ts';
import type { Clock, Ids } from '../ports.ts';

export interface AccountEventWorld {
  readonly ids: Ids;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'mode' | 'policy'>;
}

/** An event about an account or a run as a whole. */
export function accountEvent<T extends EventType>(
  { ids, clock, settings }: AccountEventWorld,
  { account, runId }: { readonly account: AccountId; readonly runId: RunId },
  type: T,
  details: EventDetails[T],
): HistoryEvent<T> {
  const at = clock.now();
  const { rotateAfterDays, disableAfterDays, deleteAfterDays } = settings.policy;
  const policy = { rotateAfterDays, disableAfterDays, deleteAfterDays };
  const head = { id: ids.event(at), time: toIso(at), runId, account, actor: 'keyturn', mode: settings.mode, policy };
  // The compiler does not see that `type` and `details` come from the same T.
  return { ...head, type, details } as HistoryEvent<T>;
}
