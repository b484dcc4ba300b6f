import type { ScheduleEvent } from '../contracts/messages.ts';
import type { Settings } from '../contracts/settings.ts';
import { type AccountId, parseRunId, type RunId } from '../domain/ids.ts';
import { fromIso, type Instant } from '../domain/time.ts';
import type { Clock, History, Ids, Log, SweepQueue } from '../ports.ts';
import { accountEvent } from './account-event.ts';

export interface DispatchWorld {
  readonly queue: SweepQueue;
  readonly history: History;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
}

export interface Dispatched {
  readonly runId: RunId;
  readonly accounts: readonly AccountId[];
}

/**
 * Starts a run: puts one message per account on the queue. A schedule event delivered twice starts the same run twice;
 * the sweeps' lease and the users' journal see to it that nothing happens twice.
 */
export async function dispatch(world: DispatchWorld, event: ScheduleEvent): Promise<Dispatched> {
  const { settings, clock, history, queue, log } = world;
  const now: Instant = Math.min(fromIso(event.time), clock.now());
  const runId = runIdOf(event);
  const accounts = [settings.hub];
  const [hub] = accounts;
  if (hub !== undefined) {
    // Who was expected is on record before anybody is asked: an account that never answers is then missed.
    await history.append([
      accountEvent(world, { account: hub, runId }, 'run-started', { expectedAccounts: accounts, skippedAccounts: [] }),
    ]);
  }
  for (const account of accounts) await queue.send({ runId, account, now, mode: settings.mode });
  log.info('run dispatched', { runId, accounts: accounts.length });
  return { runId, accounts };
}

/** The same event names the same run: `run-20261120T060000Z-` and the start of the event's ID. */
export function runIdOf({ id, time }: ScheduleEvent): RunId {
  const stamp = new Date(fromIso(time))
    .toISOString()
    .replace(/\.\d{3}/, '')
    .replaceAll(/[:-]/g, '');
  return parseRunId(`run-${stamp}-${id.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 8)}`);
}
