import type { ScheduleEvent } from '../contracts/messages.ts';
import type { Settings } from '../contracts/settings.ts';
import { type Selection, selectInOrganization, selectNamed } from '../domain/account-selection.ts';
import { type AccountId, parseRunId, type RunId } from '../domain/ids.ts';
import { fromIso, type Instant } from '../domain/time.ts';
import type { Clock, History, Ids, Log, Organization, SweepQueue } from '../ports.ts';
import { accountEvent } from './account-event.ts';
import { messageOf } from './message-of.ts';
import { runStarted } from './run-started.ts';

export interface DispatchWorld {
  /** Asked only when the settings are about an organisation. */
  readonly organization: Organization;
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

/** The settings do not fit the organisation as it is; nothing is swept until somebody corrects them. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

/** Somebody asked for a run over an account that the settings leave out; trying again would not help. */
export class NotSelectedError extends Error {
  override readonly name = 'NotSelectedError';
}

/**
 * Starts a run: finds its accounts, and puts one message per account on the queue. A schedule event delivered twice starts
 * the same run twice; the sweeps' lease and the users' journal see to it that nothing happens twice. Throws when the run
 * could not begin for every account; that is in history by then, and Lambda tries again.
 */
export async function dispatch(world: DispatchWorld, event: ScheduleEvent): Promise<Dispatched> {
  const runId = runIdOf(event);
  try {
    return await start(world, runId, event);
  } catch (error) {
    await recordFailure(world, runId, event, error);
    throw error;
  }
}

async function start(world: DispatchWorld, runId: RunId, event: ScheduleEvent): Promise<Dispatched> {
  const { history, queue, log } = world;
  const now: Instant = Math.min(fromIso(event.time), world.clock.now());
  const selection = await selectAccounts(world, runId);
  if (selection.kind === 'mistakes') {
    throw new SelectionError(
      `Nothing is swept: ${selection.mistakes.join('; ')}. Correct the settings and deploy again.`,
    );
  }
  const run = event.accounts === undefined ? selection : limited(selection, event.accounts);
  const { expected, skipped } = run;
  // Who was expected is on record before anybody is asked: an account that never answers is then missed.
  await history.append(runStarted(world, runId, run));
  await queue.sendAll(expected.map(({ account, mode }) => ({ runId, account, now, mode })));
  log.info('run dispatched', { runId, accounts: expected.length, skipped: skipped.length });
  return { runId, accounts: expected.map(({ account }) => account) };
}

/** Of the accounts that a run would sweep those that somebody asked for, each in the mode of its wave. */
function limited({ expected, skipped }: Extract<Selection, { kind: 'selected' }>, accounts: readonly AccountId[]) {
  const left = accounts.filter((account) => !expected.some((one) => one.account === account));
  if (left.length > 0) {
    const reasons = left.map((account) => {
      const why = skipped.find((one) => one.account === account)?.why;
      return `${account} (${why ?? 'the settings do not select it'})`;
    });
    throw new NotSelectedError(`Nothing is swept: no run sweeps ${reasons.join(', ')}.`);
  }
  return {
    expected: expected.filter(({ account }) => accounts.includes(account)),
    skipped: [],
    requested: true as const,
  };
}

async function selectAccounts({ settings, organization }: DispatchWorld, runId: RunId): Promise<Selection> {
  const scope = settings.accounts;
  if (scope.kind !== 'organization') return selectNamed(settings, scope);
  return selectInOrganization(settings, scope, await organization.tree(runId));
}

/** Never throws: the failure that is to be recorded matters more than that it could not be. */
async function recordFailure(
  world: DispatchWorld,
  runId: RunId,
  { accounts }: ScheduleEvent,
  cause: unknown,
): Promise<void> {
  const error = messageOf(cause);
  const details = { error, ...(accounts && { requested: true as const }) };
  try {
    await world.history.append([accountEvent(world, { account: world.settings.hub, runId }, 'run-failed', details)]);
  } catch (unrecorded) {
    const lost = { runId, account: world.settings.hub, error, unrecorded: messageOf(unrecorded) };
    world.log.error('a failed run could not be recorded in history', lost);
  }
}

/** The same event names the same run: `run-20261120T060000Z-` and the start of the event's ID. */
export function runIdOf({ id, time }: ScheduleEvent): RunId {
  const stamp = new Date(fromIso(time))
    .toISOString()
    .replace(/\.\d{3}/, '')
    .replaceAll(/[:-]/g, '');
  return parseRunId(`run-${stamp}-${id.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 8)}`);
}
