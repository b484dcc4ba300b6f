import type { RecordedCall } from '../../local/recorder.ts';

/** How many requests went to AWS, repetitions included. */
export interface CallCounts {
  readonly all: number;
  /** By service: `iam`, `dynamodb`, … */
  readonly services: Readonly<Record<string, number>>;
  /** By action: `iam:ListAccessKeys`, … */
  readonly actions: Readonly<Record<string, number>>;
  /** Requests that were answered with an error. */
  readonly refused: number;
}

export function countCalls(calls: readonly RecordedCall[]): CallCounts {
  const services: Record<string, number> = {};
  const actions: Record<string, number> = {};
  for (const { service, action } of calls) {
    services[service] = (services[service] ?? 0) + 1;
    actions[`${service}:${action}`] = (actions[`${service}:${action}`] ?? 0) + 1;
  }
  return {
    all: calls.length,
    services,
    actions,
    refused: calls.filter(({ errorCode }) => errorCode !== undefined).length,
  };
}
