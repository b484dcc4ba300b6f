import { metric } from '../contracts/metrics.ts';
import type { Channel } from '../ports.ts';
import type { Counters } from './metrics.ts';

/** Counts the messages that channels take and refuse, and publishes that for a tick at a time. */
export class NoticeCounts {
  readonly #counters: Counters;
  #delivered = 0;
  #failed = 0;

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  /** The same channel, counted. */
  counted(channel: Channel): Channel {
    return {
      name: channel.name,
      send: async (notice) => {
        try {
          await channel.send(notice);
          this.#delivered += 1;
        } catch (error) {
          this.#failed += 1;
          throw error;
        }
      },
    };
  }

  /** Publishes what was counted since the last time, and how the tick ended; zeros too. */
  publish({ untold, heldUpHours }: { readonly untold: number; readonly heldUpHours: number }): void {
    this.#counters.add(metric.noticesDelivered, this.#delivered);
    this.#counters.add(metric.noticesFailed, this.#failed);
    this.#counters.add(metric.eventsUntold, untold);
    this.#counters.add(metric.noticesHeldUpHours, heldUpHours);
    this.#counters.publish();
    this.#delivered = 0;
    this.#failed = 0;
  }
}
