import type { Instant, IsoTime } from '../time.ts';

/** A time in an event as an instant. Its schema has checked it, and there are millions: nothing is checked again here. */
export const instantOf = (time: IsoTime): Instant => Date.parse(time);
