import type { SweepMessage } from '../contracts/messages.ts';
import { type EventType, requestIn } from '../domain/events.ts';
import type { Request } from '../domain/requests.ts';
import type { History, Log, Owners } from '../ports.ts';
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
  world: ListWorld & AccountEventWorld & { readonly history: History },
  message: Pick<SweepMessage, 'account' | 'runId'>,
  requests: readonly Request[],
): Promise<void> {
  for (const request of requests) {
    if (!(await isAnswered(world.history, request))) {
      const { id: requestId, kind, userName, keyId } = request;
      const why = `There is no IAM user ${userName} in account ${request.account}.`;
      const event = accountEvent(world, message, 'request-refused', { requestId, request: kind, why });
      await world.history.append([{ ...event, userName, ...(keyId === undefined ? {} : { keyId }) }]);
    }
    await takeOff(world, [request]);
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
