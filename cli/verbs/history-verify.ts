import { writeFile } from 'node:fs/promises';
import type { Seal } from '../../lambda/contracts/seal.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { timeOf } from '../../lambda/workflows/event-time.ts';
import { type Verification, verifyHistory } from '../../lambda/workflows/verify-history.ts';
import { eventsOfDays } from '../events-of-days.ts';
import { eventLines, sealLines } from '../history-lines.ts';
import type { AnchoredSeal, Session } from '../session.ts';

export interface VerifyOptions {
  /** A copy of the history as `keyturn history --json` writes it, instead of the table. */
  readonly file?: string;
  /** A copy of the seals, instead of those in the table. */
  readonly seals?: string;
  /** Where to write a copy of the seals. */
  readonly exportSeals?: string;
  /** A seal that was noted down: `NUMBER:HASH`. */
  readonly anchor?: readonly AnchoredSeal[];
}

export type VerifySession = Pick<Session, 'history' | 'seals' | 'clock' | 'anchors'>;

/** Compares the history with the chain of seals over it, and with seals that were noted down. */
export async function verify(
  session: VerifySession,
  options: VerifyOptions,
  onProgress: (line: string) => void,
): Promise<Verification> {
  const { clock, history } = session;
  const now = clock.now();
  let earliest = now;
  const copies: string[] = [];
  async function* watched(): AsyncIterable<Seal> {
    let count = 0;
    for await (const seal of options.seals === undefined ? session.seals.all() : sealLines(options.seals)) {
      for (const { id } of seal.events) earliest = Math.min(earliest, timeOf(id));
      if (options.exportSeals !== undefined) copies.push(JSON.stringify(seal));
      count += 1;
      if (count % 1_000 === 0) onProgress(`read ${count.toLocaleString('en')} seals`);
      yield seal;
    }
  }
  async function* events(): AsyncIterable<HistoryEvent> {
    let count = 0;
    // What lies before the first seal was written before there were any.
    const live = () => eventsOfDays(history, { since: earliest - DAY, until: now + DAY, order: 'oldest-first' });
    for await (const event of options.file === undefined ? live() : eventLines(options.file)) {
      count += 1;
      if (count % 10_000 === 0) onProgress(`checked ${count.toLocaleString('en')} events`);
      yield event;
    }
  }
  const anchors = [...(await anchorsIn(session, onProgress)), ...(options.anchor ?? [])];
  const verification = await verifyHistory(watched(), events(), now, anchors);
  if (options.exportSeals !== undefined)
    await writeFile(options.exportSeals, copies.map((line) => `${line}\n`).join(''));
  return verification;
}

/** The seals in the evidence bucket, if there is one that the caller may read; without them the rest is still worth knowing. */
async function anchorsIn(
  { anchors }: VerifySession,
  onProgress: (line: string) => void,
): Promise<readonly AnchoredSeal[]> {
  try {
    return (await anchors()) ?? [];
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    onProgress(`The seals noted down in the evidence bucket are left out: ${error.message}`);
    return [];
  }
}
