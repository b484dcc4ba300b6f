import type { SweepMessage } from '../contracts/messages.ts';
import type { Settings } from '../contracts/settings.ts';
import type { SweepTally } from '../domain/events.ts';
import type { AccountPlan, UserPlan } from '../domain/plan.ts';
import { figuresOf, type SweepFigures } from '../domain/sweep-figures.ts';
import { fromIso, type Instant } from '../domain/time.ts';
import {
  type Clock,
  type History,
  type Ids,
  type Journal,
  type Log,
  type MemberAccount,
  NoAccessError,
  type OpenAccount,
  type Owners,
  type State,
  type Sweep as Sweeping,
  type SweepQueue,
} from '../ports.ts';
import { accountEvent } from './account-event.ts';
import { type Allowance, readSoFar, type SoFar, spareOf, touchesKeys } from './allowance.ts';
import { forgetEnds } from './forget-ends.ts';
import { inParallel } from './in-parallel.ts';
import { inventoryTaken } from './inventory-taken.ts';
import { messageOf } from './message-of.ts';
import { planAccount } from './plan-account.ts';
import { type Pace, progressOf } from './plan-due.ts';
import { type FailureCounts, failedEarly, failureCounts, outcomesOf, retiredForGood, takenBy } from './sweep-counts.ts';
import { hasWork, sweepUser, tallyOf, type UserResult } from './sweep-user.ts';
import { refuseStray, refuseUnasked, takeOff } from './take-off-requests.ts';
import type { Keeping } from './user-reader.ts';

export interface SweepWorld {
  readonly openAccount: OpenAccount;
  readonly state: State;
  readonly journal: Journal;
  readonly history: History;
  readonly owners: Pick<Owners, 'exemptions' | 'requests' | 'deleteRequest'>;
  /** Takes the rest of a sweep that runs out of time. */
  readonly queue: SweepQueue;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
}

/** The invocation's time is nearly up; what is left goes to the next part. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/** `no-access`: the member role could not be assumed; that is on record, and trying again soon would not help. */
export type SweepOutcome =
  | {
      readonly kind: 'finished' | 'continued';
      readonly tally: SweepTally;
      /** Failures of this part by what was being done. */
      readonly failedAt: FailureCounts;
      /** Keys that this part saw go without a successor. */
      readonly retiredForGood: number;
      /** How the account stands; absent as long as part of it is still to be swept. */
      readonly figures?: SweepFigures;
    }
  | { readonly kind: 'no-access' };

/** More parts than any account needs: a sweep that never comes to its end is to be looked at by people. */
const MOST_PARTS = 200;

/** What one invocation does of an account's sweep. */
export class SweepPart {
  readonly #world: SweepWorld;
  readonly #message: SweepMessage;
  readonly #deadline: Instant;
  /** Set when something is left to do. */
  #next: Pick<Sweeping, 'taken' | 'after' | 'again'> | undefined;
  /** None left until somebody asks: then nothing is to be done that counts. */
  #soFar: SoFar = { left: { rotate: 0, disable: 0, delete: 0 }, failed: new Set() };

  constructor(world: SweepWorld, message: SweepMessage, deadline: Instant) {
    this.#world = world;
    this.#message = message;
    this.#deadline = deadline;
  }

