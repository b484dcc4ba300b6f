import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { fromIso } from '../../../lambda/domain/time.ts';
import type { RecordedCall } from '../../recorder.ts';
import { type Evidence, type Invariant, recordedSince } from './evidence.ts';

const intents = {
  CreateAccessKey: ['rotation-intended'],
  UpdateAccessKey: ['disable-intended'],
  // No action of IAM's: UpdateAccessKey that makes a key Active.
  RestoreAccessKey: ['restore-intended'],
  DeleteAccessKey: ['delete-intended'],
} as const satisfies Record<string, readonly HistoryEvent['type'][]>;

const outcomes = {
  CreateAccessKey: ['key-published', 'orphan-removed', 'rotation-failed'],
  UpdateAccessKey: ['key-disabled', 'disable-failed'],
  RestoreAccessKey: ['key-restored', 'restore-failed'],
  DeleteAccessKey: ['key-deleted', 'orphan-removed', 'delete-failed'],
} as const satisfies Record<string, readonly HistoryEvent['type'][]>;

/** Every call that changes keys has its intent on record before it and its outcome after it. */
export const changesAreOnRecord: Invariant = (evidence) =>
  evidence.calls.flatMap((call) => {
    if (call.service !== 'iam' || !isChange(call.action)) return [];
    const user = String(call.params.UserName);
    const keyId = call.params.AccessKeyId;
    const about = (event: HistoryEvent) => event.userName === user && (keyId === undefined || event.keyId === keyId);
    const what = `${call.action} for user ${user}${keyId === undefined ? '' : `, key ${String(keyId)}`}`;
    const change =
      call.action === 'UpdateAccessKey' && call.params.Status === 'Active' ? 'RestoreAccessKey' : call.action;
    const intended = has(evidence, intents[change], (event) => about(event) && isUpTo(event, call));
    const ended = has(evidence, outcomes[change], about);
    return [
      ...(intended ? [] : [`${what} was called without an intent on record.`]),
      ...(ended ? [] : [`${what} was called, and its outcome is not on record.`]),
    ];
  });

const isChange = (action: string): action is Exclude<keyof typeof intents, 'RestoreAccessKey'> =>
  action in intents && action !== 'RestoreAccessKey';

/** The function's clock and the recorder's are not the same to the millisecond. */
const isUpTo = (event: HistoryEvent, call: RecordedCall): boolean => fromIso(event.time) <= call.time.getTime() + 1_000;

const has = (
  evidence: Evidence,
  types: readonly HistoryEvent['type'][],
  about: (event: HistoryEvent) => boolean,
): boolean => recordedSince(evidence).some((event) => types.includes(event.type) && about(event));
