import pLimit from 'p-limit';
import type { HistoryEvent, NoticeChannel } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import { fromIso, type Instant, toIso } from '../domain/time.ts';
import type { Clock, History, Ids, Reader } from '../ports.ts';

/** What history already says about telling these events. */
export class Receipts {
  readonly #delivered = new Map<string, Instant>();
  readonly #failed = new Map<string, string>();
  readonly #told = new Set<EventId>();

  add(receipt: HistoryEvent<'notice-delivered' | 'notice-failed'>): void {
    const { about, channel, to } = receipt.details;
    for (const id of about) {
      const key = keyOf(id, channel, to);
      if (receipt.type === 'notice-failed') this.#failed.set(key, receipt.details.error);
      else {
        this.#delivered.set(key, Math.max(this.#delivered.get(key) ?? 0, fromIso(receipt.time)));
        this.#told.add(id);
      }
    }
  }

  /** When this channel took it; undefined: it did not. */
  deliveredAt(id: EventId, channel: NoticeChannel, to: Reader): Instant | undefined {
    return this.#delivered.get(keyOf(id, channel, to));
  }

  /** Why this channel refused it the first time; undefined: it did not. */
  refusalOf(id: EventId, channel: NoticeChannel, to: Reader): string | undefined {
    return this.#failed.get(keyOf(id, channel, to));
  }

  /** Whether anybody was told of it, over whatever channel. */
  wasTold(id: EventId): boolean {
    return this.#told.has(id);
  }
}

const keyOf = (...parts: readonly string[]): string => parts.join(' ');

const QUERIES_AT_ONCE = 8;

/** Reads the receipts for these events. Where they cannot be read the events are `unsure`: sending again is not harmless. */
export async function readReceipts(
  history: Pick<History, 'query'>,
  events: readonly HistoryEvent[],
  unsure: Map<EventId, unknown>,
): Promise<Receipts> {
  const receipts = new Receipts();
  const oneOfFew = pLimit(QUERIES_AT_ONCE);
  await Promise.all(
    [...Map.groupBy(events, partitionOf).values()].map((some) =>
      oneOfFew(async () => {
        try {
          for await (const receipt of receiptsAbout(history, some)) receipts.add(receipt);
        } catch (error) {
          for (const { id } of some) unsure.set(id, error);
        }
      }),
    ),
  );
  return receipts;
}

const partitionOf = ({ account, userName }: HistoryEvent): string => `${account}/${userName ?? ''}`;

async function* receiptsAbout(
  history: Pick<History, 'query'>,
  events: readonly HistoryEvent[],
): AsyncIterable<HistoryEvent<'notice-delivered' | 'notice-failed'>> {
  const [first] = events;
  if (first === undefined) return;
  const { account, userName } = first;
  const found = history.query({
    by: userName === undefined ? { kind: 'account', account } : { kind: 'user', account, userName },
    since: Math.min(...events.map(({ time }) => fromIso(time))),
    types: ['notice-delivered', 'notice-failed'],
  });
  for await (const event of found) {
    if (event.type === 'notice-delivered' || event.type === 'notice-failed') yield event;
  }
}

export type Outcome =
  | { readonly type: 'notice-delivered' }
  | { readonly type: 'notice-failed'; readonly error: string };

/** One receipt per user (or account) that the message was about: a receipt lies in its subject's own history. */
export function receiptsFor(
  { clock, ids }: { readonly clock: Clock; readonly ids: Pick<Ids, 'event'> },
  events: readonly HistoryEvent[],
  channel: NoticeChannel,
  to: Reader,
  outcome: Outcome,
): readonly HistoryEvent[] {
  const subjects = Map.groupBy(events, (event) => `${partitionOf(event)} ${event.userId ?? ''}`);
  return [...subjects.values()].flatMap((some): readonly HistoryEvent[] => {
    const latest = some.reduce<HistoryEvent | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);
    if (latest === undefined) return [];
    const { account, userName, userId, userPath, runId, keyId, mode, policy } = latest;
    // Never dated before what it is about, whatever the clocks say: it is looked for from then on.
    const at = Math.max(clock.now(), fromIso(latest.time));
    const head = {
      id: ids.event(at),
      time: toIso(at),
      account,
      ...(runId === undefined ? {} : { runId }),
      ...(userName === undefined ? {} : { userName }),
      ...(userId === undefined ? {} : { userId }),
      ...(userPath === undefined ? {} : { userPath }),
      // With it the receipt shows up among what happened to the key.
      ...(keyId !== undefined && some.every((event) => event.keyId === keyId) ? { keyId } : {}),
      actor: 'keyturn',
      mode,
      policy,
    };
    const about = some.map(({ id }) => id);
    return outcome.type === 'notice-delivered'
      ? [{ ...head, type: outcome.type, details: { about, channel, to } }]
      : [{ ...head, type: outcome.type, details: { about, channel, to, error: outcome.error } }];
  });
}
