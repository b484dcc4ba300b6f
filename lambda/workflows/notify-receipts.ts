import pLimit from 'p-limit';
import type { HistoryEvent, NoticeChannel } from '../domain/events.ts';
import type { EventId, OwnerId } from '../domain/ids.ts';
import { fromIso, toIso } from '../domain/time.ts';
import type { Clock, History, Ids } from '../ports.ts';

/** Whom a message is for, as receipts name it. */
export type Reader = OwnerId | 'operators';

/** What history already says about telling these events. */
export class Receipts {
  readonly #known = new Set<string>();

  add(receipt: HistoryEvent<'notice-delivered' | 'notice-failed'>): void {
    for (const id of receipt.details.about) {
      this.#known.add(keyOf(receipt.type, id, receipt.details.channel, receipt.details.to));
    }
  }

  wasDelivered(id: EventId, channel: NoticeChannel, to: Reader): boolean {
    return this.#known.has(keyOf('notice-delivered', id, channel, to));
  }

  hasFailed(id: EventId, channel: NoticeChannel, to: Reader): boolean {
    return this.#known.has(keyOf('notice-failed', id, channel, to));
  }
}

const keyOf = (...parts: readonly string[]): string => parts.join(' ');

const QUERIES_AT_ONCE = 8;

/** Reads the receipts for these events. Where they cannot be read, the events are `untold`: sending again is not harmless. */
export async function readReceipts(
  history: Pick<History, 'query'>,
  events: readonly HistoryEvent[],
  untold: Map<EventId, unknown>,
): Promise<Receipts> {
  const receipts = new Receipts();
  const oneOfFew = pLimit(QUERIES_AT_ONCE);
  await Promise.all(
    [...Map.groupBy(events, partitionOf).values()].map((some) =>
      oneOfFew(async () => {
        try {
          for await (const receipt of receiptsAbout(history, some)) receipts.add(receipt);
        } catch (error) {
          for (const { id } of some) untold.set(id, error);
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
