import type { SweepMessage } from '../contracts/messages.ts';
import type { EventDetails } from '../domain/events.ts';
import type { Request } from '../domain/requests.ts';
import { ConflictError, type Journal, type Log, type Owners } from '../ports.ts';
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

type RefusingWorld = AccountEventWorld & { readonly journal: Journal; readonly log: Log };

/** Refuses what is asked about users that IAM certainly does not have: they have no record to write the answer into. */
export async function refuseStray(
  world: RefusingWorld,
  message: Pick<SweepMessage, 'account' | 'runId'>,
  requests: readonly Request[],
): Promise<void> {
  for (const request of requests) {
    const why = `There is no IAM user ${request.userName} in account ${request.account}.`;
    await refuse(world, message, request, { why });
  }
}

/** Refuses what nobody is on record as having asked for: it is no matter of its user, and operators are told. */
export async function refuseUnasked(
  world: RefusingWorld,
  message: Pick<SweepMessage, 'account' | 'runId'>,
  requests: readonly Request[],
): Promise<void> {
  for (const request of requests) {
    const asked = `Nobody is on record as having asked for it, though the list names ${request.requestedBy}`;
    await refuse(world, message, request, { why: `${asked}: find out who wrote to the list.`, unasked: true });
  }
}

/** In one with taking it off the list, as no record says that it was answered. */
async function refuse(
  world: RefusingWorld,
  message: Pick<SweepMessage, 'account' | 'runId'>,
  request: Request,
  answer: Pick<EventDetails['request-refused'], 'why' | 'unasked'>,
): Promise<void> {
  const { id: requestId, account, kind, userName, keyId } = request;
  const refusal = accountEvent(world, message, 'request-refused', { requestId, request: kind, ...answer });
  const event = { ...refusal, userName, ...(keyId === undefined ? {} : { keyId }) };
  try {
    await world.journal.commit({ before: undefined, after: undefined, events: [event], answers: request });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    world.log.info('a request was answered by somebody else meanwhile', { requestId, account });
  }
}
