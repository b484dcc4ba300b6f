import type { Fed } from './lambda.ts';
import type { Usage } from './model.ts';

/** Dollars, us-east-1. */
export const prices = {
  gbSecond: 0.0000133334,
  invocation: 0.2 / 1e6,
  queueRequest: 0.4 / 1e6,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  secretsManagerCall: 0.05 / 1e4,
  /** A secret, a month. */
  secret: 0.4,
} as const;

const DAYS = 30;
/** A message is sent, received and deleted. */
const REQUESTS_PER_MESSAGE = 3;

export interface Bill {
  /** A day. */
  readonly gbSeconds: number;
  /** Dollars a month, without what the secrets themselves cost. */
  readonly monthly: number;
}

export function billOf({
  billedMs,
  invocations,
  usage,
  memoryMb,
  accounts,
}: Fed & { readonly usage: Usage; readonly memoryMb: number; readonly accounts: number }): Bill {
  const gbSeconds = (billedMs / 1000) * (memoryMb / 1024);
  const daily =
    gbSeconds * prices.gbSecond +
    invocations * prices.invocation +
    accounts * REQUESTS_PER_MESSAGE * prices.queueRequest +
    usage.writeUnits * prices.writeUnit +
    usage.readUnits * prices.readUnit +
    (usage.requests.get('secretsmanager') ?? 0) * prices.secretsManagerCall;
  return { gbSeconds, monthly: daily * DAYS };
}

export const dollars = (amount: number): string =>
  `$${amount.toLocaleString('en-US', amount < 100 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumFractionDigits: 0 })}`;
