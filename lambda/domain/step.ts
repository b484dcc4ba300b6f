import type { AccessKeyId, ExemptionId, UserId } from './ids.ts';
import type { NoneReason, RetirementReason, WaitReason } from './reasons.ts';
import type { Instant } from './time.ts';

/** One thing that a sweep does for one user. Every one says why; `none` and `wait` too. */
export type Step =
  | { readonly kind: 'none'; readonly reason: NoneReason; readonly keyId?: AccessKeyId; readonly until?: Instant }
  | { readonly kind: 'warn'; readonly keyId: AccessKeyId; readonly thresholdDays: number; readonly rotateAt: Instant }
  | {
      readonly kind: 'rotate';
      readonly reason: 'due' | 'slot-freed';
      readonly keyId: AccessKeyId;
      readonly createdAt: Instant;
    }
  | {
      readonly kind: 'start-retirement';
      readonly keyId: AccessKeyId;
      readonly reason: RetirementReason;
      readonly successorKeyId?: AccessKeyId;
      /** Absent for a key that is Inactive already. */
      readonly disableAt?: Instant;
      readonly deleteAt: Instant;
    }
  | {
      readonly kind: 'cancel-retirement';
      readonly keyId: AccessKeyId;
      readonly reason: 'successor-gone' | 'used-after-all' | 'slot-free' | 'not-alone' | 'active-again';
    }
  | {
      readonly kind: 'disable';
      readonly keyId: AccessKeyId;
      readonly reason: RetirementReason;
      readonly createdAt: Instant;
      readonly deleteAt: Instant;
    }
  | {
      readonly kind: 'delete';
      readonly keyId: AccessKeyId;
      readonly reason: RetirementReason;
      readonly createdAt: Instant;
    }
  | {
      /** The world shows that a step begun earlier, or another hand, already did it. */
      readonly kind: 'record-disabled';
      readonly keyId: AccessKeyId;
      readonly by: 'keyturn' | 'somebody';
      readonly at: Instant;
      readonly deleteAt: Instant;
    }
  | { readonly kind: 'record-deleted'; readonly keyId: AccessKeyId; readonly by: 'keyturn' | 'somebody' }
  | { readonly kind: 'record-reactivated'; readonly keyId: AccessKeyId; readonly disableAt: Instant }
  | {
      readonly kind: 'wait';
      readonly keyId: AccessKeyId;
      readonly step: 'rotate' | 'disable' | 'delete';
      readonly reason: WaitReason;
      readonly until?: Instant;
      /** For `in-use`: where the key was last used. */
      readonly lastUse?: { readonly at: Instant; readonly service: string; readonly region: string };
      /** False when the same wait was recorded before. */
      readonly isNew: boolean;
    }
  | { readonly kind: 'recover'; readonly outgoingKeyId: AccessKeyId }
  | { readonly kind: 'block'; readonly reason: 'too-many-keys'; readonly isNew: boolean }
  | { readonly kind: 'unblock' }
  | { readonly kind: 'tell-exemption-ending'; readonly exemptionId: ExemptionId; readonly expiresAt: Instant }
  | { readonly kind: 'replace-user'; readonly formerUserId: UserId };

export type StepKind = Step['kind'];

/** The steps that change IAM, and are capped. */
export type DisruptiveStep = Extract<Step, { kind: 'rotate' | 'disable' | 'delete' }>;
