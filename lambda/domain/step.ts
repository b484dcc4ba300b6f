import type { Use } from './facts.ts';
import type { AccessKeyId, ExemptionId, RequestId, UserId } from './ids.ts';
import type { NoneReason, RetirementReason, WaitReason } from './reasons.ts';
import type { WishKind } from './requests.ts';
import type { Instant } from './time.ts';

/** One thing that a sweep does for one user. Every one says why; `none` and `wait` too. */
export type Step =
  | { readonly kind: 'none'; readonly reason: NoneReason; readonly keyId?: AccessKeyId; readonly until?: Instant }
  | { readonly kind: 'warn'; readonly keyId: AccessKeyId; readonly thresholdDays: number; readonly rotateAt: Instant }
  | {
      readonly kind: 'rotate';
      readonly reason: 'due' | 'slot-freed' | 'requested';
      readonly keyId: AccessKeyId;
      readonly createdAt: Instant;
      /** Of the key that goes, for its owner's information. */
      readonly lastUse?: Use;
      readonly request?: { readonly id: RequestId; readonly disableOldNow: boolean };
    }
  | {
      readonly kind: 'start-retirement';
      readonly keyId: AccessKeyId;
      readonly reason: RetirementReason;
      readonly successorKeyId?: AccessKeyId;
      /** Absent for a key that is Inactive already. */
      readonly disableAt?: Instant;
      readonly deleteAt: Instant;
      /** It has begun: the date that was announced passed under an exemption, and a new one is announced. */
      readonly after?: 'exemption';
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
      /** Somebody asked that it stop at once. */
      readonly requestId?: RequestId;
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
      readonly lastUse?: Use;
      /** Somebody asked for the step. */
      readonly requestId?: RequestId;
      /** For that request: the key that takes the place of the new one. */
      readonly behind?: AccessKeyId;
      /** For `in-use`: used or not, it is disabled then. */
      readonly heldUntil?: Instant;
      /** False when the same wait was recorded before. */
      readonly isNew: boolean;
    }
  | {
      /** The successor of this key is in use. */
      readonly kind: 'record-adopted';
      readonly keyId: AccessKeyId;
      readonly successorKeyId: AccessKeyId;
      readonly use: Use;
      /** Of this key, where it was used since its successor came. */
      readonly outgoingUse?: Use;
      readonly disableAt: Instant;
    }
  | {
      readonly kind: 'remind-still-used';
      readonly keyId: AccessKeyId;
      readonly successorKeyId: AccessKeyId;
      readonly reminder: 'half-way' | 'day-before';
      readonly use: Use;
      readonly adopted: boolean;
      readonly disableAt: Instant;
      /** Its first date is past: it is held because it is used, and this is the day before its last one. */
      readonly held?: true;
    }
  | { readonly kind: 'remind-delete-coming'; readonly keyId: AccessKeyId; readonly deleteAt: Instant }
  // What people asked for.
  | {
      readonly kind: 'restore';
      readonly keyId: AccessKeyId;
      readonly requestId: RequestId;
      readonly until: Instant;
    }
  | {
      /** A restore that was begun did take effect. */
      readonly kind: 'record-restored';
      readonly keyId: AccessKeyId;
      readonly requestId: RequestId;
      readonly until: Instant;
    }
  | {
      readonly kind: 'snooze';
      readonly keyId: AccessKeyId;
      readonly requestId: RequestId;
      readonly step: 'disable' | 'delete';
      readonly until: Instant;
      /** The date that the step would have, had nobody ever asked to put it off. */
      readonly insteadOf: Instant;
    }
  | {
      readonly kind: 'refuse';
      readonly requestId: RequestId;
      readonly request: WishKind;
      readonly keyId?: AccessKeyId;
      /** A sentence for whoever asked. */
      readonly why: string;
    }
  | { readonly kind: 'recover'; readonly outgoingKeyId: AccessKeyId }
  | { readonly kind: 'block'; readonly reason: 'too-many-keys'; readonly isNew: boolean }
  | { readonly kind: 'unblock' }
  | {
      readonly kind: 'tell-exemption-ending';
      readonly exemptionId: ExemptionId;
      readonly expiresAt: Instant;
      /** Keys on their way out, with the earliest date of their next step. */
      readonly retiring: readonly {
        readonly keyId: AccessKeyId;
        readonly step: 'disable' | 'delete';
        readonly at: Instant;
      }[];
    }
  | { readonly kind: 'tell-exemption-ended'; readonly exemptionId: ExemptionId }
  | { readonly kind: 'replace-user'; readonly formerUserId: UserId };

export type StepKind = Step['kind'];

/** The steps that change IAM, and are capped. */
export type DisruptiveStep = Extract<Step, { kind: 'rotate' | 'disable' | 'delete' }>;
