import type { WaitReason } from '../reasons.ts';
import type { Step } from '../step.ts';
import { DAY } from '../time.ts';
import type { Futures, Happening, Life } from './futures.ts';

/** Why a user's keys are not dealt with when their age says so. Caps are not among them: these hold up accounts. */
export type HoldReason = Exclude<WaitReason, 'cap' | 'in-progress'> | 'too-many-keys' | 'exempt' | 'inactive-only';

export interface Hold {
  readonly reason: HoldReason;
  /** The run that finds it. */
  readonly day: number;
  /** For how many runs; to the end of the forecast when it does not end before. */
  readonly days: number;
  readonly ends: boolean;
}

interface OpenHold {
  readonly reason: HoldReason;
  readonly day: number;
  readonly endsWith: (steps: readonly Step[]) => boolean;
}

/** All that holds up a user within the forecast, if caps do not. */
export function holdsOf(futures: Futures, life: Life): readonly Hold[] {
  const holds = exemptions(futures, life);
  let open: OpenHold[] = [];
  for (const { day, steps } of storyOf(futures, life)) {
    open = open.filter((hold) => {
      if (!hold.endsWith(steps)) return true;
      holds.push({ reason: hold.reason, day: hold.day, days: day - hold.day, ends: true });
      return false;
    });
    open.push(...steps.flatMap((step) => begun(step, day)));
  }
  return [...holds, ...open.map(({ reason, day }) => ({ reason, day, days: futures.days - day, ends: false }))];
}

/** What happens to a user, run by run, when no cap defers anything. */
export function* storyOf(futures: Futures, life: Life): Generator<Happening> {
  let happening = futures.next(life, 0);
  while (happening !== undefined) {
    yield happening;
    happening = futures.next(futures.outcome(happening).life, happening.day + 1);
  }
}

function begun(step: Step, day: number): OpenHold[] {
  if (step.kind === 'block') {
    return [{ reason: step.reason, day, endsWith: (steps) => steps.some(({ kind }) => kind === 'unblock') }];
  }
  if (step.kind === 'start-retirement' && step.reason === 'inactive-only' && step.after === undefined) {
    // A user without an Active key gets none, however long that takes.
    return [{ reason: 'inactive-only', day, endsWith: () => false }];
  }
  if (step.kind !== 'wait' || !step.isNew || step.reason === 'cap' || step.reason === 'in-progress') return [];
  // Every exempt user is held up, whether or not anything is due.
  if (step.reason === 'exempt') return [];
  const { keyId, reason, step: kind } = step;
  const isEnd = (later: Step): boolean =>
    'keyId' in later && later.keyId === keyId && (later.kind === kind || (later.kind === 'wait' && later.isNew));
  return [{ reason, day, endsWith: (steps) => steps.some(isEnd) }];
}

function exemptions({ start, days }: Futures, { user }: Life): Hold[] {
  const until = Math.max(...user.exemptions.map(({ expiresAt }) => Math.ceil((expiresAt - start) / DAY)), 0);
  if (until === 0) return [];
  return [{ reason: 'exempt', day: 0, days: Math.min(until, days), ends: until < days }];
}
