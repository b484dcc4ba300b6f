import type { SweepMessage } from '../../lambda/contracts/messages.ts';
import type { Settings } from '../../lambda/contracts/settings.ts';
import { type AccountId, parseAccountId, parseRunId } from '../../lambda/domain/ids.ts';
import { presets } from '../../lambda/domain/policy.ts';
import { DAY, fromIso, type Instant, toIso } from '../../lambda/domain/time.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { type AccountData, newAccount } from './account-data.ts';
import { CallModel, noUsage } from './model.ts';
import { VirtualTime } from './virtual-time.ts';
import { worldOf } from './worlds.ts';

export const settings: Settings = {
  hub: parseAccountId('123456789012'),
  mode: 'enforce',
  policy: presets.default,
  accounts: { kind: 'single' },
  secrets: { kind: 'member', replicaRegions: [] },
};

/** The measured run. */
export const RUN_AT: Instant = fromIso('2026-11-20T06:17:00.000Z');

/** One account for each day of the week on which an account's users are all read afresh. */
const SAMPLES = 7;
/** Long enough for the first keys of all to be replaced, disabled and deleted. */
const DAYS_BEFORE = 140;

/** Nothing takes time while the accounts grow old. */
const instant = { iamLatencyMs: 0, iamRate: 1e9, iamBurst: 1e9, reportMs: 0, newKeyMs: 0, latencyMs: 0, callCpuMs: 0 };

export const messageFor = (account: AccountId, at: Instant): SweepMessage => ({
  schema: 1,
  runId: parseRunId(`run-${toIso(at).slice(0, 10)}`),
  account,
  now: toIso(at),
  mode: 'enforce',
  part: 1,
  taken: { rotate: 0, disable: 0, delete: 0 },
});

/** Accounts in which Keyturn has been at work for months, by the real workflow, up to the day before the measured run. */
export async function grownAccounts(users: number, say: (line: string) => void): Promise<readonly AccountData[]> {
  const accounts: AccountData[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    say(`account ${sample + 1} of ${SAMPLES} lives through ${DAYS_BEFORE} days`);
    const begins = RUN_AT - (DAYS_BEFORE + sample) * DAY;
    const data = newAccount(sample, users, begins, settings.policy.rotateAfterDays);
    for (let at = begins; at < RUN_AT; at += DAY) await sweepInstantly(data, at);
    accounts.push(data);
  }
  return accounts;
}

async function sweepInstantly(data: AccountData, at: Instant): Promise<void> {
  const time = new VirtualTime(at);
  const model = new CallModel(time, instant, { freeAt: 0 }, noUsage());
  const world = worldOf(data, model, settings);
  const sweeping = sweepAccount(world, messageFor(data.account, at), {
    holder: 'one',
    deadline: Number.POSITIVE_INFINITY,
  });
  const outcome = await time.passUntil(sweeping);
  if (outcome.kind !== 'finished' || outcome.tally.failed > 0)
    throw new Error(`A simulated sweep failed: ${JSON.stringify(outcome)}`);
}
