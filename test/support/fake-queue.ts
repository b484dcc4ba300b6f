import type { Sweep, SweepQueue } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** Keeps what was sent, in order. */
export class FakeQueue implements SweepQueue {
  readonly sent: Sweep[] = [];
  readonly calls: Calls;

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  sendAll(sweeps: readonly Sweep[]): Promise<void> {
    return this.calls.run('queue.sendAll', [sweeps], () => {
      this.sent.push(...sweeps);
    });
  }
}
