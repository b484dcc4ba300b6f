import type { HistoryEvent } from '../events.ts';
import type { AccountId, EventId } from '../ids.ts';
import { Past } from '../past/past.ts';
import { instantOf } from '../past/recorded-time.ts';
import { type Instant, type IsoTime, toIso } from '../time.ts';
import { controlsOf } from './controls.ts';
import { type Coverage, CoverageFold } from './coverage.ts';
import { DisablingsFold } from './disablings.ts';
import { lateStep, overdueSteps } from './late.ts';
import { LIMIT_DAYS } from './limits.ts';
import type { Basis, ChainHead, Figures, KeyRow, LateRow, ReportModel, RotationRow, Series } from './model.ts';
import { isWithin, rotationRow, type Span } from './rotations.ts';
import { exemptionRows, keyRows, PoliciesFold } from './rows.ts';
import { RunsFold } from './runs.ts';
import { AdoptionFold, agesAt, deadlinesFrom, sampleTimes, statesAt } from './series.ts';

/**
 * The evidence report of one period. It is given history oldest first, from before the period on, so that what was there
 * at its beginning is known; it holds what keys, exemptions and runs need, and nothing per event.
 */
export class ReportFold {
  readonly #period: Span;
  readonly #past: Past;
  readonly #runs = new RunsFold();
  readonly #coverage: CoverageFold;
  readonly #disablings = new DisablingsFold();
  readonly #policies = new PoliciesFold();
  readonly #adoption = new AdoptionFold();
  readonly #late: LateRow[] = [];
  readonly #states: Series['states'][number][] = [];
  readonly #samples: Instant[];
  readonly #rootKeys = new Set<AccountId>();
  readonly #counts = { rotated: 0, disabled: 0, deleted: 0, observed: 0, noticesDelivered: 0, noticesFailed: 0 };
  #events = 0;
  #first: EventId | undefined;
  #last: EventId | undefined;
  #readFrom: Instant | undefined;

  constructor(period: Span) {
    this.#period = period;
    this.#past = new Past(period.from);
    this.#coverage = new CoverageFold(period);
    this.#samples = [...sampleTimes(period)];
  }

