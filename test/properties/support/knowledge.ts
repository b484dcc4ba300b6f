import type { Mode } from '../../../lambda/domain/events.ts';
import type { LastUse } from '../../../lambda/domain/facts.ts';
import type { AccessKeyId, RunId, UserName } from '../../../lambda/domain/ids.ts';
import type { Exemption } from '../../../lambda/domain/owners.ts';
import type { Policy } from '../../../lambda/domain/policy.ts';
import type { Instant } from '../../../lambda/domain/time.ts';
import type { ListedKey } from '../../../lambda/ports.ts';

/** What one worker was told so far: nobody can be blamed for what IAM did not say yet. */
export interface Knowledge {
  readonly runId: RunId;
  readonly mode: Mode;
  readonly policy: Policy;
  /** The time that the sweep goes by. */
  readonly now: Instant;
  exemptions: readonly Exemption[];
  readonly listed: Map<UserName, readonly ListedKey[]>;
  readonly lastUses: Map<AccessKeyId, LastUse>;
  /** Keys that this worker deleted: they may still be listed. */
  readonly deleted: Set<AccessKeyId>;
  /** Keys that this worker made itself. */
  readonly made: Set<AccessKeyId>;
}
