import type { Instant } from '../../lambda/domain/time.ts';

interface Waiting {
  readonly at: Instant;
  /** Who began to wait first goes first. */
  readonly turn: number;
  readonly wake: () => void;
}

/** Time that passes only by being waited for: whatever is not a wait takes none. */
export class VirtualTime {
  #now: Instant;
  #turns = 0;
  /** A binary heap: whoever wakes first is at the top. */
  readonly #waiting: Waiting[] = [];

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  wait(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#turns += 1;
      this.#push({ at: this.#now + Math.max(0, ms), turn: this.#turns, wake });
    });
  }

  /** Lets time pass until the work is done. */
  async passUntil<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    // Its failure is the caller's, at the end.
    finished.catch(() => undefined);
    while (!done) {
      // Everything that can go on without time passing does so first.
      await new Promise((resolve) => setImmediate(resolve));
      if (done) break;
      const next = this.#pop();
      if (next === undefined) throw new Error('Everybody waits for something that will never happen.');
      this.#now = next.at;
      next.wake();
      // Whoever wakes at the same moment wakes now too.
      while (this.#waiting[0]?.at === next.at) this.#pop()?.wake();
    }
    return finished;
  }

  #push(entry: Waiting): void {
    const heap = this.#waiting;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): Waiting | undefined {
    const heap = this.#waiting;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && this.#isBefore(left, least)) least = left;
      if (right < heap.length && this.#isBefore(right, least)) least = right;
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#waiting[one], this.#waiting[other]];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.turn < b.turn);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#waiting[one], this.#waiting[other]];
    if (a === undefined || b === undefined) return;
    this.#waiting[one] = b;
    this.#waiting[other] = a;
  }
}
