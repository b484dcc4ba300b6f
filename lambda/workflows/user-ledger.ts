import type { Settings } from '../contracts/settings.ts';
import type { EventDetails, EventType, HistoryEvent, Mode } from '../domain/events.ts';
import type { UserFacts } from '../domain/facts.ts';
import type { AccessKeyId, RunId, UserId } from '../domain/ids.ts';
import type { Request } from '../domain/requests.ts';
import { shadowOf } from '../domain/shadow.ts';
import { type Instant, toIso } from '../domain/time.ts';
import { blankTracking, RECORD_SCHEMA, type Shadow, type Tracking, type UserRecord } from '../domain/tracking.ts';
import { type Clock, ConflictError, type Ids, type Journal } from '../ports.ts';

export interface LedgerWorld {
  readonly journal: Journal;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** What every event of a sweep tells beside its own subject. */
export interface SweepContext {
  readonly runId: RunId;
  readonly now: Instant;
  readonly settings: Pick<Settings, 'mode' | 'policy'>;
  /** What people asked for about this user, as the list was read after the record. */
  readonly requests?: readonly Request[];
}

/**
 * One user's record during a sweep. Every change of it is written together with the events that tell it, on the
 * condition that nobody else wrote since; so what it holds is always what is stored.
 */
export class UserLedger {
  readonly user: UserFacts;
  readonly #world: LedgerWorld;
  readonly #context: SweepContext;
  #record: UserRecord | undefined;

  constructor(world: LedgerWorld, context: SweepContext, user: UserFacts, record: UserRecord | undefined) {
    this.#world = world;
    this.#context = context;
    this.#record = record;
    this.user = user;
  }

  get mode(): Mode {
    return this.#context.settings.mode;
  }

  get record(): UserRecord | undefined {
    return this.#record;
  }

  /** What the rules of this mode go by: in `observe` the shadow's tracking. */
  get tracking(): Tracking {
    return this.mode === 'observe' ? this.shadow.tracking : (this.#record?.tracking ?? blankTracking);
  }

  get shadow(): Shadow {
    return shadowOf(this.#record, this.user);
  }

  /** An event about this user, not yet written. */
  event<T extends EventType>(type: T, keyId: AccessKeyId | undefined, details: EventDetails[T]): HistoryEvent<T> {
    const { runId, settings } = this.#context;
    const at = this.#world.clock.now();
    const { account, userName, userId, path } = this.user;
    const { rotateAfterDays, disableAfterDays, deleteAfterDays } = settings.policy;
    return {
      id: this.#world.ids.event(at),
      time: toIso(at),
      runId,
      type,
      account,
      userName,
      userId,
      userPath: path,
      ...(keyId === undefined ? {} : { keyId }),
      actor: 'keyturn',
      mode: settings.mode,
      policy: { rotateAfterDays, disableAfterDays, deleteAfterDays },
      details,
      // The compiler does not see that `type` and `details` come from the same T.
    } as HistoryEvent<T>;
  }

  /** Writes what is tracked now, with its events. Throws ConflictError when another worker wrote first. */
  async write(tracking: Tracking, events: readonly HistoryEvent[]): Promise<void> {
    if (this.mode === 'observe') return this.writeShadow({ ...this.shadow, tracking }, events);
    await this.#commit({ ...this.#blank(this.user.userId), tracking }, events);
  }

  /** In `observe`: writes how the pretended world goes on. What is tracked of the real keys stays as it is. */
  async writeShadow(shadow: Shadow, events: readonly HistoryEvent[]): Promise<void> {
    const tracking = this.#record?.tracking ?? blankTracking;
    await this.#commit({ ...this.#blank(this.user.userId), tracking, shadow }, events);
  }

  /** Forgets what is tracked of a former user of this name. */
  async replaceUser(formerUserId: UserId): Promise<void> {
    const event = this.event('user-replaced', undefined, { formerUserId });
    const { answered } = this.#record?.tracking ?? blankTracking;
    const tracking = { ...blankTracking, ...(answered && { answered }) };
    await this.#commit({ ...this.#blank(this.user.userId), tracking }, [event]);
  }

  /** Forgets the user altogether: IAM no longer has it. */
  async close(event: HistoryEvent): Promise<void> {
    await this.#world.journal.commit({ before: this.#record, after: undefined, events: [event] });
    this.#record = undefined;
  }

  /**
   * Writes what failed, and what is tracked then; the record's version rises with it, so that it too is written by one
   * worker only. When another one wrote first, nothing is written: the sweep's own record tells of the failure all the same.
   */
  async writeFailure(event: HistoryEvent, tracking: Tracking = this.tracking): Promise<void> {
    try {
      await this.write(tracking, [event]);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  async #commit(record: UserRecord, events: readonly HistoryEvent[]): Promise<void> {
    const { tracking, shadow } = record;
    const pruned = shadow && { shadow: { ...shadow, tracking: this.#pruned(shadow.tracking) } };
    const after = { ...record, tracking: this.#pruned(tracking), ...pruned };
    await this.#world.journal.commit({ before: this.#record, after, events });
    this.#record = after;
  }

  /** Answers are remembered for as long as the request is on the list. */
  #pruned(tracking: Tracking): Tracking {
    const { answered, ...rest } = tracking;
    const { requests } = this.#context;
    if (answered === undefined || requests === undefined) return tracking;
    const kept = answered.filter((id) => requests.some((request) => request.id === id));
    return kept.length === 0 ? rest : { ...rest, answered: kept };
  }

  #blank(userId: UserId): Omit<UserRecord, 'tracking'> {
    const { account, userName } = this.user;
    return { schema: RECORD_SCHEMA, account, userName, userId, version: (this.#record?.version ?? 0) + 1 };
  }
}
