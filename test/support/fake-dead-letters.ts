import type { DeadLetters } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

type Letter = Parameters<DeadLetters['park']>[0];

/** Keeps the letters it was given, in order. */
export class FakeDeadLetters implements DeadLetters {
  readonly parked: Letter[] = [];
  readonly calls: Calls;

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  park(letter: Letter): Promise<void> {
    return this.calls.run('deadLetters.park', [letter], () => {
      this.parked.push(letter);
    });
  }
}
