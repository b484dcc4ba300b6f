import { monotonicFactory } from 'ulid';
import {
  type EventId,
  type ExemptionId,
  parseEventId,
  parseExemptionId,
  parseRequestId,
  parseRotationId,
  type RequestId,
  type RotationId,
} from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';
import type { Ids } from '../ports.ts';

/** Random ULIDs. They rise even when the instants given do not: then the last one's time is kept. */
export class UlidIds implements Ids {
  readonly #next = monotonicFactory();

  event(at: Instant): EventId {
    return parseEventId(this.#next(at));
  }

  rotation(at: Instant): RotationId {
    return parseRotationId(this.#next(at));
  }

  exemption(at: Instant): ExemptionId {
    return parseExemptionId(this.#next(at));
  }

  request(at: Instant): RequestId {
    return parseRequestId(this.#next(at));
  }
}
