import type { FakeClock } from './fake-clock.ts';

/** A pause that takes no time and remembers how long each would have been, in milliseconds. */
export function fakePause() {
  const waits: number[] = [];
  const pause = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
  };
  return { pause, waits, total: () => waits.reduce((sum, wait) => sum + wait, 0) };
}

/** The same, and the clock passes on by it. */
export function passingPause(clock: FakeClock) {
  const { pause, ...rest } = fakePause();
  return {
    ...rest,
    pause: async (milliseconds: number): Promise<void> => {
      await pause(milliseconds);
      clock.advance(milliseconds);
    },
  };
}
