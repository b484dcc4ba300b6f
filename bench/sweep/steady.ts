import { UlidIds } from '../../lambda/adapters/ulid-ids.ts';
import { audienceOf, type HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import { presets } from '../../lambda/domain/policy.ts';
import { DAY, type Instant } from '../../lambda/domain/time.ts';
import { accountEvent } from '../../lambda/workflows/account-event.ts';
import { count, type Say } from '../benchmark.ts';
import type { Place, Swept } from './place.ts';
import { population } from './population.ts';
import { START } from './start.ts';

/** With gaps of two days the first keys are deleted on day 4, and day 5 is like every day after it. */
const policy = { rotateAfterDays: 90, disableAfterDays: 92, deleteAfterDays: 94 } as const;
const STEADY_ON = 5;
const FIRST_WARNING = 14;

/**
 * A day in an account in which Keyturn has been at work for long: as many keys each are warned of, rotated, disabled and
 * deleted, and what was changed the day before is read again.
 */
export async function steadyDay(
  place: Place,
  account: AccountId,
  { users, perDay }: { readonly users: number; readonly perDay: number },
  say: Say,
): Promise<{ readonly swept: Swept; readonly steps: Readonly<Record<string, number>> }> {
  const dueOn = Array.from({ length: STEADY_ON + FIRST_WARNING + 1 }, (_, day) => day);
  await place.emulator.addUsers(account, population(START, { users, perDay, dueOn }));
  for (let day = 0; day < STEADY_ON; day += 1) {
    say(`a day with everything: day ${day} before it`);
    await place.sweep('keyturn', account, START + day * DAY, policy);
    await deliverNotices(place, account, START + day * DAY);
  }
  say('a day with everything');
  const at = START + STEADY_ON * DAY;
  const swept = await place.sweep('keyturn', account, at, policy);
  const steps: Record<string, number> = {};
  for await (const { type } of eventsSince(place, account, at)) steps[type] = (steps[type] ?? 0) + 1;
  const expected = {
    'rotation-upcoming': 2 * perDay,
    'key-replaced': perDay,
    'key-disabled': perDay,
    'key-deleted': perDay,
  };
  for (const [type, wanted] of Object.entries(expected)) {
    if (steps[type] === wanted) continue;
    throw new Error(
      `On the day with everything there were ${count(steps[type] ?? 0)} events ${type}, not ${count(wanted)}.`,
    );
  }
  return { swept, steps };
}

/** What `notify` does: a receipt for everything that somebody is to be told. Without it nothing is disabled. */
async function deliverNotices(place: Place, account: AccountId, since: Instant): Promise<void> {
  const { clock } = place.emulator;
  const world = { ids: new UlidIds(), clock: { now: () => clock.now().getTime() } };
  for await (const event of eventsSince(place, account, since)) {
    const { userName, runId, mode } = event;
    if (audienceOf(event) === 'nobody' || userName === undefined || runId === undefined) continue;
    const details = { about: [event.id], channel: 'sns', to: 'operators' } as const;
    const settings = { mode: mode ?? 'enforce', policy: presets.default };
    const receipt = accountEvent({ ...world, settings }, { account, runId }, 'notice-delivered', details);
    await place.history.append([{ ...receipt, userName }]);
  }
}

const eventsSince = (place: Place, account: AccountId, since: Instant): AsyncIterable<HistoryEvent> =>
  place.history.query({ by: { kind: 'account', account }, since });
