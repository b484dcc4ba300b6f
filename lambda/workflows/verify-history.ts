import { historyEventSchema } from '../contracts/history-event.ts';
import { hashOfContent, type Seal } from '../contracts/seal.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';
import type { Clock, FoundEvent } from '../ports.ts';
import { timeOf } from './event-time.ts';
import { outsideTheRise } from './outside-the-rise.ts';
import { awaitingSeal, isMisdated } from './sealing-times.ts';
import { type Anchors, type Chain, type ChainFinding, readChain, type SealedHash } from './verify-seals.ts';

/** What is wrong with an event, as the history or a copy of it holds it. */
export interface EventFinding {
  readonly kind:
    | 'altered'
    /** No seal knows it. */
    | 'unsealed'
    /** Its seal was made days after it is said to have happened, or before. */
    | 'misdated'
    /** It lies elsewhere in the table than its content says. */
    | 'misplaced'
    | 'out-of-order'
    | 'repeated';
  readonly eventId: string;
  /** Where it stands in a copy, from 1. */
  readonly line?: number;
  /** What it says; absent where that makes no event, or would not help. */
  readonly event?: HistoryEvent;
}

/** Something in the history, or in the chain over it, that is not as it was written. */
export type Finding =
  | EventFinding
  | ChainFinding
  /** A seal knows it, and the history does not. */
  | { readonly kind: 'missing'; readonly eventId: EventId; readonly seal: number }
  /** There are events, and no chain at all. */
  | { readonly kind: 'no-seals' };

export interface Verification {
  readonly events: number;
  readonly seals: number;
  /** Seals noted down elsewhere that were compared. */
  readonly anchors: number;
  /** So recent that no seal is to be expected yet. */
  readonly awaitingSeal: number;
  /** The IDs of the last of them, at most twenty: checked again an hour later they have seals. */
  readonly awaiting: readonly string[];
  readonly head?: Chain['head'];
  /** The chain before events, events oldest first; at most a thousand. */
  readonly findings: readonly Finding[];
}

export interface ToVerify {
  /** Oldest first. */
  readonly seals: AsyncIterable<Seal>;
  /** Read after the seals: what is sealed in between is still awaiting its seal. */
  readonly events: AsyncIterable<FoundEvent>;
  readonly clock: Clock;
  readonly anchors?: Anchors;
  /** Which part of the history this is; without it, all of it. Nothing is missed outside. */
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
  /** Days one after the other, and in each the events by their IDs: what stands elsewhere was moved. */
  readonly inOrder?: boolean;
  /** Takes each event that is not awaiting its seal. */
  readonly keep?: (event: FoundEvent) => Promise<void>;
}

const MOST_FINDINGS = 1_000;
const MOST_AWAITING = 20;

type Kind = EventFinding['kind'];

/** Compares a history with the chain of seals over it, and the chain with the seals that were noted down elsewhere. */
export async function verifyHistory(work: ToVerify): Promise<Verification> {
  const { clock, anchors = { seals: [], faults: [] }, since = Number.NEGATIVE_INFINITY } = work;
  const { until = Number.POSITIVE_INFINITY } = work;
  const startedAt = clock.now();
  const { sealed, seals, head, findings: ofChain } = await readChain(work.seals, anchors);
  const mayAwait = awaitingSeal(sealed.keys(), startedAt, clock);
  const wrong: { readonly kind: Kind; readonly event: FoundEvent }[] = [];
  const seen = new Set<string>();
  const inPlace: Placed[] = [];
  const awaiting: string[] = [];
  let total = 0;
  for await (const event of work.events) {
    total += 1;
    const expected = sealed.get(event.id);
    if (expected !== undefined) seen.add(event.id);
    const verdict = verdictOn(event, expected, mayAwait);
    if (verdict === 'awaiting') awaiting.push(event.id);
    else await work.keep?.(event);
    if (verdict !== 'sealed' && verdict !== 'awaiting') wrong.push({ kind: verdict, event });
    else if (work.inOrder) inPlace.push(placed(event));
  }
  const missing = [...sealed.values()].filter(({ id }) => {
    const at = timeOf(id);
    return !seen.has(id) && at >= since && at < until;
  });
  const ofEvents: Ranked[] = [
    ...missing.map(({ id, seal }) => ({ rank: id, tell: () => ({ kind: 'missing', eventId: id, seal }) as const })),
    ...wrong.map(({ kind, event }) => ({ rank: event.id, tell: () => findingOf(kind, event) })),
    ...inWrongPlaces(inPlace).map((finding) => ({ rank: finding.eventId, tell: () => finding })),
  ];
  const noSeals = seals === 0 && total > 0 ? [{ kind: 'no-seals' } as const] : [];
  const findings = [
    ...noSeals,
    ...ofChain,
    ...ofEvents.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ tell }) => tell),
  ].slice(0, MOST_FINDINGS);
  return {
    events: total,
    seals,
    anchors: anchors.seals.length,
    awaitingSeal: awaiting.length,
    awaiting: awaiting.slice(-MOST_AWAITING),
    ...(head && { head }),
    findings: findings.map((finding) => (typeof finding === 'function' ? finding() : finding)),
  };
}

/** Found, and put in words only where it is among the first. */
interface Ranked {
  readonly rank: string;
  readonly tell: () => Finding;
}

function verdictOn(
  event: FoundEvent,
  expected: SealedHash | undefined,
  mayAwait: (event: FoundEvent) => boolean,
): 'sealed' | 'awaiting' | Kind {
  if (expected === undefined) return mayAwait(event) && !event.misplaced ? 'awaiting' : 'unsealed';
  if (expected.hash !== hashIn(event)) return 'altered';
  if (event.misplaced) return 'misplaced';
  return isMisdated(event, expected.sealedAt) ? 'misdated' : 'sealed';
}

/** Undefined where it holds what no event can. */
function hashIn({ content }: FoundEvent): string | undefined {
  try {
    return hashOfContent(content);
  } catch {
    return undefined;
  }
}

/** An event where it was found: what orders it, and the line of a copy. */
interface Placed {
  readonly key: string;
  readonly line: number | undefined;
}

/** As `keyturn history` writes them: days one after the other, in each by ID. */
const DAY_LENGTH = '2026-11-20'.length;
const placed = ({ id, content, line }: FoundEvent): Placed => ({
  key: `${String(content.time).slice(0, DAY_LENGTH)}${id}`,
  line,
});

function inWrongPlaces(events: readonly Placed[]): readonly EventFinding[] {
  const outside = outsideTheRise(events.map(({ key }) => key));
  if (outside.length === 0) return [];
  const out = new Set(outside);
  const outKeys = new Set(outside.map((place) => events[place]?.key));
  const twice = new Set(events.filter(({ key }, place) => outKeys.has(key) && !out.has(place)).map(({ key }) => key));
  return outside.flatMap((place) => {
    const { key, line } = events[place] ?? {};
    if (key === undefined) return [];
    const kind = twice.has(key) ? 'repeated' : 'out-of-order';
    return [{ kind, eventId: key.slice(DAY_LENGTH), ...(line !== undefined && { line }) } as const];
  });
}

function findingOf(kind: Kind, { id, content, line }: FoundEvent): EventFinding {
  const { data: event } = historyEventSchema.safeParse(content);
  return { kind, eventId: id, ...(line !== undefined && { line }), ...(event && { event }) };
}
