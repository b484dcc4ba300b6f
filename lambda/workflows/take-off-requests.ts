import type { SweepMessage } from '../contracts/messages.ts';
import { type EventType, requestIn } from '../domain/events.ts';
import type { Request } from '../domain/requests.ts';
import { ConflictError, type History, type Journal, type Log, type Owners } from '../ports.ts';
import { type AccountEventWorld, accountEvent } from './account-event.ts';
import { messageOf } from './message-of.ts';

interface ListWorld {
  readonly owners: Pick<Owners, 'deleteRequest'>;
  readonly log: Log;
}

/** Takes requests off the list once their answer is on record. Never throws: whoever comes next knows that they are answered. */
export async function takeOff({ owners, log }: ListWorld, requests: readonly Request[]): Promise<void> {
  for (const request of requests) {
    try {
      await owners.deleteRequest(request);
    } catch (error) {
      const { id, account } = request;
      log.warn('an answered request stays on the list', { requestId: id, account, error: messageOf(error) });
    }
  }
}

/** Refuses what is asked about users that IAM certainly does not have: they have no record to write the answer into. */
export async function refuseStray(
  world: ListWorld & AccountEventWorld & { readonly history: Pick<History, 'query'>; readonly journal: Journal },
  message: Pick<SweepMessage, 'account' | 'runId'>,
  requests: readonly Request[],
): Promise<void> {
  for (const request of requests) {
    if (await isAnswered(world.history, request)) await takeOff(world, [request]);
    else await refuse(world, message, request);
  }
}

/** In one with taking it off the list, as no record says that it was answered. */
async function refuse(
  world: AccountEventWorld & { readonly journal: Journal; readonly log: Log },
  message: Pick<SweepMessage, 'account' | 'runId'>,
  request: Request,
): Promise<void> {
  const { id: requestId, account, kind, userName, keyId } = request;
  const why = `There is no IAM user ${userName} in account ${account}.`;
  const refusal = accountEvent(world, message, 'request-refused', { requestId, request: kind, why });
  const event = { ...refusal, userName, ...(keyId === undefined ? {} : { keyId }) };
  try {
    await world.journal.commit({ before: undefined, after: undefined, events: [event], answers: request });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    world.log.info('a request was answered by somebody else meanwhile', { requestId, account });
  }
}

const answers = [
  'request-refused',
  'key-published',
  'key-replaced',
  'key-disabled',
  'key-restored',
  'key-snoozed',
] as const satisfies EventType[];

/** A record that remembered the answer may have been closed since: its user is gone. */
async function isAnswered(history: Pick<History, 'query'>, request: Request): Promise<boolean> {
  const { account, userName, requestedAt: since } = request;
  for await (const { details } of history.query({ by: { kind: 'user', account, userName }, since, types: answers })) {
    if (requestIn(details) === request.id) return true;
  }
  return false;
}
