import type { AccessKeyId } from './ids.ts';
import type { WaitReason } from './reasons.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';
import type { Tracking } from './tracking.ts';

type Wait = Extract<Step, { kind: 'wait' }>;

/** A step that waits; `isNew` unless this very wait is on record. */
export function wait(
  { tracking }: { readonly tracking: Tracking },
  keyId: AccessKeyId,
  step: Wait['step'],
  reason: WaitReason,
  until?: Instant,
): Wait {
  const before = tracking.waiting[keyId];
  const isNew = before === undefined || before.step !== step || before.reason !== reason;
  return { kind: 'wait', keyId, step, reason, isNew, ...(until === undefined ? {} : { until }) };
}
