import type { Seal } from '../../lambda/contracts/seal.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import { DAY, type Instant } from '../../lambda/domain/time.ts';
import { AccessDeniedError, type FoundEvent, type Seals } from '../../lambda/ports.ts';
import { timeOf } from '../../lambda/workflows/event-time.ts';
import { type Verification, verifyHistory } from '../../lambda/workflows/verify-history.ts';
import type { AnchoredSeal, Anchors } from '../../lambda/workflows/verify-seals.ts';
import { UsageError } from '../errors.ts';
import { eventLines, sealLines } from '../history-lines.ts';
import { type LineWriter, lineWriter } from '../line-writer.ts';
import type { Session } from '../session.ts';
import { storedEvents } from '../stored-events.ts';

export interface VerifyOptions {
  /** A copy of the history as `keyturn history --json` writes it, instead of the table. */
  readonly file?: string;
  /** A copy of the seals, instead of those in the table. */
  readonly seals?: string;
  /** Where to write a copy of the events, those left out that await their seal. */
  readonly exportEvents?: string;
  /** Where to write a copy of the seals. */
  readonly exportSeals?: string;
  /** A seal that was noted down: `NUMBER:HASH`. */
  readonly anchor?: readonly AnchoredSeal[];
  /** Which part of the history is checked, by event ID; a copy may be of a part. */
  readonly since?: Instant;
  readonly until?: Instant;
}

export interface VerifySession extends Pick<Session, 'stored' | 'clock' | 'anchors'> {
  readonly seals: Pick<Seals, 'all'>;
  /** The account that Keyturn is deployed in. */
  readonly hub: () => AccountId;
}

/** What was checked, and what came of it. */
export interface VerifyReport extends Verification, Pick<VerifyOptions, 'since' | 'until'> {}

/** Without a --since: at least as far back as this is looked for events that no seal knows, day by day. */
const LOOKED_BACK = 400 * DAY;

/** Compares the history with the chain of seals over it, and with seals that were noted down. */
export async function verify(
  session: VerifySession,
  options: VerifyOptions,
  onProgress: (line: string) => void,
): Promise<VerifyReport> {
  const { file, exportEvents, exportSeals, since, until } = options;
  if (file !== undefined && exportEvents !== undefined) {
    throw new UsageError('--export-events copies what is in the table: it cannot be used with --file.');
  }
  const now = session.clock.now();
  const writers: LineWriter[] = [];
  const writerTo = async (name: string | undefined): Promise<LineWriter | undefined> => {
    if (name === undefined) return undefined;
    const writer = await lineWriter(name);
    writers.push(writer);
    return writer;
  };
  const [eventsCopy, sealsCopy] = [await writerTo(exportEvents), await writerTo(exportSeals)];
  let earliest = now;
  async function* seals(): AsyncIterable<Seal> {
    const all = options.seals === undefined ? session.seals.all() : sealLines(options.seals);
    for await (const seal of counted(all, 1_000, 'seals', onProgress)) {
      for (const { id } of seal.events) earliest = Math.min(earliest, timeOf(id));
      await sealsCopy?.write(JSON.stringify(seal));
      yield seal;
    }
  }
  /** Read when all the seals have been: by then it is known how far back they go. */
  async function* stored(): AsyncIterable<FoundEvent> {
    const from = (since ?? Math.min(earliest, now - LOOKED_BACK)) - DAY;
    const to = (until ?? now) + DAY;
    yield* storedEvents(session.stored, session.hub(), { from, to, since, until });
  }
  const verification = await verifyHistory({
    seals: seals(),
    events: counted(file === undefined ? stored() : eventLines(file), 10_000, 'events', onProgress),
    clock: session.clock,
    anchors: await anchorsFor(session, options, onProgress),
    since,
    until,
    inOrder: file !== undefined,
    keep: async ({ content }) => eventsCopy?.write(JSON.stringify(content)),
  });
  for (const writer of writers) await writer.close();
  return { ...verification, ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

async function* counted<T>(
  items: AsyncIterable<T>,
  step: number,
  noun: string,
  onProgress: (line: string) => void,
): AsyncIterable<T> {
  let count = 0;
  for await (const item of items) {
    count += 1;
    if (count % step === 0) onProgress(`read ${count.toLocaleString('en')} ${noun}`);
    yield item;
  }
}

/** Those that the caller names, and those in the evidence bucket if there is one that the caller may read: without them the rest is still worth knowing. */
async function anchorsFor(
  { anchors }: VerifySession,
  { anchor = [] }: VerifyOptions,
  onProgress: (line: string) => void,
): Promise<Anchors> {
  try {
    const { seals = [], faults = [] } = (await anchors()) ?? {};
    return { seals: [...seals, ...anchor], faults };
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    onProgress(`The seals noted down in the evidence bucket are left out: ${error.message}`);
    return { seals: anchor, faults: [] };
  }
}
