import type { Recorder } from '../../local/recorder.ts';
import { type AwsCall, awsError } from '../../local/wire.ts';
import { isDeath, type Strike, takesEffect } from './fault.ts';
import { type CallMade, type Ending, endOf, type Line } from './line.ts';
import type { Ports } from './ports.ts';

/**
 * A line on the wire between the SDK and AWS: one call of a port may be several calls here, and any of them may be the
 * last. A process that dies is cut off: it may still run for a while, and nothing it does reaches anything.
 */
export class WireLine implements Line {
  readonly calls: CallMade[] = [];
  readonly #recorder: Recorder;
  readonly #recorded: Partial<Ports>;
  #isCutOff = false;

  /** @param recorded the world's ports as they are reached through this recorder. */
  constructor(recorder: Recorder, recorded: Partial<Ports>, strike?: Strike) {
    this.#recorder = recorder;
    this.#recorded = recorded;
    recorder.clear();
    recorder.intercept((call) => {
      if (this.#isCutOff) return denial(call);
      const at = this.calls.push({ name: `${call.service}:${call.action}` }) - 1;
      if (strike === undefined || strike.at !== at) return 'pass';
      this.#isCutOff = isDeath(strike.fault);
      return takesEffect(strike.fault) ? 'drop-after' : 'drop-before';
    });
  }

  through(ports: Ports): Ports {
    return { ...ports, ...this.#recorded };
  }

  async endOf(process: Promise<unknown>): Promise<Ending> {
    const end = await endOf(process);
    this.#recorder.intercept(undefined);
    return this.#isCutOff ? 'died' : end;
  }
}

/** The SDK does not try a denied call again: the cut-off process soon comes to its end. */
const denial = (call: AwsCall) =>
  awsError(call, call.protocol === 'query' ? 'AccessDenied' : 'AccessDeniedException', 400);