  async run(now: Instant): Promise<SweepOutcome> {
    const { account, runId } = this.#message;
    const member = await this.#world.openAccount(account, runId);
    const plan = await this.#plan(member, now);
    if (plan === undefined) return this.#conclude('continued', emptyTally, [], this.#progress);
    await this.#reportRootKeys(plan);
    const { done, undone } = await this.#carryOut(member, plan);
    await this.#answerList(plan);
    if (undone.length > 0 || plan.isPartial) {
      return this.#conclude(
        'continued',
        tallyOf(plan),
        done,
        progressOf({ plan, undone, failed: failedEarly(done) }, this.#progress),
      );
    }
    const outcome = await this.#conclude('finished', tallyOf(plan), done);
    return { ...outcome, figures: figuresOf(plan, this.#world.settings.policy, done.map(takenBy)) };
  }

  /** Undefined: there was not enough time to read the account; what was read is kept for the next part. */
  async #plan(member: MemberAccount, now: Instant): Promise<AccountPlan | undefined> {
    const { account } = this.#message;
    const { settings, log, history } = this.#world;
    const allowance = async (): Promise<Allowance> => {
      this.#soFar = await readSoFar(history, this.#message, settings.policy.maxStepsPerSweep);
      return this.#soFar.left;
    };
    try {
      const warn: Log['warn'] = (words, details) => log.warn(words, details);
      const effort = { keeping: this.#keeping(), checkTime: this.#checkTime, pace: this.#pace(), warn };
      const { part, now: dueAt } = this.#message;
      const since = part > 1 ? { since: fromIso(dueAt) } : {};
      const request = { account, now, settings, allowance, ...since, ...effort };
      return await planAccount({ ...this.#world, member }, request);
    } catch (error) {
      if (error instanceof OutOfTimeError) return undefined;
      throw error;
    }
  }

  /** Half of the time that is left is for looking at users, the other half for what is found to do. */
  #pace(): Pace {
    let until: Instant | undefined;
    const isEnough = () => {
      const now = this.#world.clock.now();
      until ??= now + (this.#deadline - now) / 2;
      return now >= until;
    };
    return { isEnough, ...this.#progress };
  }

  /** How far earlier parts have come. */
  get #progress(): Pick<Pace, 'after' | 'again'> {
    const { after, again } = this.#message;
    return { ...(after && { after: { ...after, createdAt: fromIso(after.createdAt) } }), ...(again && { again }) };
  }

  /** The results of users with something to do, and those that time did not allow. */
  async #carryOut(
    member: MemberAccount,
    plan: AccountPlan,
  ): Promise<{ readonly done: readonly UserResult[]; readonly undone: readonly UserPlan[] }> {
    const { runId } = this.#message;
    const world = { ...this.#world, member, spare: spareOf(this.#soFar.left, plan.users) };
    const work = plan.users.filter((user) => hasWork(user) && !this.#hasFailed(user));
    // On record before anything is done: whoever's keys may change is read again next time, whatever the report says.
    const changing = world.settings.mode === 'enforce' ? work.filter(touchesKeys) : [];
    if (changing.length > 0) {
      await this.#keeping().remember(changing.map(({ reading }) => ({ ...reading, fingerprint: '' })));
    }
    const undone: UserPlan[] = [];
    // A rotation mostly waits for its new key to work.
    const results = await inParallel(work, async (user) => {
      if (!this.#isOutOfTime()) return sweepUser(world, { runId, now: plan.now }, user);
      undone.push(user);
      return undefined;
    });
    await forgetEnds(this.#keeping(), work, results);
    return { done: results.filter((result) => result !== undefined), undone };
  }

  /** What needs no user: its answer is on record, or certain. */
  async #answerList({ answered = [], unasked = [], stray = [] }: AccountPlan): Promise<void> {
    await takeOff(this.#world, answered);
    await refuseUnasked(this.#world, this.#message, unasked);
    await refuseStray(this.#world, this.#message, stray);
  }

  /**
   * Whose rotation failed in an earlier part waits for the next run, lest the parts go round in a circle. What is open in
   * the journal is not concerned: that is recovered as soon as its process is over.
   */
  #hasFailed(plan: UserPlan): boolean {
    if (plan.kind !== 'known' || !this.#soFar.failed.has(plan.user.userName)) return false;
    return plan.steps.some(({ kind }) => kind === 'rotate');
  }

  async #conclude(
    kind: 'finished' | 'continued',
    base: Omit<SweepTally, 'part' | 'steps' | 'failed' | 'failures'>,
    results: readonly UserResult[],
    progress: Pick<Pace, 'after' | 'again'> = {},
  ): Promise<Exclude<SweepOutcome, { kind: 'no-access' }>> {
    const { part, taken } = this.#message;
    const tally = { ...base, part, ...outcomesOf(results) };
    await this.#record(kind === 'finished' ? 'sweep-finished' : 'sweep-continued', tally);
    if (kind === 'continued') {
      if (part >= MOST_PARTS) throw new Error(`the sweep did not come to its end in ${part} parts`);
      this.#next = {
        taken: {
          rotate: taken.rotate + (tally.steps.rotate ?? 0),
          disable: taken.disable + (tally.steps.disable ?? 0),
          delete: taken.delete + (tally.steps.delete ?? 0),
        },
        ...progress,
      };
    }
    return {
      kind,
      tally,
      failedAt: failureCounts(results, tally.unreadRequests),
      retiredForGood: retiredForGood(results),
    };
  }

  /** After the lease is given back: the next part may begin at once. */
  async sendNextPart(): Promise<void> {
    if (this.#next === undefined) return;
    const { runId, account, now, mode, part } = this.#message;
    await this.#world.queue.sendAll([{ runId, account, now: fromIso(now), mode, part: part + 1, ...this.#next }]);
  }

  /** Never throws: the failure that is to be recorded matters more than that it could not be. */
  async recordFailure(cause: unknown): Promise<void> {
    const error = messageOf(cause);
    const reason = cause instanceof NoAccessError ? 'no-access' : 'failed';
    const { log, history } = this.#world;
    try {
      await history.append([accountEvent(this.#world, this.#message, 'sweep-failed', { reason, error })]);
    } catch (unrecorded) {
      log.error('a failed sweep could not be recorded in history', { error, unrecorded: messageOf(unrecorded) });
    }
  }

  async #reportRootKeys({ rootKeys = 0 }: AccountPlan): Promise<void> {
    if (rootKeys === 0 || this.#message.part > 1) return;
    const event = accountEvent(this.#world, this.#message, 'root-key-seen', { activeKeys: rootKeys });
    await this.#world.history.append([event]);
  }

  async #record(type: 'sweep-finished' | 'sweep-continued', tally: SweepTally): Promise<void> {
    await this.#world.history.append([accountEvent(this.#world, this.#message, type, tally)]);
  }

  #keeping(): Keeping {
    const { state, history } = this.#world;
    const { account } = this.#message;
    return {
      remember: (users) => state.remember(account, users),
      forget: (userNames) => state.forget(account, userNames),
      markFullSweep: (progress) => state.markFullSweep(account, progress),
      recordInventory: (found, startedAt) =>
        history.append(inventoryTaken(this.#world, this.#message, found, startedAt)),
    };
  }

  #isOutOfTime(): boolean {
    return this.#world.clock.now() >= this.#deadline;
  }

  readonly #checkTime = (): void => {
    if (this.#isOutOfTime()) throw new OutOfTimeError('no more is begun in this invocation');
  };
}

const emptyTally = { users: 0, keys: 0 };
