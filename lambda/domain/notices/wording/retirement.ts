import type { HistoryEvent } from '../../events.ts';
import type { RetirementReason } from '../../reasons.ts';
import { secretNameOf } from '../../secret-name.ts';
import { reactivateCommand } from '../commands.ts';
import { code, type Phrase, quote, say } from '../phrase.ts';
import { days, disableGap, type Voice, type Wording, wouldBe } from './wording.ts';

type Started = HistoryEvent<'retirement-started'>;

export function retirementStarted(event: Started, { when, day }: Voice): Wording {
  const { why, disableAt, deleteAt, successorKeyId } = event.details;
  const because = reasons[why](event);
  if (event.mode === 'observe') {
    const dates =
      disableAt === undefined
        ? say`Keyturn would delete it on ${when(deleteAt)}.`
        : say`Keyturn would disable it on ${when(disableAt)} and delete it on ${when(deleteAt)}.`;
    return wouldBe('Would be retired', because, dates);
  }
  if (disableAt === undefined) {
    return {
      heading: 'Inactive key to be deleted',
      subject: `Inactive key to be deleted on ${day(deleteAt)}`,
      deadline: deleteAt,
      lines: [
        because,
        say`It is deleted for good on ${when(deleteAt)}. If it is still needed, make it active again before then.`,
      ],
    };
  }
  const move =
    successorKeyId === undefined
      ? say`If it is needed after all, use it before ${when(disableAt)} and it stays. Else it is disabled then, and deleted for good on ${when(deleteAt)}, at the earliest.`
      : say`Use ${code(successorKeyId)} instead everywhere by ${when(disableAt)}: then this key is disabled and stops working. It is deleted for good on ${when(deleteAt)}, at the earliest.`;
  return {
    heading: 'Key to be disabled',
    subject: `Key to be disabled on ${day(disableAt)}`,
    deadline: disableAt,
    lines: [because, move],
  };
}

/** Why the key is on its way out, as its owner would ask. */
const reasons: { readonly [R in RetirementReason]: (event: Started) => Phrase } = {
  rotated: () => say`It has been replaced by a new key.`,
  'replaced-by-hand': () =>
    say`There is a newer key that Keyturn did not make. Keyturn takes it for this key's successor and does not make another one.`,
  'both-due': ({ policy }) =>
    say`Both keys of this user are older than ${days(policy.rotateAfterDays)}. IAM allows two, so one has to go before a new one can be made: this one, because it was used less recently. After that the other one is replaced, and you are told.`,
  'never-used': ({ policy }) =>
    say`It is older than ${days(policy.rotateAfterDays)} and was never used. It goes without a successor.`,
  'blocks-slot': () =>
    say`It is inactive, and IAM allows two keys for a user: its place is needed for the successor of the user's active key.`,
  'inactive-only': () =>
    say`It is inactive, it is old, and the user has no active key. Keyturn makes no new key for such a user.`,
};

/** Reasons that the rules give, in words; any other is quoted. */
const cancellations: Readonly<Record<string, Phrase>> = {
  'successor-gone': say`The key that was to take over is gone or inactive.`,
  'used-after-all': say`It was used after all. From now on it is rotated like any other key.`,
  'slot-free': say`Its place is no longer needed.`,
  'not-alone': say`The user has an active key again.`,
  'active-again': say`It is active again. From now on it is rotated like any other key.`,
};

export function retirementCancelled({ mode, details: { why } }: HistoryEvent<'retirement-cancelled'>): Wording {
  const because = cancellations[why] ?? say`Reason: ${quote(why)}`;
  if (mode === 'observe') return wouldBe('Would stay', say`Keyturn would no longer retire it.`, because);
  return {
    heading: 'Key stays',
    lines: [say`It was going to be disabled or deleted; that is called off.`, because],
    advice: [say`Nothing to do.`],
  };
}

export function keyDisabled(event: HistoryEvent<'key-disabled'>, { when }: Voice): Wording {
  const { by, why, deleteAt, successorKeyId } = event.details;
  if (event.mode === 'observe' && by === 'keyturn') {
    return wouldBe('Would be disabled', say`Keyturn would disable it now and delete it on ${when(deleteAt)}.`);
  }
  const what =
    by === 'keyturn'
      ? say`Keyturn disabled it on ${when(event.time)}. It no longer works.`
      : say`Keyturn found it inactive on ${when(event.time)}: somebody else disabled it. It no longer works.`;
  return {
    heading: by === 'keyturn' ? 'Key disabled' : 'Key disabled by somebody else',
    lines: [what, ...useInstead(event, why, successorKeyId), ...wayBack(event, when(deleteAt))],
    ...(event.userName && event.keyId && event.mode === 'enforce'
      ? { commands: [reactivateCommand(event.userName, event.keyId)] }
      : {}),
  };
}

function useInstead(
  { account, userName }: HistoryEvent<'key-disabled'>,
  why: RetirementReason,
  successorKeyId: string | undefined,
): readonly Phrase[] {
  if (successorKeyId === undefined) return [];
  // Only a key that Keyturn made is in the secret; of the others the owner has the only copy.
  if (why !== 'rotated' || userName === undefined) return [say`Use ${code(successorKeyId)} instead.`];
  return [say`Use ${code(successorKeyId)} instead, which is in the secret ${code(secretNameOf(account, userName))}.`];
}

function wayBack(event: HistoryEvent<'key-disabled'>, deletion: ReturnType<Voice['when']>): readonly Phrase[] {
  if (event.mode === 'observe') return [say`Keyturn would delete it on ${deletion}. Nothing was changed by Keyturn.`];
  return [
    say`It is deleted for good on ${deletion}, at the earliest.`,
    say`If something stopped working, make it active again before then (or ask an administrator to); you then have ${days(disableGap(event))} more:`,
  ];
}

export function keyDeleted({ time, mode, details: { by } }: HistoryEvent<'key-deleted'>, { when }: Voice): Wording {
  if (mode === 'observe' && by === 'keyturn') {
    return wouldBe('Would be deleted', say`Keyturn would delete it now.`);
  }
  const what =
    by === 'keyturn'
      ? say`Keyturn deleted it on ${when(time)}. It cannot be restored.`
      : say`Keyturn found it gone on ${when(time)}: somebody else deleted it.`;
  return {
    heading: by === 'keyturn' ? 'Key deleted' : 'Key deleted by somebody else',
    lines: [what],
    advice: [by === 'keyturn' ? say`Nothing to do.` : say`Nothing to do, if that was intended.`],
  };
}
