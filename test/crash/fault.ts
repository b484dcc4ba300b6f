import { AccessDeniedError, NoAccessError, NotCreatedError, UnavailableError } from '../../lambda/ports.ts';

/**
 * What befalls a call. `dies …`: the process is no more; nothing it was about to do happens. `throttled`, `denied`: AWS
 * turned the call away. `5xx`: it failed, and in truth nothing was done. `timed out`: it was done, and the answer is lost.
 * `outage`: from this call on nothing of the same service answers, until the process ends. `… half-way`: of a call that
 * takes a list, and that AWS takes in portions, the first half is done.
 */
export const faults = [
  'dies before',
  'dies after',
  'dies half-way',
  'throttled',
  'denied',
  '5xx',
  'timed out',
  'fails half-way',
  'outage',
] as const;
export type Fault = (typeof faults)[number];

/** Which call of a process is struck (by its place, counted from 0, or the first of that name), and by what. */
export interface Strike {
  readonly at: number | string;
  readonly fault: Fault;
}

export const isDeath = (fault: Fault): boolean => fault.startsWith('dies');
export const isHalf = (fault: Fault): boolean => fault.endsWith('half-way');

/** Whether the call takes effect all the same, or half of it does. */
export const takesEffect = (fault: Fault): boolean => fault === 'dies after' || fault === 'timed out' || isHalf(fault);

/** The error that the adapter of this call throws for such a failure. */
export function errorOf(name: string, fault: Fault): Error {
  const message = `${name} failed: ${fault}`;
  // Only these two say for certain that there is no key.
  if (name === 'iam.createKey' && (fault === 'throttled' || fault === 'denied')) return new NotCreatedError(message);
  if (fault !== 'denied') return new UnavailableError(message);
  return name === 'openAccount' ? new NoAccessError(message) : new AccessDeniedError(message);
}

/** The AWS service behind a call of a port: an outage takes it whole. */
export function serviceOf(name: string): string {
  const [port = name] = name.split('.');
  return (
    {
      openAccount: 'sts',
      prover: 'sts',
      state: 'dynamodb',
      journal: 'dynamodb',
      history: 'dynamodb',
      outbox: 'dynamodb',
    }[port] ?? port
  );
}
