import type { AccessKeyId, UserName } from '../lambda/domain/ids.ts';
import type { Instant } from '../lambda/domain/time.ts';

export type TrailChange = 'created' | 'disabled' | 'enabled' | 'deleted';

/** A change of an access key as CloudTrail recorded it. */
export interface TrailEvent {
  /** CloudTrail's own ID of the event. */
  readonly id: string;
  readonly at: Instant;
  readonly change: TrailChange;
  readonly keyId: AccessKeyId;
  readonly userName: UserName;
  /** ARN of whoever did it. */
  readonly actor: string;
}

/** AWS's own record of who changed access keys in one account. */
export interface Trail {
  /** Changes that took effect, newest first; CloudTrail keeps 90 days. Throws UnavailableError. */
  changes(since: Instant): AsyncIterable<TrailEvent>;
}