  /** Takes the next event; one from the period's end on is none of its business. */
  add(event: HistoryEvent): void {
    const at = instantOf(event.time);
    if (at >= this.#period.to) return;
    this.#readFrom ??= at;
    this.#sampleUntil(at);
    const inPeriod = at >= this.#period.from;
    this.#runs.add(event, inPeriod);
    if (inPeriod) this.#count(event, at);
    this.#past.add(event);
    this.#coverage.add(event, this.#past);
    if (inPeriod) this.#disablings.add(event, this.#past);
  }

  /** Whether history had anything at all to say of the time before the period's end. */
  get isEmpty(): boolean {
    return this.#readFrom === undefined;
  }

  /** `head`: the newest seal of history when it was read. */
  model(writtenAt: Instant, head?: ChainHead): ReportModel {
    const period = this.#period;
    const past = this.#past;
    this.#sampleUntil(period.to);
    const coverage = this.#coverage.coverage();
    // Nobody judges days before there was a Keyturn.
    const scope = { ...period, from: coverage.scopeFrom ?? period.from };
    const keys = keyRows(past, scope);
    const rotations = [...past.keys.values()]
      .map((key) => rotationRow(key, period))
      .filter((row) => row !== undefined)
      .sort((a, b) => (a.begunAt < b.begunAt ? -1 : 1));
    const exemptions = exemptionRows(past, period, keys);
    const lateSteps = [...this.#late, ...overdueSteps(past, this.#runs, period.to)];
    const runs = this.#runs.rows();
    const basis = { ...this.#basis(keys, coverage), ...(head && { head }) };
    const disablings = this.#disablings.rows();
    return {
      schema: 1,
      period: { from: toIso(period.from), to: toIso(period.to) },
      writtenAt: toIso(writtenAt),
      basis,
      figures: this.#figures(keys, coverage),
      controls: controlsOf({
        past,
        period: scope,
        coverage,
        disablings,
        lateSteps,
        exemptions,
        runs,
        swept: this.#runs.swept,
      }),
      keys,
      rotations,
      exemptions,
      runs,
      lateSteps,
      policies: this.#policies.rows(),
      series: {
        ages: agesAt(past, period.to),
        limitDays: LIMIT_DAYS,
        states: this.#states,
        deadlines: deadlinesFrom(past, period.to),
        adoption: this.#adoption.bars(unusedSuccessors(rotations, period)),
      },
    };
  }

  #sampleUntil(at: Instant): void {
    for (let next = this.#samples[0]; next !== undefined && next <= at; next = this.#samples[0]) {
      this.#states.push(statesAt(this.#past, next));
      this.#samples.shift();
    }
  }

  #count(event: HistoryEvent, at: Instant): void {
    const counts = this.#counts;
    this.#events += 1;
    this.#first ??= event.id;
    this.#last = event.id;
    const late = lateStep(this.#past, this.#runs, event, at);
    if (late !== undefined) this.#late.push(late);
    const pretended = event.mode === 'observe';
    switch (event.type) {
      case 'key-replaced':
        counts[pretended ? 'observed' : 'rotated'] += 1;
        return;
      case 'key-disabled':
        if (event.details.by === 'keyturn') counts[pretended ? 'observed' : 'disabled'] += 1;
        return;
      case 'key-deleted':
        if (event.details.by === 'keyturn') counts[pretended ? 'observed' : 'deleted'] += 1;
        return;
      case 'key-adopted': {
        const published = event.keyId && this.#past.keys.get(event.keyId)?.created?.at;
        if (published !== undefined) this.#adoption.add(published, instantOf(event.details.lastUse.at));
        return;
      }
      case 'notice-delivered':
        counts.noticesDelivered += 1;
        return;
      case 'notice-failed':
        counts.noticesFailed += 1;
        return;
      case 'root-key-seen':
        this.#rootKeys.add(event.account);
        return;
      case 'sweep-finished':
        this.#policies.add(event, at);
        return;
      default:
        return;
    }
  }

  #figures(keys: readonly KeyRow[], { accounts }: Coverage): Figures {
    return {
      accounts: accounts.length,
      users: new Set(keys.map(({ account, userName }) => `${account}/${userName}`)).size,
      keys: keys.length,
      activeKeys: keys.filter(({ status }) => status === 'Active').length,
      ...this.#counts,
      rootKeysSeen: [...this.#rootKeys],
    };
  }

  #basis(keys: readonly KeyRow[], coverage: Coverage): Basis {
    const { accounts, scopeFrom, daysWithoutRun, holes, withoutInventory, unread } = coverage;
    const taken = accounts.flatMap((account) => this.#past.accounts.get(account)?.inventory?.startedAt ?? []);
    const oldest = taken.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
    return {
      eventsInPeriod: this.#events,
      ...(this.#first && { firstEvent: this.#first }),
      ...(this.#last && { lastEvent: this.#last }),
      readFrom: toIso(Math.min(this.#readFrom ?? this.#period.from, this.#period.from)),
      inventoried: taken.length,
      ...(taken.length > 0 && { oldestInventory: toIso(oldest) }),
      withoutInventory,
      ...(scopeFrom !== undefined && { scopeFrom: toIso(scopeFrom) }),
      daysWithoutRun,
      notKnown: holes.map(inWords),
      unreadUsers: unread.map(inWords),
      keysOfUnknownAge: keys.filter(({ createdAt }) => createdAt === undefined).length,
    };
  }
}

const inWords = <T extends Span>(span: T): Omit<T, 'from' | 'to'> & Record<'from' | 'to', IsoTime> => ({
  ...span,
  from: toIso(span.from),
  to: toIso(span.to),
});

const unusedSuccessors = (rotations: readonly RotationRow[], period: Span): number =>
  rotations.filter(
    ({ why, disabledAt, adoptedAt }) =>
      why === 'rotated' &&
      disabledAt !== undefined &&
      adoptedAt === undefined &&
      isWithin(period, instantOf(disabledAt)),
  ).length;
