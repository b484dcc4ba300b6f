import { type Estate, isLoud } from './estate.ts';
import type { Ending, Line } from './line.ts';
import type { Observation } from './observation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Produced } from './produced.ts';

/** A kind of step, as the matrix lives through it. */
export interface Kind<E extends Estate = Estate> {
  readonly name: string;
  /** What its act is about, so that a story that tells of something else is found out. */
  readonly produces: Produced;
  /** Brings the estate to where the step is due. */
  prepare(estate: E): Promise<void>;
  /** What is disturbed. */
  act(estate: E, line: Line): Promise<Ending>;
  /** The same once more, undisturbed: whoever brought it did not hear that it was done. */
  again(estate: E): Promise<Ending>;
  /** What an undisturbed next day brings. */
  later(estate: E): Promise<Ending>;
  /** Whether somebody learns from this end that something went wrong. */
  isLoud(end: Ending, estate: E): boolean;
  outcome(seen: Observation, estate: E): Outcome;
}

/** A step that a sweep of that day carries out. */
export function sweepKind<E extends Estate>(
  name: string,
  { day, produces }: { readonly day: number; readonly produces: Produced },
  prepare: (estate: E) => Promise<void>,
): Kind<E> {
  return {
    name,
    produces,
    prepare,
    act(estate, line) {
      // Until the next day the report does not show what this sweep changes.
      estate.freezeReport(true);
      return estate.sweepOn(day, line);
    },
    again: (estate) => estate.redeliver(),
    later(estate) {
      estate.freezeReport(false);
      return estate.sweepOn(day + 1);
    },
    isLoud,
    outcome: (seen, estate) => outcomeOf(seen, estate),
  };
}
