import type { DeployedFunction } from './deployed.ts';
import type { Destinations } from './destinations.ts';
import type { Functions } from './functions.ts';

/** Invokes as EventBridge and SNS do: on failure again, at once, and at last to the failure destination. */
export async function invokeAsync(
  deployed: DeployedFunction,
  event: string,
  { functions, destinations, now }: { functions: Functions; destinations: Destinations; now: () => Date },
): Promise<void> {
  const { maxRetries, onFailureArn, deadLetterArn } = deployed.whenAsyncFails;
  let attempts = 0;
  while (true) {
    attempts += 1;
    const { requestId, outcome } = await functions.invoke(deployed, event);
    if (outcome.ok) return;
    if (attempts <= maxRetries) continue;
    if (onFailureArn !== undefined) {
      const record = {
        version: '1.0',
        timestamp: now().toISOString(),
        requestContext: {
          requestId,
          functionArn: `${deployed.arn}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: attempts,
        },
        requestPayload: JSON.parse(event),
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: outcome.error,
      };
      await destinations.deliver(onFailureArn, JSON.stringify(record));
    }
    // A dead-letter queue gets the bare event, and what went wrong as attributes.
    if (deadLetterArn !== undefined) {
      const message = outcome.error.errorMessage.slice(0, 1024) || outcome.error.errorType;
      await destinations.deliver(deadLetterArn, event, {
        RequestID: requestId,
        ErrorCode: '200',
        ErrorMessage: message,
      });
    }
    return;
  }
}
