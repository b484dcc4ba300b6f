/** Check of who waits to be told, and whether somebody looks after them. */
import { DELIVER_EVERY_MINUTES } from '../../lambda/contracts/outbox.ts';
import { earliest } from '../../lambda/domain/delivery.ts';
import { MINUTE, toIso } from '../../lambda/domain/time.ts';
import type { WaitingReader } from '../../lambda/ports.ts';
import { count, minuteOf } from '../dates.ts';
import type { Session } from '../session.ts';
import { type Finding, fail, look, ok, some, warn } from './finding.ts';

const CHECK = 'notices are sent';
/** A tick or two may be missed, or take their time. */
const PATIENCE = 3 * DELIVER_EVERY_MINUTES * MINUTE;

export const outboxCheck = ({ outbox, clock, deployment }: Session): Promise<readonly Finding[]> =>
  look(CHECK, async () => {
    const waiting = await outbox.readers();
    const unseen = waiting.filter(
      ({ news, newsAt, standing }) => standing.seen !== news && newsAt + PATIENCE < clock.now(),
    );
    if (unseen.length > 0) {
      const since = minuteOf(toIso(Math.min(...unseen.map(({ newsAt }) => newsAt))));
      const what = `nobody has looked after ${names(unseen)} since ${since} UTC`;
      return [
        fail(
          CHECK,
          what,
          `function ${deployment.functions.deliver}: 'Deliver not running' in docs/runbook.md says how`,
        ),
      ];
    }
    const heldUp = waiting.filter((reader) => heldUpSince(reader) !== undefined);
    if (heldUp.length > 0) {
      const since = minuteOf(toIso(earliest(...heldUp.map(heldUpSince)) ?? clock.now()));
      const what = `${names(heldUp)} could not be told over every channel since ${since} UTC`;
      return [warn(CHECK, what, "'Notices undelivered' in docs/runbook.md says how")];
    }
    return [
      ok(CHECK, waiting.length === 0 ? 'nobody waits' : `news for ${count(waiting.length, 'reader')} waits its turn`),
    ];
  });

const heldUpSince = ({ standing: { channels, failingSince } }: WaitingReader) =>
  earliest(failingSince, ...Object.values(channels).map((channel) => channel?.refused?.since));

const names = (readers: readonly WaitingReader[]): string => some(readers.map(({ reader }) => reader));
