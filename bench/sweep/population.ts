import { DAY, type Instant, MINUTE } from '../../lambda/domain/time.ts';
import type { NewUser } from '../../local/emulator.ts';

const ROTATE_AFTER_DAYS = 90;
/** Keys due after the benchmark's days are so young that they are not warned of either. */
const YOUNGEST = 5;
const OLDEST = 65;

/**
 * Users with one key each: `perDay` of them become due on each of the days `dueOn`, counted from `start`; the others' keys
 * are young. The first due come last in name, so that nobody finds them first.
 */
export function population(
  start: Instant,
  { users, perDay, dueOn }: { readonly users: number; readonly perDay: number; readonly dueOn: readonly number[] },
): readonly NewUser[] {
  const due = dueOn.flatMap((day) =>
    Array.from({ length: perDay }, () => start + (day - ROTATE_AFTER_DAYS) * DAY - 60 * MINUTE),
  );
  const young = Array.from({ length: users - due.length }, (_, n) => {
    const days = YOUNGEST + (n % (OLDEST - YOUNGEST));
    return start - days * DAY;
  });
  return [...young, ...due.toReversed()].map((createdAt, n) => ({
    name: `service-${String(n).padStart(5, '0')}`,
    createdAt: new Date(createdAt - DAY),
    keys: [new Date(createdAt)],
  }));
}
