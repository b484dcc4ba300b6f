import type { EventDetails, EventHead, EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import { parseExemptionId, parseOwnerId, parseRunId, parseUserName, type RunId } from '../../lambda/domain/ids.ts';
import type { ReportModel } from '../../lambda/domain/report/model.ts';
import { ReportFold } from '../../lambda/domain/report/report.ts';
import {
  ACCOUNT,
  anAccountEvent,
  anEvent,
  at,
  eventId,
  keyId,
  OTHER_ACCOUNT,
  USER,
  userId,
} from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';

/** The month that these tests are about. */
export const OCTOBER = { from: at('2026-10-01'), to: at('2026-11-01') };
export const WRITTEN = at('2026-11-02T09:47:00.000Z');

/** Details of which some are set otherwise than in the sample, and some (`undefined`) not at all. */
type Laid<T extends EventType> = { readonly [K in keyof EventDetails[T]]?: EventDetails[T][K] | undefined };

/** Events in any order. */
export type Told = readonly (HistoryEvent | readonly HistoryEvent[])[];

let made = 0;

/** An event at that time about key `key` of the usual user; given details are laid over the sample's. */
export function told<T extends EventType>(
  time: string,
  type: T,
  key: number,
  details: Laid<T> = {},
  head: Partial<EventHead> = {},
): HistoryEvent {
  made += 1;
  const full = iso(time);
  const both = laid(type, details);
  return anEvent(type, { time: full, id: eventId(at(full), made), keyId: keyId(key), details: both, ...head } as never);
}

/** The sample's details with these laid over; what is undefined is taken away. */
function laid<T extends EventType>(type: T, details: Laid<T>) {
  const both = { ...sampleDetails[type], ...details };
  for (const [name, value] of Object.entries(both)) if (value === undefined) delete both[name as keyof typeof both];
  return both;
}

/** The same about no user. */
export function toldOfAccount<T extends EventType>(
  time: string,
  type: T,
  details: Laid<T> = {},
  head: Partial<EventHead> = {},
): HistoryEvent {
  made += 1;
  const full = iso(time);
  const overrides = {
    time: full,
    id: eventId(at(full), made),
    details: laid(type, details),
    ...head,
  };
  return anAccountEvent(type, overrides as never);
}

export const iso = (time: string): string => new Date(time.includes('T') ? `${time}Z` : `${time}T06:00Z`).toISOString();

/** The receipt of an event's notice. */
export const receiptOf = (event: HistoryEvent, time: string, to = 'payments'): HistoryEvent => {
  const reader = to === 'operators' ? ('operators' as const) : parseOwnerId(to);
  return told(time, 'notice-delivered', 1, { about: [event.id], channel: 'slack', to: reader });
};

export interface ListedKey {
  readonly key: number;
  readonly created: string;
  readonly status?: 'Active' | 'Inactive';
  readonly user?: string;
}

/** An inventory that lists these keys of the account. */
export function inventory(time: string, keys: readonly ListedKey[], head: Partial<EventHead> = {}): HistoryEvent {
  const byUser = Map.groupBy(keys, ({ user = USER }) => user);
  const users = [...byUser].map(([name, own], n) => ({
    userName: parseUserName(name),
    userId: userId(n + 1),
    keys: own.map(({ key, created, status = 'Active' }) => ({ keyId: keyId(key), createdAt: iso(created), status })),
  }));
  return toldOfAccount(
    time,
    'inventory-taken',
    { part: { number: 1, of: 1 }, startedAt: iso(time), users, unread: [] },
    head,
  );
}

const runOf = (time: string): RunId => parseRunId(`run-${time.slice(0, 10)}`);

/** A run over both accounts, and the sweeps that came to their end. */
export function run(
  time: string,
  swept: readonly (typeof ACCOUNT)[] = [ACCOUNT, OTHER_ACCOUNT],
  expectedAccounts: readonly (typeof ACCOUNT)[] = [ACCOUNT, OTHER_ACCOUNT],
): HistoryEvent[] {
  const runId = runOf(time);
  const part = { number: 1, of: 1 };
  const scheduled = { requested: undefined, nextWithinHours: undefined };
  const details = { part, expectedAccounts, skippedAccounts: [], ...scheduled };
  return [
    toldOfAccount(time, 'run-started', details, { runId }),
    ...swept.map((account) => toldOfAccount(time, 'sweep-finished', { failed: 0, failures: [] }, { runId, account })),
  ];
}

export const exemptionOf = (n: number) => parseExemptionId(`01FAKE0000EXEMPT10N000000${n}`);

/** The report of October over these events, whatever their order. */
export const october = (...events: Told): ReportModel => reportOf(OCTOBER, ...events);

/** The same of October up to then. */
export const octoberUntil = (to: string, ...events: Told): ReportModel =>
  reportOf({ ...OCTOBER, to: at(iso(to)) }, ...events);

function reportOf(period: typeof OCTOBER, ...events: Told): ReportModel {
  const fold = new ReportFold(period);
  const inOrder = events.flat().toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const event of inOrder) fold.add(event);
  return fold.model(WRITTEN);
}

export function control(model: ReportModel, id: string) {
  const found = model.controls.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no control ${id}`);
  return found;
}
