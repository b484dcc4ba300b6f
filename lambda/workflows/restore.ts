import type { Step } from '../domain/step.ts';
import { withIntent } from '../domain/tracking-changes.ts';
import { KeyGoneError } from '../ports.ts';
import { restored } from './answer-requests.ts';
import { messageOf } from './message-of.ts';
import { failed, type Outcome, overtaken, taken } from './outcome.ts';
import { type ActContext, type ActWorld, LONGEST_LIFE } from './rotate.ts';
import type { UserLedger } from './user-ledger.ts';

/** Makes a disabled key Active again because somebody asked for it: intent, act, outcome. A sweep that finds the intent alone looks at the key. */
export async function restore(
  { member, clock }: ActWorld,
  { runId, now }: ActContext,
  ledger: UserLedger,
  step: Extract<Step, { kind: 'restore' }>,
): Promise<Outcome> {
  const { keyId, requestId, until } = step;
  const { userName } = ledger.user;
  const intent = {
    step: 'restore',
    runId,
    at: now,
    expiresAt: clock.now() + LONGEST_LIFE,
    restore: { requestId, until },
  } as const;
  await ledger.write(withIntent(ledger.tracking, keyId, intent), [
    ledger.event('restore-intended', keyId, { requestId }),
  ]);
  try {
    await member.iam.enableKey(userName, keyId);
  } catch (error) {
    if (error instanceof KeyGoneError) return overtaken('restore', 'somebody deleted the key meanwhile');
    const message = messageOf(error);
    await ledger.writeFailure(ledger.event('restore-failed', keyId, { requestId, error: message }));
    return failed('restore', message);
  }
  const entry = restored(ledger, step);
  if (entry !== undefined) await ledger.write(entry.tracking, [entry.event]);
  return taken('restore');
}
