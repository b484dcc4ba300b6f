import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { calling } from '../lambda/adapters/aws-errors.ts';
import type { ScheduleEvent } from '../lambda/contracts/messages.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import type { Own } from './aws-estate.ts';

/** Hands the event to `dispatch` as the schedule does: nobody waits for its answer. Throws UnavailableError. */
export async function invokeDispatch(own: Own, functionName: string, event: ScheduleEvent): Promise<void> {
  const client = new LambdaClient({ ...clientSettings, ...own });
  const Payload = Buffer.from(JSON.stringify(event));
  const command = new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload });
  await calling('lambda:InvokeFunction', () => client.send(command));
}
