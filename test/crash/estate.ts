import { sweepMessage } from '../../lambda/adapters/sweep-message.ts';
import type { SweepMessage } from '../../lambda/contracts/messages.ts';
import type { Settings } from '../../lambda/contracts/settings.ts';
import { audienceOf, type HistoryEvent } from '../../lambda/domain/events.ts';
import { type AccessKeyId, type AccountId, parseRunId, type UserName } from '../../lambda/domain/ids.ts';
import { DAY, fromIso, type Instant, MINUTE, toIso } from '../../lambda/domain/time.ts';
import type { Sweep } from '../../lambda/ports.ts';
import { deliver } from '../../lambda/workflows/deliver.ts';
import type { DeliverWorld } from '../../lambda/workflows/deliver-reader.ts';
import { type NotifyWorld, notify } from '../../lambda/workflows/notify.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import type { SweepOutcome } from '../../lambda/workflows/sweep-part.ts';
import { someSettings } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { FakeLog } from '../support/fake-log.ts';
import type { Strike } from './fault.ts';
import { type Ending, endOf, type Line } from './line.ts';
import { type Observation, observe } from './observation.ts';
import type { Ports } from './ports.ts';

/** Day 0, at the hour of the daily run. */
const DAY_0: Instant = fromIso('2026-01-01T06:00:00.000Z');
export const onDay = (day: number): Instant => DAY_0 + day * DAY;

/** By when a lease, and the process that took it, are over. */
const LEASE_OVER = 16 * MINUTE;

/** By when a run's news is told. */
const QUIET = 15 * MINUTE;

/** What people do in an account. */
export interface Hands {
  addUser(name: string): Promise<UserName>;
  deleteUser(userName: UserName): Promise<void>;
  createKey(userName: UserName, ageDays: number): Promise<AccessKeyId>;
  deactivate(userName: UserName, keyId: AccessKeyId): Promise<void>;
  reactivate(userName: UserName, keyId: AccessKeyId): Promise<void>;
  deleteKey(userName: UserName, keyId: AccessKeyId): Promise<void>;
  useKey(keyId: AccessKeyId): Promise<void>;
}

/** Some accounts living through days under the real workflows. What the world is made of is up to its subclass. */
export abstract class Estate {
  readonly clock: FakeClock = new FakeClock(toIso(DAY_0));
  readonly ids: FakeIds = new FakeIds();
  readonly log: FakeLog = new FakeLog();
  settings: Settings;
  /** Messages that nobody has worked off: their process died or failed, or they were just sent. */
  pending: SweepMessage[] = [];
  /** Milliseconds that a process may take before it hands the rest to the next part. */
  timeToLive: number = Number.POSITIVE_INFINITY;
  /** Milliseconds that each call of a process takes. */
  callTakes = 0;
  /** While false the stream stands still. */
  tellsPeople = true;
  /** Keys that people made, by what the stories call them. */
  readonly labels: Map<AccessKeyId, string> = new Map();
  readonly #accounts: readonly AccountId[];
  #started = 0;

  constructor(accounts: readonly AccountId[]) {
    this.#accounts = accounts;
    const [hub] = accounts;
    this.settings = someSettings(hub === undefined ? {} : { hub });
  }

  /** The world itself, without a line in between. */
  abstract readonly ports: Ports;
  /** The way to it of whoever only looks. */
  get eyes(): Pick<Ports, 'openAccount' | 'state' | 'history'> {
    return this.ports;
  }
  /** The users who are in the situation that a story is about. */
  abstract readonly victims: readonly string[];
  abstract hands(account?: AccountId): Hands;
  /** What the queue took since it was last asked. */
  abstract takeQueued(): readonly Sweep[];
  /** Sets the world's clock and the workers'. */
  abstract goTo(at: Instant): Promise<void>;
  /** A process' line to this world. `afterEffect` runs when a call has changed something, before anything else happens. */
  abstract line(strike?: Strike, afterEffect?: () => Promise<void>): Line;
  /** While set, IAM's report stays as it is: AWS makes a new one every four hours only. */
  abstract freezeReport(frozen: boolean): void;
  /** Where, since it was last asked, a secret access key has come that has no business there. */
  abstract secretsLeft(now: Observation): readonly string[];

  get accounts(): readonly AccountId[] {
    return this.#accounts;
  }

  /** The account of stories that play in one. */
  get account(): AccountId {
    const [account] = this.#accounts;
    if (account === undefined) throw new Error('the estate has no account');
    return account;
  }

