import type { Instant } from '../domain/time.ts';
import type { Clock } from '../ports.ts';

/** Spaces what is sent to one place: each sender is told how long to wait for its turn. */
export class Pace {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #freeAt = new Map<string, Instant>();
  readonly #heldUntil = new Map<string, Instant>();

  /** At most one message per `interval` milliseconds. */
  constructor(clock: Clock, interval: number) {
    this.#clock = clock;
    this.#interval = interval;
  }

  /** Takes the next turn; answers with the milliseconds until then, or undefined when that is longer than `atMost`. */
  take(place: string, atMost: number): number | undefined {
    const now = this.#clock.now();
    const turn = Math.max(now, this.#freeAt.get(place) ?? now);
    if (turn - now > atMost) return undefined;
    this.#freeAt.set(place, turn + this.#interval);
    return turn - now;
  }

  /** Nobody has a turn for that many milliseconds. */
  hold(place: string, milliseconds: number): void {
    const until = this.#clock.now() + milliseconds;
    this.#freeAt.set(place, Math.max(this.#freeAt.get(place) ?? 0, until));
    this.#heldUntil.set(place, Math.max(this.#heldUntil.get(place) ?? 0, until));
  }

  /** Whether a turn that was taken earlier fell into a pause that was asked for since. */
  isHeld(place: string): boolean {
    return this.#clock.now() < (this.#heldUntil.get(place) ?? 0);
  }
}
