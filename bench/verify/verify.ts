import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineWriter } from '../../cli/line-writer.ts';
import { type VerifySession, verify as verifyCopy } from '../../cli/verbs/history-verify.ts';
import { nextSeal, type Seal } from '../../lambda/contracts/seal.ts';
import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { count, megabytes, type Result, type Say, seconds, target } from '../benchmark.ts';
import type { BenchOptions } from '../options.ts';
import { eventNumber } from './numbered-events.ts';

const LONGEST = 30_000;
/** As many events as one batch of the stream brings on a busy day. */
const IN_A_SEAL = 200;

/** How long it takes to check a copy of a long history, from two files to the verdict. */
export async function verify({ events }: BenchOptions, say: Say): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-bench-verify-'));
  try {
    const copy = { file: join(folder, 'events.jsonl'), seals: join(folder, 'seals.jsonl') };
    const seals = await writeCopy(copy, events, say);
    const started = performance.now();
    const found = await verifyCopy(offline(events), copy, (line) => {
      if (/00,000 events/.test(line)) say(`checking ${count(events)} events: ${line}`);
    });
    const ms = performance.now() - started;
    if (found.findings.length > 0 || found.events !== events || found.seals !== seals)
      throw new Error('The untouched history was not found whole.');
    const peak = process.resourceUsage().maxRSS * 1024;
    const { size } = await stat(copy.file);
    return {
      tables: [
        {
          head: ['History', 'Seals', 'Copy', 'Time', 'Events a second', 'Peak memory'],
          rows: [
            [
              `${count(events)} events`,
              count(seals),
              megabytes(size),
              seconds(ms),
              count((events / ms) * 1000),
              megabytes(peak),
            ],
          ],
        },
      ],
      targets: [target(`checking a copy of ${count(events)} events`, ms, { atMost: LONGEST }, seconds)],
      notes: [
        `What 'keyturn history --verify --file --seals' does, from the files to the verdict: reading, parsing, hashing, comparing. Events of ${count(size / events)} bytes on average. Memory is that of the whole process.`,
      ],
      figures: { events, seals, bytes: size, ms, peakRssBytes: peak },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes what --export-events and --export-seals would; answers with the number of seals. */
async function writeCopy(
  { file, seals }: { readonly file: string; readonly seals: string },
  events: number,
  say: Say,
): Promise<number> {
  const [eventLines, sealLines] = [await lineWriter(file), await lineWriter(seals)];
  let last: Seal | undefined;
  for (let from = 0; from < events; from += IN_A_SEAL) {
    if (from % 100_000 === 0) say(`writing and sealing ${count(events)} events: ${count(from)}`);
    const batch = Array.from({ length: Math.min(IN_A_SEAL, events - from) }, (_, n) => eventNumber(from + n));
    for (const event of batch) await eventLines.write(JSON.stringify(event));
    const sealedAt = batch.at(-1)?.time ?? '';
    last = nextSeal(last, batch, sealedAt);
    await sealLines.write(JSON.stringify(last));
  }
  await eventLines.close();
  await sealLines.close();
  return last?.number ?? 0;
}

/** An auditor's machine: two files, and nothing of AWS. */
function offline(events: number): VerifySession {
  const never = (): never => {
    throw new Error('a copy is checked without AWS');
  };
  const now = fromIso(eventNumber(events).time) + DAY;
  return {
    hub: never,
    stored: { stored: never },
    seals: { all: never },
    clock: { now: () => now },
    anchors: async () => undefined,
  };
}