  async addKey(userName: UserName, ageDays: number, account: AccountId = this.account): Promise<AccessKeyId> {
    const keyId = await this.hands(account).createKey(userName, ageDays);
    this.labels.set(keyId, `by-hand-${[...this.labels].length + 1}`);
    return keyId;
  }

  message(day: number, account: AccountId = this.account): SweepMessage {
    const at = toIso(onDay(day));
    const taken = { rotate: 0, disable: 0, delete: 0 };
    const runId = parseRunId(`run-${at.slice(0, 10)}`);
    return { schema: 1, runId, account, now: at, mode: this.settings.mode, part: 1, taken };
  }

  /** Puts that day's message on the queue, and works the queue off; then notices go out. */
  async sweepOn(day: number, line?: Line): Promise<Ending> {
    await this.goTo(onDay(day) + 7_000);
    this.pending = this.#accounts.map((account) => this.message(day, account));
    return this.workOff(line);
  }

  /** The queue brings what was not worked off once more, when the lease of whoever had it is over. */
  async redeliver(): Promise<Ending> {
    await this.goTo(this.clock.now() + LEASE_OVER);
    return this.workOff();
  }

  /** Brings what was put on the queue since to those that work it off. */
  collect(): void {
    this.pending = [...this.pending, ...this.takeQueued().map(sweepMessage)];
  }

  /** Works off the queue until it is empty or a process fails. */
  async workOff(line?: Line): Promise<Ending> {
    const answers: unknown[] = [];
    for (;;) {
      const [message, ...rest] = this.pending;
      if (message === undefined) break;
      const ending = await this.#work(message, line);
      const queued = this.takeQueued().map(sweepMessage);
      this.pending = [...(typeof ending === 'object' && 'answered' in ending ? [] : [message]), ...rest, ...queued];
      if (ending === 'died' || 'threw' in ending) {
        await this.deliver();
        return ending;
      }
      answers.push(ending.answered);
    }
    await this.deliver();
    return { answered: answers };
  }

  #work(message: SweepMessage, line?: Line): Promise<Ending> {
    this.#started += 1;
    const { clock, ids, log, settings } = this;
    const world = { ...(line?.through(this.ports) ?? this.ports), clock, ids, log, settings };
    const invocation = { holder: `process-${this.#started}`, deadline: clock.now() + this.timeToLive };
    const sweep = sweepAccount(world, message, invocation);
    return line === undefined ? endOf(sweep) : line.endOf(sweep);
  }

  /** What `notify` is to be brought: everything that somebody is to be told and nobody was. */
  async untold(): Promise<readonly HistoryEvent[]> {
    const history: HistoryEvent[] = [];
    for (const account of this.#accounts) {
      for await (const event of this.ports.history.query({ by: { kind: 'account', account } })) history.push(event);
    }
    const told = new Set(history.flatMap((event) => (event.type === 'notice-delivered' ? event.details.about : [])));
    return history.filter((event) => audienceOf(event) !== 'nobody' && !told.has(event.id));
  }

  /** The stream brings `notify` what is new, and when it is quiet it is told. */
  async deliver(): Promise<void> {
    if (!this.tellsPeople) return;
    await notify(this.tellingWorld(), await this.untold());
    await this.tick(this.tellingWorld());
  }

  /** A tick of `deliver` when the news of a run is quiet. Answers with what was due and could not be told. */
  async tick(world: DeliverWorld): Promise<readonly unknown[]> {
    await this.goTo(this.clock.now() + QUIET);
    this.#started += 1;
    const delivered = await deliver(world, {
      holder: `process-${this.#started}`,
      deadline: this.clock.now() + this.timeToLive,
    });
    return delivered.kind === 'busy' ? [delivered] : [...delivered.untold, ...delivered.failed];
  }

  tellingWorld(line?: Line): NotifyWorld & DeliverWorld {
    const { history, owners, outbox, sns, slack, operators } = line?.through(this.ports) ?? this.ports;
    const { clock, ids, log } = this;
    return { history, owners, outbox, channels: { sns, slack, 'operators-topic': operators }, clock, ids, log };
  }

  observe(): Promise<Observation> {
    return observe(this.eyes, this.#accounts, { at: this.clock.now(), runId: parseRunId('run-look') });
  }
}

/** Whether a process' end tells that something went wrong. */
export function isLoud(end: Ending): boolean {
  if (end === 'died' || 'threw' in end) return true;
  const outcomes = end.answered as readonly SweepOutcome[];
  return outcomes.some((outcome) => outcome.kind === 'no-access' || outcome.tally.failed > 0);
}
