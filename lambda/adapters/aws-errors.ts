import { AccessDeniedError, UnavailableError } from '../ports.ts';

/** AWS's code for what went wrong (`NoSuchEntity`, `Throttling`, …), or the error's name when AWS did not answer. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

/** HTTP status of AWS's answer; undefined when none came. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Whether the error has one of these codes; the SDK names some with and some without `Exception` at their end. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const bare = (code: string) => code.replace(/Exception$/, '');
  return codes.some((code) => bare(code) === bare(codeOf(error)));
}

const throttling = [
  'Throttling',
  'Throttled',
  'RequestThrottled',
  'RequestLimitExceeded',
  'TooManyRequests',
  'ProvisionedThroughputExceeded',
  'SlowDown',
];

/** AWS turned the call away before doing anything because there were too many. */
export const isThrottling = (error: unknown): boolean => hasCode(error, ...throttling) || statusOf(error) === 429;

/** It failed inside AWS, or on the way there and back: the same call may succeed in a moment. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  // An answer that broke off has a status, too.
  return status === undefined || status >= 500 || hasCode(error, 'RequestTimeout') || isReset(error);
}

const isReset = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ECONNRESET';

export const isDenied = (error: unknown): boolean =>
  hasCode(error, 'AccessDenied', 'AuthorizationError', 'UnauthorizedOperation', 'AccessDeniedByPolicy');

/** A call failed and nothing is certain: what the ports call it. `action` is the IAM action, such as `iam:ListUsers`. */
export function asUnavailable(action: string, error: unknown): UnavailableError {
  return isDenied(error)
    ? new AccessDeniedError(deniedMessage(action, error), { cause: error })
    : new UnavailableError(failureMessage(action, error), { cause: error });
}

export const deniedMessage = (action: string, error: unknown): string =>
  `AWS denied ${action}: ${messageOf(error)} Check the policies of the calling role, and service control policies.`;

export const failureMessage = (action: string, error: unknown): string =>
  `${action} failed: ${codeOf(error)}${httpStatus(error)}: ${messageOf(error)}`;

/** Calls AWS and translates whatever goes wrong; `certain` may first turn an answer into one of the certain errors. */
export async function calling<T>(
  action: string,
  call: () => Promise<T>,
  certain: (error: unknown) => Error | undefined = () => undefined,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw certain(error) ?? asUnavailable(action, error);
  }
}

function httpStatus(error: unknown): string {
  const status = statusOf(error);
  return status === undefined ? '' : ` (HTTP ${status})`;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : 'no message';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
