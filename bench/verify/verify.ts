import { nextSeal, type Seal } from '../../lambda/contracts/seal.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { verifyHistory } from '../../lambda/workflows/verify-history.ts';
import { count, megabytes, type Result, type Say, seconds, target } from '../benchmark.ts';
import type { BenchOptions } from '../options.ts';
import { eventNumber } from './numbered-events.ts';

const LONGEST = 30_000;
/** As many events as one batch of the stream brings on a busy day. */
const IN_A_SEAL = 200;

/** How long it takes to check a long history against its seals. */
export async function verify({ events }: BenchOptions, say: Say): Promise<Result> {
  const seals: Seal[] = [];
  for (let from = 0; from < events; from += IN_A_SEAL) {
    if (from % 100_000 === 0) say(`sealing ${count(events)} events: ${count(from)}`);
    const batch = Array.from({ length: Math.min(IN_A_SEAL, events - from) }, (_, n) => eventNumber(from + n));
    const [last] = batch.slice(-1);
    if (last !== undefined) seals.push(nextSeal(seals.at(-1), batch, last.time));
  }
  const now = fromIso(eventNumber(events).time) + DAY;
  async function* history(): AsyncIterable<HistoryEvent> {
    for (let n = 0; n < events; n += 1) {
      if (n % 100_000 === 0) say(`checking ${count(events)} events: ${count(n)}`);
      yield eventNumber(n);
    }
  }
  async function* chain(): AsyncIterable<Seal> {
    yield* seals;
  }
  const started = performance.now();
  const found = await verifyHistory(chain(), history(), now);
  const ms = performance.now() - started;
  if (found.findings.length > 0 || found.events !== events)
    throw new Error('The untouched history was not found whole.');
  const peak = process.resourceUsage().maxRSS * 1024;
  const bytes = JSON.stringify(Array.from({ length: 6 }, (_, n) => eventNumber(n))).length / 6;
  return {
    tables: [
      {
        head: ['History', 'Seals', 'Time', 'Events a second', 'Peak memory'],
        rows: [
          [`${count(events)} events`, count(seals.length), seconds(ms), count((events / ms) * 1000), megabytes(peak)],
        ],
      },
    ],
    targets: [target(`checking ${count(events)} events`, ms, { atMost: LONGEST }, seconds)],
    notes: [
      `Events of ${count(bytes)} bytes on average, made one after another while they are checked; the time is that of making them as well, not that of reading them from a table. Memory is that of the whole process, which also holds the seals.`,
    ],
    figures: { events, seals: seals.length, ms, peakRssBytes: peak },
  };
}
