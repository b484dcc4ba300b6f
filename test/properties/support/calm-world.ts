import type { EventDetails, EventType, HistoryEvent } from '../../../lambda/domain/events.ts';
import type { LastUse } from '../../../lambda/domain/facts.ts';
import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import type { Policy } from '../../../lambda/domain/policy.ts';
import { type Instant, toIso } from '../../../lambda/domain/time.ts';
import { anEvent, anExemption, aPolicy, eventId, RUN } from '../../support/builders.ts';
import { sampleDetails } from '../../support/sample-details.ts';
import { Account } from './account.ts';
import { onDay } from './calendar.ts';
import type { Knowledge } from './knowledge.ts';
import { Process } from './process.ts';
import type { Story } from './story.ts';
import { Watch } from './watch.ts';

const policy: Policy = aPolicy();
const key = { ageDays: 400, status: 'Active' } as const;
const story: Story = {
  policy,
  mode: 'enforce',
  users: [{ reach: 'mail', keys: [key, key] }],
  days: 60,
  happenings: [],
  runHour: 6,
  lagSeconds: 0,
  oldReports: false,
  comesAgainAfter: 1,
  leases: true,
};

/** Ada's older key was announced on day 0 to be disabled on day 10; this is the run of some later day. */
export class CalmWorld {
  readonly account = new Account(story);
  readonly watch = new Watch(this.account);
  readonly userName = this.account.names[0] as UserName;
  readonly keyId = this.account.firstKeysOf(this.userName)[0] as AccessKeyId;
  #events = 0;

  constructor() {
    this.tell('retirement-started', 0, { disableAt: toIso(onDay(10, 6)), deleteAt: toIso(onDay(20, 6)) });
  }

  /** On record on that day, and told to somebody. */
  tell<T extends EventType>(type: T, day: number, details: Partial<EventDetails[T]> = {}, delivered = true): this {
    this.#events += 1;
    const time = onDay(day, 6);
    const id = eventId(time, this.#events);
    const head = { id, time: toIso(time), keyId: this.keyId, userName: this.userName, mode: 'enforce' } as const;
    const event = anEvent(type, { ...head, details: { ...bare(type), ...details } } as never);
    const receipt = { about: [id], channel: 'sns', to: 'operators' } as const;
    const told = anEvent('notice-delivered', { ...head, id: eventId(time, this.#events + 500), details: receipt });
    void this.account.ledger.append(delivered ? [event, told] : [event]);
    return this;
  }

  /** Undisturbed sweeps of these days found her exempt. */
  exemptOn(...days: readonly number[]): this {
    const match = { kind: 'user', userName: this.userName } as const;
    for (const day of days) {
      const startedAt = onDay(day, 6);
      const knowledge = { ...this.#knowing(startedAt), exemptions: [anExemption({ match, expiresAt: onDay(300) })] };
      const process = new Process('worker', this.account.clock, { before: () => undefined } as never);
      const value = { kind: 'finished', tally: { failed: 0 } } as never;
      this.watch.worked({ process, knowledge, startedAt, ended: { kind: 'returned', value } });
    }
    return this;
  }

  disableOn(
    day: number,
    more: Partial<Knowledge> & { readonly lastUse?: LastUse; readonly late?: Instant } = {},
  ): void {
    this.#act('iam.disableKey', 'disable-intended', day, more);
  }

  deleteOn(day: number, more: Partial<Knowledge> & { readonly late?: Instant } = {}): void {
    this.account.lastListedActive.set(this.keyId, onDay(10, 6));
    this.account.iam.deactivate(this.keyId);
    this.#act('iam.deleteKey', 'delete-intended', day, more);
  }

  #act(
    call: 'iam.disableKey' | 'iam.deleteKey',
    intent: 'disable-intended' | 'delete-intended',
    day: number,
    { lastUse, late = 0, ...more }: Partial<Knowledge> & { readonly lastUse?: LastUse; readonly late?: Instant },
  ): void {
    const now = onDay(day, 6);
    this.account.clock.set(now + late);
    this.tell(intent, day, {}, false);
    const lastUses = new Map(lastUse && [[this.keyId, lastUse]]);
    const listed = new Map([[this.userName, this.account.keysOf(this.userName)]]);
    this.watch.look({ ...this.#knowing(now), listed, lastUses, ...more }, call, [this.userName, this.keyId]);
  }

  #knowing(now: Instant): Knowledge {
    const heard = { exemptions: [], listed: new Map(), lastUses: new Map(), deleted: new Set(), made: new Set() };
    return { runId: RUN, mode: 'enforce', policy, now, ...heard } as Knowledge;
  }
}

/** As in the samples, without what is there only sometimes. */
function bare(type: EventType): HistoryEvent['details'] {
  if (type === 'retirement-started') return { why: 'both-due', deleteAt: toIso(onDay(20, 6)) };
  if (type === 'key-disabled') return { by: 'keyturn', why: 'both-due', deleteAt: toIso(onDay(20, 6)) };
  const { held: _, ...stillUsed } = sampleDetails['key-still-used'];
  return type === 'key-still-used' ? stillUsed : sampleDetails[type];
}
