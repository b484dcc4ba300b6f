/** Every reason code in words for a person at a terminal. */

import type { SkipReason } from '../lambda/domain/events.ts';
import type { Policy } from '../lambda/domain/policy.ts';
import type { NoneReason, RetirementReason, WaitReason } from '../lambda/domain/reasons.ts';
import { stopsAtOnce } from '../lambda/domain/requests.ts';
import type { Step, StepKind } from '../lambda/domain/step.ts';
import { type Instant, toIso } from '../lambda/domain/time.ts';
import { count, dayOf, daysBetween } from './dates.ts';

/** Ends a sentence that begins with what waits: `disable waits …`. */
export const waitInWords: Readonly<Record<WaitReason, string>> = {
  'notice-undelivered': 'until its owner has been told',
  'window-closed': 'for the change window to open',
  'in-use': 'because the key is still in use',
  'slot-busy': 'until the other key has made room',
  cap: 'for the next sweep: this one has reached its cap',
  'in-progress': 'for another run that is at work on it',
  exempt: 'for its exemption to end: it is then announced again',
};

/** Why a key is on its way out. */
export const retirementInWords: Readonly<Record<RetirementReason, string>> = {
  rotated: 'it has been replaced',
  'replaced-by-hand': 'its owner made a newer key by hand',
  'both-due': 'both keys are old, and this one is the less used',
  'never-used': 'it was never used',
  'blocks-slot': 'it is Inactive and takes the place of the next key',
  'inactive-only': 'it is Inactive and old',
};

const cancellations: Readonly<Record<Extract<Step, { kind: 'cancel-retirement' }>['reason'], string>> = {
  'successor-gone': 'the key that was to replace it is gone or Inactive',
  'used-after-all': 'it has been used after all',
  'slot-free': 'its place is not needed any more',
  'not-alone': 'the user has an Active key again',
  'active-again': 'somebody made it Active again',
};

/** Why a key stays after all; a reason that this version does not know is shown as it is. */
export const cancelInWords = (why: string): string => new Map(Object.entries(cancellations)).get(why) ?? why;

const noneInWords: Readonly<Record<NoneReason, string>> = {
  'no-keys': 'has no access keys',
  young: 'not old enough',
  exempt: 'exempt',
  'inactive-young': 'Inactive, not old enough to be deleted',
  retiring: 'on its way out',
};

/** What a step does, in a word or two. */
export const actionInWords: Readonly<Record<StepKind, string>> = {
  none: 'nothing',
  warn: 'warn',
  rotate: 'rotate',
  'start-retirement': 'retire',
  'cancel-retirement': 'keep',
  disable: 'disable',
  delete: 'delete',
  'record-disabled': 'record',
  'record-deleted': 'record',
  'record-reactivated': 'record',
  wait: 'wait',
  recover: 'recover',
  block: 'blocked',
  unblock: 'unblock',
  'tell-exemption-ending': 'warn',
  'tell-exemption-ended': 'tell',
  'record-adopted': 'record',
  'remind-still-used': 'remind',
  'remind-delete-coming': 'remind',
  restore: 'restore',
  'record-restored': 'record',
  snooze: 'put off',
  refuse: 'refuse',
  'replace-user': 'start anew',
};

/** Why a step is taken, or not. */
export function whyInWords(step: Step, { policy, now }: { readonly policy: Policy; readonly now: Instant }): string {
  switch (step.kind) {
    case 'none':
      return noneInWords[step.reason] + (step.until === undefined ? '' : ` until ${day(step.until)}`);
    case 'warn':
      return `its owner is told that it will be replaced on ${day(step.rotateAt)}`;
    case 'rotate': {
      if (step.reason === 'requested') {
        return `somebody asked for it, out of turn${stopsAtOnce(step) ? '; the old key stops at once' : ''}`;
      }
      const age = count(daysBetween(step.createdAt, now), 'day');
      const freed = step.reason === 'slot-freed' ? ', and the place it waited for becomes free' : '';
      return `${age} old; keys are replaced at ${policy.rotateAfterDays} days${freed}`;
    }
    case 'start-retirement': {
      const disabled = step.disableAt === undefined ? '' : `disabled from ${day(step.disableAt)}, `;
      const again = step.after === undefined ? '' : 'its exemption has ended, so it is announced again; ';
      return `${again}${retirementInWords[step.reason]}; ${disabled}deleted from ${day(step.deleteAt)}`;
    }
    case 'cancel-retirement':
      return cancellations[step.reason];
    case 'disable':
      if (step.requestId !== undefined) return 'somebody asked that it stop at once';
      return `${retirementInWords[step.reason]}; deleted from ${day(step.deleteAt)}`;
    case 'delete':
      return `${retirementInWords[step.reason]}, and has been Inactive for long enough`;
    case 'record-disabled':
      return `${by(step.by)} made it Inactive; deleted from ${day(step.deleteAt)}`;
    case 'record-deleted':
      return `${by(step.by)} deleted it`;
    case 'record-reactivated':
      return `somebody made it Active again; disabled again from ${day(step.disableAt)}`;
    case 'wait':
      return waitingInWords(step);
    case 'recover':
      return 'an earlier rotation was cut short; it is completed or undone first';
    case 'block':
      return 'more than two keys: nothing is touched until somebody deletes one';
    case 'unblock':
      return 'no longer more than two keys';
    case 'tell-exemption-ending':
      return `its owner is told that the exemption ends on ${day(step.expiresAt)}`;
    case 'tell-exemption-ended':
      return 'its owner is told that the exemption has ended';
    case 'record-adopted':
      return `its successor ${step.successorKeyId} is in use`;
    case 'remind-still-used':
      return `still used (${step.use.service} in ${step.use.region}); its owner is told that it stops on ${day(step.disableAt)}`;
    case 'remind-delete-coming':
      return `its owner is told that it is deleted on ${day(step.deleteAt)}`;
    case 'restore':
    case 'record-restored':
      return `somebody asked for it; disabled again from ${day(step.until)}`;
    case 'snooze':
      return `somebody asked for it: ${step.step} not before ${day(step.until)}`;
    case 'refuse':
      return `the request to ${step.request} is refused: ${step.why}`;
    case 'replace-user':
      return 'the user was deleted and made again; nothing of the former one counts';
    default:
      return step satisfies never;
  }
}

function waitingInWords({ step, reason, until, lastUse }: Extract<Step, { kind: 'wait' }>): string {
  const where = lastUse && ` (last on ${day(lastUse.at)}: ${lastUse.service} in ${lastUse.region})`;
  const end = until === undefined ? '' : `; not before ${day(until)}`;
  return `${step} waits ${waitInWords[reason]}${where ?? ''}${end}`;
}

const skips: Readonly<Record<SkipReason, string>> = {
  excluded: 'excluded by the settings',
  'not-selected': 'not in a selected unit',
  suspended: 'suspended in the organisation',
  'not-active': 'not active in the organisation',
};

/** Why an account is left out; a reason that this version does not know is shown as it is. */
export const skipInWords = (why: string): string => new Map(Object.entries(skips)).get(why) ?? why;

/** Whose hand it was. */
export const by = (who: 'keyturn' | 'somebody'): string => (who === 'keyturn' ? 'Keyturn' : 'somebody');

const day = (at: Instant): string => dayOf(toIso(at));
