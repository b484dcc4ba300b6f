import pLimit from 'p-limit';
import { type EventType, type HistoryEvent, requestIn } from '../domain/events.ts';
import type { UserName } from '../domain/ids.ts';
import type { Request } from '../domain/requests.ts';
import { MINUTE } from '../domain/time.ts';
import type { History } from '../ports.ts';
import { allOf } from './in-parallel.ts';
import { messageOf } from './message-of.ts';

/** The requests on the list, by what history says of them. */
export interface LookedUp {
  /** Somebody is on record as having asked for just this, and nothing as its answer. */
  readonly asked: readonly Request[];
  /** Nobody is on record as having asked for it. */
  readonly unasked: readonly Request[];
  /** Its answer is on record: it is on the list still, or once more. */
  readonly answered: readonly Request[];
  /** Why nothing is known of the requests of these users, whose names are in lower case. */
  readonly unknown: ReadonlyMap<string, string>;
}

const answers = [
  'request-refused',
  'key-published',
  'key-replaced',
  'key-disabled',
  'key-restored',
  'key-snoozed',
] as const satisfies EventType[];

/** The clock of whoever asked may have been set between the request and its event. */
const SKEW = 5 * MINUTE;

const AT_ONCE = 8;

/**
 * Looks every request up in its own user's history. Whoever may write to the list may name any user there; in whose
 * history somebody may write IAM decides by its partition. So the list says what waits, and history what counts.
 *
 * @param userNames the users that there are: an answer is in the history of the name as IAM writes it.
 */
export async function lookUpRequests(
  history: Pick<History, 'query'>,
  requests: readonly Request[],
  userNames: readonly UserName[],
): Promise<LookedUp> {
  const limit = pLimit(AT_ONCE);
  const unknown = new Map<string, string>();
  const found = await allOf(
    requests.map((request) =>
      limit(async () => {
        try {
          return { request, is: await standingOf(history, request, userNames) };
        } catch (error) {
          // Unknown is not absent: it waits, and so does its user.
          const why = `history could not be read, so request ${request.id} waits: ${messageOf(error)}`;
          unknown.set(request.userName.toLowerCase(), why);
          return { request, is: 'unknown' as const };
        }
      }),
    ),
  );
  const those = (which: Standing) => found.flatMap(({ request, is }) => (is === which ? [request] : []));
  return { asked: those('asked'), unasked: those('unasked'), answered: those('answered'), unknown };
}

type Standing = 'asked' | 'unasked' | 'answered';

async function standingOf(
  history: Pick<History, 'query'>,
  request: Request,
  userNames: readonly UserName[],
): Promise<Standing> {
  const { account, userName, requestedAt } = request;
  const since = requestedAt - SKEW;
  let isAsked = false;
  const own = { kind: 'user', account, userName } as const;
  for await (const event of history.query({ by: own, since, types: ['request-made', ...answers] })) {
    if (isAnswer(event, request)) return 'answered';
    isAsked ||= isAsking(event, request);
  }
  if (!isAsked) return 'unasked';
  const written = userNames.find((name) => name !== userName && name.toLowerCase() === userName.toLowerCase());
  if (written === undefined) return 'asked';
  for await (const event of history.query({ by: { ...own, userName: written }, since, types: answers })) {
    if (isAnswer(event, request)) return 'answered';
  }
  return 'asked';
}

const isAnswer = (event: HistoryEvent, { id }: Request): boolean =>
  event.type !== 'request-made' && requestIn(event.details) === id;

/** All that was asked for, word for word: else another request could be put in the place of the one on record. */
function isAsking(event: HistoryEvent, request: Request): boolean {
  if (event.type !== 'request-made') return false;
  const { requestId, request: kind, disableOldNow = false, hours, days } = event.details;
  return (
    requestId === request.id &&
    kind === request.kind &&
    event.account === request.account &&
    event.userName === request.userName &&
    event.keyId === request.keyId &&
    (request.kind !== 'rotate' || disableOldNow === request.disableOldNow) &&
    (request.kind !== 'restore' || hours === request.hours) &&
    (request.kind !== 'snooze' || days === request.days)
  );
}
