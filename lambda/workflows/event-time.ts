import { decodeTime } from 'ulid';
import type { EventId } from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';

/** The instant in an event's ID. */
export const timeOf = (eventId: EventId): Instant => decodeTime(eventId);
