import type { AccessKeyId } from '../domain/ids.ts';
import type { Step } from '../domain/step.ts';
import { ConflictError } from '../ports.ts';
import { keepBooks } from './bookkeeping.ts';
import { messageOf } from './message-of.ts';
import { pretend } from './observe.ts';
import { failed, type Outcome, overtaken, taken } from './outcome.ts';
import { recover } from './recover.ts';
import { restore } from './restore.ts';
import { disable, remove } from './retire.ts';
import { type ActContext, type ActWorld, rotate } from './rotate.ts';
import type { UserLedger } from './user-ledger.ts';

/** Carries out one user's steps in their order. Never throws: what fails is in its outcome, and spares the others. */
export async function applySteps(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  steps: readonly Step[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const freed = new Set<AccessKeyId>();
  for (const step of steps) {
    try {
      const outcome = await applyStep(world, context, ledger, step, freed);
      outcomes.push(outcome);
      if (step.kind === 'delete' && outcome.kind === 'taken') freed.add(step.keyId);
    } catch (error) {
      if (error instanceof ConflictError) {
        // Whatever the other worker did, the plan no longer rests on what is stored.
        outcomes.push(overtaken(step.kind, 'another worker is at this user'));
        break;
      }
      outcomes.push(failed(step.kind, messageOf(error)));
      break;
    }
  }
  return outcomes;
}

async function applyStep(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  step: Step,
  freed: ReadonlySet<AccessKeyId>,
): Promise<Outcome> {
  switch (step.kind) {
    case 'rotate':
      if (ledger.mode === 'observe') return pretend(world, context, ledger, step);
      return rotate(world, context, ledger, step.keyId, freed);
    case 'disable':
      if (ledger.mode === 'observe') return pretend(world, context, ledger, step);
      return disable(world, context, ledger, step);
    case 'delete':
      if (ledger.mode === 'observe') return pretend(world, context, ledger, step);
      return remove(world, context, ledger, step);
    case 'restore':
      return restore(world, context, ledger, step);
    case 'recover':
      return recover(world, context, ledger);
    case 'replace-user':
      await ledger.replaceUser(step.formerUserId);
      return taken('replace-user');
    default: {
      const written = await keepBooks(ledger, step, context.now);
      return { kind: written ? 'taken' : 'noted', step: step.kind };
    }
  }
}
