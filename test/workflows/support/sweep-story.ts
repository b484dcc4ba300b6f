import type { SweepMessage } from '../../../lambda/contracts/messages.ts';
import type { Settings } from '../../../lambda/contracts/settings.ts';
import type { SweepTally } from '../../../lambda/domain/events.ts';
import { audienceOf, type HistoryEvent } from '../../../lambda/domain/events.ts';
import { type AccessKeyId, parseRunId, type UserName } from '../../../lambda/domain/ids.ts';
import { secretNameOf } from '../../../lambda/domain/secret-name.ts';
import { DAY, fromIso, type Instant, toIso } from '../../../lambda/domain/time.ts';
import type { MemberAccount } from '../../../lambda/ports.ts';
import { accountEvent } from '../../../lambda/workflows/account-event.ts';
import { sweepAccount } from '../../../lambda/workflows/sweep-account.ts';
import type { SweepWorld } from '../../../lambda/workflows/sweep-part.ts';
import { ACCOUNT, someSettings } from '../../support/builders.ts';
import { Calls } from '../../support/calls.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeIam } from '../../support/fake-iam.ts';
import { FakeIds } from '../../support/fake-ids.ts';
import { FakeLedger } from '../../support/fake-ledger.ts';
import { FakeLog } from '../../support/fake-log.ts';
import { FakeOwners } from '../../support/fake-owners.ts';
import { FakeProver } from '../../support/fake-prover.ts';
import { FakeQueue } from '../../support/fake-queue.ts';
import { FakeSecrets } from '../../support/fake-secrets.ts';

/** Day 0 of every story, at the hour of the daily run. */
export const DAY_0: Instant = fromIso('2026-01-01T06:00:00.000Z');
export const onDay = (day: number): Instant => DAY_0 + day * DAY;

/** One account living through days, swept once a day by the real workflow over fakes. */
export class SweepStory {
  readonly calls: Calls = new Calls();
  readonly clock: FakeClock = new FakeClock(toIso(DAY_0));
  readonly ids: FakeIds = new FakeIds();
  readonly iam: FakeIam = new FakeIam(this.clock, ACCOUNT, this.calls);
  readonly secrets: FakeSecrets = new FakeSecrets(this.calls);
  readonly queue: FakeQueue = new FakeQueue(this.calls);
  readonly owners: FakeOwners = new FakeOwners(this.calls);
  readonly ledger: FakeLedger = new FakeLedger(this.calls, this.owners);
  readonly log: FakeLog = new FakeLog();
  settings: Settings = someSettings();
  /** While false nobody can be told anything. */
  deliverNotices = true;
  #sweeps = 0;

  get world(): SweepWorld {
    const { iam, secrets, ledger, owners, queue, ids, clock, log, settings } = this;
    const prover = new FakeProver(iam, this.calls);
    const member: MemberAccount = { iam, secrets, prover, region: 'eu-central-1' };
    const openAccount = async () => member;
    const tables = { state: ledger, journal: ledger, history: ledger, owners };
    return { openAccount, ...tables, queue, ids, clock, log, settings };
  }

  message(at: Instant = this.clock.now()): SweepMessage {
    const taken = { rotate: 0, disable: 0, delete: 0 };
    const runId = parseRunId(`run-${toIso(at).slice(0, 10)}`);
    return { schema: 1, runId, account: ACCOUNT, now: toIso(at), mode: this.settings.mode, part: 1, taken };
  }

  /** Sweeps on that day, a little after the hour at which the run was scheduled, as real workers do. */
  async sweepOn(day: number): Promise<SweepTally> {
    this.clock.set(onDay(day) + 7_000);
    this.#sweeps += 1;
    const invocation = { holder: `invocation-${this.#sweeps}`, deadline: Number.POSITIVE_INFINITY };
    const outcome = await sweepAccount(this.world, this.message(onDay(day)), invocation);
    if (this.deliverNotices) await this.deliver();
    if (outcome.kind === 'no-access') throw new Error('the account could not be entered');
    return outcome.tally;
  }

  async liveThrough(from: number, to: number): Promise<void> {
    for (let day = from; day <= to; day += 1) await this.sweepOn(day);
  }

  /** What `notify` does: a receipt for everything that somebody is to be told, or for some of it. */
  async deliver(some: (event: HistoryEvent) => boolean = () => true): Promise<void> {
    const told = new Set(this.ledger.eventsOf('notice-delivered').flatMap((receipt) => receipt.details.about));
    for (const event of this.ledger.events()) {
      if (audienceOf(event) === 'nobody' || told.has(event.id) || event.userName === undefined || !some(event))
        continue;
      const { userName, account, runId = parseRunId('run-none') } = event;
      const details = { about: [event.id], channel: 'sns', to: 'operators' } as const;
      const receipt = accountEvent(this.world, { account, runId }, 'notice-delivered', details);
      await this.ledger.append([{ ...receipt, userName }]);
    }
  }

  /** A user with one key of that age on day 0. */
  userWithKey(name: string, ageDays: number): { readonly userName: UserName; readonly keyId: AccessKeyId } {
    const { userName } = this.iam.addUser(name);
    return { userName, keyId: this.iam.createKeyByHand(userName, { createdAt: DAY_0 - ageDays * DAY }) };
  }

  /** Days on which events of this type happened to the key. */
  daysOf(type: HistoryEvent['type'], keyId: AccessKeyId): readonly number[] {
    return this.ledger
      .events()
      .filter((event) => event.type === type && event.keyId === keyId)
      .map((event) => Math.floor((fromIso(event.time) - DAY_0) / DAY));
  }

  /** The types of the user's events, oldest first, without receipts. */
  typesOf(userName: UserName): readonly string[] {
    return this.ledger
      .events()
      .filter((event) => event.userName === userName && event.type !== 'notice-delivered')
      .map((event) => event.type);
  }

  /** The key IDs that the user has now, with their status. */
  async keysOf(userName: UserName): Promise<readonly { readonly keyId: AccessKeyId; readonly status: string }[]> {
    return (await this.iam.keys(userName)).map(({ keyId, status }) => ({ keyId, status }));
  }

  /** What the owner reads as its current secret access key. */
  fetched(userName: UserName): string | undefined {
    const arn = `arn:aws:iam::${ACCOUNT}:user/${userName}`;
    return this.secrets.fetchAs(arn, secretNameOf(ACCOUNT, userName));
  }
}
