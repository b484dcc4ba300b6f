import type { StepKind } from '../domain/step.ts';

/** What became of a step: requested is not yet taken. */
export type Outcome =
  | {
      readonly kind: 'taken';
      readonly step: StepKind;
      /** A key went, and nothing takes its place. */
      readonly forGood?: true;
    }
  /** Nothing was to be written for it. */
  | { readonly kind: 'noted'; readonly step: StepKind }
  /** The world changed since the plan was made; the next sweep decides afresh. */
  | { readonly kind: 'overtaken'; readonly step: StepKind; readonly why: string }
  | { readonly kind: 'failed'; readonly step: StepKind; readonly error: string };

export const taken = (step: StepKind): Outcome => ({ kind: 'taken', step });
export const takenForGood = (step: StepKind): Outcome => ({ kind: 'taken', step, forGood: true });
export const overtaken = (step: StepKind, why: string): Outcome => ({ kind: 'overtaken', step, why });
export const failed = (step: StepKind, error: string): Outcome => ({ kind: 'failed', step, error });
