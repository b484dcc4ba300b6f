import type { Step } from '../domain/step.ts';
import type { UserLedger } from './user-ledger.ts';

/**
 * Whether the step closes the books on a key that nothing takes the place of: it was never used, its user had Inactive
 * keys only, or it was the user's last. Whoever deleted several at once, an old one and its successor, left keys once: of
 * such `steps` the last one counts. To be asked before the step is carried out: what is tracked goes with the key. What
 * `observe` pretends is no key less; what somebody else deleted meanwhile is.
 */
export function isForGood(ledger: UserLedger, step: Step, steps: readonly Step[]): boolean {
  if (step.kind !== 'delete' && step.kind !== 'record-deleted') return false;
  const why = ledger.tracking.retirements[step.keyId]?.why;
  if (ledger.mode === 'observe' && (step.kind === 'delete' || why !== undefined)) return false;
  if (why === 'never-used' || why === 'inactive-only') return true;
  const isLast = ledger.user.keys.every(({ keyId }) => keyId === step.keyId);
  return isLast && (step.kind === 'delete' || step === steps.findLast(({ kind }) => kind === 'record-deleted'));
}
