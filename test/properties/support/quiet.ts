/** What is so after a long time in which nobody did anything. */
import { audienceOf, type HistoryEvent } from '../../../lambda/domain/events.ts';
import type { Policy } from '../../../lambda/domain/policy.ts';
import { DAY, fromIso, type Instant, toIso } from '../../../lambda/domain/time.ts';
import type { Simulation } from './simulation.ts';
import { type Story, userNames } from './story.ts';
import { must } from './violation.ts';

/**
 * How many days late an Active key may be. A key is made some seconds after its run's time. Three steps may wait for the
 * window one after the other: the one before it is disabled and deleted, then it is itself. So they may for their turn; and
 * where it is both, for as many windows as others come first.
 * Where IAM knows a new key only after a minute, each rotation is ended by the next run.
 */
function slackOf({ changeWindow, maxStepsPerSweep }: Policy, { lagSeconds }: Story): number {
  const closed = changeWindow === undefined ? 0 : 7 + changeWindow.freezeDates.length;
  const turns = maxStepsPerSweep < 6 ? userNames.length : 0;
  return (lagSeconds > 30 ? 2 : 1) + 3 * (closed * Math.max(1, turns) + turns);
}

/** Two generations, each held for as long as may be, are over by then, and so is every exemption before them. */
export function quietDaysOf({ settings: { policy }, story }: Simulation): number {
  const deeds = story.happenings.flatMap((one) => ('deed' in one ? [one.deed] : []));
  // What somebody asked for may hold a key once before it is disabled, and once before it is deleted.
  const asked = deeds.some(({ what }) => what.startsWith('ask to'));
  const exempt = Math.max(0, ...deeds.map((deed) => (deed.what === 'exempt' ? deed.days : 0)));
  // Where a run was missed, the last day of a hold is told a day later.
  const holds = (asked ? 3 : 1) * (policy.disable.maxHoldDays + 2);
  // After an exemption a key's next step is announced again, with its gap ahead.
  const again = exempt > 0 ? policy.deleteAfterDays - policy.rotateAfterDays : 0;
  return exempt + again + 2 * policy.deleteAfterDays + holds + slackOf(policy, story);
}

/** No Active key is older than its policy lets it be, and none is Inactive for long; but for users that Keyturn must leave alone. */
export function everythingEnds({ account, settings: { policy }, story }: Simulation): void {
  const { disableAfterDays, deleteAfterDays } = policy;
  const now = account.clock.now();
  for (const userName of account.names) {
    const keys = account.keysOf(userName);
    if (keys.length > 2) continue;
    for (const { keyId, createdAt, status } of keys) {
      const age = (now - createdAt) / DAY;
      const most = (status === 'Active' ? disableAfterDays : deleteAfterDays) + slackOf(policy, story);
      must(age < most, () => `${keyId} of ${userName} is ${status} and ${Math.floor(age)} days old on ${toIso(now)}`);
    }
  }
}

/** While nothing changes, nobody is told twice of the same thing for the same reason, and no wait is recorded twice. */
export function nothingIsRepeated({ account }: Simulation, since: Instant): void {
  const events = account.ledger.events().filter(({ time }) => fromIso(time) >= since);
  const told = events.filter((event) => audienceOf(event) !== 'nobody');
  const seen = new Set<string>();
  for (const event of told) {
    const what = gistOf(event);
    must(!seen.has(what), () => `${what} was told again on ${event.time}`);
    seen.add(what);
  }
  const latest = new Map<string, string>();
  for (const event of events) {
    if (event.keyId === undefined || event.type.startsWith('notice-')) continue;
    const what = gistOf(event);
    const repeats = event.type === 'step-waiting' && latest.get(event.keyId) === what;
    must(!repeats, () => `${what} was recorded again on ${event.time}`);
    latest.set(event.keyId, what);
  }
}

const stepOf = (details: HistoryEvent['details']): string => ('step' in details ? details.step : '');

function gistOf({ type, mode, userName, keyId, details }: HistoryEvent): string {
  const reason = 'why' in details ? details.why : 'reason' in details ? details.reason : '';
  const detail =
    'thresholdDays' in details ? details.thresholdDays : 'reminder' in details ? details.reminder : stepOf(details);
  return [mode, type, userName, keyId, reason, detail].filter(Boolean).join(' ');
}
