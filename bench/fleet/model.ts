import type { BenchOptions } from '../options.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How slow AWS is taken to be. Milliseconds, and calls a second. */
export type Assumptions = Pick<
  BenchOptions,
  'iamLatencyMs' | 'iamRate' | 'iamBurst' | 'reportMs' | 'newKeyMs' | 'latencyMs' | 'callCpuMs'
>;

/** Requests by service, and what DynamoDB charges for those to it. */
export interface Usage {
  readonly requests: Map<string, number>;
  readUnits: number;
  writeUnits: number;
}

export const noUsage = (): Usage => ({ requests: new Map(), readUnits: 0, writeUnits: 0 });

/** One function instance: what its accounts do at the same time shares its processor. */
export interface Processor {
  freeAt: number;
}

/**
 * What a call costs: its share of the function's processor, the call's own latency and, for IAM, waiting for the account's
 * token bucket, one for each API. Whoever has to wait for a token waits exactly as long as that takes: the SDK's adaptive
 * retry is taken to be perfect, which favours whoever calls more.
 */
export class CallModel {
  readonly #time: VirtualTime;
  readonly #assumed: Assumptions;
  readonly #processor: Processor;
  readonly #usage: Usage;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(time: VirtualTime, assumed: Assumptions, processor: Processor, usage: Usage) {
    this.#time = time;
    this.#assumed = assumed;
    this.#processor = processor;
    this.#usage = usage;
  }

  get assumed(): Assumptions {
    return this.#assumed;
  }

  now = (): number => this.#time.now();

  wait = (ms: number): Promise<void> => this.#time.wait(ms);

  iam(api: string): Promise<void> {
    const { iamRate, iamBurst, iamLatencyMs } = this.#assumed;
    const bucket = this.#buckets.get(api) ?? new TokenBucket(iamRate, iamBurst, this.now());
    this.#buckets.set(api, bucket);
    return this.#call('iam', bucket.take(this.now()) + iamLatencyMs);
  }

  sts = (): Promise<void> => this.#call('sts', this.#assumed.iamLatencyMs);

  secretsManager = (): Promise<void> => this.#call('secretsmanager', this.#assumed.latencyMs);

  queue = (): Promise<void> => this.#call('sqs', this.#assumed.latencyMs);

  dynamo(units: { readonly read?: number; readonly write?: number }): Promise<void> {
    this.#usage.readUnits += units.read ?? 0;
    this.#usage.writeUnits += units.write ?? 0;
    return this.#call('dynamodb', this.#assumed.latencyMs);
  }

  #call(service: string, ms: number): Promise<void> {
    const { requests } = this.#usage;
    requests.set(service, (requests.get(service) ?? 0) + 1);
    const [now, processor] = [this.now(), this.#processor];
    processor.freeAt = Math.max(now, processor.freeAt) + this.#assumed.callCpuMs;
    return this.#time.wait(processor.freeAt - now + ms);
  }
}

class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  /** Below 0: so many are promised. */
  #tokens: number;
  #at: number;

  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Milliseconds until the token is there. */
  take(now: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate) - 1;
    this.#at = now;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate) * 1000;
  }
}
