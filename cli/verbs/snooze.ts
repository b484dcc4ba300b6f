import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { CommandError } from '../errors.ts';
import type { Progress } from '../follow-request.ts';
import { makeRequest, type RequestOptions, type RequestReport } from '../make-request.ts';
import type { Session } from '../session.ts';

export interface SnoozeOptions extends RequestOptions {
  readonly key: AccessKeyId;
  readonly days: number;
}

/** Asks that the next step of a key on its way out be put off. */
export async function snooze(session: Session, options: SnoozeOptions, progress: Progress): Promise<RequestReport> {
  const { key: keyId, days } = options;
  const { maxHoldDays } = session.deployment.settings.policy.disable;
  if (days > maxHoldDays) {
    throw new CommandError(
      `Nothing was asked for: a step is put off by at most ${maxHoldDays} days in all. For no rotation at all: ` +
        'keyturn exempt add.',
    );
  }
  return makeRequest(session, { kind: 'snooze', keyId, days }, options, progress);
}
