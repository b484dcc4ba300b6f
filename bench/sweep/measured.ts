import { z } from 'zod';
import { setDateAhead, simulateDate } from '../../local/runtime/simulated-date.ts';

/** To a process that sweeps once: what with. */
export const order = z.object({
  /** How far the local AWS's clock is ahead of this machine's. */
  aheadMs: z.number(),
  /** Sweep messages as the queue holds them, for one invocation. */
  messages: z.array(z.string()),
  /** The worker's bundle. */
  bundle: z.string(),
  /** How many users the per-user sweep reads at once. */
  concurrentUsers: z.number(),
});
export type Order = z.infer<typeof order>;

/** From it: what that took. */
export const measurement = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  /** Of the whole process, its loading included. */
  peakRssBytes: z.number(),
  /** What went wrong, if anything did. */
  failures: z.array(z.string()),
});
export type Measurement = z.infer<typeof measurement>;

/** Sweeps once when ordered to, and tells what that took. Loading is not part of the time. */
export function sweepOnce(prepare: (order: Order) => Promise<() => Promise<readonly string[]>>): void {
  simulateDate();
  process.once('message', async (message) => {
    const given = order.parse(message);
    setDateAhead(given.aheadMs);
    const sweep = await prepare(given);
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    const failures = await sweep();
    const wallMs = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    process.send?.(
      { wallMs, cpuMs: (user + system) / 1000, peakRssBytes, failures: [...failures] } satisfies Measurement,
      () => process.exit(0),
    );
  });
}
