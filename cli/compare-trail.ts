/** Whether CloudTrail has the changes that history says Keyturn made, both ways. */
import type { HistoryEvent } from '../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, EventId } from '../lambda/domain/ids.ts';
import { DAY, fromIso, type Instant, type IsoTime, MINUTE } from '../lambda/domain/time.ts';
import { AccessDeniedError } from '../lambda/ports.ts';
import { explain } from './explain.ts';
import type { Session } from './session.ts';
import type { TrailChange, TrailEvent } from './trail.ts';

/** History and CloudTrail do not say the same of a change. */
export type TrailDifference =
  /** Keyturn changed it, and history does not say so. */
  | { readonly kind: 'unrecorded'; readonly change: TrailEvent }
  /** History says that Keyturn changed it, and CloudTrail does not. */
  | {
      readonly kind: 'not-in-trail';
      readonly eventId: EventId;
      readonly at: IsoTime;
      readonly type: HistoryEvent['type'];
      readonly keyId: AccessKeyId;
    };

/** Why CloudTrail was not compared. `denied`: the caller may not read it; `failed`: it did not answer as it should. */
export interface TrailMissing {
  readonly why: 'denied' | 'failed';
  readonly sentence: string;
}

/** CloudTrail tells of a call after about a quarter of an hour. */
const TRAIL_DELAY = 30 * MINUTE;
/** An act and its record are a moment apart, or as long as a sweep that was cut short took to be taken up again. */
const RECORDED_WITHIN = 3 * DAY;

/** What CloudTrail must say of each type of event that tells of an act of Keyturn's. */
const acts: Readonly<Partial<Record<HistoryEvent['type'], TrailChange>>> = {
  'key-published': 'created',
  'key-disabled': 'disabled',
  'key-restored': 'enabled',
  'key-deleted': 'deleted',
  'orphan-removed': 'deleted',
};

/** What the trail says since then, oldest first; as much of it as could be read when something is missing. */
export async function trailSince(
  { trail }: Pick<Session, 'trail'>,
  since: Instant,
): Promise<{ readonly events: readonly TrailEvent[]; readonly missing?: TrailMissing }> {
  const events: TrailEvent[] = [];
  const oldestFirst = () => events.toSorted((a, b) => a.at - b.at);
  try {
    for await (const event of (await trail()).changes(since)) events.push(event);
  } catch (error) {
    // Whatever it is, the rest of the comparison is still worth having.
    const denied = error instanceof AccessDeniedError;
    const missing = denied
      ? ({ why: 'denied', sentence: error.message } as const)
      : ({ why: 'failed', sentence: explain(error).sentence } as const);
    return { events: oldestFirst(), missing };
  }
  return { events: oldestFirst() };
}

/** Keyturn's own acts, as history tells them; from a little before, so that none of the trail's lacks its record. */
export async function actsSince(
  { history }: Pick<Session, 'history'>,
  account: AccountId,
  since: Instant,
): Promise<readonly HistoryEvent[]> {
  const types = Object.keys(acts) as HistoryEvent['type'][];
  const found: HistoryEvent[] = [];
  for await (const event of history.query({
    by: { kind: 'account', account },
    since: since - RECORDED_WITHIN,
    types,
  })) {
    const bySomebody = 'by' in event.details && event.details.by === 'somebody';
    if (event.mode === 'enforce' && !bySomebody) found.push(event);
  }
  return found;
}

export function compareWithTrail(
  { since, now }: { readonly since: Instant; readonly now: Instant },
  events: readonly HistoryEvent[],
  own: readonly TrailEvent[],
): { readonly agreed: number; readonly differences: readonly TrailDifference[] } {
  const unrecorded = own.filter((change) => !events.some((event) => tellsOf(event, change)));
  const untraced = events.filter((event) => {
    const at = fromIso(event.time);
    return at >= since && at <= now - TRAIL_DELAY && !own.some((change) => tellsOf(event, change));
  });
  return {
    agreed: own.length - unrecorded.length,
    differences: [
      ...unrecorded.map((change): TrailDifference => ({ kind: 'unrecorded', change })),
      ...untraced.flatMap(({ id, time, type, keyId }): TrailDifference[] =>
        keyId === undefined ? [] : [{ kind: 'not-in-trail', eventId: id, at: time, type, keyId }],
      ),
    ],
  };
}

/** A call that was repeated, or taken up by a later sweep, has one record; a key that was given up has one for both. */
const tellsOf = ({ type, keyId, time }: HistoryEvent, { keyId: changed, change, at }: TrailEvent): boolean =>
  keyId === changed &&
  (acts[type] === change || (type === 'orphan-removed' && change === 'created')) &&
  Math.abs(fromIso(time) - at) <= RECORDED_WITHIN;

/** Keyturn changes keys in the member role, in a session named after its run. */
export const isKeyturn = (
  { deployment }: Pick<Session, 'deployment'>,
  account: AccountId,
  { actor }: TrailEvent,
): boolean => actor.includes(`:sts::${account}:assumed-role/${deployment.memberRoleName}/`);
