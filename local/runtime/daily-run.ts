import { MINUTE } from '../../lambda/domain/time.ts';
import type { MovableClock } from '../clock.ts';
import type { Runtime } from './runtime.ts';

/** By then a run's news is quiet for long enough to be told. */
const TOLD_AFTER: number = 15 * MINUTE;

export interface Running {
  readonly runtime: Runtime;
  readonly clock: MovableClock;
}

/** One run as of `at`, with all that follows from it; then its news is told. */
export async function runAndTell({ runtime, clock }: Running, at: Date): Promise<void> {
  await clock.set(at);
  await runtime.fireSchedules(at, 'Dispatch');
  await runtime.drain();
  await tellAt({ runtime, clock }, new Date(at.getTime() + TOLD_AFTER));
}

/** Tells at that time what waits and is due. */
export async function tellAt({ runtime, clock }: Running, at: Date): Promise<void> {
  await clock.set(at);
  await runtime.fireSchedules(at, 'Deliver');
  // Receipts are news for whoever follows the history.
  await runtime.drain();
}
