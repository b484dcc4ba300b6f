import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { CommandError } from '../errors.ts';
import type { Progress } from '../follow-request.ts';
import { makeRequest, type RequestOptions, type RequestReport } from '../make-request.ts';
import type { Session } from '../session.ts';

export interface RestoreOptions extends RequestOptions {
  readonly key: AccessKeyId;
  /** Hours that the key shall work. */
  readonly for: number;
}

/** Asks that a disabled key work again for a while. */
export async function restore(session: Session, options: RestoreOptions, progress: Progress): Promise<RequestReport> {
  const { key: keyId, for: hours } = options;
  const { maxHoldDays } = session.deployment.settings.policy.disable;
  if (hours > maxHoldDays * 24) {
    throw new CommandError(
      `Nothing was asked for: a key works at most ${maxHoldDays} days (${maxHoldDays * 24}h) past the date on which it ` +
        'was to be disabled.',
    );
  }
  return makeRequest(session, { kind: 'restore', keyId, hours }, options, progress);
}
