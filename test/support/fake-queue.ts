import type { SweepMessage } from '../../lambda/contracts/messages.ts';
import type { Sweep, SweepQueue } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** Keeps what was sent, in order. */
export class FakeQueue implements SweepQueue {
  readonly sent: Sweep[] = [];
  /** What was put off, and for how long. */
  readonly postponed: { readonly message: SweepMessage; readonly seconds: number }[] = [];
  readonly calls: Calls;

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  sendAll(sweeps: readonly Sweep[]): Promise<void> {
    return this.calls.run('queue.sendAll', [sweeps], () => {
      this.sent.push(...sweeps);
    });
  }

  postpone(message: SweepMessage, seconds: number): Promise<void> {
    return this.calls.run('queue.postpone', [message, seconds], () => {
      this.postponed.push({ message, seconds });
    });
  }
}
