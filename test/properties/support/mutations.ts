import type { AccessKeyId, RunId, UserName } from '../../../lambda/domain/ids.ts';
import type { Instant } from '../../../lambda/domain/time.ts';

/** A change of IAM by Keyturn that took effect, whoever heard of it. */
export interface Mutation {
  readonly kind: 'create' | 'disable' | 'enable' | 'delete';
  readonly keyId: AccessKeyId;
  readonly userName: UserName;
  readonly runId: RunId;
  readonly at: Instant;
}
