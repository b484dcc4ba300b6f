import { encodeTime } from 'ulid';
import {
  type EventId,
  type ExemptionId,
  parseEventId,
  parseExemptionId,
  parseRequestId,
  parseRotationId,
  type RequestId,
  type RotationId,
} from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { Ids } from '../../lambda/ports.ts';

/** Real ULIDs whose random part is a counter: the same calls give the same identifiers in every run of a test. */
export class FakeIds implements Ids {
  #last: Instant = 0;
  #count = 0;

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

  #next(at: Instant): string {
    this.#last = Math.max(this.#last, at);
    this.#count += 1;
    return encodeTime(this.#last, 10) + String(this.#count).padStart(16, '0');
  }
}
