import type { AccessKeyId } from '../domain/ids.ts';
import { stopsAtOnce } from '../domain/requests.ts';
import type { Step } from '../domain/step.ts';
import { ConflictError } from '../ports.ts';
import { keepBooks } from './bookkeeping.ts';
import { messageOf } from './message-of.ts';
import { pretend } from './observe.ts';
import { failed, type Outcome, overtaken, taken, takenForGood } from './outcome.ts';
import { recover } from './recover.ts';
import { restore } from './restore.ts';
import { disable, disableReplaced, remove } from './retire.ts';
import { isForGood } from './retired-for-good.ts';
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
      const forGood = isForGood(ledger, step, steps);
      const outcome = await applyStep(world, context, ledger, step, freed);
      outcomes.push(forGood && outcome.kind === 'taken' ? takenForGood(step.kind) : outcome);
      if (outcome.kind !== 'taken') continue;
      if (step.kind === 'delete') freed.add(step.keyId);
      if (step.kind === 'rotate' && stopsAtOnce(step)) {
        const stopped = await disableReplaced(world, context, ledger, step);
        if (stopped !== undefined) outcomes.push(stopped);
      }
    } catch (error) {
      if (error instanceof ConflictError) {
        // Whatever the other worker did, the plan no longer rests on what is stored.
        const why = 'another worker is at this user';
        // A key that shall stop at once may go on until the next sweep: somebody has to know.
        const isLeft = step.kind === 'rotate' && stopsAtOnce(step);
        outcomes.push(isLeft ? failed(step.kind, `the old key is not stopped yet: ${why}`) : overtaken(step.kind, why));
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
      return rotate(world, context, ledger, step, freed);
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
