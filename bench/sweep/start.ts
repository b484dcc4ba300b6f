import { fromIso, type Instant } from '../../lambda/domain/time.ts';

/** Day 0 of the measured accounts, at the hour of the daily run. */
export const START: Instant = fromIso('2026-03-02T06:17:00.000Z');
