import type { AccountId, RunId } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { SweepQueue } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

export interface SentSweep {
  readonly runId: RunId;
  readonly account: AccountId;
  readonly now: Instant;
}

/** Keeps what was sent, in order. */
export class FakeQueue implements SweepQueue {
  readonly sent: SentSweep[] = [];
  readonly calls: Calls;

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  send(sweep: SentSweep): Promise<void> {
    return this.calls.run('queue.send', [sweep], () => {
      this.sent.push(sweep);
    });
  }
}
