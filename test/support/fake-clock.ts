import type { Instant, IsoTime } from '../../lambda/domain/time.ts';
import { DAY, fromIso } from '../../lambda/domain/time.ts';
import type { Clock } from '../../lambda/ports.ts';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: Instant;

  constructor(at: IsoTime = '2026-01-01T00:00:00.000Z') {
    this.#now = fromIso(at);
  }

  now(): Instant {
    return this.#now;
  }

  set(at: Instant | IsoTime): void {
    this.#now = typeof at === 'string' ? fromIso(at) : at;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  advanceDays(days: number): void {
    this.advance(days * DAY);
  }
}
