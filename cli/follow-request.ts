import { type EventType, type HistoryEvent, requestIn } from '../lambda/domain/events.ts';
import type { EventId, RunId } from '../lambda/domain/ids.ts';
import type { Request } from '../lambda/domain/requests.ts';
import { MINUTE } from '../lambda/domain/time.ts';
import { minuteOf } from './dates.ts';
import { eventInWords } from './event-wording.ts';
import type { Session } from './session.ts';
import { type Answer, type Seen, waitingAnswer } from './waiting-answer.ts';

/** Told what happens meanwhile, a line each. */
export type Progress = (line: string) => void;

const POLL = 3_000;
const LONGEST = 10 * MINUTE;
/** This machine's clock and the workers' differ. */
const SKEW = 5 * MINUTE;

/** Follows history until the request is answered, its sweep is over without an answer, or ten minutes have passed. */
export async function follow(session: Session, request: Request, runId: RunId, progress: Progress): Promise<Answer> {
  const seen = new Set<EventId>();
  let meanwhile: Seen = {};
  const began = session.clock.now();
  // What happened before is no answer.
  for await (const event of eventsOf(session, request)) if (!isAbout(event, request)) seen.add(event.id);
  progress(`Waiting for run ${runId}, ten minutes at most.`);
  while (session.clock.now() < began + LONGEST) {
    await session.pause(POLL);
    // First the run: what its sweep did is on record before its end is.
    const end = await endOfRun(session, request, runId);
    const answer = await answerOf(session, request, seen, progress, (event) => {
      if (event.type === 'step-waiting') meanwhile = { ...meanwhile, waits: event };
      if (event.type === 'key-replaced') meanwhile = { ...meanwhile, replaced: event };
    });
    if (answer !== undefined) return answer;
    if (end !== undefined) return end === 'over' ? waitingAnswer(request, meanwhile) : end;
  }
  const later = "the request stays on the list, and the account's next sweep answers it, after any that is under way";
  return { state: 'unknown', what: `Nothing was heard within ten minutes: ${later}.${ifTooLate(request)}` };
}

const ifTooLate = (request: Request): string =>
  request.kind === 'rotate' && request.disableOldNow
    ? " If the key has to stop right now: 'Emergency' in docs/requests.md says how to do it by hand."
    : '';

/** Of the user, since a little before the request. */
const eventsOf = ({ history }: Session, { account, userName, requestedAt }: Request): AsyncIterable<HistoryEvent> =>
  history.query({ by: { kind: 'user', account, userName }, since: requestedAt - SKEW });

const isAbout = ({ details }: HistoryEvent, { id }: Request): boolean => requestIn(details) === id;

async function answerOf(
  session: Session,
  request: Request,
  seen: Set<EventId>,
  progress: Progress,
  note: (event: HistoryEvent) => void,
): Promise<Answer | undefined> {
  for await (const event of eventsOf(session, request)) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    if (event.actor !== 'keyturn' || silent.has(event.type)) continue;
    const about = event.keyId === undefined ? '' : `${event.keyId} `;
    progress(`${minuteOf(event.time)} UTC  ${about}${eventInWords(event)}`);
    if (!isAbout(event, request) && !hasStopped(event, request)) continue;
    note(event);
    if (event.type === 'request-refused') return { state: 'refused', what: `Refused: ${event.details.why}` };
    // A key that was gone by then leaves nothing to be replaced: the new one is published all the same.
    if (event.type === doneBy(request) || event.type === 'key-published')
      return { state: 'done', what: `Done: ${about}${eventInWords(event)}.` };
  }
  return undefined;
}

const silent: ReadonlySet<EventType> = new Set<EventType>(['notice-delivered', 'notice-failed']);

/** Somebody asked twice, and the other request was carried out. */
const hasStopped = ({ type, keyId }: HistoryEvent, request: Request): boolean =>
  request.kind === 'rotate' && request.disableOldNow && type === 'key-disabled' && keyId === request.keyId;

function doneBy(request: Request): EventType {
  if (request.kind === 'restore') return 'key-restored';
  if (request.kind === 'snooze') return 'key-snoozed';
  return request.disableOldNow ? 'key-disabled' : 'key-replaced';
}

const ends = ['run-failed', 'sweep-failed', 'sweep-finished'] as const satisfies EventType[];

/** `over`: the sweep came to its end. */
async function endOfRun(
  { history }: Session,
  { account }: Request,
  runId: RunId,
): Promise<Answer | 'over' | undefined> {
  let end: HistoryEvent | undefined;
  for await (const event of history.query({ by: { kind: 'run', runId }, types: ends })) {
    if (event.type === 'run-failed' || event.account === account) end = event;
  }
  switch (end?.type) {
    case 'run-failed':
      return { state: 'failed', what: `The run could not begin: ${end.details.error}` };
    case 'sweep-failed':
      return { state: 'failed', what: `The sweep failed, and is tried again: ${end.details.error}` };
    case 'sweep-finished':
      return 'over';
    default:
      return undefined;
  }
}
